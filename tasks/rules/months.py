"""Months and weeks of a calendar, and what becomes of a card's days when one of them moves.

Days are stored and reckoned as they are everywhere; a calendar only says where its months begin
and what it calls a day. Another one is another function in CALENDARS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import jdatetime

WEEK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A month of a calendar: its year and number there, its first and its last day."""

    year: int
    number: int
    first: date
    last: date

    @property
    def before(self) -> date:
        """A day of the month before."""
        return self.first - DAY

    @property
    def after(self) -> date:
        """A day of the month after."""
        return self.last + DAY


def gregorian(day: date) -> Month:
    """The month that most of the world calls it."""
    first = day.replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    return Month(day.year, day.month, first, after - DAY)


def jalali(day: date) -> Month:
    """The month of the solar Hijri calendar, as in Iran."""
    there = jdatetime.date.fromgregorian(date=day)
    first = day - (there.day - 1) * DAY
    later = jdatetime.date.fromgregorian(date=first + 31 * DAY)
    after = first + 31 * DAY - (later.day - 1) * DAY
    return Month(there.year, there.month, first, after - DAY)


def jalali_name(number: int) -> str:
    """The Persian name of a month from 1 to 12."""
    return str(jdatetime.date.j_months_fa[number - 1])


CALENDARS: Mapping[str, Callable[[date], Month]] = {"gregorian": gregorian, "jalali": jalali}


def day_number(day: date, month_of: Callable[[date], Month]) -> int:
    """Which day of its month it is, counted from 1."""
    return (day - month_of(day).first).days + 1


def week_of(day: date, week_starts_on: int) -> list[date]:
    """The seven days of its week; `week_starts_on` counts Monday as 1."""
    first = day - (day.isoweekday() - week_starts_on) % WEEK * DAY
    return [first + n * DAY for n in range(WEEK)]


def weeks_of(first: date, last: date, week_starts_on: int) -> list[list[date]]:
    """The whole weeks that these days lie in."""
    weeks = [week_of(first, week_starts_on)]
    while weeks[-1][-1] < last:
        weeks.append(week_of(weeks[-1][-1] + DAY, week_starts_on))
    return weeks


def moved(start: date | None, due: date | None, to: date | None) -> tuple[date | None, date | None]:
    """Start and due day once the card is due on another day: what has both keeps its length."""
    if start is None or due is None or to is None:
        return start, to
    return start + (to - due), to
