"""Which days a goal looks at."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.progress import Basis
from goals.rules.spans import (
    Measure,
    checkpoints,
    default_baseline,
    last_whole,
    of_baseline,
    so_far,
    span_year_before,
)
from metrics.rules.periods import Grain, Span, year_before

YEAR = Span(date(2020, 1, 1), date(2020, 12, 31))
LONG_AGO = date(2030, 1, 1)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def test_29_february_has_the_28th_as_its_year_before():
    assert year_before(date(2020, 2, 29)) == date(2019, 2, 28)
    assert year_before(date(2021, 2, 28)) == date(2020, 2, 28)


@given(start=days, length=st.integers(1, 366))
def test_the_year_before_never_meets_a_window_of_a_year(start, length):
    window = Span(start, start + timedelta(days=length - 1))
    before = span_year_before(window)
    assert before.first <= before.last < window.first or length == 366


def test_the_last_whole_bucket_ends_on_or_before_the_day():
    assert last_whole(Grain.MONTH, date(2020, 3, 31)).start == date(2020, 3, 1)
    assert last_whole(Grain.MONTH, date(2020, 3, 30)).start == date(2020, 2, 1)
    assert last_whole(Grain.WEEK, date(2026, 3, 1)).end == date(2026, 3, 1)


def test_a_sum_takes_as_many_days_as_it_has_right_before_it():
    found = default_baseline(Basis.CUMULATIVE, Grain.MONTH, YEAR, complete=LONG_AGO)
    assert found == span("2018-12-31", "2019-12-31")
    assert found.days == YEAR.days == 366


def test_a_baseline_is_never_measured_on_days_that_are_not_over():
    found = default_baseline(Basis.CUMULATIVE, Grain.MONTH, YEAR, complete=date(2019, 11, 30))
    assert found.last == date(2019, 11, 30)
    assert found.days == YEAR.days


def test_growth_is_compared_with_the_same_days_of_the_year_before():
    found = default_baseline(Basis.YOY, Grain.MONTH, YEAR, complete=LONG_AGO)
    assert found == span("2019-01-01", "2019-12-31")


def test_a_level_starts_from_the_last_whole_bucket_before_it_so_it_begins_at_nothing_done():
    window = span("2020-01-10", "2020-12-31")
    found = default_baseline(Basis.LEVEL, Grain.MONTH, window, complete=LONG_AGO)
    assert found == span("2019-12-01", "2019-12-31")
    first_day = Span(window.first, window.first)
    assert so_far(Basis.LEVEL, Grain.MONTH, first_day, additive=True) == Measure(found)


def test_a_level_reads_the_last_whole_bucket_and_a_sum_everything_so_far():
    so = span("2020-01-01", "2020-03-15")
    assert so_far(Basis.LEVEL, Grain.MONTH, so, additive=True) == Measure(
        span("2020-02-01", "2020-02-29")
    )
    assert so_far(Basis.CUMULATIVE, Grain.MONTH, so, additive=True) == Measure(so)


def test_an_average_of_a_ratio_is_the_ratio_of_all_days_and_of_a_total_the_mean_of_whole_buckets():
    so = span("2020-01-10", "2020-04-15")
    assert so_far(Basis.AVERAGE, Grain.MONTH, so, additive=False) == Measure(so)
    found = so_far(Basis.AVERAGE, Grain.MONTH, so, additive=True)
    assert found == Measure(span("2020-02-01", "2020-03-31"), parts=2)


def test_a_total_has_no_average_before_its_first_whole_bucket():
    so = span("2020-01-10", "2020-02-15")
    assert so_far(Basis.AVERAGE, Grain.MONTH, so, additive=True) is None
    assert of_baseline(Basis.LEVEL, Grain.MONTH, so, additive=True) is None


@pytest.mark.parametrize(("length", "pieces"), [(10, 10), (90, 14), (365, 12), (3660, 41)])
def test_a_curve_has_a_sensible_number_of_points(length, pieces):
    whole = Span(date(2020, 1, 1), date(2020, 1, 1) + timedelta(days=length - 1))
    assert abs(len(list(checkpoints(whole))) - pieces) <= 1


@given(start=days, length=st.integers(1, 1200))
def test_the_checkpoints_cover_each_day_once(start, length):
    whole = Span(start, start + timedelta(days=length - 1))
    parts = list(checkpoints(whole))
    assert parts[0].first == whole.first
    assert parts[-1].last == whole.last
    assert sum(part.days for part in parts) == whole.days
