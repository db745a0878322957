"""The week and the year of a series, as they were known at moments of its past.

An origin is a moment: how many of the periods are known to it.
"""

import numpy as np

from goals.rules.forecasting.shapes import TINY, History, Mask, Places, Tempo, Values

WEEKS_SEEN = 12
TRIMMED_FROM = 5  # weeks: of so many, the least and the greatest are left out
LEAST_FACTOR = 0.05
WILDEST = 10.0
YEARS_SEEN = (1, 2, 3)


class Running:
    """The mean rate of any stretch of a history in one step."""

    def __init__(self, history: History) -> None:
        self.sums = np.concatenate([[0.0], np.cumsum(history.sums)])
        self.weights = np.concatenate([[0.0], np.cumsum(history.weights)])
        self.last = len(history.values)

    def mean(self, first: Places, after: Places) -> Values:
        """From `first` up to but without `after`; nan where nothing is known."""
        low, high = np.clip(first, 0, self.last), np.clip(after, 0, self.last)
        weight = self.weights[high] - self.weights[low]
        total = self.sums[high] - self.sums[low]
        return np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)


def by_place(history: History, origins: Places, weeks: int) -> Values:
    """The rates of the last weeks before each origin: (origins, weeks, week), nan at the front."""
    span = weeks * history.tempo.week
    padded = np.concatenate([np.full(span, np.nan), history.rates])
    window = padded[origins[:, None] + np.arange(span)]
    return np.asarray(window.reshape(len(origins), weeks, history.tempo.week))


def week_factors(history: History, origins: Places) -> Values:
    """The factor of each place in the week, counted from the origin: (origins, week), around 1.

    The trimmed mean at each place in the last twelve weeks, drawn towards 1 by the share of the
    variance between places that chance explains (positive-part James-Stein). A ratio has no week.
    """
    week = history.tempo.week
    if week == 1 or history.mass is not None:
        return np.ones((len(origins), week))
    ordered = np.sort(by_place(history, origins, WEEKS_SEEN), axis=1)  # nan goes last
    count = np.sum(~np.isnan(ordered), axis=1)
    trim = np.where(count >= TRIMMED_FROM, 1, 0)
    place = np.arange(WEEKS_SEEN)[None, :, None]
    kept = (place >= trim[:, None]) & (place < (count - trim)[:, None])
    number = np.maximum(kept.sum(axis=1), 1)
    means = np.where(kept, ordered, 0).sum(axis=1) / number
    squares = np.where(kept, (ordered - means[:, None]) ** 2, 0).sum(axis=1)
    return _shrunk(means, squares / np.maximum(number - 1, 1) / number, number, count > 0)


def _shrunk(means: Values, noise: Values, number: Places, known: Mask) -> Values:
    """The means of the places against their own mean, less what chance explains."""
    usual = _mean(means, known)[:, None]
    means = np.where(known, means, usual)
    between = ((means - usual) ** 2).sum(axis=1) / (means.shape[1] - 1)
    chance = _mean(noise, known & (number > 1))
    trust = np.maximum(0, 1 - chance / np.maximum(between, TINY))
    trust = np.where(number.min(axis=1) > 1, trust, trust / 2)
    factors = 1 + trust[:, None] * (means / np.maximum(usual, TINY) - 1)
    factors = np.maximum(factors, LEAST_FACTOR)
    return np.asarray(factors / factors.mean(axis=1, keepdims=True))


def _mean(values: Values, keep: Mask) -> Values:
    return np.asarray((values * keep).sum(axis=1) / np.maximum(keep.sum(axis=1), 1))


def year_factors(
    history: History, origins: Places, horizon: int, recent: int
) -> tuple[Values, Values]:
    """How the same stretch went in earlier years, and the recent level it is set against.

    Each period to come against the stretch before it a year earlier, smoothed over neighbours:
    (origins, horizon), the geometric mean of up to three years, nan where no whole year is known.
    The level is the mean of the last `recent` periods: (origins).
    """
    tempo, running = history.tempo, Running(history)
    now = running.mean(origins - recent, origins)
    floor = (LEAST_FACTOR * now + TINY)[:, None]
    ahead = np.arange(horizon)
    logs = np.zeros((len(origins), horizon))
    found = np.zeros((len(origins), horizon))
    for years in YEARS_SEEN:
        middle = origins[:, None] + ahead - tempo.year * (years + ahead // tempo.year)
        until = np.minimum(middle + tempo.smooth + 1, origins[:, None])
        then = running.mean(middle - tempo.smooth, until)
        start = origins - recent - tempo.year * years
        before = running.mean(start, start + recent)[:, None]
        ratio = np.clip((then + floor) / (before + floor), 1 / WILDEST, WILDEST)
        usable = ~np.isnan(ratio) & (start >= 0)[:, None]
        logs += np.where(usable, np.log(np.where(usable, ratio, 1)), 0)
        found += usable
    return np.where(found > 0, np.exp(logs / np.maximum(found, 1)), np.nan), now


def phases(periods: Places, tempo: Tempo) -> Places:
    """The place in the week of periods counted from an origin, which itself has place 0."""
    return periods % tempo.week
