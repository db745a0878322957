from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.months import (
    CALENDARS,
    day_number,
    gregorian,
    jalali,
    moved,
    week_of,
    weeks_of,
)

DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from(sorted(CALENDARS)), st.sampled_from([1, 6, 7]))
def test_months_meet_and_their_weeks_hold_every_day_once(day, name, week_starts_on):
    month_of = CALENDARS[name]
    month = month_of(day)
    assert month.first <= day <= month.last
    assert month_of(month.after).first == month.last + timedelta(days=1)
    assert month_of(month.before).last == month.first - timedelta(days=1)
    assert 28 <= day_number(month.last, month_of) <= 31
    days = [one for week in weeks_of(month.first, month.last, week_starts_on) for one in week]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert days[0].isoweekday() == week_starts_on
    assert days[0] <= month.first <= days[6]
    assert days[-7] <= month.last <= days[-1]


def test_the_months_of_each_calendar_are_its_own():
    month = jalali(date(2026, 3, 20))  # the last day of a common year
    assert (month.year, month.number, month.last) == (1404, 12, date(2026, 3, 20))
    new_year = jalali(date(2026, 3, 21))
    assert (new_year.year, new_year.number, new_year.first) == (1405, 1, date(2026, 3, 21))
    assert (
        day_number(date(2026, 3, 30), jalali)
        == jdatetime.date.fromgregorian(date=date(2026, 3, 30)).day
    )
    leap = gregorian(date(2028, 2, 10))
    assert (leap.first, leap.last) == (date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("starts", "first"), [(1, "2026-03-02"), (6, "2026-02-28"), (7, "2026-03-01")]
)
def test_a_week_begins_where_the_workspace_says(starts, first):
    assert week_of(date(2026, 3, 5), starts)[0] == date.fromisoformat(first)


def test_a_card_that_moves_keeps_its_length():
    start, due, to = date(2026, 2, 26), date(2026, 3, 2), date(2026, 3, 9)
    assert moved(start, due, to) == (date(2026, 3, 5), to)
    assert moved(None, due, to) == (None, to)
    assert moved(start, None, to) == (start, to)
    assert moved(start, due, None) == (start, None)
