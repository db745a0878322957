"""Futures drawn at random: what is expected, a level that drifts, and noise drawn in blocks."""

from dataclasses import dataclass

import numpy as np

from goals.rules.forecasting.candidates import points
from goals.rules.forecasting.fits import Fit
from goals.rules.forecasting.noise import Noise, noise_of
from goals.rules.forecasting.seasons import phases
from goals.rules.forecasting.shapes import TINY, History, Values

PATHS = 1000
FREEDOM = 3.0  # of Student's t, beside one for each horizon that was seen
MOST_DRIFT = 3.0  # in logarithms
SKEW = 0.25  # of the variance: between a drift that keeps the median and one that keeps the mean
LEAST_BEYOND = 1e-6

Random = np.random.Generator


@dataclass(frozen=True)
class Blocks:
    """The days of the past that each path goes through again, block by block.

    As shares of the past, so that series that are drawn together are read on the same days.
    """

    starts: Values
    horizon: int
    block: int

    @classmethod
    def draw(cls, random: Random, horizon: int, block: int) -> "Blocks":
        """At random."""
        return cls(random.random((PATHS, -(-horizon // block))), horizon, block)

    def read(self, rest: Values) -> Values:
        """The noise of those days: (paths, horizon)."""
        if not len(rest):
            return np.zeros((PATHS, self.horizon))
        starts = (self.starts * max(1, len(rest) - self.block + 1)).astype(np.int64)
        places = (starts[:, :, None] + np.arange(self.block)) % len(rest)
        return np.asarray(rest[places].reshape(PATHS, -1)[:, : self.horizon])


def expected(history: History, horizon: int, fit: Fit) -> Values:
    """The weighted mean of the models that can speak: (horizon), lifted."""
    found = points(history, np.array([len(history.values)]), horizon)
    total, weight = np.zeros(horizon), 0.0
    for name, share in fit.weights.items():
        curve = found.get(name)
        if curve is not None and not np.isnan(curve).any():
            total, weight = total + share * curve[0], weight + share
    if not weight:
        return np.full(horizon, float(np.nanmean(history.rates)))
    return np.asarray(np.maximum(total / weight, 0))


def draw(
    history: History, fit: Fit, days: Blocks, *, random: Random, mass: Values | None = None
) -> Values:
    """Values of the periods to come: (paths, periods), nan where a path has none.

    A ratio needs the `mass` of the same paths, drawn before by the same days.
    """
    horizon = days.horizon
    noise = noise_of(history)
    size = np.ones((1, 1)) if mass is None else np.nan_to_num(mass)
    rate = expected(history, horizon, fit) * _levels(random, history, horizon, fit)
    if noise.sparse:
        drawn = _counts(random, rate * size, noise, days.block)
    else:
        rest = np.sqrt(fit.rough) * days.read(noise.rest)
        if mass is not None:
            rest = rest * np.sqrt(noise.usual / np.maximum(size, TINY))
        drawn = rate * size * np.maximum(0, 1 + rest)
    drawn = drawn - history.lift * size
    here = noise.present[phases(np.arange(horizon), history.tempo)]
    if here.min() < 1:
        drawn[random.random(drawn.shape) >= here] = np.nan
    return drawn


def _levels(random: Random, history: History, horizon: int, fit: Fit) -> Values:
    """A level that is off from the start and walks on from there: (paths, horizon), around 1.

    The variance of its mean over h periods is offset + drift · h; the mean of a random walk over h
    periods has a third of the variance of its end. Farther than the back-test could look, the walk
    is at least as wide as that of a series of which nothing is known.
    """
    steps = np.arange(1, horizon + 1)
    unseen = history.doubt * history.tempo.drift
    rates = np.where(steps > fit.horizon, max(fit.drift, unseen), fit.drift)
    freedom = fit.windows + FREEDOM
    tail = np.sqrt(freedom / random.chisquare(freedom, (PATHS, 1)))
    start = np.sqrt(fit.offset) * random.standard_normal((PATHS, 1))
    moves = np.cumsum(np.sqrt(3 * rates) * random.standard_normal((PATHS, horizon)), axis=1)
    walk = np.clip(tail * (start + moves), -MOST_DRIFT, MOST_DRIFT)
    variance = fit.offset + 3 * np.cumsum(rates)
    return np.asarray(np.exp(walk - SKEW * variance))


def _counts(random: Random, rate: Values, noise: Noise, block: int) -> Values:
    """Poisson counts whose rate varies by gamma from block to block and from period to period."""
    horizon = rate.shape[1]
    if noise.of_block > LEAST_BEYOND:
        shape = 1 / noise.of_block
        factor = random.gamma(shape, 1 / shape, (PATHS, -(-horizon // block)))
        rate = rate * np.repeat(factor, block, axis=1)[:, :horizon]
    if noise.of_period > LEAST_BEYOND:
        shape = 1 / noise.of_period
        rate = rate * random.gamma(shape, 1 / shape, rate.shape)
    return random.poisson(rate).astype(np.float64)
