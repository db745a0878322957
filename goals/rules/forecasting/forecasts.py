"""The one door to forecasting: fit once, then ask as often as you like."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from goals.rules.forecasting.backtests import back_test
from goals.rules.forecasting.drawing import Blocks, Random, draw
from goals.rules.forecasting.fits import Fit, loaded
from goals.rules.forecasting.outliers import tamed
from goals.rules.forecasting.shapes import History, NoForecast, Values

SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class RatioFit:
    """The fits of a ratio: of its denominators, and of how many numerators come with each."""

    mass: Fit
    rate: Fit

    @property
    def model(self) -> str:
        """The family with the most weight in the rate."""
        return self.rate.model

    def as_json(self) -> dict[str, Any]:
        """Plain JSON that `fit_of` reads."""
        return {"mass": self.mass.as_json(), "rate": self.rate.as_json()}


@dataclass(frozen=True)
class Forecast:
    """Drawn futures (paths, periods); nan is a period without a value in that path.

    A ratio has a `mass` of the same shape, and its values are the numerators.
    """

    paths: Values
    fit: Fit | RatioFit
    mass: Values | None = None

    @cached_property
    def bands(self) -> Values:
        """p10, p50 and p90 of each period: (3, periods); nan where no path has a value."""
        values = self.paths if self.mass is None else divided(self.paths, self.mass)
        empty = np.isnan(values).all(axis=0)
        filled = np.where(empty, 0, values)
        return np.asarray(np.where(empty, np.nan, np.nanquantile(filled, SHARES, axis=0)))

    @property
    def model(self) -> str:
        """The family of models with the most weight."""
        return self.fit.model


def divided(sums: Values, mass: Values) -> Values:
    """Numerators over denominators; nan where the denominator is nothing."""
    usable = np.nan_to_num(mass) > 0
    return np.where(usable, sums / np.where(usable, mass, 1), np.nan)


def fit_of(stored: Mapping[str, Any]) -> Fit | RatioFit | None:
    """The fit that was stored as JSON; None where another version of the models made it."""
    if "rate" not in stored:
        return loaded(stored)
    mass, rate = loaded(stored["mass"]), loaded(stored["rate"])
    return None if mass is None or rate is None else RatioFit(mass, rate)


def select(history: History, horizon: int) -> Fit | RatioFit | NoForecast:
    """Choose the models of a series by a back-test at the horizon, or say why there are none."""
    refusal = _refusal(history, horizon)
    if refusal is not None:
        return refusal
    seen = tamed(history.clipped())
    rate = back_test(seen, horizon)
    masses = seen.masses
    return rate if masses is None else RatioFit(back_test(masses, horizon), rate)


def forecast(
    history: History, horizon: int, *, seed: int, fit: Fit | RatioFit | None = None
) -> Forecast | NoForecast:
    """1,000 futures of the next `horizon` periods; the same seed gives the same ones.

    A `fit` of `select` saves the back-test; it serves as long as the series is of the same kind.
    """
    found = select(history, horizon) if fit is None else _refusal(history, horizon) or fit
    if isinstance(found, NoForecast):
        return found
    seen, random = tamed(history.clipped()), np.random.default_rng(seed)
    if isinstance(found, Fit):
        days = Blocks.draw(random, horizon, history.tempo.block)
        return Forecast(draw(seen, found, days, random=random), found)
    return _of_ratio(seen, horizon, found, random)


def _of_ratio(history: History, horizon: int, fit: RatioFit, random: Random) -> Forecast:
    """Denominators first, then the numerators that come with them on the same days."""
    masses = history.masses
    if masses is None:
        raise ValueError("A fit of a ratio serves ratios only.")
    days = Blocks.draw(random, horizon, history.tempo.block)
    mass = draw(masses, fit.mass, days, random=random)
    return Forecast(draw(history, fit.rate, days, random=random, mass=mass), fit, mass)


def _refusal(history: History, horizon: int) -> NoForecast | None:
    """Why nothing can be said; a ratio needs its denominators too."""
    if history.known.any() and history.masses is not None:
        return history.masses.refusal(horizon) or history.refusal(horizon)
    return history.refusal(horizon)
