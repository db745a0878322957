"""What values add up from, without a database."""

from decimal import Decimal

import pytest

from metrics.rules.aggregation import Kind, Leaf, Recipe, Step
from metrics.rules.formula import parse
from metrics.rules.parting import parting_of

pytestmark = pytest.mark.once
CLICKS, OPENS, SENDS = Leaf(1, "clicks"), Leaf(2, "opens"), Leaf(3, "sends", decimals=2)


def parted(*formulas, leaves=(CLICKS, OPENS, SENDS), amounts=None):
    steps = tuple(Step(f"s{place}", parse(text)) for place, text in enumerate(formulas))
    key = steps[-1].key if steps else leaves[0].key
    found = parting_of(Recipe(tuple(leaves), steps, key))
    return found if amounts is None or found is None else found.amounts(amounts)


def test_a_measured_sum_is_its_own_part():
    assert parted(leaves=[SENDS], amounts={3: 1250}) == (Decimal("12.50"), None)


def test_a_ratio_has_two_parts_and_keeps_its_scale_apart():
    found = parted("100 * clicks / sends")
    assert found.scale == 100
    assert found.amounts({1: 7, 3: 2000}) == (7, 20)


def test_sums_of_sums_and_ratios_of_them_add_up():
    amounts = {1: 7, 2: 3, 3: 2000}
    assert parted("clicks + 2 * opens - sends", amounts=amounts) == (-7, None)
    assert parted("clicks + opens", "s0 / (sends + opens)", amounts=amounts) == (10, 23)


def test_a_part_without_data_is_missing():
    assert parted("clicks / sends", amounts={1: 7}) == (7, None)
    assert parted("clicks + opens", amounts={1: 7}) == (None, None)


@pytest.mark.parametrize(
    "formulas",
    [
        ("clicks * opens",),
        ("clicks + 1",),
        ("clicks / sends + 1",),
        ("clicks / sends", "s0 * opens"),
        ("clicks / (opens / sends)",),
        ("max(clicks, opens)",),
    ],
)
def test_what_does_not_add_up_over_days_has_no_parts(formulas):
    assert parted(*formulas) is None


@pytest.mark.parametrize("kind", [Kind.LAST, Kind.UNIQUE])
def test_levels_and_people_have_no_parts(kind):
    assert parted(leaves=[Leaf(1, "stock", kind=kind)]) is None
