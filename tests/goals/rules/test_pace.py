"""Elapsed share, when a verdict is possible, pace."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.pace import elapsed_share, first_verdict_on, needed_days, pace, too_early
from metrics.rules.periods import Span

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def window_of(length: int) -> Span:
    return Span(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=length - 1))


def test_the_first_day_is_one_day_gone_and_the_last_is_all():
    assert elapsed_share(YEAR, date(2026, 1, 1)) == Decimal(1) / 365
    assert elapsed_share(YEAR, date(2026, 12, 31)) == 1
    assert elapsed_share(YEAR, date(2027, 6, 1)) == 1
    assert elapsed_share(YEAR, date(2025, 6, 1)) == 0


@pytest.mark.parametrize(
    ("length", "days"), [(365, "36.5"), (90, "9"), (70, "7"), (35, "7"), (28, "7"), (7, "1.75")]
)
def test_a_verdict_needs_a_tenth_or_a_week_but_never_more_than_a_quarter(length, days):
    assert needed_days(window_of(length)) == Decimal(days)


def test_a_year_is_judged_from_its_37th_day_on():
    assert too_early(YEAR, date(2026, 2, 5))
    assert not too_early(YEAR, date(2026, 2, 6))
    assert first_verdict_on(YEAR) == date(2026, 2, 7)


@given(start=days, length=st.integers(1, 3660))
def test_the_first_verdict_is_told_on_the_morning_after_the_last_early_day(start, length):
    window = Span(start, start + timedelta(days=length - 1))
    morning = first_verdict_on(window)
    assert not too_early(window, morning - timedelta(days=1))
    assert too_early(window, morning - timedelta(days=2))


def test_vector_4_thirty_done_of_fifty_three_expected():
    assert round(pace(Decimal("0.30"), Decimal("0.53")), 3) == Decimal("0.566")


def test_there_is_no_pace_before_anything_is_expected_or_known():
    assert pace(Decimal("0.3"), Decimal(0)) is None
    assert pace(None, Decimal("0.5")) is None


def test_a_ceiling_is_mirrored_so_that_the_same_bands_judge_it():
    half = Decimal("0.5")
    assert pace(Decimal("0.5"), half, ceiling=True) == 1
    assert pace(Decimal("0.55"), half, ceiling=True) == Decimal("0.9")
    assert pace(Decimal("0.65"), half, ceiling=True) == Decimal("0.7")
    assert pace(Decimal(0), half, ceiling=True) == 2
