"""When an owner owes a check-in."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from metrics.rules.periods import Span


class Cadence(StrEnum):
    """How often the owner of a goal checks in."""

    NEVER = "never"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"

    @property
    def days(self) -> int | None:
        """The days from one check-in to the next; None where none is owed."""
        return DAYS.get(self)


DAYS = {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14, Cadence.MONTHLY: 30}


def due_on(cadence: Cadence, window: Span, last: date | None) -> date | None:
    """The day on which the next check-in is due: so long after the last one, or after the start.

    The last one is due the day after the goal ends, whatever the cadence; None once that was said.
    """
    if cadence.days is None or (last is not None and last > window.last):
        return None
    since = window.first if last is None else max(last, window.first)
    return min(since + timedelta(days=cadence.days), window.last + timedelta(days=1))


def reader_of(people: Sequence[int], *, author: int | None) -> int | None:
    """Who is asked to acknowledge a check-in: the first of these members who did not write it.

    They come in this order: the goal's owner, whom the author reports to, the owner of the goal
    above.
    """
    return next((one for one in people if one != author), None)
