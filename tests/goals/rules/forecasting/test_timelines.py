"""From days to histories and back, without a database."""

from datetime import date, timedelta

import numpy as np
import pytest

from goals.rules.forecasting import Timeline
from metrics.rules.periods import Grain, Span

pytestmark = pytest.mark.once
NAN = float("nan")
FIRST = date(2025, 1, 15)


def every(days, count, first=FIRST, value=1.0):
    values = np.full((count - 1) * days + 1, NAN)
    values[::days] = value
    return Timeline(first, values)


@pytest.mark.parametrize(
    ("days", "ahead", "grain"),
    [
        (1, 90, Grain.DAY),
        (1, 400, Grain.DAY),
        (1, 500, Grain.WEEK),
        (1, 2000, Grain.MONTH),
        (3, 90, Grain.DAY),
        (7, 90, Grain.WEEK),
        (14, 90, Grain.MONTH),
        (30, 90, Grain.MONTH),
    ],
)
def test_the_grain_follows_how_often_values_come_and_how_far_the_end_is(days, ahead, grain):
    line = every(days, 30)
    assert line.grain_until(line.last + timedelta(days=ahead)) is grain


def test_weeks_are_the_seven_days_up_to_the_last_one():
    line = Timeline(FIRST, np.arange(17.0))
    assert line.history(Grain.WEEK).values.tolist() == [sum(range(3, 10)), sum(range(10, 17))]


def test_months_are_the_calendars_and_only_whole_ones_count():
    line = Timeline(FIRST, np.ones(31 - 14 + 28 + 31 + 10))  # until 10 April
    assert line.history(Grain.MONTH).values.tolist() == [28, 31]
    assert line.until(Grain.MONTH) == date(2025, 3, 31)


def test_a_monthly_value_on_the_first_of_its_month_makes_the_month_whole():
    values = np.full(59 + 1, NAN)
    values[[0, 31, 59]] = 5, 6, 7
    line = Timeline(date(2025, 1, 1), values)
    assert line.history(Grain.MONTH).values.tolist() == [5, 6, 7]
    assert line.until(Grain.MONTH) == date(2025, 3, 31)


def test_a_week_without_any_value_is_missing_and_no_zero():
    line = Timeline(FIRST, np.array([*[1.0] * 7, *[NAN] * 7, *[2.0] * 7]))
    found = line.history(Grain.WEEK).values
    assert np.isnan(found[1])
    assert found[[0, 2]].tolist() == [7, 14]


def test_a_ratio_sums_both_of_its_parts():
    line = Timeline(FIRST, np.ones(14), np.full(14, 10.0))
    found = line.history(Grain.WEEK)
    assert (found.values.tolist(), found.mass.tolist()) == ([7, 7], [70, 70])
    assert line.known(Grain.WEEK, Span(FIRST, FIRST + timedelta(days=1))) == (2, 20)


def test_periods_to_come_count_by_the_days_that_lie_in_the_span():
    line = Timeline(FIRST, np.ones(14))  # until 28 January
    span = Span(date(2025, 1, 30), date(2025, 2, 6))
    assert line.ahead(Grain.DAY, span).tolist() == [0, *[1] * 8]
    assert line.ahead(Grain.WEEK, span) == pytest.approx([6 / 7, 2 / 7])
    assert len(line.ahead(Grain.DAY, Span(FIRST, line.last))) == 0


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH])
def test_what_is_known_and_what_is_to_come_make_up_the_span_exactly(grain):
    line = Timeline(FIRST, np.ones(100))
    span = Span(date(2025, 2, 10), date(2025, 7, 19))
    known, _mass = line.known(grain, span)
    sizes = {Grain.DAY: [1] * 400, Grain.WEEK: [7] * 60, Grain.MONTH: [30, 31, 30, 31]}[grain]
    ahead = line.ahead(grain, span)
    assert known + float(ahead @ np.array(sizes[: len(ahead)])) == pytest.approx(span.days)
