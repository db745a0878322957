"""How good forecasts were: coverage, pinball loss, MASE and Brier score."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.forecasting.cases import Case
from benchmarks.forecasting.rivals import of_library, pace_of, season_before
from benchmarks.forecasting.series import Values
from goals.rules.forecasting import (
    Forecast,
    History,
    Landing,
    Reading,
    Side,
    forecast,
    land,
)
from metrics.rules.periods import Grain

SHARES = (0.1, 0.5, 0.9)
LEAST_SCALE = 0.05
WEEK = 7


@dataclass(frozen=True)
class Score:
    """One forecast against what came; losses are shares of the mean of the history.

    `sum_covered` and `covered` say whether the 80 % bands held the sum of the horizon, and what
    share of its periods; `ranked` is the latter where the steps of counts are evened out at random.
    """

    sum_covered: float
    covered: float
    ranked: float
    sum_pinball: float
    pinball: float
    mase: float
    brier: float


@dataclass(frozen=True)
class Scored:
    """A case with the scores of the forecast and of its rivals."""

    case: Case
    ours: Score
    week_before: Score
    year_before: Score
    library: tuple[float, float, float] | None
    pace: float


def scored(cases: Iterable[Case], *, library: bool = True) -> list[Scored]:
    """Forecast every case; the seed is its place."""
    found = []
    for seed, case in enumerate(cases):
        told = forecast(History(case.grain, case.history), len(case.future), seed=seed)
        if not isinstance(told, Forecast):
            continue
        random = np.random.default_rng(seed)
        before = [season_before(case, random, yearly=yearly) for yearly in (False, True)]
        bands = of_library(case) if library else None
        found.append(
            Scored(
                case,
                score(case, told.paths, random),
                *(score(case, paths, random) for paths in before),
                None if bands is None else of_bands(case, bands),
                pace_of(case),
            )
        )
    return found


def score(case: Case, paths: Values, random: np.random.Generator) -> Score:
    """Score drawn futures."""
    came = case.future
    landing = land(Forecast(paths, fit=None), Reading(np.ones(len(came))))
    low, middle, high = landing.band
    covered, pinball, mase = of_bands(case, np.nanquantile(paths, SHARES, axis=0))
    rank = (paths < came).mean(axis=0) + random.random(len(came)) * (paths == came).mean(axis=0)
    chance = Landing(landing.values + case.so_far).chance(case.target, Side.AT_LEAST)
    total = came.sum()
    return Score(
        sum_covered=float(low <= total <= high),
        covered=covered,
        ranked=float(((rank >= SHARES[0]) & (rank <= SHARES[2])).mean()),
        sum_pinball=float(np.mean(_pinball(np.array([low, middle, high]), total)))
        / scale_of(case)
        / len(came),
        pinball=pinball,
        mase=mase,
        brier=(chance - case.hit) ** 2,
    )


def of_bands(case: Case, bands: Values) -> tuple[float, float, float]:
    """Coverage, pinball loss and MASE of p10, p50 and p90 of each period."""
    low, middle, high = bands
    covered = float(((low <= case.future) & (case.future <= high)).mean())
    loss = float(np.mean([_pinball(bands[:, at], came) for at, came in enumerate(case.future)]))
    season = WEEK if case.grain is Grain.DAY else 1
    naive = np.abs(case.history[season:] - case.history[:-season]).mean()
    error = float(np.abs(middle - case.future).mean())
    return covered, loss / scale_of(case), error / max(naive, 1e-3 * scale_of(case))


def scale_of(case: Case) -> float:
    """What losses are shares of."""
    return max(float(np.abs(case.history).mean()), LEAST_SCALE)


def _pinball(bands: Values, came: float) -> Values:
    off = came - bands
    shares = np.array(SHARES)
    return np.maximum(shares * off, (shares - 1) * off)


def mean(scores: Iterable[Score], name: str) -> float:
    """The mean of one score."""
    return float(np.mean([getattr(one, name) for one in scores]))
