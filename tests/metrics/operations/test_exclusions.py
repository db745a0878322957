from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Observation, ObservationHistory
from metrics.models.quality import ExcludedFact, Exclusion
from metrics.operations.exclusions import (
    Rule,
    apply_exclusions,
    exclude_facts,
    revoke_exclusion,
)
from metrics.operations.import_runs import run_waiting
from metrics.operations.observations import withdraw_observations
from metrics.operations.rollups import check, roll_up
from metrics.operations.undoing import undo_finished
from metrics.queries.series import read_value
from tests.make.imports import clock, import_file
from tests.make.metrics import make_metric, observe
from tests.make.people import make_unique, meet, snapshot
from tests.make.recompute import wrong_rollups
from workspaces.queries.events import latest_events
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = date(2026, 2, 2)
LAST = D + timedelta(days=27)


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme)
    observe(metric, {D + timedelta(n): 10 for n in range(5)}, dims={"agent": "people"}, source="a")
    observe(metric, {D + timedelta(n): 90 for n in range(5)}, dims={"agent": "bot"}, source="a")
    observe(metric, {D + timedelta(n): 10 for n in range(5)}, dims={"agent": "people"}, source="b")
    return metric


def value(metric):
    while roll_up():
        pass
    return read_value(metric, first=D, last=LAST)


def exclude(metric, by, at, **rule):
    return exclude_facts(metric, rule=Rule(reason="robots", **rule), by=by, at=at)


def source(acme, name):
    return Source.objects.get(workspace=acme, name=name)


def test_what_fits_a_rule_does_not_count_and_is_kept(acme, ed, noon, clicks):
    assert value(clicks) == 550
    exclude(clicks, ed, noon, dim="agent", dim_value="bot")
    assert value(clicks) == 100
    assert ExcludedFact.objects.count() == 5
    assert ImportRun.objects.get(kind="exclusion").received == 5
    assert set(ObservationHistory.objects.values_list("reason", flat=True)) == {"excluded"}
    assert "excluded observations of Clicks: robots" in latest_events(acme, since=noon)[0].sentence


def test_revoking_puts_back_exactly_what_was_taken_out(acme, ed, noon, clicks):
    before = list(Observation.objects.order_by("pk").values())
    rule = exclude(clicks, ed, noon, dim="agent", dim_value="bot")
    assert revoke_exclusion(rule, by=ed, at=noon) == 5
    assert list(Observation.objects.order_by("pk").values()) == before
    assert not ObservationHistory.objects.exists()
    assert value(clicks) == 550
    assert revoke_exclusion(rule, by=ed, at=noon) == 0


def test_the_trusted_source_alone_counts(acme, ed, noon, clicks):
    rule = exclude(clicks, ed, noon, trusted=source(acme, "b"))
    assert value(clicks) == 50
    with pytest.raises(Refused) as refusal:
        exclude(clicks, ed, noon, trusted=source(acme, "a"))
    assert refusal.value.field == "trusted"
    revoke_exclusion(rule, by=ed, at=noon)
    assert value(clicks) == 550


def test_values_far_above_the_median_do_not_count(acme, ed, noon, clicks):
    rule = exclude(clicks, ed, noon, factor=5)
    assert rule.limit == 50
    assert value(clicks) == 100


def test_a_rule_is_applied_to_what_comes_later(acme, ed, noon, clicks):
    exclude(clicks, ed, noon, source=source(acme, "a"))
    observe(clicks, {D + timedelta(9): 7}, dims={"agent": "people"}, source="a")
    observe(clicks, {D + timedelta(9): 3}, dims={"agent": "people"}, source="b")
    assert apply_exclusions(at=noon) == 1
    assert value(clicks) == 53
    assert apply_exclusions(at=noon) == 0
    revision = Exclusion.objects.get().applied_revision
    assert apply_exclusions(at=noon) == 0
    assert Exclusion.objects.get().applied_revision == revision


def test_rollups_equal_a_recomputation_after_excluding_and_restoring(acme, ed, noon, clicks):
    rule = exclude(clicks, ed, noon, dim="agent", dim_value="bot")
    value(clicks)
    assert wrong_rollups() == []
    revoke_exclusion(rule, by=ed, at=noon)
    value(clicks)
    assert wrong_rollups() == []


def test_a_fact_that_was_withdrawn_meanwhile_does_not_return(acme, ed, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, key="k1", source="a")
    rule = exclude(metric, ed, noon, source=source(acme, "a"))
    withdraw_observations(acme, source="a", keys=[(metric.pk, "k1")], by=ed, at=noon)
    assert revoke_exclusion(rule, by=ed, at=noon) == 0
    assert value(metric) is None


def test_what_another_rule_leaves_out_stays_out(acme, ed, noon, clicks):
    first = exclude(clicks, ed, noon, dim="agent", dim_value="bot")
    exclude(clicks, ed, noon, source=source(acme, "a"))
    revoke_exclusion(first, by=ed, at=noon)
    assert value(clicks) == 50


@pytest.mark.parametrize(
    "rule", [{}, {"dim": "No"}, {"factor": 1}, {"dim": "agent", "trusted": True}]
)
def test_a_rule_that_says_nothing_is_refused(acme, ed, noon, clicks, rule):
    if "trusted" in rule:
        rule = rule | {"trusted": source(acme, "a")}
    with pytest.raises(Refused):
        exclude(clicks, ed, noon, **rule)
    assert value(clicks) == 550


def test_people_who_are_left_out_do_not_count_and_come_back(acme, ed, noon):
    openers = make_unique(acme)
    meet(openers, {D: "abc", D + timedelta(1): "cd"}, dims={"agent": "people"})
    meet(openers, {D: "cxyz"}, dims={"agent": "bot"})
    snapshot(openers, D + timedelta(2), 40, dims={"agent": "bot"})
    before = list(Observation.objects.order_by("pk").values())
    rule = exclude(openers, ed, noon, dim="agent", dim_value="bot")
    assert value(openers) == 4  # c was also seen as people
    assert ObservationHistory.objects.filter(reason="excluded").count() == 5
    assert (check(acme), wrong_rollups()) == ([], [])
    assert revoke_exclusion(rule, by=ed, at=noon) == 5
    assert list(Observation.objects.order_by("pk").values()) == before
    value(openers)
    assert (check(acme), wrong_rollups()) == ([], [])


@pytest.mark.parametrize("counting", ["exact", "sketch"])
def test_who_is_seen_far_too_often_stays_left_out(acme, ed, noon, counting):
    clickers = make_unique(acme, counting=counting)
    meet(clickers, {D + timedelta(n): "r" for n in range(12)})
    meet(clickers, {D: "ab", D + timedelta(1): "bc"})
    rule = exclude(clickers, ed, noon, factor=5)
    assert (rule.limit, value(clickers)) == (10, 3)
    meet(clickers, {D + timedelta(20): "rd"})
    assert apply_exclusions(at=noon) == 1
    assert value(clickers) == 4
    assert revoke_exclusion(rule, by=ed, at=noon) == 13
    assert (value(clickers), check(acme)) == (5, [])


def test_putting_back_costs_the_same_however_much_it_is(acme, ed, noon):
    def cost(key, days):
        metric = make_metric(acme, key)
        observe(metric, {D + timedelta(n): 10 for n in range(days)}, source="a")
        rule = exclude(metric, ed, noon, source=source(acme, "a"))
        with CaptureQueriesContext(connection) as asked:
            assert revoke_exclusion(rule, by=ed, at=noon) == days
        return len(asked)

    assert cost("few", 2) == cost("many", 90)


def test_what_stood_before_an_import_that_was_undone_meanwhile_returns(acme, ed, noon):
    head = "day,channel,clicks,cost\n"
    import_file(ed, f"{head}2026-02-02,mail,5,1\n")
    run = import_file(ed, f"{head}2026-02-02,mail,9,1\n2026-02-03,mail,8,1\n")
    metric = Metric.objects.get(key="clicks")
    rule = exclude(metric, ed, noon, source=source(acme, "ads"))
    undo_finished(run, by=ed, at=noon)
    run_waiting(clock=clock)
    assert revoke_exclusion(rule, by=ed, at=noon) == 1
    assert value(metric) == 5
    assert wrong_rollups() == []
