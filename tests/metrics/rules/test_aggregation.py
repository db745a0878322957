from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rules.aggregation import Leaf, Recipe, Step, divide, ratio_node, share

CLICKS, SENDS = 1, 2


def quotient(above, below, scale):
    """The recipe of a ratio of two leaves."""
    step = Step("r", ratio_node(above.key, below.key, Decimal(scale)))
    return Recipe((above, below), (step,), "r")


CTR = quotient(Leaf(CLICKS, "clicks"), Leaf(SENDS, "sends"), 100)


def ratio_of(top, below, scale=1):
    return quotient(Leaf(1, "a", top), Leaf(2, "b", below), scale)


def test_vector_1_a_ratio_is_the_ratio_of_sums():
    day_1, day_2 = {CLICKS: 50, SENDS: 100}, {CLICKS: 20, SENDS: 2000}
    both = {CLICKS: 70, SENDS: 2100}
    assert CTR.value(day_1) == 50
    assert CTR.value(day_2) == 1
    assert CTR.value(both) == Decimal("3.33333333333")  # not 25.5


def test_vector_6_children_do_not_add_up():
    assert CTR.value({CLICKS: 10 + 30, SENDS: 500 + 1000}) == Decimal("2.66666666667")


@pytest.mark.parametrize("below", [{}, {SENDS: 0}])
def test_vector_8_no_denominator_is_no_value(below):
    assert CTR.value({CLICKS: 5} | below) is None
    assert CTR.value({CLICKS: 0} | below) is None


def test_vector_9_more_than_a_hundred_percent_is_a_value():
    assert CTR.value({CLICKS: 142, SENDS: 100}) == 142


def test_no_observation_is_none_and_zero_is_zero():
    alone = Recipe((Leaf(CLICKS, "clicks", 2),), (), "clicks")
    assert alone.value({}) is None
    assert alone.value({CLICKS: 0}) == 0
    assert CTR.value({SENDS: 100}) is None
    assert CTR.value({CLICKS: 0, SENDS: 100}) == 0


def test_parts_with_different_decimals_are_divided_in_their_units():
    cost_per_click = ratio_of(2, 0)
    assert cost_per_click.value({1: 1999, 2: 10}) == Decimal("1.999")
    assert ratio_of(0, 3).value({1: 3, 2: 1500}) == 2


def test_a_ratio_has_twelve_significant_digits_and_no_exponent():
    assert str(divide(Decimal(1), Decimal(3), Decimal(100))) == "33.3333333333"
    assert str(divide(Decimal(2), Decimal(3), Decimal(1))) == "0.666666666667"
    assert format(divide(Decimal(10**20), Decimal(1), Decimal(100)), "f") == "1" + "0" * 22
    assert str(divide(Decimal(0), Decimal(3), Decimal(100))) == "0"
    assert str(divide(Decimal(-1), Decimal(4), Decimal(100))) == "-25"


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**30), st.integers(0, 6), st.integers(0, 6))
def test_a_ratio_is_exact_to_twelve_digits(above, below, top, under):
    found = ratio_of(top, under, 100).value({1: above, 2: below})
    exact = Fraction(100 * above, 10**top) / Fraction(below, 10**under)
    assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 10**11)


@given(
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 4)), min_size=1),
)
def test_however_facts_are_parted_the_ratio_of_the_whole_is_the_same(facts):
    parts: dict[int, list[int]] = {}
    for above, below, part in facts:
        of = parts.setdefault(part, [0, 0])
        of[0] += above
        of[1] += below
    summed = {CLICKS: sum(a for a, _ in parts.values()), SENDS: sum(b for _, b in parts.values())}
    whole = {CLICKS: sum(f[0] for f in facts), SENDS: sum(f[1] for f in facts)}
    assert CTR.value(summed) == CTR.value(whole)


def test_a_change_is_a_share_of_what_was_before():
    assert share(Decimal(125), Decimal(100)) == Decimal("0.25")
    assert share(Decimal(-50), Decimal(-100)) == Decimal("0.5")
    assert share(Decimal(5), Decimal(0)) is None
    assert share(Decimal(5), None) is None
    assert share(None, Decimal(5)) is None
