"""Working time: when somebody works, how much of it passes, and when a stretch of it is over.

An instant is working time where the local clock shows a time within the day's hours and the day is
no holiday. So an hour that the clock skips in spring is nobody's, and one that it shows twice in
autumn counts twice. Instants are aware, spans half-open and in UTC.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from itertools import pairwise
from zoneinfo import ZoneInfo

from workspaces.rules.spans import joined, less, shared

Hours = tuple[tuple[int, int], ...]  # minutes since local midnight, half-open
Span = tuple[datetime, datetime]
Pauses = Sequence[tuple[datetime, datetime | None]]  # None: it goes on
DAY_MINUTES = 24 * 60
WEEKDAYS = 7
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FARTHEST = timedelta(hours=27)  # no local clock is farther from UTC; a multiple of SAMPLE
SAMPLE = timedelta(hours=3)  # no zone changes its offset twice within it
CHUNK = timedelta(days=28)
HORIZON = timedelta(days=3 * 366)
NOTHING = timedelta(0)
ENDLESS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class WorkCalendar:
    """Somebody's hours of each weekday, Monday first, where they live, and their holidays."""

    zone: str
    week: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()

    def hours_on(self, day: date) -> list[tuple[int, int]]:
        """The hours of a day, those that meet or overlap made one; none on a holiday."""
        return [] if day in self.holidays else joined(self.week[day.weekday()])


def usual_day(calendars: Sequence[WorkCalendar], at: datetime) -> int:
    """The minutes in which all work on most days of the four weeks from an instant; 0 if never.

    Of two lengths that are as common the longer one. It is what "a working day" means in a promise;
    days are those of the first calendar.
    """
    tz = ZoneInfo(calendars[0].zone)
    days: dict[date, timedelta] = {}
    for begins, ends in working(calendars, at, at + CHUNK):
        day = begins.astimezone(tz).date()
        days[day] = days.get(day, NOTHING) + (ends - begins)
    cut = {at.astimezone(tz).date(), (at + CHUNK).astimezone(tz).date()}
    lengths = Counter(length // MINUTE for day, length in days.items() if day not in cut)
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def working(calendars: Sequence[WorkCalendar], since: datetime, until: datetime) -> list[Span]:
    """The spans from `since` to `until` in which all of them work, in order."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if until <= since:
        return []
    return reduce(shared, (_spans(calendar, since, until) for calendar in calendars))


def between(
    calendars: Sequence[WorkCalendar], since: datetime, until: datetime, pauses: Pauses = ()
) -> timedelta:
    """How much working time lies between two instants, without what lies in pauses."""
    counted = less(working(calendars, since, until), _breaks(pauses))
    return sum((end - start for start, end in counted), NOTHING)


def due(
    calendars: Sequence[WorkCalendar], start: datetime, promised: timedelta, pauses: Pauses = ()
) -> datetime | None:
    """The first instant by which so much working time has passed since `start`, in UTC.

    None where it never does: within three years, or before a pause that goes on.
    """
    since, left, breaks = start.astimezone(UTC), promised, _breaks(pauses)
    last = since + HORIZON
    if left <= NOTHING:
        return since
    while since < last:
        for begins, ends in less(working(calendars, since, since + CHUNK), breaks):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        since += CHUNK
    return None


def _breaks(pauses: Pauses) -> list[Span]:
    return joined(
        (since.astimezone(UTC), until.astimezone(UTC) if until else ENDLESS)
        for since, until in pauses
    )


def _spans(calendar: WorkCalendar, since: datetime, until: datetime) -> list[Span]:
    """One calendar's working spans within two instants, in order."""
    day, last = (since - FARTHEST).date(), (until + FARTHEST).date()
    found: list[Span] = []
    while day <= last:
        found.extend(_of_day(calendar, day))
        day += DAY
    return joined((max(begins, since), min(ends, until)) for begins, ends in found)


def _of_day(calendar: WorkCalendar, day: date) -> Iterator[Span]:
    hours = calendar.hours_on(day)
    midnight = datetime.combine(day, time.min, UTC)
    for begins, ends, offset in _stretches(calendar.zone, day) if hours else ():
        for start, end in hours:
            first = midnight + timedelta(minutes=start) - offset
            after = midnight + timedelta(minutes=end) - offset
            yield max(begins, first), min(ends, after)


@lru_cache(maxsize=16_384)
def _stretches(zone: str, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The spans in which the local date is the day, each with the one offset that it has.

    Usually one; two where the clock changes; none on a day that a zone left out.
    """
    tz, midnight = ZoneInfo(zone), datetime.combine(day, time.min, UTC)
    first, after = midnight - FARTHEST, midnight + DAY + FARTHEST
    samples = [first + n * SAMPLE for n in range((after - first) // SAMPLE + 1)]
    changes = [
        _change(tz, low, high)
        for low, high in pairwise(samples)
        if _offset(tz, low) != _offset(tz, high)
    ]
    found = []
    for begins, ends in pairwise([first, *changes, after]):
        offset = _offset(tz, begins)
        span = max(begins, midnight - offset), min(ends, midnight + DAY - offset)
        if span[0] < span[1]:
            found.append((*span, offset))
    return tuple(found)


def _change(tz: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second with the later offset."""
    was, below, above = _offset(tz, low), 0, int((high - low).total_seconds())
    while above - below > 1:
        middle = (below + above) // 2
        if _offset(tz, low + timedelta(seconds=middle)) == was:
            below = middle
        else:
            above = middle
    return low + timedelta(seconds=above)


def _offset(tz: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(tz).utcoffset() or NOTHING
