"""Where a goal lands in every drawn future, and how many of them meet it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from goals.rules.forecasting.forecasts import SHARES, Forecast, divided
from goals.rules.forecasting.shapes import Values


class Side(StrEnum):
    """On which side of its target a goal is met; exactly at the target is met."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True)
class Reading:
    """How the value at the end of a goal is read.

    The amounts `known` already (and the `known_mass` of a ratio), the `shares` of the periods to
    come that count, in `parts` of which the value is one, and a `scale` such as 100 for percent.
    A sum and growth on the year before have one part; the level at the end reads its last bucket;
    an average has a part for each bucket; a ratio has one, because it is a ratio of sums.
    """

    shares: Values
    known: float = 0.0
    known_mass: float = 0.0
    parts: int = 1
    scale: float = 1.0


@dataclass(frozen=True)
class Landing:
    """The value at the end in each drawn future; nan where a ratio has no denominator."""

    values: Values

    @cached_property
    def band(self) -> tuple[float, float, float] | None:
        """p10, p50 and p90; None where no future has a value."""
        if np.isnan(self.values).all():
            return None
        low, middle, high = np.nanquantile(self.values, SHARES)
        return float(low), float(middle), float(high)

    def chance(self, target: float, side: Side) -> float | None:
        """The share of futures that meet the target, with half a future added to both sides.

        So it is never quite 0 or 1: a thousand futures do not prove that there is no other.
        """
        values = self.values[~np.isnan(self.values)]
        if not len(values):
            return None
        met = values >= target if side is Side.AT_LEAST else values <= target
        return (int(met.sum()) + 0.5) / (len(values) + 1)


def land(forecast: Forecast, reading: Reading) -> Landing:
    """The value at the end in each future; a period without a value adds nothing."""
    shares = reading.shares[: forecast.paths.shape[1]]
    sums = reading.known + np.nan_to_num(forecast.paths[:, : len(shares)]) @ shares
    if forecast.mass is None:
        return Landing(reading.scale * sums / reading.parts)
    mass = reading.known_mass + np.nan_to_num(forecast.mass[:, : len(shares)]) @ shares
    return Landing(reading.scale * divided(sums, mass))
