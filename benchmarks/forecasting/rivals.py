"""What a forecast must beat: the season before, a library, the linear pace, the usual rate."""

from collections.abc import Sequence

import augurs
import numpy as np

from benchmarks.forecasting.cases import Case
from benchmarks.forecasting.series import Random, Values
from goals.rules.forecasting.drawing import PATHS
from metrics.rules.periods import Grain

WEEK, YEARS = 7, {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12}
LIBRARY_LEAST = 21
PACES = (0.7, 0.9, 1.0, 1.1, 1.3)


def season_before(case: Case, random: Random, *, yearly: bool) -> Values:
    """Paths of the seasonal naive: the last season again, and errors as it made them before.

    The season is a week of days and one period of anything else; `yearly` takes the year where the
    history holds one. The variance grows with each season ahead, as that of a random walk.
    """
    season = WEEK if case.grain is Grain.DAY else 1
    if yearly and len(case.history) > YEARS[case.grain] + 1:
        season = YEARS[case.grain]
    ahead = np.arange(len(case.future))
    errors = case.history[season:] - case.history[:-season]
    drawn = random.choice(errors, (PATHS, len(ahead)))
    paths = case.history[-season:][ahead % season] + np.sqrt(ahead // season + 1) * drawn
    return np.maximum(paths, 0)


def of_library(case: Case) -> Values | None:
    """p10, p50 and p90 of each day by MSTL with exponential smoothing of the library augurs."""
    if case.grain is not Grain.DAY or len(case.history) < LIBRARY_LEAST:
        return None
    model = augurs.MSTL.ets([WEEK])
    model.fit(case.history)
    found = model.predict(len(case.future), 0.8)
    return np.maximum([found.lower(), found.point(), found.upper()], 0)


def pace_of(case: Case) -> float:
    """What the goal has reached against an even share of its target."""
    window = case.gone + len(case.future)
    return (case.so_far / case.target) / (case.gone / window)


def by_rule(pace: float) -> float:
    """The linear-pace rule: ahead of the even share will be met, behind it will not."""
    return 1.0 if pace >= 1 else 0.0


def by_bands(pace: float) -> float:
    """The bands of 0.9 and 0.7 read as certain, even and hopeless."""
    return 1.0 if pace >= 0.9 else 0.5 if pace >= 0.7 else 0.0


def learned(paces: Sequence[float], hits: Sequence[bool]) -> Values:
    """How often goals of each band of pace were met, learnt from the open half."""
    bands = np.digitize(paces, PACES)
    return np.array([
        (np.sum(np.array(hits)[bands == band]) + 0.5) / (np.sum(bands == band) + 1)
        for band in range(len(PACES) + 1)
    ])  # fmt: skip
