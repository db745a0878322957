"""Which models a series deserves, and how wrong they were: a back-test from many origins."""

import numpy as np

from goals.rules.forecasting.candidates import points
from goals.rules.forecasting.fits import Fit
from goals.rules.forecasting.noise import Noise, noise_of
from goals.rules.forecasting.shapes import TINY, History, Mask, Places, Values

ORIGINS = 40
SHARPNESS = 12  # how much better a model must be to outweigh the others
PRIOR = 1.0  # horizons that what is known of a model beforehand counts as
PRIOR_OF_DRIFT = 2.0
PRIOR_LOSSES = {"theta": 0.95, "year": 0.95}  # against the usual model
LEAST_WEIGHT = 0.03
WELL_MIXED = 0.6  # an origin at which models of so much weight could speak
LEAST_ORIGINS = 4
CHECKED = (0.15, 0.3, 0.5, 0.75, 1.0)  # of the horizon
LEAST_LEVEL = 0.2  # of the mean: an error is no share of less
GREATEST_ERROR = 3.0
ROUGH_FROM, ROUGH_TO = 0.2, 4.0
GREATEST_STEP = 5.0


def back_test(history: History, horizon: int) -> Fit:
    """Try every candidate at the horizon, or as near to it as the history allows.

    The history must be one that has a forecast. A model never sees what came after its origin; the
    errors of the mixture are in sample only in that its few weights saw them all.
    """
    size, least = len(history.values), history.tempo.least
    test = min(horizon, max(1, size // 3))
    first = max(1, min(least, size - test - 1))
    origins = np.unique(np.linspace(first, size - test, ORIGINS).astype(np.int64))
    found = points(history, np.append(origins, size), horizon)
    stack = np.stack(list(found.values()))
    tried = _Tried.of(history, origins, stack[:, :-1, :test])
    windows = (size - first) / test
    weights = _weights(list(found), tried, stack[:, -1], windows, history.tempo.block)
    mixed = tried.mixed(weights)
    noise = noise_of(history)
    rough = 1.0 if noise.sparse else _roughness(mixed, noise, windows)
    checks = _checks(test, min(history.tempo.block, test))
    errors = (_errors(mixed, checks) ** 2).mean(axis=0)
    own = rough * noise.variance(checks.astype(np.float64), history.tempo.block)
    offset, drift = _drift(history, checks, np.maximum(0, errors - own), windows * test)
    return Fit(
        weights={
            name: round(float(weight), 4)
            for name, weight in zip(found, weights, strict=True)
            if weight > 0
        },
        offset=offset,
        drift=drift,
        rough=rough,
        error=float(np.sqrt(errors[-1])),
        windows=windows,
        origins=len(origins),
        horizon=test,
    )


class _Tried:
    """Forecasts of each model from each origin, and what came: (models, origins, periods).

    Forecasts of a ratio are multiplied by the masses that came, to be compared with the values.
    """

    def __init__(self, forecasts: Values, actual: Values, known: Mask) -> None:
        self.forecasts, self.actual, self.known = forecasts, actual, known

    @classmethod
    def of(cls, history: History, origins: Places, forecasts: Values) -> "_Tried":
        places = origins[:, None] + np.arange(forecasts.shape[2])
        known = history.known[places]
        return cls(forecasts * history.weights[places], history.sums[places], known)

    def losses(self, block: int) -> Values:
        """The mean of the errors of the sum and of its blocks: (models, origins), nan for none."""
        error = self.actual - self.forecasts
        test = error.shape[2]
        size = min(block, test)
        many = test // size
        blocks = error[:, :, : many * size].reshape(*error.shape[:2], many, size).sum(axis=3)
        total = np.abs(error.sum(axis=2)) / test
        return np.asarray((total + np.abs(blocks).mean(axis=2) / size) / 2)

    def mixed(self, weights: Values) -> "_Tried":
        """The weighted mean of the models, from the origins at which most of them could speak."""
        usable: Mask = np.asarray(~np.isnan(self.forecasts).any(axis=2))
        share = weights[:, None] * usable
        total: Values = np.asarray(share.sum(axis=0))
        keep = np.flatnonzero(total > WELL_MIXED)
        if len(keep) < LEAST_ORIGINS:
            keep = np.flatnonzero(total >= min(WELL_MIXED, float(total.max())) / 2)
        values = np.where(usable[:, :, None], self.forecasts, 0)
        mean = (share[:, :, None] * values).sum(axis=0)[keep] / total[keep][:, None]
        return _Tried(mean, self.actual[keep], self.known[keep])


def _weights(names: list[str], tried: _Tried, final: Values, windows: float, block: int) -> Values:
    """How much each model counts: by its loss against the usual loss at the same origins.

    What is known of a model beforehand counts as a whole horizon, so that little evidence decides
    little, and a model that could not be tried is neither favoured nor shut out.
    """
    losses = tried.losses(block)
    usable = ~np.isnan(losses)
    usual = np.maximum(np.nanmedian(losses, axis=0), TINY)
    against = (usable * usual).sum(axis=1)
    seen = np.where(usable, losses, 0).sum(axis=1) / np.maximum(against, TINY)
    number = usable.mean(axis=1) * windows
    prior = np.array([PRIOR_LOSSES.get(name.split(" ")[0], 1.0) for name in names])
    loss = (number * seen + PRIOR * prior) / (number + PRIOR)
    weights = (loss.min() / np.maximum(loss, TINY)) ** SHARPNESS
    weights[np.isnan(final).any(axis=1)] = 0
    weights[weights < LEAST_WEIGHT * weights.sum()] = 0
    return np.asarray(weights / weights.sum())


def _roughness(mixed: _Tried, noise: Noise, windows: float) -> float:
    """The variance of steps from period to period against that of the noise, drawn towards 1."""
    level = np.maximum(mixed.forecasts, LEAST_LEVEL * mixed.forecasts.mean() + TINY)
    shares = np.where(mixed.known, np.minimum(mixed.actual / level - 1, GREATEST_STEP), np.nan)
    steps = np.diff(shares, axis=1)
    steps, own = steps[~np.isnan(steps)], np.diff(noise.rest)
    if not len(steps) or not len(own):
        return 1.0
    found = float((steps**2).mean() / max(float((own**2).mean()), TINY))
    found = (windows * found + PRIOR_OF_DRIFT) / (windows + PRIOR_OF_DRIFT)
    return min(ROUGH_TO, max(ROUGH_FROM, found))


def _checks(test: int, block: int) -> Places:
    """The horizons at which sums are compared; none shorter than a block."""
    found = np.unique(np.maximum(1, np.round(np.array(CHECKED) * test)).astype(np.int64))
    return found[found >= block]


def _errors(mixed: _Tried, checks: Places) -> Values:
    """How far the sums up to each check were off, as shares: (origins, checks)."""
    came = np.cumsum(mixed.actual, axis=1)[:, checks - 1]
    meant = np.cumsum(np.where(mixed.known, mixed.forecasts, 0), axis=1)[:, checks - 1]
    least = LEAST_LEVEL * meant.mean(axis=0) + TINY
    return np.asarray(np.clip(came / np.maximum(meant, least) - 1, -1, GREATEST_ERROR))


def _drift(history: History, checks: Places, extra: Values, span: float) -> tuple[float, float]:
    """The line through what noise does not explain of the errors, drawn towards what is usual."""
    tempo, ahead = history.tempo, checks.astype(np.float64)
    number = span / ahead
    usual = history.doubt * (tempo.offset + tempo.drift * ahead)
    extra = (number * extra + PRIOR_OF_DRIFT * usual) / (number + PRIOR_OF_DRIFT)
    if len(checks) == 1:
        return float(extra[0]) / 2, float(extra[0] / ahead[0]) / 2
    off = ahead - ahead.mean()
    slope = float((off * extra).sum() / (off**2).sum())
    height = float(extra.mean() - slope * ahead.mean())
    if slope < 0:
        return float(extra.mean()), 0.0
    return (height, slope) if height > 0 else (0.0, float((ahead * extra).sum() / (ahead**2).sum()))
