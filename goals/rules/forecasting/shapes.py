"""What goes into a forecast, and what each grain is like."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from metrics.rules.periods import Grain

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

TINY = 1e-9
DOUBT, DOUBT_FADES = 25.0, 3
FARTHEST_TIMES = 10  # of the history


class NoForecast(StrEnum):
    """Why there is no forecast."""

    NO_DATA = "no_data"
    TOO_SHORT = "too_short"
    NOTHING_LEFT = "nothing_left"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Tempo:
    """What a grain is like, counted in its own periods.

    `week` and `year` are its seasons (a week of 1 is none), `block` is what noise is drawn by,
    `least` the history without which nothing is said and `back` the most that is looked at.
    `recent` are the stretches that are compared with the same ones of earlier years, over
    neighbours `smooth` to each side; `near` is the neighbourhood of a level. `forgets` are rates
    at which models forget, `damps` how a trend fades; `offset` and `drift` are what the variance
    of a level is before anything was seen, at once and for each period; `farthest` is the horizon.
    """

    week: int
    year: int
    block: int
    least: int
    back: int
    recent: tuple[int, int]
    smooth: int
    near: int
    forgets: tuple[float, ...]
    damps: tuple[float, float]
    offset: float
    drift: float
    farthest: int


TEMPOS: dict[Grain, Tempo] = {
    Grain.DAY: Tempo(
        week=7,
        year=364,
        block=7,
        least=14,
        back=1456,
        recent=(28, 91),
        smooth=10,
        near=14,
        forgets=(0.002, 0.007, 0.02, 0.05, 0.12),
        damps=(0.98, 0.995),
        offset=0.0008,
        drift=0.0002,
        farthest=400,
    ),
    Grain.WEEK: Tempo(
        week=1,
        year=52,
        block=4,
        least=8,
        back=260,
        recent=(4, 13),
        smooth=1,
        near=2,
        forgets=(0.01, 0.05, 0.13, 0.3, 0.6),
        damps=(0.85, 0.96),
        offset=0.0015,
        drift=0.001,
        farthest=160,
    ),
    Grain.MONTH: Tempo(
        week=1,
        year=12,
        block=3,
        least=6,
        back=120,
        recent=(2, 6),
        smooth=0,
        near=2,
        forgets=(0.03, 0.1, 0.25, 0.5, 0.8),
        damps=(0.7, 0.9),
        offset=0.0015,
        drift=0.002,
        farthest=120,
    ),
}


@dataclass(frozen=True)
class History:
    """Values of consecutive periods of a grain, the last of which is over; nan is missing.

    With `mass` it is a ratio: the values are numerators and the masses denominators of the same
    periods, and what is forecast is how many of the one come with the other. `wander` is how much
    of what is usual its mean may wander before anything was seen of that.
    """

    grain: Grain
    values: Values
    mass: Values | None = None
    wander: float = 1.0

    @property
    def tempo(self) -> Tempo:
        """What its grain is like."""
        return TEMPOS[self.grain]

    @cached_property
    def known(self) -> Mask:
        """The periods that say something; a ratio of nothing says nothing."""
        known = ~np.isnan(self.values)
        return known if self.mass is None else known & (np.nan_to_num(self.mass) > 0)

    @cached_property
    def weights(self) -> Values:
        """The mass of each period, 1 where there is none; 0 where nothing is known."""
        mass = np.ones(len(self.values)) if self.mass is None else self.mass
        return np.where(self.known, mass, 0.0)

    @property
    def masses(self) -> "History | None":
        """The denominators as a history of their own."""
        return None if self.mass is None else History(self.grain, self.mass)

    @cached_property
    def lift(self) -> float:
        """What is added to each unit of mass so that nothing is negative; 0 for most series."""
        rates = self.values[self.known] / self.weights[self.known]
        if not len(rates) or rates.min() >= 0:
            return 0.0
        return float(np.abs(rates).mean() - rates.min())

    @cached_property
    def sums(self) -> Values:
        """The lifted values with 0 where nothing is known, to be read beside the weights."""
        return np.where(self.known, np.nan_to_num(self.values), 0.0) + self.lift * self.weights

    @cached_property
    def rates(self) -> Values:
        """The lifted value of each unit of mass; nan where nothing is known."""
        return np.where(self.known, self.sums / np.where(self.known, self.weights, 1), np.nan)

    @cached_property
    def counts(self) -> bool:
        """Whether the values can only be counts: whole numbers, none negative."""
        values = self.values[self.known]
        return bool(self.lift == 0 and (values == np.round(values)).all())

    @property
    def doubt(self) -> float:
        """How many times the usual variance a level may have: much more where little was seen."""
        young = DOUBT * (self.tempo.least / len(self.values)) ** DOUBT_FADES
        return self.wander * (1 + young)

    def refusal(self, horizon: int) -> NoForecast | None:
        """Why nothing can be said of the next `horizon` periods."""
        if horizon < 1:
            return NoForecast.NOTHING_LEFT
        if not self.known.any():
            return NoForecast.NO_DATA
        first = int(self.known.argmax())
        if min(len(self.values) - first, 2 * int(self.known.sum())) < self.tempo.least:
            return NoForecast.TOO_SHORT
        if horizon > min(self.tempo.farthest, FARTHEST_TIMES * (len(self.values) - first)):
            return NoForecast.TOO_FAR
        return None

    def clipped(self) -> "History":
        """Without what lies before the first value or too far back to matter."""
        first = max(int(self.known.argmax()), len(self.values) - self.tempo.back)
        mass = None if self.mass is None else self.mass[first:]
        return History(self.grain, self.values[first:], mass, self.wander)
