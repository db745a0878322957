"""When data are late: judged by what was stated, else by the rhythm in which they used to come.

With a cadence of c days and a lag of l days, data that reach to a day stand for their whole period:
nothing new is due before c - 1 days more have passed. From then on they are fresh for l days, late
for c more, and stale after that. A daily metric (c = 1) is fresh while now - data_until <= l.
A cadence that was learned comes with a patience of one more cadence and three days.

Whether anything more is expected at all is another question: a stated cadence says so (0: no more
is), else data promise more once they have come on three days and some of them while it was fresh.
An import of history, old already when it came, promises nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

LEAST_PATIENCE = 3
LEAST_DAYS = 3  # with data, before a rhythm is known
ENDED = 0  # the stated cadence of what is not expected any more


class State(StrEnum):
    """How fresh data are; the order is from best to worst."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"

    @property
    def rank(self) -> int:
        """0 for fresh; the larger the worse."""
        return list(State).index(self)


@dataclass(frozen=True)
class Rhythm:
    """Every how many days data are expected, and after how many more they are late."""

    cadence: int
    lag: int


def usual_gap(days: Iterable[date]) -> int:
    """The median number of days between days with data, at least 1."""
    ordered = sorted(set(days))
    gaps = [(b - a).days for a, b in pairwise(ordered)]
    return max(1, round(median(gaps))) if gaps else 1


def rhythm_of(cadence: int | None, lag: int, *, gap: int) -> Rhythm:
    """The rhythm by what was stated (no cadence, a lag of 0: nothing), else by the usual gap."""
    expected = cadence or gap
    return Rhythm(expected, lag if cadence or lag else expected + LEAST_PATIENCE)


def state_of(data_until: date | None, *, now: date, rhythm: Rhythm) -> State:
    """How fresh data that reach to `data_until` are at the end of the day `now`; none are fresh."""
    if data_until is None:
        return State.FRESH
    overdue = (now - data_until).days - (rhythm.cadence - 1)
    if overdue <= rhythm.lag:
        return State.FRESH
    return State.LATE if overdue <= rhythm.lag + rhythm.cadence else State.STALE


def promises_more(learnt: Mapping[date, date], rhythm: Rhythm) -> bool:
    """Whether days with data, each with the day on which it was learnt, promise that more come."""
    return len(learnt) >= LEAST_DAYS and any(
        state_of(day, now=known - timedelta(days=1), rhythm=rhythm) is State.FRESH
        for day, known in learnt.items()
    )


def worst(states: Iterable[State]) -> State:
    """The worst of them; a number is as fresh as the stalest of what it is made of."""
    return max(states, key=lambda state: state.rank, default=State.FRESH)


def is_late(data_until: date | None, *, now: date, gap: int, lag: int | None = None) -> bool:
    """Whether data are late or stale, by a usual gap and a lag (None: it was learned, too)."""
    rhythm = rhythm_of(None, 0, gap=gap) if lag is None else Rhythm(gap, lag)
    return state_of(data_until, now=now, rhythm=rhythm) is not State.FRESH
