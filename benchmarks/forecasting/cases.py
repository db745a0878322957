"""What is asked of a series: at which end of its history, how far, and by which goal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from benchmarks.forecasting.series import FIRST, SEED, Kind, Made, Random, Values
from metrics.rules.periods import Grain, bucket_start, next_start

LENGTHS = {
    Grain.DAY: (45, 90, 180, 400, 730, 1095),
    Grain.WEEK: (26, 60, 104, 156),
    Grain.MONTH: (9, 18, 30, 36),
}
HORIZONS = {Grain.DAY: (14, 30, 60, 90), Grain.WEEK: (4, 13, 26), Grain.MONTH: (3, 6, 12)}
EACH = {Grain.DAY: 3, Grain.WEEK: 2, Grain.MONTH: 1}
GONE = (0.2, 0.5, 0.8)
GROWTH = (-0.15, 0.35)


@dataclass(frozen=True)
class Case:
    """A history, the future that a forecast does not see, and a goal over part of both.

    The goal is a sum over the last `gone` values of the history and the whole future.
    """

    name: str
    kind: Kind | str
    grain: Grain
    history: Values
    future: Values
    gone: int
    target: float

    @property
    def so_far(self) -> float:
        """What the goal has reached at the end of the history."""
        return float(np.nansum(self.history[-self.gone :]))

    @property
    def hit(self) -> bool:
        """Whether the goal will be met."""
        return self.so_far + float(np.nansum(self.future)) >= self.target


def cases_of(series: Made) -> Iterator[Case]:
    """Six cases of a series: three of days, two of weeks, one of months."""
    random = np.random.default_rng([SEED, series.number, 1])
    for grain, count in EACH.items():
        values = by_grain(series.values, grain)
        for number in range(count):
            name = f"{series.number}-{grain}-{number}"
            yield case_of(name, series.kind, grain, values, random)


def case_of(name: str, kind: Kind | str, grain: Grain, values: Values, random: Random) -> Case:
    """One case at a random end of the history."""
    horizon = int(random.choice(HORIZONS[grain]))
    most = len(values) - horizon
    length = min(int(random.choice(LENGTHS[grain])), most)
    end = int(random.integers(length, most + 1))
    history = values[end - length : end]
    gone = float(random.choice(GONE))
    elapsed = min(max(1, round(horizon * gone / (1 - gone))), length // 2)
    window = elapsed + horizon
    before = history[: length - elapsed][-window:]
    usual = np.nanmean(before) * window
    target = np.ceil(usual * (1 + random.uniform(*GROWTH)) + 0.5)
    return Case(name, kind, grain, history, values[end : end + horizon], elapsed, float(target))


def by_grain(days: Values, grain: Grain) -> Values:
    """Sums of whole periods; incomplete ones at both ends are left out."""
    if grain is Grain.DAY:
        return days
    sums = []
    start = bucket_start(FIRST, grain)
    while True:
        after = next_start(start, grain)
        first, last = (start - FIRST).days, (after - FIRST).days
        if last > len(days):
            return np.array(sums)
        if first >= 0:
            sums.append(days[first:last].sum())
        start = after + timedelta(0)
