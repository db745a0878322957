"""Where goals land, without a database."""

import numpy as np
import pytest

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

pytestmark = pytest.mark.once
NAN = float("nan")


def drawn(*paths, mass=None):
    masses = None if mass is None else np.array(mass, dtype=np.float64)
    return Forecast(np.array(paths, dtype=np.float64), fit=None, mass=masses)


def test_a_sum_lands_at_what_is_known_and_what_is_to_come():
    landing = land(drawn([1, 2, 3], [4, 5, 6]), Reading(np.ones(3), known=10))
    assert landing.values.tolist() == [16, 25]


def test_a_period_that_lies_partly_in_the_goal_counts_for_its_part():
    landing = land(drawn([10, 10]), Reading(np.array([1, 0.5])))
    assert landing.values.tolist() == [15]


def test_a_level_reads_only_its_last_bucket():
    landing = land(drawn([1, 2, 3, 4]), Reading(np.array([0, 0, 1, 1]), known=0))
    assert landing.values.tolist() == [7]


def test_an_average_of_sums_is_divided_among_its_buckets():
    assert land(drawn([6, 6]), Reading(np.ones(2), known=12, parts=4)).values.tolist() == [6]


def test_a_ratio_lands_at_the_ratio_of_sums():
    found = drawn([1, 20], mass=[[10, 1000]])
    reading = Reading(np.ones(2), known=50, known_mass=100, scale=100)
    assert land(found, reading).values == pytest.approx([100 * 71 / 1110])


def test_a_ratio_of_nothing_lands_nowhere():
    landing = land(drawn([0, 0], mass=[[0, 0]]), Reading(np.ones(2)))
    assert landing.band is None
    assert landing.chance(1, Side.AT_LEAST) is None


def test_a_period_without_a_value_adds_nothing():
    assert land(drawn([1, NAN, 3]), Reading(np.ones(3))).values.tolist() == [4]


@pytest.mark.parametrize(
    ("side", "target", "chance"),
    [
        (Side.AT_LEAST, 51, 50.5 / 101),
        (Side.AT_MOST, 50, 50.5 / 101),
        (Side.AT_LEAST, 100, 1.5 / 101),  # exactly at the target is met
        (Side.AT_MOST, 1, 1.5 / 101),
    ],
)
def test_the_chance_is_the_share_of_futures_that_meet_the_target(side, target, chance):
    landing = Landing(np.arange(1.0, 101))
    assert landing.chance(target, side) == pytest.approx(chance)


@pytest.mark.parametrize("target", [-1e9, 1e9])
@pytest.mark.parametrize("side", list(Side))
def test_a_chance_is_never_quite_nothing_or_certain(target, side):
    assert 0 < Landing(np.arange(1000.0)).chance(target, side) < 1


def test_a_harder_target_is_never_likelier():
    values = np.random.default_rng(1).poisson(20, 120).astype(float)
    landing = land(forecast(History(Grain.DAY, values), 30, seed=1), Reading(np.ones(30)))
    chances = [landing.chance(target, Side.AT_LEAST) for target in range(300, 900, 25)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9
    assert chances[-1] < 0.1


def test_the_band_is_of_the_landings_and_no_sum_of_bands():
    values = 100 + 10 * np.random.default_rng(1).standard_normal(200)
    found = forecast(History(Grain.DAY, values), 60, seed=1)
    low, middle, high = land(found, Reading(np.ones(60))).band
    assert low < middle < high
    assert high - low < found.bands[2].sum() - found.bands[0].sum()
