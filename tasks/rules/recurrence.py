"""On which days work comes back. Days are those of a calendar, so no clock moves them."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any

WEEK = 7
MONTHS = 12
LAST = -1  # the last of a month's Mondays
PLACES = (1, 2, 3, 4, LAST)
MOST_EVERY = 99
MOST_COUNT = 999
LONGEST_WAIT = 366  # days after a card is done
FARTHEST = date(2199, 12, 31)
FRUITLESS = 800  # days in a row that a calendar may leave out before nothing comes any more
Works = Callable[[date], bool]


class Kind(StrEnum):
    """How days follow each other."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY_DAY = "monthly_day"
    MONTHLY_WEEKDAY = "monthly_weekday"
    YEARLY = "yearly"
    AFTER_DONE = "after_done"


class OffDay(StrEnum):
    """What becomes of a day on which nobody works."""

    KEEP = ""
    SKIP = "skip"
    NEXT = "next"


class Unfit(Exception):
    """A pattern cannot be; the arguments are the field and what is wrong with it."""

    @property
    def field(self) -> str:
        """The field at fault."""
        return str(self.args[0])

    @property
    def fault(self) -> str:
        """The name of what is wrong."""
        return str(self.args[1])


@dataclass(frozen=True)
class Pattern:
    """The days from `begins` on, every so many days, weeks, months or years.

    `weekdays` (Monday 0) are those of a week, or the one of a month; `place` says which of the
    month's; `day` is that of a month, its last where it is shorter. `weeks_begin` (Monday 0) tells
    which days are of one week. After `until` or so many days (`count`) nothing comes any more.
    """

    kind: Kind
    begins: date
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    place: int = 0
    until: date | None = None
    count: int | None = None
    off_days: OffDay = OffDay.KEEP
    weeks_begin: int = 0

    def days(self, works: Works) -> Iterator[date]:
        """The days, each once and in order; of AFTER_DONE only the first is known."""
        wanted = self._until(self._worked(self._raw(), works))
        return islice(wanted, self.count) if self.count is not None else wanted

    def days_between(self, after: date, last: date, works: Works) -> list[date]:
        """Those later than `after` and not later than `last`."""
        return [day for day in takewhile(lambda d: d <= last, self.days(works)) if day > after]

    def next_days(self, after: date, most: int, works: Works) -> list[date]:
        """The first few that are later than a day."""
        return list(islice((day for day in self.days(works) if day > after), most))

    def fit(self, day: date, works: Works) -> date | None:
        """The day itself, or the one to which it moves; None where it is left out."""
        if self.off_days is OffDay.KEEP or works(day):
            return day
        if self.off_days is OffDay.SKIP:
            return None
        later = (day + timedelta(days=n) for n in range(1, LONGEST_WAIT))
        return next((one for one in later if works(one)), None)

    def _raw(self) -> Iterator[date]:
        """The days as the calendar has them, before anybody's week is asked."""
        for day in RAW[self.kind](self):
            if day > FARTHEST:
                return
            if day >= self.begins:
                yield day

    def _worked(self, days: Iterable[date], works: Works) -> Iterator[date]:
        latest, fruitless = date.min, 0
        for day in days:
            moved = self.fit(day, works)
            fruitless = 0 if moved else fruitless + 1
            if fruitless > FRUITLESS:
                return
            if moved is not None and moved > latest:
                latest = moved
                yield moved

    def _until(self, days: Iterator[date]) -> Iterator[date]:
        last = self.until
        return takewhile(lambda day: day <= last, days) if last is not None else days


def _daily(pattern: Pattern) -> Iterator[date]:
    step = timedelta(days=pattern.every)
    day = pattern.begins
    while day <= FARTHEST:
        yield day
        day += step


def _weekly(pattern: Pattern) -> Iterator[date]:
    into = (pattern.begins.weekday() - pattern.weeks_begin) % WEEK
    week = pattern.begins - timedelta(days=into)
    order = sorted((weekday - pattern.weeks_begin) % WEEK for weekday in set(pattern.weekdays))
    while week <= FARTHEST:
        for ahead in order:
            yield week + timedelta(days=ahead)
        week += timedelta(days=WEEK * pattern.every)


def _months(pattern: Pattern, step: int) -> Iterator[tuple[int, int]]:
    """Every so many months from the first on, as year and month."""
    month = pattern.begins.year * MONTHS + pattern.begins.month - 1
    while month // MONTHS <= FARTHEST.year:
        yield month // MONTHS, month % MONTHS + 1
        month += step


def _monthly_day(pattern: Pattern) -> Iterator[date]:
    for year, month in _months(pattern, pattern.every):
        yield date(year, month, min(pattern.day, monthrange(year, month)[1]))


def _monthly_weekday(pattern: Pattern) -> Iterator[date]:
    weekday = pattern.weekdays[0]
    for year, month in _months(pattern, pattern.every):
        first, length = monthrange(year, month)
        day = 1 + (weekday - first) % WEEK
        if pattern.place == LAST:
            yield date(year, month, day + (length - day) // WEEK * WEEK)
        else:
            yield date(year, month, day + WEEK * (pattern.place - 1))


def _yearly(pattern: Pattern) -> Iterator[date]:
    for year, month in _months(pattern, pattern.every * MONTHS):
        yield date(year, month, min(pattern.begins.day, monthrange(year, month)[1]))


def _once(pattern: Pattern) -> Iterator[date]:
    yield pattern.begins


RAW: Mapping[Kind, Callable[[Pattern], Iterator[date]]] = {
    Kind.DAILY: _daily,
    Kind.WEEKLY: _weekly,
    Kind.MONTHLY_DAY: _monthly_day,
    Kind.MONTHLY_WEEKDAY: _monthly_weekday,
    Kind.YEARLY: _yearly,
    Kind.AFTER_DONE: _once,
}


def checked(pattern: Pattern) -> Pattern:
    """The pattern with only what its kind needs; raise Unfit where it cannot be."""
    most = LONGEST_WAIT if pattern.kind is Kind.AFTER_DONE else MOST_EVERY
    if not 1 <= pattern.every <= most:
        raise Unfit("every", "range")
    if pattern.until is not None and pattern.until < pattern.begins:
        raise Unfit("until", "backwards")
    if pattern.count is not None and not 1 <= pattern.count <= MOST_COUNT:
        raise Unfit("count", "range")
    if pattern.count is not None and pattern.until is not None:
        raise Unfit("count", "both")
    return Pattern(
        kind=pattern.kind,
        begins=pattern.begins,
        every=pattern.every,
        weekdays=_weekdays(pattern),
        day=_day(pattern),
        place=_place(pattern),
        until=pattern.until,
        count=pattern.count,
        off_days=pattern.off_days,
        weeks_begin=pattern.weeks_begin % WEEK,
    )


def _weekdays(pattern: Pattern) -> tuple[int, ...]:
    if pattern.kind not in {Kind.WEEKLY, Kind.MONTHLY_WEEKDAY}:
        return ()
    found = tuple(sorted(set(pattern.weekdays)))
    if not found or not set(found) <= set(range(WEEK)):
        raise Unfit("weekdays", "required")
    if pattern.kind is Kind.MONTHLY_WEEKDAY and len(found) != 1:
        raise Unfit("weekdays", "one")
    return found


def _day(pattern: Pattern) -> int:
    if pattern.kind is not Kind.MONTHLY_DAY:
        return 0
    if not 1 <= pattern.day <= 31:  # noqa: PLR2004  as many as a month can have
        raise Unfit("day", "range")
    return pattern.day


def _place(pattern: Pattern) -> int:
    if pattern.kind is not Kind.MONTHLY_WEEKDAY:
        return 0
    if pattern.place not in PLACES:
        raise Unfit("place", "range")
    return pattern.place


def kept(pattern: Pattern) -> dict[str, Any]:
    """The pattern as JSON, without its days, which are columns of their own."""
    return {
        "kind": pattern.kind.value,
        "every": pattern.every,
        "weekdays": list(pattern.weekdays),
        "day": pattern.day,
        "place": pattern.place,
        "off_days": pattern.off_days.value,
        "weeks_begin": pattern.weeks_begin,
    }


def missed(days: list[date], *, today: date, all_of_them: bool, most: int) -> set[date]:
    """Which of the days that are due are not made any more: they were missed.

    Where only the latest counts, a day that has passed is made only if none comes after it.
    """
    past = [day for day in days if day < today]
    if all_of_them:
        return set(past[:-most]) if len(past) > most else set()
    return set(past) - ({days[-1]} if days else set())
