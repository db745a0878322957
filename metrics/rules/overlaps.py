"""Days that one source tells twice: by other dimensions, or over spans that run into each other.

Days are ordinals. What a file says is known by the dimensions that its mapping reads, and not by
those that a row happens to have: a missing value is no other breakdown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

Pairs = frozenset[tuple[str, str]]
Interval = tuple[int, int]  # the first and the last day


@dataclass(frozen=True)
class Layout:
    """Which dimensions are told; `keyed` where each row is a thing of its own, found by its key."""

    names: frozenset[str]
    keyed: bool = False


@dataclass
class Told:
    """What was told in one layout of one metric: the intervals of each set of dimension values."""

    layout: Layout
    cells: dict[Pairs, set[Interval]] = field(default_factory=dict)

    def add(self, dims: Pairs, day: int, span: int) -> None:
        """Note a value that stands on a day and covers the `span` days that end with it."""
        self.cells.setdefault(dims, set()).add((day - span + 1, day))


def days_within(told: Told) -> set[int]:
    """Days that the intervals of one layout cover twice; the same interval again is a row more."""
    twice: set[int] = set()
    if told.layout.keyed:
        return twice
    for intervals in told.cells.values():
        seen: set[int] = set()
        for first, last in sorted(intervals):
            twice.update(seen.intersection(range(first, last + 1)))
            seen.update(range(first, last + 1))
    return twice


def days_between(one: Told, other: Told) -> set[int]:
    """Days that two layouts both tell of the same things; none where both have keys.

    The same things: all dimensions that both have are equal. With the same dimensions only
    intervals that differ tell twice, for equal ones are rows that stand side by side.
    """
    twice: set[int] = set()
    if one.layout.keyed and other.layout.keyed:
        return twice
    if one.layout.names == other.layout.names:
        for dims in one.cells.keys() & other.cells.keys():
            mine, theirs = one.cells[dims], other.cells[dims]
            twice |= _days(mine - theirs) & _days(theirs)
            twice |= _days(mine) & _days(theirs - mine)
        return twice
    common = one.layout.names & other.layout.names
    mine_by, theirs_by = _projected(one, common), _projected(other, common)
    for dims in mine_by.keys() & theirs_by.keys():
        twice |= _days(mine_by[dims]) & _days(theirs_by[dims])
    return twice


def _days(intervals: Iterable[Interval]) -> set[int]:
    return {day for first, last in intervals for day in range(first, last + 1)}


def _projected(told: Told, names: frozenset[str]) -> dict[Pairs, set[Interval]]:
    """The intervals by the values of some dimensions alone."""
    found: dict[Pairs, set[Interval]] = {}
    for dims, intervals in told.cells.items():
        found.setdefault(frozenset(p for p in dims if p[0] in names), set()).update(intervals)
    return found
