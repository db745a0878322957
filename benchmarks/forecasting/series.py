"""Made series with a known future, from another family than the models that forecast them.

Over-dispersed counts (negative binomial) around a mean that has what marketing data have: a week, a
year of uneven bumps, growth that bends, campaigns that come and go, holidays on other days each
year, level breaks, and noise that remembers itself. No smoothing and no bootstrap made them.

Models may be tuned on the open half of the seeds only. The other half is for the results in
docs/forecasting.md and is looked at by nobody who still changes a model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

SEED = 20_261_123
COUNT = 300
DAYS = 1461
YEAR = 365.25
FIRST = date(2021, 1, 1)

Values = npt.NDArray[np.float64]
Random = np.random.Generator


class Kind(StrEnum):
    """What a series is like."""

    SEASONAL = "seasonal"
    TRENDING = "trending"
    INTERMITTENT = "intermittent"
    BROKEN = "broken"


KINDS = tuple(Kind)
GATED = (Kind.SEASONAL, Kind.TRENDING, Kind.INTERMITTENT)


@dataclass(frozen=True)
class Made:
    """One series of daily counts from `FIRST` on."""

    number: int
    kind: Kind
    values: Values


def open_numbers() -> list[int]:
    """The series that models may be tuned on."""
    return [number for number in range(COUNT) if not is_held_out(number)]


def held_out_numbers() -> list[int]:
    """The series that only the results may see."""
    return [number for number in range(COUNT) if is_held_out(number)]


def is_held_out(number: int) -> bool:
    """Every other round of the four kinds."""
    return number // len(KINDS) % 2 == 1


def made(numbers: list[int]) -> Iterator[Made]:
    """The series of these numbers; a number always gives the same one."""
    for number in numbers:
        random = np.random.default_rng([SEED, number])
        kind = KINDS[number % len(KINDS)]
        yield Made(number, kind, MAKERS[kind](random))


def _seasonal(random: Random) -> Values:
    level = np.exp(random.uniform(np.log(15), np.log(3000)))
    yearly = _bumps(random, random.uniform(0.2, 0.7))
    growth = np.exp(random.normal(0, 0.12) * np.arange(DAYS) / YEAR)
    mean = level * _week(random, random.uniform(0.1, 0.5)) * yearly * growth
    return _counted(random, mean * _holidays(random) * _memory(random))


def _trending(random: Random) -> Values:
    level = np.exp(random.uniform(np.log(15), np.log(2000)))
    mean = level * _bent_growth(random) * _week(random, random.uniform(0, 0.3))
    return _counted(random, mean * _holidays(random) * _memory(random))


def _intermittent(random: Random) -> Values:
    rate = np.exp(random.uniform(np.log(0.04), np.log(1.2)))
    mean = rate * _campaigns(random) * _week(random, random.uniform(0, 0.6))
    size = 1 + random.poisson(random.uniform(0, 2), DAYS) if random.random() < 0.5 else 1
    return _counted(random, mean * _memory(random), random.uniform(0.5, 5)) * size


def _broken(random: Random) -> Values:
    mean = np.full(DAYS, np.exp(random.uniform(np.log(15), np.log(2000))))
    for day in random.integers(60, DAYS, random.integers(1, 4)):
        mean[day:] *= np.exp(random.choice([-1, 1]) * random.uniform(0.3, 1.2))
    mean = mean * _week(random, random.uniform(0, 0.4)) * _bumps(random, random.uniform(0, 0.3))
    return _counted(random, mean * _memory(random))


def _week(random: Random, depth: float) -> Values:
    """Factors of the days of the week: working days alike, the week-end apart; their mean is 1."""
    of_day = 1 + depth * random.normal(0, 0.4, 7)
    of_day[[5, 6] if random.random() < 0.7 else [4, 5]] *= 1 + depth * random.choice([-1.3, 0.9])
    of_day = np.maximum(of_day, 0.05)
    return np.resize(of_day / of_day.mean(), DAYS)


def _bumps(random: Random, height: float) -> Values:
    """Two to four uneven bumps a year, never quite on the same day nor of the same height."""
    days = np.arange(DAYS)
    total = np.zeros(DAYS)
    for _bump in range(random.integers(2, 5)):
        middle, width = random.uniform(0, YEAR), random.uniform(12, 70)
        tall = random.choice([-0.6, 1]) * height * random.uniform(0.4, 1)
        for year in range(-1, 6):
            off = (days - middle - year * YEAR - random.normal(0, 4)) / width
            left, right = np.exp(-0.5 * (2 * off) ** 2), np.exp(-0.5 * off**2)
            total += tall * random.normal(1, 0.15) * np.where(off < 0, left, right)
    return np.maximum(1 + total, 0.1)


def _bent_growth(random: Random) -> Values:
    """Growth or decline whose speed changes one to four times, or that saturates."""
    days = np.arange(DAYS)
    if random.random() < 0.4:
        start, speed = random.uniform(0, DAYS), random.uniform(0.002, 0.012)
        curve = 1 / (1 + np.exp(-speed * (days - start)))
        return 0.2 + (curve if random.random() < 0.7 else 1 - curve) * random.uniform(1, 4)
    speeds = np.zeros(DAYS)
    bends = np.sort(random.integers(0, DAYS, random.integers(1, 5)))
    for first, last in zip([0, *bends], [*bends, DAYS], strict=True):
        speeds[first:last] = random.normal(0.15, 0.35) / YEAR
    return np.exp(np.cumsum(speeds))


def _campaigns(random: Random) -> Values:
    """Busy and quiet weeks that follow each other; busy ones bring several times as much."""
    busy = np.zeros(DAYS, dtype=bool)
    state = False
    leave = {False: random.uniform(0.01, 0.06), True: random.uniform(0.04, 0.15)}
    for day in range(DAYS):
        state = state != (random.random() < leave[state])
        busy[day] = state
    return np.where(busy, random.uniform(1.5, 6), 1.0)


def _holidays(random: Random) -> Values:
    """One to three feasts a year, each up to three weeks earlier or later than the year before."""
    factor = np.ones(DAYS)
    for _feast in range(random.integers(1, 4)):
        usual, length = random.uniform(20, 345), random.integers(2, 12)
        effect = random.uniform(0.25, 0.8) if random.random() < 0.6 else random.uniform(1.2, 2.2)
        for year in range(5):
            first = int(usual + year * YEAR + random.uniform(-20, 20))
            factor[max(0, first) : max(0, first + length)] *= effect
    return factor


def _memory(random: Random) -> Values:
    """Noise that remembers itself (in logarithms), around 1."""
    stays, spread = random.uniform(0.5, 0.97), random.uniform(0.04, 0.2)
    shocks = random.standard_t(6, DAYS) * np.sqrt(4 / 6) * spread * np.sqrt(1 - stays**2)
    noise = np.zeros(DAYS)
    noise[0] = random.normal(0, spread)
    for day in range(1, DAYS):
        noise[day] = stays * noise[day - 1] + shocks[day]
    return np.exp(noise - spread**2 / 2)


def _counted(random: Random, mean: Values, shape: float | None = None) -> Values:
    """Counts whose variance is mean + mean² / shape."""
    over = random.uniform(8, 80) if shape is None else shape
    rate = np.maximum(mean, 1e-9)
    return random.negative_binomial(over, over / (over + rate)).astype(np.float64)


MAKERS = {
    Kind.SEASONAL: _seasonal,
    Kind.TRENDING: _trending,
    Kind.INTERMITTENT: _intermittent,
    Kind.BROKEN: _broken,
}
