from datetime import date, timedelta

import pytest

from tasks.rules.due import Due, due_of, week_end

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("starts_on", "end"),
    [(1, date(2026, 3, 8)), (6, date(2026, 3, 6)), (7, date(2026, 3, 7))],
    ids=["Monday", "Saturday", "Sunday"],
)
def test_the_week_ends_before_the_day_it_starts_on(starts_on, end):
    assert week_end(WEDNESDAY, starts_on) == end
    assert (end + timedelta(days=1)).isoweekday() == starts_on


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (-400, Due.OVERDUE),
        (-1, Due.OVERDUE),
        (0, Due.TODAY),
        (1, Due.THIS_WEEK),
        (4, Due.THIS_WEEK),
        (5, Due.LATER),
        (400, Due.LATER),
        (None, Due.NO_DATE),
    ],
)
def test_a_due_day_is_in_one_of_five_groups(days, due):
    due_on = None if days is None else WEDNESDAY + timedelta(days=days)
    assert due_of(due_on, today=WEDNESDAY, week_starts_on=1) is due


def test_on_the_last_day_of_the_week_tomorrow_is_later():
    sunday = date(2026, 3, 8)
    assert due_of(sunday + timedelta(days=1), today=sunday, week_starts_on=1) is Due.LATER
    assert due_of(sunday, today=sunday, week_starts_on=1) is Due.TODAY
