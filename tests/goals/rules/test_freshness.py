"""When a goal's data are late, and when a window's data are all in."""

from datetime import date, timedelta

import pytest

from goals.rules.freshness import all_in, is_late

NOW = date(2026, 3, 1)


def late_after(gap: int) -> int:
    return next(
        silent for silent in range(200) if is_late(NOW - timedelta(days=silent), now=NOW, gap=gap)
    )


@pytest.mark.parametrize(("gap", "days"), [(1, 5), (7, 17), (30, 63)])
def test_data_are_late_after_twice_the_gap_and_two_days(gap, days):
    assert late_after(gap) == days


def test_no_data_at_all_is_late():
    assert is_late(None, now=NOW, gap=1)


def test_a_window_is_complete_when_the_next_data_are_due_after_it():
    end = date(2025, 12, 31)
    assert all_in(end, end=end, gap=1)
    assert not all_in(date(2025, 12, 30), end=end, gap=1)
    assert all_in(date(2025, 12, 29), end=end, gap=7)
    assert not all_in(date(2025, 12, 20), end=end, gap=7)
    assert not all_in(None, end=end, gap=7)
