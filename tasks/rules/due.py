"""When a card wants to be done, seen from a day."""

from datetime import date, timedelta
from enum import StrEnum

DAYS = 7


class Due(StrEnum):
    """How near a due day is."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"
    NO_DATE = "no_date"


def due_of(due_on: date | None, *, today: date, week_starts_on: int) -> Due:
    """Say which of the five a due day is; `week_starts_on` counts Monday as 1."""
    if due_on is None:
        return Due.NO_DATE
    if due_on <= today:
        return Due.TODAY if due_on == today else Due.OVERDUE
    return Due.THIS_WEEK if due_on <= week_end(today, week_starts_on) else Due.LATER


def week_end(today: date, week_starts_on: int) -> date:
    """The last day of the week that today is in."""
    return today + timedelta(days=DAYS - 1 - (today.isoweekday() - week_starts_on) % DAYS)
