"""When a mail is sent, and when it is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

BUDGET = 3  # mails of notices to one person within BUDGET_SPAN, one by one
BUDGET_SPAN = timedelta(hours=1)
SETTLE = timedelta(seconds=20)  # what happens at once comes in one mail
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 30  # about a day
MOST_STARTS = 5  # without an end: something kills the worker each time


def sends_at(recent: Sequence[datetime], *, at: datetime) -> datetime:
    """When the next mail to a person goes, whose latest mails went or go at `recent`.

    The first few of an hour go at once; what follows gathers until the hour is over.
    """
    within = sorted(one for one in recent if one > at - BUDGET_SPAN)
    if len(within) < BUDGET:
        return at + SETTLE
    return max(within[-BUDGET] + BUDGET_SPAN, at + SETTLE)


def wait_after(tries: int, *, chance: float) -> timedelta:
    """How long to wait after so many failed tries: doubled each time up to an hour, and spread."""
    doubled: timedelta = FIRST_WAIT * (1 << min(tries - 1, 10))
    wait = min(doubled, LONGEST_WAIT)
    return wait * (1 + chance / 4)
