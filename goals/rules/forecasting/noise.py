"""What a level and its seasons leave unexplained, measured so that it can be drawn again."""

from dataclasses import dataclass

import numpy as np

from goals.rules.forecasting.seasons import Running, phases, week_factors
from goals.rules.forecasting.shapes import TINY, History, Mask, Places, Values

PRESENCE_WEEKS = 12
SPARSE_BELOW = 12.0  # a period: fewer counts are drawn as counts
WILDEST_REST = 10.0
UNKNOWN = (1.0, 0.5)  # beyond Poisson, of a period and a block, where next to nothing was counted


@dataclass(frozen=True)
class Noise:
    """The unexplained part of a series, as shares of what was usual at the time.

    `rest` is in order and has no gaps; `of_blocks` is the variance of the mean of a block of it.
    For a ratio both speak of a period of the mass `usual`. `present` is the share of periods with a
    value, by place in the week counted from the end. Sparse counts are Poisson with a rate that
    varies by `of_period` and `of_block` around `mean`.
    """

    rest: Values
    of_blocks: float
    present: Values
    usual: float
    mean: float
    sparse: bool
    of_period: float = 0.0
    of_block: float = 0.0

    def variance(self, periods: Values, block: int) -> Values:
        """Of a sum of so many periods, as a share of its square, without any drift of the level."""
        part = np.minimum(1, block / periods)
        if self.sparse:
            own = 1 / max(self.mean, TINY) + self.of_period
            return np.asarray(own / periods + self.of_block * part)
        return np.asarray(self.of_blocks * part)


def noise_of(history: History) -> Noise:
    """Measure the noise of the last year, or of two blocks if that is longer."""
    tempo = history.tempo
    recent = max(tempo.year, 2 * tempo.block)
    known = history.known[-recent:]
    values = history.sums[-recent:][known]
    usual = float(history.weights[-recent:].sum() / max(known.sum(), 1))
    mean = float(values.mean()) if len(values) else 0.0
    rest = _rest(history, usual)[-recent:]
    of_blocks = float(np.mean(_means(rest, tempo.block) ** 2)) if len(rest) else 0.0
    present = _presence(history)
    if history.counts and mean < SPARSE_BELOW:
        beyond = _beyond_poisson(values, tempo.block, mean)
        return Noise(rest, of_blocks, present, usual, mean, True, *beyond)  # noqa: FBT003
    return Noise(rest, of_blocks, present, usual, mean, sparse=False)


def _rest(history: History, usual: float) -> Values:
    """Each rate against its neighbourhood and its place in the week, less 1; gaps go on as before.

    Scaled up by what the value itself lent to its neighbourhood, and for a ratio to a usual mass.
    """
    size, near = len(history.values), history.tempo.near
    places = np.arange(size)
    level = Running(history).mean(places - near, places + near + 1)
    factors = week_factors(history, np.array([size]))[0]
    expected = level * factors[phases(places - size, history.tempo)]
    with np.errstate(invalid="ignore"):
        rest = history.rates / np.maximum(expected, TINY) - 1
    rest = rest[_going_on(~np.isnan(rest))]
    rest = np.clip(rest - rest.mean(), -1, WILDEST_REST) * np.sqrt(1 + 1 / (2 * near))
    if history.mass is not None:
        rest = rest * np.sqrt(history.weights[_going_on(history.known)] / max(usual, TINY))
    return np.asarray(rest)


def _going_on(known: Mask) -> Places:
    """For each place the last known one before or at it, at first the first known one."""
    places = np.where(known, np.arange(len(known)), int(known.argmax()))
    return np.maximum.accumulate(places)


def _means(rest: Values, block: int) -> Values:
    if len(rest) < block:
        return rest
    sums = np.cumsum(np.concatenate([[0.0], rest]))
    return np.asarray((sums[block:] - sums[:-block]) / block)


def _presence(history: History) -> Values:
    """How often each place of the week had a value of late; a ratio is where its mass is."""
    week = history.tempo.week
    if history.mass is not None:
        return np.ones(week)
    known = history.known[-PRESENCE_WEEKS * week :]
    whole = known[len(known) % week :]
    return np.asarray(whole.reshape(-1, week).mean(axis=0), dtype=np.float64)


def _beyond_poisson(values: Values, block: int, mean: float) -> tuple[float, float]:
    """How far the rate of each period and of each block varies, from two moments."""
    if mean <= 0 or len(values) < 2 * block:
        return UNKNOWN
    sums = np.cumsum(np.concatenate([[0.0], values]))
    blocks = sums[block:] - sums[:-block]
    whole = mean * block
    of_all = max(0.0, (float(values.var()) - mean) / mean**2)
    of_sums = max(0.0, (float(blocks.var()) - whole) / whole**2)
    of_block = min(of_all, max(0.0, (block * of_sums - of_all) / (block - 1)))
    return of_all - of_block, of_block
