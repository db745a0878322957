"""Splitting a goal: the rows of product.md 5.4, and parts that re-compose exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.decomposition import (
    Makes,
    Meaning,
    Missed,
    Mode,
    SplitFlaw,
    mean_of,
    readings,
    rebalance,
    rebalance_level,
    split_by_hand,
    split_level,
    split_mean,
    split_total,
)

D = Decimal
FOUR = [D(1)] * 4


@pytest.mark.parametrize(
    ("meaning", "rate", "quarters", "exits", "total"),
    [
        (Meaning.COMPOUND_SHARE, "10.00", ["1.10", "1.21", "1.331", "1.464"], "46.4", "27.6"),
        (Meaning.LINEAR_SHARE, "10.00", ["1.10", "1.20", "1.30", "1.40"], "40.0", "25.0"),
        (Meaning.EACH_FULL, "40.00", ["1.40", "1.40", "1.40", "1.40"], "40.0", "40.0"),
        (Meaning.EACH_SHARE, "10.00", ["1.10", "1.10", "1.10", "1.10"], "10.0", "10.0"),
        (Meaning.COMPOUND_EXIT, "8.78", ["1.088", "1.183", "1.287", "1.400"], "40.0", "24.0"),
        (Meaning.COMPOUND_TOTAL, "13.92", ["1.139", "1.298", "1.479", "1.684"], "68.4", "40.0"),
        (Meaning.LINEAR_TOTAL, "16.00", ["1.16", "1.32", "1.48", "1.64"], "64.0", "40.0"),
    ],
)
def test_vector_7_forty_percent_in_four_quarters(meaning, rate, quarters, exits, total):
    found = next(one for one in readings(D("0.40"), 4) if one.meaning is meaning)
    assert round(found.rate * 100, 2) == D(rate)
    for part, quarter in zip(found.parts, quarters, strict=True):
        assert round(part, len(quarter) - 2) == D(quarter)
    assert round(found.exit * 100, 1) == D(exits)
    assert round(found.total * 100, 1) == D(total)


def totals(total, mode, *, sizes=FOUR, base="100", shares=FOUR, digits=0):
    base = None if base is None else D(base)
    return split_total(D(total), mode, sizes, base=base, shares=shares, digits=digits)


def test_a_total_is_compounded_from_the_base():
    found = totals(560, Mode.COMPOUND)
    assert found.parts == (D(114), D(130), D(148), D(168))
    assert round(found.rate, 4) == D("0.1392")


def test_a_total_grows_in_equal_steps():
    found = totals(560, Mode.LINEAR)
    assert found.parts == (D(116), D(132), D(148), D(164))
    assert found.rate == D("0.16")


def test_a_total_follows_the_season():
    shares = [D("0.1"), D("0.2"), D("0.3"), D("0.4")]
    assert totals(1000, Mode.SEASONAL, shares=shares).parts == (100, 200, 300, 400)


def test_a_cut_part_is_as_much_smaller_as_it_is_shorter():
    found = totals(350, Mode.LINEAR, sizes=[D("0.5"), D(1), D(1), D(1)])
    assert found.parts == (50, 100, 100, 100)
    assert found.rate == 0


def test_the_last_part_takes_the_rounding():
    assert totals(100, Mode.SEASONAL, shares=[D(1)] * 3).parts == (33, 33, 34)
    found = totals("100.05", Mode.SEASONAL, shares=[D(1)] * 3, digits=1)
    assert found.parts == (D("33.4"), D("33.4"), D("33.25"))


def test_without_a_base_nothing_grows_and_a_steep_fall_has_no_parts():
    for base in (None, "0", "-5"):
        assert totals(100, Mode.COMPOUND, base=base).flaw is SplitFlaw.NO_BASE
    assert totals(60, Mode.LINEAR).flaw is SplitFlaw.NEGATIVE
    assert totals(60, Mode.COMPOUND).flaw is None


def test_a_level_goes_up_or_down_to_exactly_the_target():
    up = split_level(D(100), D(140), Mode.COMPOUND, 4, digits=2)
    assert up.parts == (D("108.78"), D("118.32"), D("128.71"), D(140))
    assert round(up.rate, 4) == D("0.0878")
    down = split_level(D(200), D(0), Mode.LINEAR, 4, digits=0)
    assert (down.parts, down.rate) == ((150, 100, 50, 0), D("-0.25"))
    assert split_level(D(200), D(0), Mode.COMPOUND, 4, digits=0).flaw is SplitFlaw.NO_BASE


def by_hand(parts, target, weights=FOUR, makes=Makes.TOTAL, digits=0):
    parts = [D(part) for part in parts]
    return split_by_hand(parts, D(target), weights, makes=makes, digits=digits).flaw


def test_parts_by_hand_must_recompose():
    parts = [10, 20, 30, 40]
    assert by_hand(parts, 100) is None
    assert by_hand(parts, 101) is SplitFlaw.MANUAL_SUM
    assert by_hand(parts, 100, FOUR[:3]) is SplitFlaw.MANUAL_COUNT
    assert by_hand([-10, 110], 100, FOUR[:2]) is SplitFlaw.NEGATIVE
    assert by_hand(parts, 40, makes=Makes.END) is None
    assert by_hand(parts, 41, makes=Makes.END) is SplitFlaw.MANUAL_END
    assert by_hand(parts, "24.4", [D(90), D(90), D(90), D(70)], makes=Makes.MEAN) is None
    assert by_hand(parts, 26, makes=Makes.MEAN) is SplitFlaw.MANUAL_MEAN


def test_a_target_with_a_fraction_is_met_by_parts_as_it_reads():
    assert by_hand([10, 20, 30, 40], "100.4") is None
    assert by_hand([10, 20, 30, 40], "100.4", digits=1) is SplitFlaw.MANUAL_SUM


@pytest.mark.parametrize("mode", [Mode.EACH, Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL])
def test_averages_have_the_target_as_their_mean_in_every_mode(mode):
    days = [D(90), D(91), D(92), D(92)]
    year_ago = [D(4), D(2), D(3), D(5)]
    found = split_mean(D("4.9"), mode, days, base=D("3.5"), year_ago=year_ago, digits=2)
    assert round(mean_of(found.parts, days), 8) == D("4.9")
    assert round(mean_of(found.exact, days), 20) == D("4.9")
    if mode is Mode.SEASONAL:
        assert round(found.exact[0] / found.exact[1], 20) == 2


def test_an_average_without_base_or_year_before_has_no_way_to_grow():
    words = {"year_ago": [D(1), None], "digits": 1}
    grown = split_mean(D(5), Mode.LINEAR, [D(1)] * 2, base=None, **words)
    assert grown.flaw is SplitFlaw.NO_BASE
    by_season = split_mean(D(5), Mode.SEASONAL, [D(1)] * 2, base=D(4), **words)
    assert by_season.flaw is SplitFlaw.NO_YEAR_BEFORE


def missed(actual, planned=(116, 132, 148, 164)):
    return Missed([D(part) for part in planned], actual, FOUR)


def test_after_a_miss_the_rest_is_spread_by_the_same_mode():
    found = rebalance(D(560), Mode.LINEAR, missed([D(100)]), digits=0)
    assert found.parts[0] == 100
    assert sum(found.parts) == 560
    assert found.parts == (100, 127, 153, 180)
    compound = rebalance(D(560), Mode.COMPOUND, missed([D(100), D(110)]), digits=0)
    assert compound.parts[:2] == (100, 110)
    assert sum(compound.parts) == 560
    assert compound.parts[3] > compound.parts[2] > 110


def test_other_modes_keep_the_proportions_of_the_plan():
    found = rebalance(D(100), Mode.SEASONAL, missed([D(4)], (10, 20, 30, 40)), digits=2)
    assert found.parts == (4, D("21.33"), 32, D("42.67"))
    by_hand = rebalance(D(100), Mode.MANUAL, missed([D(4)], (10, 20, 30, 40)), digits=2)
    assert by_hand.parts == found.parts


def level_anew(mode, actual, *, baseline=100, target=140, planned=(110, 120, 130, 140)):
    known = missed([D(value) for value in actual], planned)
    return rebalance_level(D(baseline), D(target), mode, known, digits=2)


def test_a_level_goes_on_from_where_it_stands():
    assert level_anew(Mode.LINEAR, [104]).parts == (104, 116, 128, 140)
    compound = level_anew(Mode.COMPOUND, [104])
    assert compound.parts == (104, D("114.83"), D("126.79"), 140)
    assert round(compound.rate, 4) == D("0.1042")
    assert level_anew(Mode.LINEAR, [95, 90]).parts == (95, 90, 115, 140)
    down = level_anew(Mode.LINEAR, [190], baseline=200, target=100, planned=(175, 150, 125, 100))
    assert down.parts == (190, 160, 130, 100)


def test_a_level_by_hand_keeps_its_places_on_the_way():
    found = level_anew(Mode.MANUAL, [105], planned=(120, 130, 130, 140))
    assert found.parts == (105, D("122.5"), D("122.5"), 140)
    assert level_anew(Mode.MANUAL, [105], planned=(140, 140, 140, 140)).parts[-1] == 140


def test_a_level_at_its_target_has_nothing_to_spread():
    for actual in (140, 150):
        assert level_anew(Mode.LINEAR, [actual]).flaw is SplitFlaw.REACHED
    assert level_anew(Mode.COMPOUND, [0]).flaw is SplitFlaw.NO_BASE


def test_what_cannot_be_rebalanced_says_why():
    assert rebalance(D(560), Mode.LINEAR, missed([None]), digits=0).flaw is SplitFlaw.MISSING
    assert rebalance(D(560), Mode.LINEAR, missed([D(560)]), digits=0).flaw is SplitFlaw.REACHED
    assert rebalance(D(560), Mode.COMPOUND, missed([D(0)]), digits=0).flaw is SplitFlaw.NO_BASE


amounts = st.decimals(min_value="0.01", max_value="1e9", places=2)
sizes_ = st.lists(st.decimals(min_value="0.1", max_value=1, places=2), min_size=2, max_size=13)


@given(amounts, amounts, sizes_, st.sampled_from([Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL]))
def test_every_mode_recomposes_exactly(total, base, sizes, mode):
    found = split_total(total, mode, sizes, base=base, shares=sizes, digits=2)
    if found.flaw is None:
        assert sum(found.parts) == total
        assert len(found.parts) == len(sizes)
        assert min(found.parts) >= 0
    else:
        assert found.flaw is SplitFlaw.NEGATIVE


@given(amounts, amounts, sizes_, st.sampled_from(list(Mode)), st.data())
def test_every_rebalancing_recomposes_exactly(total, base, sizes, mode, data):
    planned = [total / len(sizes)] * len(sizes)
    count = data.draw(st.integers(1, len(sizes) - 1))
    actual = data.draw(st.lists(amounts, min_size=count, max_size=count))
    found = rebalance(total, mode, Missed(planned, actual, sizes), digits=2)
    if found.flaw is None:
        assert sum(found.parts) == total
        assert list(found.parts[:count]) == actual
