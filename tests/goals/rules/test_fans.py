"""The way to where a goal lands: a band for each period to come."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from goals.rules.fans import MOST_STEPS, fan, path_of, shown_grain, shown_spans, thinned
from goals.rules.forecasting import Timeline, forecast
from goals.rules.progress import Basis
from metrics.rules.periods import Grain, Span

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
FIRST = date(2025, 1, 1)


def line(last: date, value: float = 10.0, *, mass: float | None = None) -> Timeline:
    size = (last - FIRST).days + 1
    noise = np.random.default_rng(3).poisson(value, size).astype(float)
    return Timeline(FIRST, noise, None if mass is None else np.full(size, mass))


def drawn(days: Timeline, span: Span, *, summed: bool = True, scale: float = 1.0):
    found = forecast(days.history(Grain.DAY), len(days.ahead(Grain.DAY, span)), seed=5)
    spans = shown_spans(Grain.MONTH, span)
    return fan(days, found, Grain.DAY, spans, summed=summed, scale=scale)


def test_there_is_a_step_for_each_month_that_is_not_over():
    steps = drawn(line(date(2026, 3, 10)), YEAR)
    assert [step.days.first.month for step in steps] == list(range(3, 13))
    assert steps[-1].days.last == YEAR.last
    for step in steps:
        low, middle, high = step.period
        assert low < middle < high


def test_a_month_that_is_partly_over_holds_what_is_known_of_it():
    days = line(date(2026, 3, 30))
    known, _mass = days.known(Grain.DAY, Span(date(2026, 3, 1), date(2026, 3, 31)))
    low, _middle, high = drawn(days, YEAR)[0].period
    assert known <= low <= high <= known + 40


def test_totals_to_date_go_on_from_what_is_known_and_widen():
    days = line(date(2026, 3, 10))
    steps = drawn(days, YEAR)
    known, _mass = days.known(Grain.DAY, YEAR)
    assert Decimal(known) < steps[0].to_date[0]
    assert all(one.to_date[1] < other.to_date[1] for one, other in pairwise(steps))
    wide = [step.to_date[2] - step.to_date[0] for step in steps]
    assert wide[-1] > wide[0]


def test_a_ratio_is_divided_at_the_very_end():
    steps = drawn(line(date(2026, 3, 10), mass=200.0), YEAR, summed=False, scale=100.0)
    assert steps[3].period[1] == pytest.approx(Decimal(5), rel=Decimal("0.1"))
    assert {step.to_date for step in steps} == {None}


def test_the_steps_come_back_from_json_as_they_were():
    steps = drawn(line(date(2026, 3, 10)), YEAR)
    assert path_of([step.as_json() for step in steps]) == steps


def test_a_long_way_by_day_is_thinned_and_keeps_its_end():
    spans = shown_spans(Grain.DAY, YEAR)
    kept = thinned(spans)
    assert len(kept) <= MOST_STEPS
    assert kept[-1] == spans[-1]
    assert thinned(spans[:5]) == spans[:5]


@pytest.mark.parametrize(("days", "grain"), [(20, "day"), (90, "week"), (365, "month")])
def test_a_total_is_shown_by_the_length_of_its_window(days, grain):
    window = Span(YEAR.first, YEAR.first + timedelta(days=days - 1))
    assert shown_grain(Basis.CUMULATIVE, Grain.QUARTER, window) == grain
    assert shown_grain(Basis.LEVEL, Grain.QUARTER, window) is Grain.QUARTER


def test_weeks_are_no_band_of_a_forecast_by_month():
    days = Timeline(FIRST, np.where(np.arange(434) % 31 == 0, 100.0, np.nan))
    window = Span(date(2026, 1, 1), date(2026, 5, 20))
    grain = days.grain_until(window.last)
    assert grain is Grain.MONTH
    found = forecast(days.history(grain), len(days.ahead(grain, window)), seed=5)
    steps = fan(days, found, grain, shown_spans(Grain.WEEK, window), summed=True)
    assert {step.period for step in steps} == {None}
    assert all(step.to_date for step in steps)
