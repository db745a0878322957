from metrics.operations.definitions import retire_metric
from metrics.queries.search import find_metrics
from tests.make.metrics import make_metric, make_ratio
from tests.make.workspaces import NOON, owner_of


def keys(found):
    return [metric.key for metric in found]


def test_a_metric_is_found_by_its_key_and_by_its_name(acme):
    make_ratio(acme, "ctr", name="Click-through rate")
    assert keys(find_metrics(acme, "CTR")) == ["ctr"]
    assert keys(find_metrics(acme, "through")) == ["ctr"]


def test_the_one_in_use_comes_before_the_retired_one(acme):
    old = make_metric(acme, "a_leads", name="A leads")
    make_metric(acme, "leads", name="Leads of the shop")
    make_metric(acme, "misleads", name="Wrong")
    retire_metric(old, by=owner_of(acme), at=NOON)
    assert keys(find_metrics(acme, "lead")) == ["leads", "a_leads", "misleads"]


def test_another_workspaces_metric_is_not_found_and_one_query_is_enough(
    acme, globex, django_assert_num_queries
):
    make_metric(globex, "clicks")
    with django_assert_num_queries(1):
        assert find_metrics(acme, "clicks") == []
