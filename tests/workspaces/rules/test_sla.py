from datetime import UTC, date, datetime, timedelta

import pytest

from workspaces.rules.calendars import WorkCalendar
from workspaces.rules.sla import (
    Attainment,
    Clock,
    Deadline,
    State,
    attainment_by_month,
    deadline_of,
    left_of,
    state_of,
)

WEEK = (((540, 1020),),) * 5 + ((),) * 2
OFFICE = [WorkCalendar("Europe/Warsaw", WEEK)]
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # 9:00 in Warsaw
DEADLINE = Deadline(MONDAY + 8 * HOUR, MONDAY + 6 * HOUR)


@pytest.mark.parametrize(
    ("hours", "stopped", "paused", "state"),
    [
        (1, None, False, State.RUNNING),
        (6, None, False, State.AT_RISK),
        (6, None, True, State.PAUSED),
        (8, None, False, State.AT_RISK),
        (9, None, False, State.LATE),
        (9, None, True, State.LATE),
        (9, 8, False, State.KEPT),
        (20, 9, False, State.BROKEN),
    ],
)
def test_a_clock_is_at_risk_before_it_is_late(hours, stopped, paused, state):
    ended = None if stopped is None else MONDAY + stopped * HOUR
    clock = Clock(DEADLINE, ended, paused)
    assert state_of(clock, MONDAY + hours * HOUR) is state


def test_two_working_days_end_two_days_later_and_warn_after_three_quarters():
    found = deadline_of(OFFICE, MONDAY, 16 * HOUR, [])
    assert found == Deadline(
        MONDAY + timedelta(days=1, hours=8), MONDAY + timedelta(days=1, hours=4)
    )
    friday = MONDAY + timedelta(days=4)
    assert deadline_of(OFFICE, friday, 16 * HOUR, []).due == friday + timedelta(days=3, hours=8)


def test_a_pause_moves_the_deadline_by_its_working_time_only():
    night = [(MONDAY + 8 * HOUR, MONDAY + 24 * HOUR)]
    assert deadline_of(OFFICE, MONDAY, 12 * HOUR, night) == deadline_of(
        OFFICE, MONDAY, 12 * HOUR, []
    )
    noon = [(MONDAY + HOUR, MONDAY + 3 * HOUR)]
    assert deadline_of(OFFICE, MONDAY, 4 * HOUR, noon).due == MONDAY + 6 * HOUR
    assert deadline_of(OFFICE, MONDAY, 4 * HOUR, [(MONDAY + HOUR, None)]) == Deadline(None, None)


def test_what_is_left_goes_below_zero():
    later = MONDAY + 3 * HOUR
    assert left_of(OFFICE, MONDAY, 2 * HOUR, [], later) == -HOUR


def test_a_clock_counts_in_the_local_month_of_its_verdict():
    at = datetime(2026, 4, 20, tzinfo=UTC)
    last = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 0:30 on 1 April in Warsaw
    clocks = [
        Clock(Deadline(last, last), last),
        Clock(Deadline(MONDAY, MONDAY), last),
        Clock(Deadline(MONDAY, MONDAY)),
        Clock(Deadline(at + HOUR, at)),
        Clock(Deadline(None, None), MONDAY),
    ]
    assert attainment_by_month(clocks, at, "Europe/Warsaw") == {
        date(2026, 3, 1): Attainment(kept=1, broken=2),
        date(2026, 4, 1): Attainment(kept=1),
    }


def test_attainment_of_nothing_is_not_zero():
    assert Attainment().share is None
    assert (Attainment(3, 1) + Attainment(0, 1)).share == 0.6
