"""Which day it is where the workspace lives."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day of an aware instant in the named zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def last_complete_day(at: datetime, zone: str) -> date:
    """Return the day before the local one: the last that nothing can be added to by time."""
    return local_day(at, zone) - timedelta(days=1)
