"""A deleted metric is gone at once; what was measured goes in the background."""

from datetime import date, timedelta

import pytest

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, Purge, Recipient, Series
from metrics.operations import purging
from metrics.operations.observations import Reading, prepare_series, record_observations
from metrics.operations.purging import delete_metric, purge_metrics
from metrics.operations.rollups import check, roll_up
from tests.make.goals import make_goal
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.orphans import orphans
from tests.make.people import make_unique, meet
from tests.make.recompute import marks_left, wrong_rollups
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = date(2026, 1, 5)


def test_INV19_nothing_survives_a_deleted_metric_and_others_stay(acme, olga, noon):
    doomed, people, kept = make_metric(acme, "a"), make_unique(acme, "b"), make_metric(acme, "c")
    for channel in "xyz":
        observe(doomed, {D: 1, D + timedelta(40): 2}, dims={"ch": channel}, key=channel)
        observe(doomed, {D: 3}, dims={"ch": channel}, key=channel)
    meet(people, {D: "abc"})
    observe(kept, {D: 5})
    observe(doomed, {D: 9}, roll=False)
    for metric in (doomed, people):
        delete_metric(metric, by=olga, at=noon)
    assert list(Metric.objects.all()) == [kept]
    assert purge_metrics(at=noon) == 2
    assert orphans() == []
    assert Series.objects.count() == Observation.objects.count() == 1
    roll_up()
    assert (marks_left(), wrong_rollups(), check(acme)) == (0, [], [])
    assert purge_metrics(at=noon) == 0


def test_a_purge_that_is_killed_goes_on_and_drains_in_between_do_no_harm(
    acme, olga, noon, monkeypatch
):
    monkeypatch.setattr(purging, "SERIES_AT_ONCE", 1)
    doomed = make_metric(acme)
    for channel in "xyz":
        observe(doomed, {D: 1}, dims={"ch": channel})
        observe(doomed, {D: 2}, dims={"ch": channel}, roll=False)
    delete_metric(doomed, by=olga, at=noon)

    def die(_metric_id):
        raise RuntimeError("kill -9")

    with monkeypatch.context() as patched:
        patched.setattr(purging, "_purge_rest", die)
        with pytest.raises(RuntimeError):
            purge_metrics(at=noon)
    roll_up()
    assert purge_metrics(at=noon) == 1
    assert orphans() == []


def test_a_metric_that_others_are_built_on_is_not_deleted(acme, olga, noon):
    ratio = make_ratio(acme)
    goal = make_goal(make_metric(acme, "mql"))
    users = ((ratio.numerator, f"metric “{ratio.name}”"), (goal.metric, f"goal “{goal}”"))
    for metric, user in users:
        with pytest.raises(Refused) as refusal:
            delete_metric(metric, by=olga, at=noon)
        assert refusal.value.code == "metric_in_use"
        assert f"is in use: {user}." in refusal.value.message
    assert not Purge.objects.exists()
    delete_metric(ratio, by=olga, at=noon)
    delete_metric(Metric.objects.get(key="clicks"), by=olga, at=noon)


def test_a_deleted_metric_takes_nothing_more(acme, olga, noon):
    metric = make_metric(acme)
    reading = Reading(metric.pk, D, 1, (("ch", "a"),))
    delete_metric(Metric.objects.get(), by=olga, at=noon)
    with pytest.raises(Refused) as refusal:
        record_observations(acme, source="crm", readings=[reading], by=olga, at=noon)
    assert refusal.value.code == "unknown_metric"
    with pytest.raises(Refused):
        prepare_series([reading])
    with pytest.raises(Refused):
        delete_metric(metric, by=olga, at=noon)
    assert not Series.objects.exists()


def test_its_key_is_free_at_once(acme, olga, noon):
    observe(make_metric(acme, "clicks"), {D: 5})
    delete_metric(Metric.objects.get(), by=olga, at=noon)
    again = make_metric(acme, "clicks")
    observe(again, {D: 7})
    purge_metrics(at=noon)
    assert [fact.value for fact in Observation.objects.all()] == [7]
    assert check(acme) == []


def test_people_are_forgotten_with_the_last_metric_that_counts_them(
    acme, globex, olga, noon, monkeypatch
):
    monkeypatch.setattr(purging, "PEOPLE_AT_ONCE", 2)
    openers, clickers, elsewhere = (
        make_unique(acme, "a"), make_unique(acme, "b"), make_unique(globex, "c"),
    )  # fmt: skip
    for metric in (openers, clickers, elsewhere):
        meet(metric, {D: "abc"})
    delete_metric(openers, by=olga, at=noon)
    purge_metrics(at=noon)
    assert Recipient.objects.filter(workspace=acme).count() == 3
    delete_metric(clickers, by=olga, at=noon)
    purge_metrics(at=noon)
    assert set(Recipient.objects.values_list("workspace", flat=True)) == {globex.pk}
    assert (orphans(), check(globex)) == ([], [])


def test_what_is_left_of_a_workspace_that_is_gone_is_removed(acme, globex, noon):
    gone = [make_metric(globex, "a"), make_unique(globex, "b")]
    kept = make_metric(acme, "a")
    observe(gone[0], {D: 5})
    meet(gone[1], {D: "ab"})
    observe(kept, {D: 7})
    ImportRun.objects.filter(workspace=globex).update(source=None)
    globex.delete()
    assert Observation.objects.count() == 4
    assert purge_metrics(at=noon) == 2
    assert (orphans(), Observation.objects.count(), Recipient.objects.count()) == ([], 1, 0)
    assert purge_metrics(at=noon) == 0
