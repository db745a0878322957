"""What is usual: the range in which the next values of a series were to be expected.

Trend and season by MSTL of the library augurs, on values from which outliers were taken; the width
by the spread of what it leaves unexplained. The same values give the same range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import augurs
import numpy as np
import numpy.typing as npt

from metrics.rules.periods import Grain
from metrics.rules.quality import TO_DEVIATION

SEASONS = {  # how many buckets a season has; the longest of which there are enough
    Grain.DAY: (7,),
    Grain.WEEK: (52, 4),
    Grain.MONTH: (12, 3),
    Grain.QUARTER: (4,),
    Grain.YEAR: (),
}
CYCLES = 3  # seasons that must have been seen
LEAST = 12  # values
MOST = 730  # values back that are looked at
WILD = 5.0  # robust deviations beyond which a value is no part of what is usual
WIDTH = 4.0  # robust deviations of the range
LEAST_SPREAD = 0.01  # of the usual size: a series that never moved may move that much

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """The usual value and the range around it."""

    usual: float
    low: float
    high: float


def expect(history: Sequence[float | None], grain: Grain, ahead: int) -> list[Expected] | None:
    """The ranges of the next `ahead` values; None where the history is too short to know.

    A gap (None) is filled by what is usual at its place in the season, and proves nothing.
    """
    known = list(history[-MOST:])
    while known and known[0] is None:
        known.pop(0)
    season = next((s for s in SEASONS[grain] if len(known) >= max(LEAST, CYCLES * s)), None)
    if season is None or sum(value is not None for value in known) < LEAST:
        return None
    clean = _without_outliers(known, season)
    model = augurs.MSTL.ets([season])
    model.fit(clean)
    points = model.predict(ahead, None).point()
    spread = _spread(clean - model.predict_in_sample(None).point(), clean)
    return [
        Expected(float(point), float(point - WIDTH * spread), float(point + WIDTH * spread))
        for point in points
    ]


def _without_outliers(known: Sequence[float | None], season: int) -> Values:
    """The values with gaps filled, and with wild ones cut, by place in the season.

    What is usual at a place moves: it is the median of the nearest five values of that place.
    """
    everything = median(value for value in known if value is not None)
    filled = [
        _near(known, at, season, everything) if value is None else value
        for at, value in enumerate(known)
    ]
    usual = [_near(filled, at, season, everything) for at in range(len(filled))]
    off = [abs(value - middle) for value, middle in zip(filled, usual, strict=True)]
    limit = WILD * max(TO_DEVIATION * median(off), LEAST_SPREAD * abs(everything))
    return np.array(
        [
            middle if abs(value - middle) > limit else value
            for value, middle in zip(filled, usual, strict=True)
        ],
        dtype=np.float64,
    )


def _near(values: Sequence[float | None], at: int, season: int, default: float) -> float:
    """The median of the values at the same place in the two seasons before and after."""
    places = (at + step * season for step in (-2, -1, 0, 1, 2))
    found = [values[place] for place in places if 0 <= place < len(values)]
    known = [value for value in found if value is not None]
    return median(known) if known else default


def _spread(rest: Values, values: Values) -> float:
    """The robust deviation of what is left unexplained, never nothing at all."""
    deviation = TO_DEVIATION * float(np.median(np.abs(rest)))
    return max(deviation, LEAST_SPREAD * float(np.median(np.abs(values))), 1e-9)
