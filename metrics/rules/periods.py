"""Grains and periods: which bucket a day falls into, what it is called, which buckets a range has.

Weeks are ISO weeks (Monday first, named after the year of their Thursday) and months, quarters and
years are the calendar's, unless a Calendar says otherwise: another first day of the week, or a
fiscal year that begins in another month. Days are the workspace's local days: a day has 23, 24 or
25 hours and is one day.
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
DAYS_OF_WEEK = 7
YEAR_MONTHS = 12
LEAP_DAY = (2, 29)


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
class Calendar:
    """Where weeks begin (1 is Monday, 7 Sunday) and in which month years begin (1 is January)."""

    week_starts_on: int = 1
    year_starts_in: int = 1


ISO = Calendar()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.last - self.first).days + 1


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


def bucket_start(day: date, grain: Grain, calendar: Calendar = ISO) -> date:
    """The first day of the bucket of that day."""
    if grain is Grain.WEEK:
        return day - timedelta(days=(day.isoweekday() - calendar.week_starts_on) % DAYS_OF_WEEK)
    if grain is Grain.DAY:
        return day
    if grain is Grain.MONTH:
        return day.replace(day=1)
    width = QUARTER_MONTHS if grain is Grain.QUARTER else YEAR_MONTHS
    offset = calendar.year_starts_in - 1
    place = (_months(day) - offset) // width * width + offset
    return date(place // YEAR_MONTHS, place % YEAR_MONTHS + 1, 1)


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


def period_of(day: date, grain: Grain, calendar: Calendar = ISO) -> Period:
    """The whole bucket of that day."""
    start = bucket_start(day, grain, calendar)
    return Period(grain, start, bucket_end(start, grain))


def year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes the 28th."""
    if (day.month, day.day) == LEAP_DAY:
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def previous(period: Period, calendar: Calendar = ISO) -> Period:
    """The whole bucket right before."""
    return period_of(period.start - DAY, period.grain, calendar)


def whole_weeks(today: date, count: int, calendar: Calendar = ISO) -> Period:
    """The days of the last so many weeks that had ended before `today`."""
    end = bucket_start(today, Grain.WEEK, calendar) - DAY
    return Period(Grain.WEEK, end - WEEK * count + DAY, end)


def periods(grain: Grain, first: date, last: date, calendar: Calendar = ISO) -> list[Period]:
    """The whole buckets that touch the range, in order; none when it is empty."""
    found = []
    start = bucket_start(first, grain, calendar)
    while start <= last and first <= last:
        after = next_start(start, grain)
        found.append(Period(grain, start, after - DAY))
        start = after
    return found


def count_periods(grain: Grain, first: date, last: date, calendar: Calendar = ISO) -> int:
    """How many buckets touch the range, without listing them."""
    if first > last:
        return 0
    first, last = bucket_start(first, grain, calendar), bucket_start(last, grain, calendar)
    if grain in (Grain.DAY, Grain.WEEK):
        span = (last - first).days
        return span // (7 if grain is Grain.WEEK else 1) + 1
    months = {Grain.MONTH: 1, Grain.QUARTER: QUARTER_MONTHS}.get(grain, YEAR_MONTHS)
    return (_months(last) - _months(first)) // months + 1


def _months(day: date) -> int:
    return day.year * YEAR_MONTHS + day.month - 1


def label(period: Period, calendar: Calendar = ISO) -> str:
    """The bucket's name: 2016-01-31, 2016-W04, 2016-01, 2016-Q1, 2016.

    A fiscal year is named after the year in which it ends, FY2017 and FY2017-Q1; a week that does
    not begin on a Monday after its first day, w2016-01-24.
    """
    start = period.start
    if period.grain is Grain.WEEK:
        if calendar.week_starts_on != 1:
            return f"w{start.isoformat()}"
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"
    if period.grain is Grain.MONTH:
        return f"{start.year:04}-{start.month:02}"
    if period.grain is Grain.DAY:
        return start.isoformat()
    whole = bucket_start(start, Grain.YEAR, calendar)
    fiscal = calendar.year_starts_in != 1
    year = whole.year + fiscal
    name = f"FY{year:04}" if fiscal else f"{year:04}"
    quarter = (_months(start) - _months(whole)) // QUARTER_MONTHS + 1
    return f"{name}-Q{quarter}" if period.grain is Grain.QUARTER else name


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
