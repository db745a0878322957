"""When the mail of the morning is due: one for a person and a local day, at eight."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(8)
LEAST_GAP = timedelta(hours=6)  # between two, whatever a person does to their time zone


@dataclass(frozen=True)
class Due:
    """A digest for a local day, of what happened before an instant."""

    day: date
    until: datetime


@dataclass(frozen=True)
class Last:
    """The latest digest of a person: its local day, and when it was made."""

    day: date
    at: datetime


def due_digest(
    at: datetime, *, zone: str, last: Last | None = None, workdays: Container[int] = range(7)
) -> Due | None:
    """The digest that is due at an instant, or None.

    It tells what came before eight on the local clock; later things wait for the next morning. Days
    that were missed are made up for by one. `workdays` are weekdays, Monday 0.
    """
    tz = ZoneInfo(zone)
    day = at.astimezone(tz).date()
    until = datetime.combine(day, MORNING, tz).astimezone(UTC)
    if until > at or day.weekday() not in workdays:
        return None
    if last is not None and (day <= last.day or at - last.at < LEAST_GAP):
        return None
    return Due(day, until)


def is_morning(at: datetime, *, zone: str) -> bool:
    """Whether it is eight or later on the local clock."""
    return at.astimezone(ZoneInfo(zone)).time() >= MORNING
