import random
from decimal import Decimal

import pytest

from metrics.rules.ranking import (
    Candidate,
    apart,
    delta,
    difference,
    interval_of,
    poisson,
    rank,
    wilson,
)

ONE, HUNDRED = Decimal(1), Decimal(100)


def proportion(name, hits, of):
    value = Decimal(hits) / of * 100 if of else None
    return Candidate(name, value, Decimal(of), Decimal(hits), Decimal(of), (True, True))


def ranked(*candidates, least="30", upwards=True, scale=HUNDRED):
    rows = rank(candidates, scale=scale, least=Decimal(least), upwards=upwards)
    return [(row.candidate.name, row.place) for row in rows]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 20, 0, 0.1611), (20, 20, 0.8389, 1), (5, 20, 0.1119, 0.4687), (1, 29, 0.0061, 0.1718),
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
    ],
)  # fmt: skip
def test_wilson_as_published(hits, of, low, high):
    found = wilson(hits, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_the_difference_of_two_shares_as_published():
    found = difference((56 / 70, wilson(56, 70)), (48 / 80, wilson(48, 80)))
    assert found == pytest.approx((0.0524, 0.3339), abs=1e-4)


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.69), (10, 4.80, 18.39), (100, 81.4, 121.6)]
)
def test_poisson_is_near_the_exact_interval(count, low, high):
    found = poisson(count)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.1)


def test_the_interval_goes_with_what_is_divided():
    counts, money = (True, True), (False, False)
    assert interval_of(proportion("a", 5, 100), HUNDRED).method == "wilson"
    above = Candidate("b", Decimal(150), Decimal(100), Decimal(150), Decimal(100), counts)
    assert interval_of(above, HUNDRED).method == "poisson"
    cost = Candidate("c", Decimal(2), Decimal(50), Decimal(100), Decimal(50), (False, True))
    found = interval_of(cost, ONE)
    assert found.method == "poisson_below"
    assert found.low < 2 < found.high
    pairs = [(100 + n, 50 + n % 3) for n in range(10)]
    roas = Candidate("d", Decimal(2), Decimal(500), Decimal(1000), Decimal(500), money, pairs)
    assert interval_of(roas, ONE).method == "delta"
    assert delta(pairs[:7]) is None
    assert interval_of(Candidate("e", Decimal(5), Decimal(5)), ONE) is None


def test_best_first_and_the_few_last_without_a_place():
    found = ranked(proportion("few", 3, 3), proportion("a", 10, 1000), proportion("b", 90, 1000))
    assert found == [("b", 1), ("a", 2), ("few", None)]


def test_values_that_chance_explains_share_a_place():
    found = ranked(proportion("a", 52, 1000), proportion("b", 50, 1000), proportion("c", 5, 1000))
    assert found == [("a", 1), ("b", 1), ("c", 3)]


def test_lower_may_be_better():
    found = ranked(proportion("a", 90, 1000), proportion("b", 10, 1000), upwards=False)
    assert found == [("b", 1), ("a", 2)]


def test_no_value_is_never_ranked():
    assert ranked(proportion("a", 0, 0), proportion("b", 1, 50)) == [("b", 1), ("a", None)]


def test_without_a_difference_a_winner_is_seldom_crowned():
    chance = random.Random(7)
    crowned = 0
    for _round in range(200):
        rows = [
            proportion(str(n), sum(chance.random() < 0.1 for _ in range(400)), 400)
            for n in range(4)
        ]
        places = [place for _name, place in ranked(*rows)]
        crowned += places.count(1) == 1
    assert crowned <= 10


def test_a_large_difference_is_seen():
    near, far = wilson(500, 1000), wilson(100, 1000)
    assert apart((0.5, near), (0.1, far))
    assert not apart((0.5, near), (0.49, wilson(490, 1000)))
