"""Which day it is where the workspace lives."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


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
