"""Where goals lie in time, beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from goals.queries.catalogue import Line


@dataclass(frozen=True)
class Lane:
    """A line of the table with its place on the timeline, both as shares of the whole."""

    line: Line
    begins: float
    lasts: float


@dataclass(frozen=True)
class Timeline:
    """Lanes from the first start to the last end; `today` is a share, None outside."""

    first: date
    last: date
    today: float | None
    lanes: list[Lane]


def timeline_of(lines: Sequence[Line], today: date) -> Timeline | None:
    """The lines beside each other in time, in their order; None where there are none."""
    if not lines:
        return None
    first = min(line.goal.start for line in lines)
    last = max(line.goal.end for line in lines)
    days = (last - first).days + 1
    lanes = [
        Lane(line, (line.goal.start - first).days / days, line.goal.window.days / days)
        for line in lines
    ]
    now = (today - first).days / days if first <= today <= last else None
    return Timeline(first, last, now, lanes)
