"""The point forecasts of every candidate model, from many origins at once.

Each model is a weighted sum of what was known at the origin, so that a whole back-test is a few
products of arrays. Weights forget at a rate; a missing value has none; a ratio weighs by its mass.
"""

from collections.abc import Iterator

import numpy as np

from goals.rules.forecasting.seasons import (
    Running,
    by_place,
    phases,
    week_factors,
    year_factors,
)
from goals.rules.forecasting.shapes import TINY, History, Places, Values

LEVEL, TREND, THETA, DRIFT, YEAR, WEEKDAY = "level", "trend", "theta", "drift", "year", "weekday"
TRENDING = slice(0, 4)
THETAS = slice(2, 4)
POWERS = (1.0, 0.5)
LEAST_FOR_TREND = 10
FLOOR = 0.05  # of the level: a trend takes a series no lower
TRIMMED_WEEKS = 4

Found = Iterator[tuple[str, Values]]


def points(history: History, origins: Places, horizon: int) -> dict[str, Values]:
    """The forecasts of each candidate by its name: (origins, horizon), nan where it has none."""
    tempo = history.tempo
    factors = week_factors(history, origins)
    week = factors[:, phases(np.arange(horizon), tempo)]
    found = {name: flat * week for name, flat in _from_weights(history, factors, origins, horizon)}
    found |= {name: curve * week for name, curve in _from_years(history, origins, horizon)}
    if tempo.week > 1:
        found[WEEKDAY] = _trimmed(history, origins, horizon)
    return found


def _from_weights(history: History, factors: Values, origins: Places, horizon: int) -> Found:
    """Levels, damped local trends, Theta and drift, of the series without its week."""
    tempo = history.tempo
    ages = origins[:, None] - 1 - np.arange(len(history.values))
    past = ages >= 0
    week = np.take_along_axis(factors, phases(-1 - ages, tempo), axis=1)
    sums = np.where(past, history.sums / week, 0)
    weights = np.where(past, history.weights, 0)
    ages = np.where(past, ages, 0)
    steps = np.arange(1, horizon + 1)
    enough = (weights > 0).sum(axis=1) >= LEAST_FOR_TREND
    whole = np.where(enough, _line(weights, sums, ages)[1], 0)
    for rate in tempo.forgets:
        kept: Values = np.power(1 - rate, ages)
        level = (kept * sums).sum(axis=1) / np.maximum((kept * weights).sum(axis=1), TINY)
        yield f"{LEVEL} {rate}", np.repeat(level[:, None], horizon, axis=1)
        if rate in tempo.forgets[THETAS]:
            yield f"{THETA} {rate}", _moved(level, whole[:, None] / 2 * steps)
        if rate in tempo.forgets[TRENDING]:
            height, slope = _line(kept * weights, kept * sums, ages)
            height, slope = np.where(enough, height, level), np.where(enough, slope, 0)
            for damp in tempo.damps:
                faded = damp * (1 - damp**steps) / (1 - damp)
                yield f"{TREND} {rate} {damp}", _moved(height, slope[:, None] * faded)
    yield DRIFT, _moved(level, whole[:, None] * steps)


def _line(weights: Values, sums: Values, ages: Places) -> tuple[Values, Values]:
    """Height at the origin, and slope for each period, of the weighted straight line."""
    total = weights.sum(axis=1)
    first = -(weights * ages).sum(axis=1)
    second = (weights * ages * ages).sum(axis=1)
    height = sums.sum(axis=1)
    product = -(sums * ages).sum(axis=1)
    below = np.maximum(total * second - first**2, TINY)
    slope = (total * product - first * height) / below
    return (height - slope * first) / np.maximum(total, TINY), slope


def _moved(level: Values, change: Values) -> Values:
    """A level that moves, but never below a small part of itself."""
    start = level[:, None]
    return np.asarray(np.maximum(start + change, FLOOR * np.abs(start)))


def _from_years(history: History, origins: Places, horizon: int) -> Found:
    """The recent level, going on as in earlier years, or half as much."""
    for recent in history.tempo.recent:
        factors, level = year_factors(history, origins, horizon, recent)
        for power in POWERS:
            yield f"{YEAR} {recent} {power}", level[:, None] * factors**power


def _trimmed(history: History, origins: Places, horizon: int) -> Values:
    """At each place in the week the mean of the middle two of the last four values."""
    ordered = np.sort(by_place(history, origins, TRIMMED_WEEKS), axis=1)
    middle = ordered[:, 1:3].mean(axis=1)
    span = TRIMMED_WEEKS * history.tempo.week
    usual = Running(history).mean(origins - span, origins)
    middle = np.where(np.isnan(middle), usual[:, None], middle)
    return np.asarray(middle[:, phases(np.arange(horizon), history.tempo)])
