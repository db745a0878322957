"""When a guardrail is told to have broken or mended."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from goals.rules.guardrails import Guard, Health, is_clear, settle

D = Decimal
MONDAY = date(2026, 3, 2)
HOLDS, BROKEN, UNKNOWN = Health.HOLDS, Health.BROKEN, Health.UNKNOWN


def told_by(days, clear=False):
    """What is told on each day, a verdict a day."""
    guard, told = Guard(), []
    for n, found in enumerate(days):
        guard = settle(guard, found, clear=clear, today=MONDAY + timedelta(days=n))
        told.append(guard.told)
    return told


def test_a_break_is_told_on_its_second_day_or_at_once_where_it_is_clear():
    assert told_by([HOLDS, BROKEN, BROKEN]) == [HOLDS, HOLDS, BROKEN]
    assert told_by([HOLDS, BROKEN], clear=True) == [HOLDS, BROKEN]


def test_a_value_that_dances_on_its_bound_is_never_told():
    assert set(told_by([HOLDS, BROKEN] * 30)) == {HOLDS}


def test_silence_mends_nothing_and_breaks_nothing_anew():
    assert told_by([BROKEN, BROKEN, UNKNOWN, BROKEN]) == [UNKNOWN, BROKEN, BROKEN, BROKEN]


def test_the_same_day_seen_twice_confirms_nothing():
    guard = settle(Guard(HOLDS), BROKEN, clear=False, today=MONDAY)
    assert settle(guard, BROKEN, clear=False, today=MONDAY).told is HOLDS


@pytest.mark.parametrize(
    ("margin", "bound", "clear"),
    [("1", "20", True), ("-1", "20", True), ("0.9", "20", False), ("50", "0", False)],
)
def test_a_twentieth_of_the_bound_is_clear(margin, bound, clear):
    assert is_clear(D(margin), bound=D(bound)) is clear
    assert is_clear(None, bound=D(bound)) is False
