"""What changes beneath an answer changes the whole of it, or nothing: no half of old and new."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from metrics.models.rollups import Rollup
from metrics.operations.observations import withdraw_observations
from metrics.operations.rollups import check, roll_up
from metrics.queries.answers import Window
from metrics.queries.series import read_outcomes, read_series
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON, owner_of
from workspaces.operations.workspaces import change_workspace

D = date(2026, 3, 29)
pytestmark = pytest.mark.django_db


def test_R05_another_time_zone_moves_no_stored_day_and_rules_what_comes_after(acme, api_of):
    owner, clicks = owner_of(acme), make_metric(acme)
    api = api_of(owner)
    path = f"/api/v1/workspaces/{acme.slug}/observations/"
    late = {"metric": "clicks", "at": "2026-03-29T22:30:00Z", "value": "5", "key": "a"}
    change_workspace(acme, {"timezone": "UTC"}, by=owner, at=NOON)
    assert api.post(path, [late], format="json").status_code == 200
    roll_up()
    before = read_series(clicks, grain="day", first=D, last=D + timedelta(1))
    change_workspace(acme, {"timezone": "Europe/Warsaw"}, by=owner, at=NOON)
    after = read_series(clicks, grain="day", first=D, last=D + timedelta(1))
    assert [p.value for p in after.series[0].points] == [5, None]
    assert before.total == after.total
    assert api.post(path, [late | {"key": "b"}], format="json").status_code == 200
    roll_up()
    after = read_series(clicks, grain="day", first=D, last=D + timedelta(1))
    assert [p.value for p in after.series[0].points] == [5, 5]
    assert check(acme) == []


def test_R06_least_and_greatest_fall_back_when_the_extreme_is_withdrawn(acme):
    clicks = make_metric(acme)
    for key, value in {"low": -9, "some": 4, "high": 70}.items():
        observe(clicks, {D: value}, key=key)
    week = Rollup.objects.get(series__metric=clicks, grain=1)
    assert (week.vmin, week.vmax, week.total) == (-9, 70, 65)
    for key in ("low", "high"):
        withdraw_observations(
            acme, source="test", keys=[(clicks.pk, key)], by=owner_of(acme), at=NOON
        )
    roll_up()
    week.refresh_from_db()
    assert (week.n, week.vmin, week.vmax, week.total, week.last_value) == (1, 4, 4, 4, 4)
    assert check(acme) == []


def test_R06_a_rate_is_of_sums_and_a_level_is_the_last_one_brought(acme):
    ctr = make_ratio(acme)
    observe(ctr.numerator, {D: 1, D + timedelta(1): 90})
    observe(ctr.denominator, {D: 100, D + timedelta(1): 100})
    level = make_metric(acme, "contacts", kind="last")
    observe(level, {D: 10}, key="first")
    observe(level, {D: 30}, key="second", at=NOON + timedelta(minutes=1))
    windows = [Window(metric.pk, D, D + timedelta(1)) for metric in (ctr, level)]
    assert [found.value for found in read_outcomes(acme, windows)] == [Decimal("45.5"), 30]


def test_R11_every_level_of_a_tree_of_formulas_follows_its_root_at_once(acme):
    base = make_metric(acme, "a")
    formulas = {"b": "a * 2", "c": "b + a", "d": "c * b", "e": "d - c"}
    tree = [base] + [
        make_metric(acme, key, kind="derived", formula=text) for key, text in formulas.items()
    ]
    for value in (3, 10):
        observe(base, {D: value})
        found = read_outcomes(acme, [Window(metric.pk, D, D) for metric in tree])
        b, c = 2 * value, 3 * value
        assert [one.value for one in found] == [value, b, c, b * c, b * c - c]
