import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.observations import DirtyMark, Observation, Series, TotalMark
from metrics.models.rollups import MetricRevision, MetricRollup, Rollup
from metrics.operations import rollups
from metrics.operations.observations import (
    Reading,
    record_observations,
    withdraw_observations,
)
from metrics.operations.rollups import check, drain_series, drain_totals, rebuild, roll_up
from metrics.queries.series import read_series, revisions_of
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.recompute import expected_rollups, marks_left, wrong_rollups

D = date(2025, 12, 20)
pytestmark = pytest.mark.django_db


def random_change(chance, workspace, metrics, at):
    """One batch of new, corrected, moved and repeated facts, or a withdrawal."""
    keys = [str(n) for n in range(60)]
    if chance.random() < 0.15:
        gone = [(metric.pk, key) for metric in metrics for key in chance.sample(keys, 6)]
        withdraw_observations(workspace, source="crm", keys=gone, by=None, at=at)
        return
    rows = [
        Reading(
            chance.choice(metrics).pk,
            D + timedelta(chance.randrange(90)),
            chance.randrange(-1000, 1000),
            chance.choice([(), (("ch", "a"),), (("ch", "b"), ("seg", "x")), (("seg", "x"),)]),
            chance.choice(keys) if chance.random() < 0.8 else None,
        )
        for _row in range(chance.randrange(1, 25))
    ]
    record_observations(workspace, source="crm", readings=rows, by=None, at=at)


@pytest.mark.parametrize("seed", range(6))
def test_INV04_rollups_equal_a_recompute_after_anything(acme, noon, seed):
    chance = random.Random(seed)
    metrics = [make_metric(acme, f"m{n}") for n in range(2)]
    for _step in range(25):
        random_change(chance, acme, metrics, noon)
        if chance.random() < 0.4:
            drain_series(limit=chance.choice([1, 3, 500]))
        if chance.random() < 0.4:
            drain_totals(limit=chance.choice([1, 100]))
    roll_up()
    assert wrong_rollups() == []
    assert marks_left() == 0
    assert check(acme) == []
    rebuild(acme)
    assert wrong_rollups() == []


def test_rolling_up_twice_changes_nothing(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5}, dims={"ch": "a"})
    before = list(Rollup.objects.values()), list(MetricRollup.objects.values())
    revision = MetricRevision.objects.get(metric=metric).value
    assert roll_up() == 0
    assert (list(Rollup.objects.values()), list(MetricRollup.objects.values())) == before
    assert MetricRevision.objects.get(metric=metric).value == revision


def test_a_drain_that_dies_at_its_last_statement_loses_nothing(acme, monkeypatch):
    metric = make_metric(acme)
    observe(metric, {D: 5, D + timedelta(30): 7}, roll=False)

    def die(*_args):
        raise RuntimeError("kill -9")

    def survive(drain, marks):
        before = marks.objects.count()
        with monkeypatch.context() as patched:
            patched.setattr(rollups, "raise_revisions", die)
            with pytest.raises(RuntimeError):
                drain()
        assert marks.objects.count() == before > 0

    survive(drain_series, DirtyMark)
    assert not Rollup.objects.exists()
    drain_series()
    survive(drain_totals, TotalMark)
    assert not MetricRollup.objects.exists()
    roll_up()
    assert wrong_rollups() == []


def test_totals_are_drained_after_series(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5}, roll=False)
    drain_series()
    assert TotalMark.objects.exists()
    assert not MetricRollup.objects.exists()
    drain_totals()
    assert wrong_rollups() == []


def test_siblings_do_not_lose_each_others_part_of_the_total(acme):
    metric = make_metric(acme)
    observe(metric, {D: 10}, dims={"ch": "a"}, roll=False)
    observe(metric, {D: 20}, dims={"ch": "b"}, roll=False)
    assert drain_series(limit=1) == 1
    assert drain_totals() > 0
    assert drain_series(limit=1) == 1
    assert drain_totals() > 0
    assert {row.total for row in MetricRollup.objects.all()} == {30}


def test_totals_of_weeks_far_apart_are_worked_out_each_for_itself(acme, olga, noon):
    metric = make_metric(acme)
    days = [D + timedelta(days) for days in (0, 9, 40, 400, 2_000)]
    for number, day in enumerate(days):
        observe(metric, {day: number}, key=str(number), dims={"ch": str(number % 2)}, roll=False)
    roll_up()
    assert wrong_rollups() == []
    gone = [(metric.pk, "1"), (metric.pk, "3")]
    withdraw_observations(acme, source="test", keys=gone, by=olga, at=noon)
    observe(metric, {days[4]: 9}, key="4", dims={"ch": "0"}, roll=False)
    drain_series()
    drain_totals()
    assert wrong_rollups() == []
    assert marks_left() == 0


def test_a_drain_takes_as_many_statements_for_many_series_as_for_one(acme):
    def statements(key, series):
        metric = make_metric(acme, key)
        for number in range(series):
            observe(metric, {D: number}, dims={"ch": str(number)}, roll=False)
        with CaptureQueriesContext(connection) as captured:
            roll_up()
        assert not any("count(*) >=" in query["sql"] for query in captured)
        return len(captured)

    statements("first", 1)  # the first makes what SQLite works in
    assert statements("second", 1) == statements("third", 12)
    assert wrong_rollups() == []


def test_a_bucket_that_became_empty_goes(acme, olga, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, key="a")
    withdraw_observations(acme, source="test", keys=[(metric.pk, "a")], by=olga, at=noon)
    roll_up()
    assert not Rollup.objects.exists()
    assert not MetricRollup.objects.exists()


def test_a_move_inside_a_week_but_over_the_end_of_a_month_moves_the_months(acme):
    metric = make_metric(acme)
    observe(metric, {"2026-01-31": 5}, key="a", dims={"ch": "x"})
    observe(metric, {"2026-02-01": 5}, key="a", dims={"ch": "x"})
    assert wrong_rollups() == []
    months = read_series(metric, grain="month", first=date(2026, 1, 1), last=date(2026, 2, 28))
    assert [point.value for point in months.series[0].points] == [None, 5]


def test_every_drain_of_a_metric_raises_its_revision_and_no_other(acme):
    clicks, sends = make_metric(acme, "clicks"), make_metric(acme, "sends")
    ratio = make_ratio(acme, numerator=clicks, denominator=sends)
    ids = [clicks.pk, sends.pk, ratio.pk]
    before = revisions_of(acme, ids)
    observe(clicks, {D: 5}, key="a")
    after = revisions_of(acme, ids)
    assert after[clicks.pk] > before[clicks.pk]
    assert after[ratio.pk] > before[ratio.pk]
    assert after[sends.pk] == before[sends.pk]
    observe(clicks, {D + timedelta(1): 5}, key="a")  # same week, same total: only the days differ
    assert revisions_of(acme, ids)[clicks.pk] > after[clicks.pk]


def test_a_metric_of_which_most_is_marked_is_worked_out_as_a_whole(acme, noon, monkeypatch):
    monkeypatch.setattr(rollups, "MANY_MARKS", 20)
    metric, other = make_metric(acme, "many"), make_metric(acme, "few")
    rows = [
        Reading(metric.pk, D + timedelta(7 * n), n, (("ch", str(n % 3)),), str(n))
        for n in range(30)
    ]
    rows.append(Reading(other.pk, D, 1, (), "a"))
    record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    with monkeypatch.context() as patched:
        patched.setattr(rollups, "drain_series", lambda **_: 0)
        assert roll_up() == 30
    assert DirtyMark.objects.count() == 1
    roll_up()
    assert wrong_rollups() == []


def test_the_check_names_every_wrong_bucket(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5})
    assert check(acme) == []
    Rollup.objects.filter(grain=1).update(total=6)
    MetricRollup.objects.filter(grain=4).delete()
    found = {(one.grain, one.series_id is None): one for one in check(acme)}
    assert set(found) == {("week", False), ("year", True)}
    assert found["week", False].stored[1] == 6
    assert found["week", False].expected[1] == 5
    assert found["year", True].stored is None
    rebuild(acme)
    assert check(acme) == []


def test_the_check_sees_rollups_of_facts_that_are_gone(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5})
    Observation.objects.all().delete()
    assert len(check(acme)) == 8
    rebuild(acme)
    assert not Rollup.objects.exists()
    assert not MetricRollup.objects.exists()


def test_what_waits_to_be_drained_differs_until_it_is(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5}, roll=False)
    assert len(check(acme)) == 8
    roll_up()
    assert check(acme) == []


def test_a_check_and_a_rebuild_stay_in_their_workspace(acme, globex):
    ours, theirs = make_metric(acme), make_metric(globex)
    observe(ours, {D: 5})
    observe(theirs, {D: 5}, roll=False)
    assert check(acme) == []
    rebuild(acme)
    assert DirtyMark.objects.exists()
    assert check(globex) != []


def test_marks_of_a_series_that_is_gone_go_too(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5})
    observe(metric, {D: 6}, roll=False)
    Observation.objects.all().delete()
    Series.objects.all().delete()
    roll_up()
    assert marks_left() == 0
    assert not Rollup.objects.exists()


def test_a_limit_is_a_number_of_series(acme):
    metric = make_metric(acme)
    for channel in "abcde":
        observe(metric, {D: 1, D + timedelta(7): 2}, dims={"ch": channel}, roll=False)
    assert drain_series(limit=2) == 4
    assert roll_up(limit=2) == 6
    assert wrong_rollups() == []
    assert len(expected_rollups()[0]) == 5 * 5
