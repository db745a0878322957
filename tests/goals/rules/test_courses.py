"""The expected share: even, through checkpoints, as in earlier years."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.courses import (
    MOST_CHECKPOINTS,
    Checkpoint,
    CourseFlaw,
    flaw_of_days,
    flaw_of_values,
    phased_share,
    seasonal_share,
)
from goals.rules.pace import elapsed_share
from metrics.rules.periods import Span

D = Decimal
START = date(2026, 1, 1)
HUNDRED_DAYS = Span(START, date(2026, 4, 10))


def path(*pairs):
    """Checkpoints after so many days, at such values."""
    return [Checkpoint(START + timedelta(days=days - 1), D(value)) for days, value in pairs]


def share(days, checkpoints, *, baseline="0", target="100"):
    day = START + timedelta(days=days - 1)
    return phased_share(HUNDRED_DAYS, checkpoints, day, baseline=D(baseline), target=D(target))


@pytest.mark.parametrize(
    ("days", "due"),
    [(0, "0"), (25, "0.05"), (50, "0.1"), (60, "0.28"), (75, "0.55"), (100, "1"), (120, "1")],
)
def test_lines_are_straight_between_checkpoints(days, due):
    assert share(days, path((50, 10))) == D(due)


def test_a_level_counts_from_its_baseline_in_either_direction():
    assert share(50, path((50, 80)), baseline="100", target="50") == D("0.4")
    assert share(25, path((50, 80)), baseline="100", target="50") == D("0.2")


def test_without_checkpoints_the_course_is_even():
    for days in range(101):
        day = START + timedelta(days=days - 1)
        assert share(days, []) == elapsed_share(HUNDRED_DAYS, day)


def test_a_season_is_the_mean_of_earlier_years_shrunk_by_their_number():
    day = START + timedelta(days=49)
    assert seasonal_share([], HUNDRED_DAYS, day) == D("0.5")
    assert seasonal_share([(D(10), D(100))], HUNDRED_DAYS, day) == D("0.3")
    assert seasonal_share([(D(10), D(100)), (D(30), D(100))], HUNDRED_DAYS, day) == D("0.3")
    nine = [(D(10), D(100))] * 9
    assert seasonal_share(nine, HUNDRED_DAYS, day) == D("0.14")


def test_years_without_a_total_say_nothing_and_the_ends_are_fixed():
    day = START + timedelta(days=49)
    years = [(None, None), (D(1), D(0)), (None, D(50))]
    assert seasonal_share(years, HUNDRED_DAYS, day) == D("0.25")
    assert seasonal_share([(D(0), D(9))], HUNDRED_DAYS, HUNDRED_DAYS.last) == 1
    assert seasonal_share([(D(5), D(9))], HUNDRED_DAYS, START - timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("checkpoints", "flaw"),
    [
        (path((50, 10)), None),
        (path((0, 10)), CourseFlaw.OUTSIDE),
        (path((100, 10)), CourseFlaw.OUTSIDE),
        (path((50, 10), (50, 20)), CourseFlaw.OUT_OF_ORDER),
        (path((50, 10), (40, 20)), CourseFlaw.OUT_OF_ORDER),
        (path(*((days, 1) for days in range(1, MOST_CHECKPOINTS + 2))), CourseFlaw.TOO_MANY),
    ],
)
def test_checkpoints_stand_inside_the_window_in_order(checkpoints, flaw):
    assert flaw_of_days(HUNDRED_DAYS, checkpoints) is flaw


@pytest.mark.parametrize(
    ("values", "baseline", "target", "flaw"),
    [
        ([10, 40], 0, 100, None),
        ([0, 100], 0, 100, None),
        ([40, 10], 0, 100, CourseFlaw.OFF_THE_WAY),
        ([101], 0, 100, CourseFlaw.OFF_THE_WAY),
        ([-1], 0, 100, CourseFlaw.OFF_THE_WAY),
        ([90, 60], 100, 50, None),
        ([60, 90], 100, 50, CourseFlaw.OFF_THE_WAY),
    ],
)
def test_checkpoints_lie_on_the_way(values, baseline, target, flaw):
    checkpoints = path(*((10 * n, value) for n, value in enumerate(values, 1)))
    assert flaw_of_values(checkpoints, baseline=D(baseline), target=D(target)) is flaw


@given(st.lists(st.integers(0, 100), max_size=9).map(sorted))
def test_the_phased_share_never_falls_and_stays_between_0_and_1(values):
    checkpoints = path(*((10 * n, value) for n, value in enumerate(values, 1)))
    shares = [share(days, checkpoints) for days in range(-1, 103)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
