"""Names of periods read back: 2016-01-31, 2016-W04, 2016-01, 2016-Q1, 2016."""

import re
from datetime import date

from metrics.rules.days import read_day
from metrics.rules.periods import Grain, Period, is_known_day, period_of

NAME = re.compile(
    r"(?P<year>[0-9]{4})(?:-W(?P<week>[0-9]{2})|-Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2}))?",
    re.ASCII,
)


def period_named(text: str) -> Period | None:
    """The period of that name by the ordinary calendar; None where there is no such period."""
    day = read_day(text)
    if day is not None:
        return period_of(day, Grain.DAY) if is_known_day(day) else None
    found = NAME.fullmatch(text)
    if not found:
        return None
    try:
        start, grain = _start(int(found["year"]), found["week"], found["quarter"], found["month"])
    except ValueError:
        return None
    return period_of(start, grain) if is_known_day(start) else None


def _start(
    year: int, week: str | None, quarter: str | None, month: str | None
) -> tuple[date, Grain]:
    if week:
        return date.fromisocalendar(year, int(week), 1), Grain.WEEK
    if quarter:
        return date(year, int(quarter) * 3 - 2, 1), Grain.QUARTER
    return date(year, int(month or 1), 1), Grain.MONTH if month else Grain.YEAR
