"""Which day it is where the workspace lives."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)  # what anybody plans or looks back to


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day of an aware instant in the named zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def last_complete_day(at: datetime, zone: str) -> date:
    """Return the day before the local one: the last that nothing can be added to by time."""
    return local_day(at, zone) - timedelta(days=1)


def end_of_day(day: date, zone: str) -> datetime:
    """The last instant of a day in the named zone."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def is_plannable(day: date) -> bool:
    """Whether a day can be meant: a year with a slip of the pen is none to work for."""
    return EARLIEST <= day <= LATEST
