"""Cycles in figures: what was planned, what came and went, what was done, by day.

planned  in the cycle when it began (before that: all that is in it)
added    came later and is still in it; removed  was planned and was taken out
scope    planned less removed and added: what the cycle has to do
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from workspaces.rules.days import local_day

WEEK = 7
MOST_WEEKS = 4


class Outcome(StrEnum):
    """What became of a card when its cycle was closed."""

    DONE = "done"
    CARRIED = "carried"
    LEFT = "left"


class State(StrEnum):
    """Where a cycle is."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


@dataclass(frozen=True)
class Line:
    """A card in a cycle: since when, until when, done when; hours as planned and as estimated."""

    came: datetime
    left: datetime | None = None
    done: datetime | None = None
    planned: Decimal | None = None
    hours: Decimal | None = None

    def was_planned(self, begun: datetime | None) -> bool:
        """Whether it was there when the cycle began."""
        return begun is None or self.came <= begun


@dataclass(frozen=True)
class Sum:
    """So many cards, and the hours of those that have an estimate."""

    cards: int
    hours: Decimal


@dataclass(frozen=True)
class Figures:
    """A cycle in sums; `reestimated` are hours that changed estimates have added since."""

    planned: Sum
    added: Sum
    removed: Sum
    scope: Sum
    done: Sum
    open: Sum
    reestimated: Decimal
    unestimated: int

    @property
    def changed(self) -> bool:
        """Whether the scope is another than planned."""
        return bool(self.added.cards or self.removed.cards or self.reestimated)

    @property
    def share(self) -> Decimal | None:
        """Which share of its cards is done; None where there are none."""
        return Decimal(self.done.cards) / self.scope.cards if self.scope.cards else None


@dataclass(frozen=True)
class Day:
    """The scope and what is done of it at the end of a day."""

    day: date
    scope: Sum
    done: Sum


def state_of(begun: datetime | None, closed: datetime | None) -> State:
    """Planned until it begins, running until it is closed."""
    if closed is not None:
        return State.CLOSED
    return State.RUNNING if begun is not None else State.PLANNED


def first_day(day: date, week_starts_on: int) -> date:
    """The first day of the week that a day is in; `week_starts_on` counts Monday as 1."""
    return day - timedelta(days=(day.isoweekday() - week_starts_on) % WEEK)


def last_day(first: date, weeks: int) -> date:
    """The last day of so many weeks."""
    return first + timedelta(days=WEEK * weeks - 1)


def figures_of(lines: Iterable[Line], begun: datetime | None) -> Figures:
    """What the lines of a cycle come to."""
    known = list(lines)
    planned = [line for line in known if line.was_planned(begun)]
    removed = [line for line in planned if line.left is not None]
    there = [line for line in known if line.left is None]
    added = [line for line in there if not line.was_planned(begun)]
    was = _planned(planned).hours - _planned(removed).hours + _planned(added).hours
    return Figures(
        planned=_planned(planned),
        added=_planned(added),
        removed=_planned(removed),
        scope=_sum(there),
        done=_sum([line for line in there if line.done is not None]),
        open=_sum([line for line in there if line.done is None]),
        reestimated=_sum(there).hours - was,
        unestimated=sum(line.hours is None for line in there),
    )


def burn_up(lines: Sequence[Line], first: date, last: date, zone: str) -> list[Day]:
    """Scope and done at the end of each local day from first to last."""
    spans = [
        (
            line,
            local_day(line.came, zone),
            local_day(line.left, zone) if line.left else None,
            local_day(max(line.done, line.came), zone) if line.done else None,
        )
        for line in lines
    ]
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        there = [
            (line, done)
            for line, came, left, done in spans
            if came <= day and (left is None or left > day)
        ]
        finished = [line for line, done in there if done is not None and done <= day]
        found.append(Day(day, _sum([line for line, _done in there]), _sum(finished)))
    return found


def _planned(lines: Sequence[Line]) -> Sum:
    return Sum(len(lines), sum((line.planned or Decimal(0) for line in lines), Decimal(0)))


def _sum(lines: Sequence[Line]) -> Sum:
    return Sum(len(lines), sum((line.hours or Decimal(0) for line in lines), Decimal(0)))
