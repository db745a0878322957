"""How a metric stands that has no end date: against its target, and against another period.

A share of counts has changed only if the intervals say so (Newcombe's method on Wilson's
intervals) and its denominator is large enough; anything else has changed if it differs.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.rules.ranking import Measured, difference, wilson

LEAST_VOLUME = 30  # of a denominator; below that an interval says nothing


class Against(StrEnum):
    """How a value stands against its target."""

    ON_TARGET = "on_target"
    OFF_TARGET = "off_target"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"


class Trend(StrEnum):
    """How a value stands against another period."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "no_clear_change"
    NO_COMPARISON = "no_comparison"


@dataclass(frozen=True)
class Band:
    """What is on target: from `low` to `high`, each open where it is None."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Share:
    """Parts of a share of counts."""

    hits: float
    of: float

    @property
    def is_proper(self) -> bool:
        """Whether it can be read as hits among tries: neither negative nor above one."""
        return 0 <= self.hits <= self.of and self.of > 0


def band_of(value: Decimal, low: Decimal | None, high: Decimal | None, *, up: bool) -> Band:
    """The band of a target; without bounds the target bounds it where less or more is worse."""
    if low is not None or high is not None:
        return Band(low, high)
    return Band(value, None) if up else Band(None, value)


def against(value: Decimal | None, band: Band | None) -> Against:
    """How a value stands against a band; missing is not zero."""
    if value is None:
        return Against.NO_DATA
    if band is None:
        return Against.NO_TARGET
    fits = (band.low is None or value >= band.low) and (band.high is None or value <= band.high)
    return Against.ON_TARGET if fits else Against.OFF_TARGET


def trend(now: Decimal | None, before: Decimal | None, *, up: bool) -> Trend:
    """How a value stands against another; equal values show no clear change."""
    if now is None or before is None:
        return Trend.NO_COMPARISON
    if now == before:
        return Trend.UNCLEAR
    return Trend.BETTER if (now > before) == up else Trend.WORSE


def trend_of_shares(now: Share, before: Share, *, up: bool) -> Trend:
    """How a share stands against another, if both have enough behind them to tell."""
    if min(now.of, before.of) < LEAST_VOLUME or not (now.is_proper and before.is_proper):
        return Trend.UNCLEAR
    low, high = difference(_measured(now), _measured(before))
    if low <= 0 <= high:
        return Trend.UNCLEAR
    return Trend.BETTER if (low > 0) == up else Trend.WORSE


def _measured(share: Share) -> Measured:
    return share.hits / share.of, wilson(share.hits, share.of)
