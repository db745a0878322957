"""What an answer about a metric looks like."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from metrics.rules.aggregation import Outcome, share


@dataclass(frozen=True)
class Point:
    """One bucket of a line; `value` is None where there is none, and `reason` says why.

    A value that is not `exact` lies from `lower` to `upper`. `complete` says that the bucket is
    whole and over; `breaks` that another version of the definition begins inside it.
    """

    period: str
    start: date
    end: date
    value: Decimal | None
    complete: bool
    reason: str = ""
    exact: bool = True
    lower: Decimal | None = None
    upper: Decimal | None = None
    breaks: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is a value, or at least what it lies between."""
        return self.value is not None or self.upper is not None


@dataclass(frozen=True)
class Total:
    """The value over a whole range; where it is not `exact` it lies from `lower` to `upper`."""

    value: Decimal | None
    exact: bool
    reason: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a value, or at least what it lies between."""
        return self.value is not None or self.upper is not None

    @classmethod
    def of(cls, outcome: Outcome) -> "Total":
        """The total that an outcome says."""
        found = outcome
        return cls(found.value, found.exact, found.reason, found.lower, found.upper)


def change_of(now: Total, before: Total | None) -> Decimal | None:
    """From one total to another as a share; None where there is nothing to compare."""
    return share(now.value, before.value if before else None)


@dataclass(frozen=True)
class Line:
    """The points of one combination of dimension values, their total, and those before.

    `before` are the points of the comparison, one for each point. `others` says how many
    combinations are put together in this line; None in a line of its own.
    """

    dims: dict[str, str | None]
    points: list[Point]
    total: Total
    before: list[Point] = field(default_factory=list)
    before_total: Total | None = None
    others: int | None = None

    @property
    def pairs(self) -> list[tuple[Point, Point | None]]:
        """Each point with the one that it is compared with."""
        return list(zip_longest(self.points, self.before[: len(self.points)]))

    @property
    def change(self) -> Decimal | None:
        """From the compared total to this one, as a share."""
        return change_of(self.total, self.before_total)


@dataclass(frozen=True)
class Break:
    """From this day on another version of the definition is in force."""

    day: date
    version: int


@dataclass(frozen=True)
class Answer:
    """What a metric was; `pending` says that newer facts wait to be rolled up."""

    metric: str
    unit: str
    grain: str
    pending: bool
    series: list[Line]
    total: Total
    before_total: Total | None = None
    breaks: list[Break] = field(default_factory=list)

    @property
    def change(self) -> Decimal | None:
        """From the compared total to this one, as a share."""
        return change_of(self.total, self.before_total)

    @property
    def compared_days(self) -> tuple[date, date] | None:
        """The days that it is compared with."""
        points = [point for line in self.series[:1] for point in line.before]
        if not points:
            return None
        return min(point.start for point in points), max(point.end for point in points)

    @property
    def unmatched(self) -> int:
        """How many periods have a value and no value before, where some have one."""
        if self.before_total is None or not self.before_total.is_known:
            return 0
        seen: dict[date, tuple[bool, bool]] = {}
        for line in self.series:
            for point, before in line.pairs:
                has, had = seen.get(point.start, (False, False))
                known = before is not None and before.is_known
                seen[point.start] = (has or point.is_known, had or known)
        return sum(has and not had for has, had in seen.values())


@dataclass(frozen=True)
class Window:
    """A range of days of one metric, both included, by one version of it where that is said."""

    metric_id: int
    first: date
    last: date
    version: int | None = None
