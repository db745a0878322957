"""Grains and periods: which bucket a day falls into, what it is called, which buckets a range has.

Weeks are ISO weeks (Monday first, named after the year of their Thursday); months, quarters and
years are the calendar's. Days are the workspace's local days: a day has 23, 24 or 25 hours and is
one day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
QUARTER_MONTHS = 3
YEAR_MONTHS = 12


class Grain(StrEnum):
    """How wide a bucket is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def code(self) -> int:
        """The small number that stored buckets carry."""
        return CODES[self]


CODES = {Grain.DAY: 0, Grain.WEEK: 1, Grain.MONTH: 2, Grain.QUARTER: 3, Grain.YEAR: 4}
STORED = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@dataclass(frozen=True, slots=True)
class Period:
    """One bucket: its first and its last day, both included; whole unless it was cut."""

    grain: Grain
    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has: a day on which the clocks change is one day."""
        return (self.end - self.start).days + 1

    def cut(self, first: date, last: date) -> "Period":
        """The part of it that lies inside the range; they must touch."""
        return Period(self.grain, max(self.start, first), min(self.end, last))


def is_known_day(day: date) -> bool:
    """Whether a fact may lie on that day: 1900-01-01 to 2200-12-31."""
    return FIRST_DAY <= day <= LAST_DAY


def bucket_start(day: date, grain: Grain) -> date:
    """The first day of the bucket of that day."""
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is Grain.MONTH:
        return day.replace(day=1)
    if grain is Grain.QUARTER:
        return day.replace(month=day.month - (day.month - 1) % QUARTER_MONTHS, day=1)
    if grain is Grain.YEAR:
        return day.replace(month=1, day=1)
    return day


def next_start(start: date, grain: Grain) -> date:
    """The first day of the bucket after the one that starts on `start`."""
    if grain is Grain.DAY:
        return start + DAY
    if grain is Grain.WEEK:
        return start + WEEK
    months = {Grain.MONTH: 1, Grain.QUARTER: QUARTER_MONTHS}.get(grain, YEAR_MONTHS)
    place = start.month - 1 + months
    return start.replace(year=start.year + place // YEAR_MONTHS, month=place % YEAR_MONTHS + 1)


def bucket_end(start: date, grain: Grain) -> date:
    """The last day of the bucket that starts on `start`."""
    return next_start(start, grain) - DAY


def period_of(day: date, grain: Grain) -> Period:
    """The whole bucket of that day."""
    start = bucket_start(day, grain)
    return Period(grain, start, bucket_end(start, grain))


def previous(period: Period) -> Period:
    """The whole bucket right before."""
    return period_of(period.start - DAY, period.grain)


def periods(grain: Grain, first: date, last: date) -> list[Period]:
    """The whole buckets that touch the range, in order; none when it is empty."""
    found = []
    start = bucket_start(first, grain)
    while start <= last and first <= last:
        after = next_start(start, grain)
        found.append(Period(grain, start, after - DAY))
        start = after
    return found


def count_periods(grain: Grain, first: date, last: date) -> int:
    """How many buckets touch the range, without listing them."""
    if first > last:
        return 0
    if grain in (Grain.DAY, Grain.WEEK):
        span = (bucket_start(last, grain) - bucket_start(first, grain)).days
        return span // (7 if grain is Grain.WEEK else 1) + 1
    months = {Grain.MONTH: 1, Grain.QUARTER: QUARTER_MONTHS}.get(grain, YEAR_MONTHS)
    return _months(last) // months - _months(first) // months + 1


def _months(day: date) -> int:
    return day.year * YEAR_MONTHS + day.month - 1


def label(period: Period) -> str:
    """The bucket's name: 2016-01-31, 2016-W04, 2016-01, 2016-Q1, 2016."""
    start = period.start
    if period.grain is Grain.WEEK:
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"
    if period.grain is Grain.MONTH:
        return f"{start.year:04}-{start.month:02}"
    if period.grain is Grain.QUARTER:
        return f"{start.year:04}-Q{(start.month - 1) // QUARTER_MONTHS + 1}"
    return f"{start.year:04}" if period.grain is Grain.YEAR else start.isoformat()


def months_of_week(week: date) -> tuple[date, ...]:
    """The first days of the one or two months that the week from this Monday touches."""
    first = bucket_start(week, Grain.MONTH)
    last = bucket_start(week + WEEK - DAY, Grain.MONTH)
    return (first,) if first == last else (first, last)


def touched(weeks: Iterable[date]) -> dict[Grain, list[date]]:
    """Every stored bucket that facts of these weeks lie in, by grain, in order."""
    wanted = sorted(set(weeks))
    months = sorted({month for week in wanted for month in months_of_week(week)})
    return {
        Grain.WEEK: wanted,
        Grain.MONTH: months,
        Grain.QUARTER: sorted({bucket_start(month, Grain.QUARTER) for month in months}),
        Grain.YEAR: sorted({bucket_start(month, Grain.YEAR) for month in months}),
    }


def tiles(first: date, last: date) -> list[Period]:
    """Few years, quarters, months, weeks and days that make up the range exactly, in order."""
    found: list[Period] = []
    day = first
    while day <= last:
        found.append(_widest(day, last))
        day = found[-1].end + DAY
    return found


def _widest(day: date, last: date) -> Period:
    """The widest bucket from that day inside the range that passes no whole month."""
    for grain in (Grain.YEAR, Grain.QUARTER, Grain.MONTH):
        if bucket_start(day, grain) == day and (end := bucket_end(day, grain)) <= last:
            return Period(grain, day, end)
    week = period_of(day, Grain.WEEK)
    month = next_start(bucket_start(day, Grain.MONTH), Grain.MONTH)
    no_month_left = bucket_end(month, Grain.MONTH) > last
    if week.start == day and week.end <= last and (week.end < month or no_month_left):
        return week
    return Period(Grain.DAY, day, day)
