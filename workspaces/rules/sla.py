"""Promises to answer in time: the clock of one answer, and what share of answers kept it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from workspaces.rules.calendars import Pauses, WorkCalendar, between, due
from workspaces.rules.days import local_day

WARNED_AT = 3  # quarters of the promised time after which a clock is at risk
QUARTERS = 4


class Side(StrEnum):
    """Which of the two parties promises; the other one receives."""

    PROVIDER = "provider"
    RECEIVER = "receiver"


class Counts(StrEnum):
    """Whose working time runs on the clock: who promised, or only when both work."""

    BOTH = "both"
    PROMISER = "promiser"


class State(StrEnum):
    """How a clock stands; the last three are verdicts."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    PAUSED = "paused"
    LATE = "late"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class Deadline:
    """When a clock is over, and when it is at risk; None while a pause hides it."""

    due: datetime | None
    warn: datetime | None


@dataclass(frozen=True)
class Clock:
    """A clock as it is stored: everything that its state follows from."""

    deadline: Deadline
    stopped: datetime | None = None
    is_paused: bool = False


def deadline_of(
    calendars: Sequence[WorkCalendar], started: datetime, promised: timedelta, pauses: Pauses
) -> Deadline:
    """When so much working time will have passed since the start, pauses left out."""
    warn = promised * WARNED_AT // QUARTERS
    return Deadline(
        due(calendars, started, promised, pauses), due(calendars, started, warn, pauses)
    )


def state_of(clock: Clock, at: datetime) -> State:
    """How a clock stands at an instant. The due instant itself is still in time.

    Who is late is late however long a pause begun after that lasts.
    """
    ends = clock.deadline.due
    late = ends is not None and (clock.stopped or at) > ends
    if clock.stopped is not None:
        return State.BROKEN if late else State.KEPT
    if late:
        return State.LATE
    if clock.is_paused:
        return State.PAUSED
    warn = clock.deadline.warn
    return State.AT_RISK if warn is not None and at >= warn else State.RUNNING


def left_of(
    calendars: Sequence[WorkCalendar], started: datetime, promised: timedelta, pauses: Pauses,
    at: datetime,
) -> timedelta:  # fmt: skip
    """The working time that is left, below zero where it is over."""
    return promised - between(calendars, started, at, pauses)


@dataclass(frozen=True)
class Attainment:
    """How many answers kept their promise and how many broke it."""

    kept: int = 0
    broken: int = 0

    @property
    def counted(self) -> int:
        """How many there were."""
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        """The share that was kept; None where nothing was due."""
        return self.kept / self.counted if self.counted else None

    def __add__(self, other: "Attainment") -> "Attainment":
        """Both together: a ratio of sums."""
        return Attainment(self.kept + other.kept, self.broken + other.broken)


def attainment_by_month(clocks: Iterable[Clock], at: datetime, zone: str) -> dict[date, Attainment]:
    """Attainment by the local month of the verdict: of the answer, or of the day it was due.

    A clock that still may be kept belongs to no month.
    """
    found: dict[date, Attainment] = {}
    for clock in clocks:
        state = state_of(clock, at)
        if state is State.KEPT and clock.stopped is not None:
            when, one = clock.stopped, Attainment(kept=1)
        elif state in {State.BROKEN, State.LATE} and clock.deadline.due is not None:
            when, one = clock.deadline.due, Attainment(broken=1)
        else:
            continue
        month = local_day(when, zone).replace(day=1)
        found[month] = found.get(month, Attainment()) + one
    return found
