"""What forecasts claimed, to be held against what came: how often bands held, and Brier scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from goals.rules.fans import Band
from metrics.rules.periods import DAY, Span

PROMISED = Decimal("0.8")  # of what comes lies between p10 and p90
LEAST_JUDGED = 10  # windows or goals: of fewer nothing is said


class Horizon(StrEnum):
    """How far ahead a claim reaches."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    END = "end"


DAYS = {Horizon.WEEK: 7, Horizon.MONTH: 28, Horizon.QUARTER: 91}
STRIDES = {**DAYS, Horizon.END: 28}


@dataclass(frozen=True)
class Claim:
    """The band of a metric over some days, divided among parts, in its unit."""

    horizon: Horizon
    days: Span
    band: Band
    parts: int = 1


def spans_ahead(last: date, end: date, shortest: int) -> dict[Horizon, Span]:
    """The next 7, 28 and 91 days after the last known one, as far as they lie before the end.

    Those of fewer days than `shortest` were not drawn.
    """
    found = {horizon: Span(last + DAY, last + days * DAY) for horizon, days in DAYS.items()}
    return {
        horizon: span
        for horizon, span in found.items()
        if span.last <= end and span.days >= shortest
    }


def is_due(horizon: Horizon, before: date | None, today: date) -> bool:
    """Whether to keep a claim again: not before the last one of its kind has come out.

    So its windows never overlap; where a goal lands is kept every four weeks.
    """
    return before is None or (today - before).days >= STRIDES[horizon]


def is_inside(band: tuple[Decimal, Decimal], came: Decimal) -> bool:
    """Whether what came lies between p10 and p90; on the line is inside."""
    low, high = band
    return low <= came <= high


@dataclass(frozen=True)
class Group:
    """Forecasts with a chance in the same band: how sure they were, how many goals were met."""

    status: str
    forecasts: int
    said: float
    met: int
    squares: float

    @property
    def met_share(self) -> float:
        """The share of the forecasts whose goal was met."""
        return self.met / self.forecasts


def brier(groups: Iterable[Group]) -> tuple[float, float] | None:
    """The mean square of chance less outcome, and that of always saying the usual rate.

    0 is perfect, 0.25 a coin; None without any forecast.
    """
    groups = list(groups)
    number = sum(group.forecasts for group in groups)
    if not number:
        return None
    rate = sum(group.met for group in groups) / number
    return sum(group.squares for group in groups) / number, rate * (1 - rate)
