"""Values that stand alone, limited before anything is learnt from a series."""

import numpy as np

from goals.rules.forecasting.shapes import TINY, History, Mask, Values

NEAR = 4  # values at the same place in the week, to each side, that say what is usual
LEAST_WEEKS = 5  # where periods have no week, twice as many periods
LEAST_VALUES = 10  # other than zero: fewer all stand alone
FELLOWS = 3  # so many values as far off are no accident
BEYOND = 2.0  # times as far as the last of the fellows
WIDEST = 6.0  # robust standard deviations
NORMAL = 1.4826  # a standard deviation against the median of what is off
NEVER_BELOW = 0.5  # times what is usual
LEAST_LEVEL = 0.2  # of the mean: what is off is no share of less


def tamed(history: History) -> History:
    """The history to learn from: what lies farther off than anything else is drawn nearer.

    A value may be off by half of what is usual, by six robust standard deviations, or by twice what
    the third farthest value is off, whichever is most: so tails that recur stay as they are. Counts
    stay whole numbers, and a ratio keeps its rates where its mass is limited.
    """
    if len(history.values) < LEAST_WEEKS * max(history.tempo.week, 2):
        return history
    masses = history.masses
    if masses is None:
        values = _limited(history.values, history.known, history)
        return history if values is history.values else History(history.grain, values)
    mass = _limited(masses.values, masses.known, masses)
    safe = np.where(history.known, masses.values, 1.0)
    precision = np.sqrt(np.where(history.known, history.weights, 1.0))
    rates = _limited(history.values / safe, history.known, history, precision)
    return History(history.grain, np.where(history.known, rates * mass, history.values), mass)


def _limited(
    values: Values, known: Mask, history: History, precision: Values | None = None
) -> Values:
    """The values with what stands alone drawn nearer; the same array where nothing does."""
    seen = np.where(known, values, np.nan)
    if int((known & (values != 0)).sum()) < LEAST_VALUES:
        return values
    usual = _usual(seen, history.tempo.week)
    unit = np.maximum(np.abs(usual), LEAST_LEVEL * float(np.nanmean(np.abs(seen))) + TINY)
    weight = np.ones(len(values)) if precision is None else precision / precision[known].mean()
    off = weight * (seen - usual) / unit
    sizes = np.sort(np.abs(off[known]))
    most = max(
        NEVER_BELOW,
        WIDEST * NORMAL * float(np.median(sizes)),
        BEYOND * float(sizes[-FELLOWS]),
    )
    if sizes[-1] <= most:
        return values
    nearer = usual + np.clip(off, -most, most) * unit / weight
    if precision is None and history.counts:
        nearer = np.round(nearer)
    return np.where(np.abs(np.nan_to_num(off)) > most, nearer, values)


def _usual(seen: Values, week: int) -> Values:
    """The median of a value and of its neighbours at the same place in the week."""
    reach = NEAR * week
    padded = np.concatenate([np.full(reach, np.nan), seen, np.full(reach, np.nan)])
    places = np.arange(len(seen))[:, None] + week * np.arange(2 * NEAR + 1)
    ordered = np.sort(padded[places], axis=1)  # nan goes last
    count = (~np.isnan(ordered)).sum(axis=1)
    rows = np.arange(len(seen))
    low = ordered[rows, np.maximum(count - 1, 0) // 2]
    return np.asarray((low + ordered[rows, count // 2]) / 2)
