"""Where goals lie in time, beside each other, in a window of quarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from goals.queries.catalogue import Line
from metrics.rules.periods import Grain, period_of
from workspaces.rules.days import EARLIEST, LATEST

QUARTERS, BEFORE = 7, 2  # of a window; and of them before the one that holds today
OF_A_YEAR, MONTHS = 4, 3


@dataclass(frozen=True)
class Lane:
    """A line of the table with its place in the window, both as shares of it.

    `leads` says on which side there is room for its days.
    """

    line: Line
    begins: float
    lasts: float

    @property
    def leads(self) -> bool:
        """Whether its days stand at its begin, as there is more room behind it than before."""
        return self.begins <= 1 - (self.begins + self.lasts)


@dataclass(frozen=True)
class Timeline:
    """Lanes in quarters of one width; `today` is a share, None outside.

    `earlier` and `later` goals lie wholly outside; the days are where a window that shows the
    nearest of them begins.
    """

    ticks: list[date]
    last: date
    today: float | None
    lanes: list[Lane]
    earlier: int = 0
    later: int = 0
    earlier_from: date | None = None
    later_from: date | None = None

    @property
    def marks(self) -> list[float]:
        """Where the quarters begin but the first, as shares."""
        return [place / len(self.ticks) for place in range(1, len(self.ticks))]


def timeline_of(lines: Sequence[Line], today: date, since: date | None = None) -> Timeline | None:
    """The lines of some quarters beside each other, in their order; None where there are none.

    The quarters begin with that of `since`, else two before today's.
    """
    if not lines:
        return None
    first = _number(since) if since else _number(today) - BEFORE
    first = min(max(first, _number(EARLIEST)), _number(LATEST) - QUARTERS + 1)
    begins, ends = _start(first), _start(first + QUARTERS) - timedelta(days=1)
    before = [line.goal.end for line in lines if line.goal.end < begins]
    after = [line.goal.start for line in lines if line.goal.start > ends]
    inside = [line for line in lines if line.goal.start <= ends and line.goal.end >= begins]
    return Timeline(
        ticks=[_start(first + place) for place in range(QUARTERS)],
        last=ends,
        today=_share(today, first) if begins <= today <= ends else None,
        lanes=[_lane(line, first) for line in inside],
        earlier=len(before),
        later=len(after),
        earlier_from=_start(_number(max(before)) - QUARTERS + 1 + BEFORE) if before else None,
        later_from=_start(_number(min(after)) - BEFORE) if after else None,
    )


def _lane(line: Line, first: int) -> Lane:
    begins = max(0.0, _share(line.goal.start, first))
    ends = min(1.0, _share(line.goal.end + timedelta(days=1), first))
    return Lane(line, begins, ends - begins)


def _share(day: date, first: int) -> float:
    """Where a day lies in the window: each quarter is as wide as the others."""
    quarter = period_of(day, Grain.QUARTER)
    part = (day - quarter.start).days / ((quarter.end - quarter.start).days + 1)
    return (_number(day) - first + part) / QUARTERS


def _number(day: date) -> int:
    """Quarters counted on."""
    return day.year * OF_A_YEAR + (day.month - 1) // MONTHS


def _start(number: int) -> date:
    """The first day of a quarter by its number; nothing before the first goal's day can be."""
    year, place = divmod(max(number, _number(EARLIEST)), OF_A_YEAR)
    return date(year, 1 + place * MONTHS, 1)
