"""When somebody is reminded of a card: the day before, on the day, and once when it is late."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EARLY = time(7)  # on the local clock; the mail of the morning, at eight, has it
LONGEST_OVERDUE = timedelta(days=7)  # what was forgotten for longer is no news


class Step(StrEnum):
    """A rung of the ladder, each of which comes once for a due day."""

    TOMORROW = "tomorrow"
    TODAY = "today"
    OVERDUE = "overdue"


def step_of(due_on: date, *, at: datetime, today: date, zone: str) -> Step | None:
    """The rung on which a card stands on a local day, None before seven and between the rungs."""
    if at.astimezone(ZoneInfo(zone)).time() < EARLY:
        return None
    left = due_on - today
    if left == timedelta(days=1):
        return Step.TOMORROW
    if not left:
        return Step.TODAY
    return Step.OVERDUE if timedelta(0) > left >= -LONGEST_OVERDUE else None
