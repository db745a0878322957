from datetime import date, timedelta

import pytest

from metrics.models.imports import ImportRun
from metrics.models.observations import Series
from metrics.models.rollups import Rollup
from metrics.operations.observations import withdraw_observations
from metrics.operations.rollups import roll_up
from metrics.queries.levels import levels_at
from tests.make.metrics import make_metric, observe
from tests.make.recompute import wrong_rollups

pytestmark = pytest.mark.django_db
D = date(2026, 1, 5)


def levels(days):
    return levels_at(Series.objects.values_list("pk", flat=True), days)


def test_a_level_is_carried_forward_from_the_last_value(acme):
    metric = make_metric(acme, "contacts", kind="last")
    observe(metric, {D: 100, D + timedelta(40): 90})
    series = Series.objects.get().pk
    days = [D - timedelta(1), D, D + timedelta(39), D + timedelta(40), D + timedelta(900)]
    assert levels(days) == {
        (series, days[1]): 100,
        (series, days[2]): 100,
        (series, days[3]): 90,
        (series, days[4]): 90,
    }


def test_within_a_day_the_later_import_wins_and_a_correction_is_later(acme, olga, noon):
    metric = make_metric(acme, "contacts", kind="last")
    observe(metric, {D: 1}, key="a")
    observe(metric, {D: 2}, key="b")
    assert list(levels([D]).values()) == [2]
    observe(metric, {D: 3}, key="a")
    assert list(levels([D]).values()) == [3]
    assert {row.last_value for row in Rollup.objects.all()} == {3}
    withdraw_observations(acme, source="test", keys=[(metric.pk, "a")], by=olga, at=noon)
    roll_up()
    assert list(levels([D]).values()) == [2]
    assert {row.last_value for row in Rollup.objects.all()} == {2}
    assert wrong_rollups() == []
    assert ImportRun.objects.count() == 4


def test_levels_of_any_number_of_series_and_days_take_one_query(acme, django_assert_num_queries):
    metric = make_metric(acme, "contacts", kind="last")
    for channel in "abc":
        observe(metric, {D: 1}, dims={"ch": channel}, roll=False)
    series = list(Series.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        assert len(levels_at(series, [D + timedelta(n) for n in range(50)])) == 150
    with django_assert_num_queries(0):
        assert levels_at([], [D]) == {}
