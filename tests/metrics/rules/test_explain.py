from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from metrics.rules.aggregation import divide
from metrics.rules.explain import Share, Whole, added, split_ratio, split_sum

HUNDRED = Decimal(100)
amounts = st.one_of(
    st.none(), st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-2)), st.just(Decimal(0))
)
windows = st.dictionaries(st.sampled_from("abcdefgh"), st.builds(Share, amounts, amounts))


def whole(shares):
    above = added(one.above or Decimal(0) for one in shares.values())
    below = added(one.below or Decimal(0) for one in shares.values())
    value = divide(above, below, HUNDRED)
    return None if value is None else Whole(above, below, value)


def split(before, after):
    return split_ratio(before, after, whole=(whole(before), whole(after)), scale=HUNDRED)


def share(above, below):
    return Share(Decimal(above), Decimal(below))


@given(windows, windows)
def test_mix_and_rate_add_up_to_the_change_exactly(before, after):
    old, new = whole(before), whole(after)
    if old is None or new is None:
        return
    moved = split(before, after)
    assert moved.change == new.value - old.value
    assert added([moved.mix, moved.rate, moved.unrated]) == moved.change
    assert moved.overlap == 0
    assert added(part.effect for part in moved.values()) == moved.change


def test_simpson_every_segment_better_and_the_whole_worse():
    moved = split(
        {"mail": share(90, 900), "ads": share(1, 100)},
        {"mail": share(12, 100), "ads": share(18, 900)},
    )
    assert moved.change == Decimal("-6.1")
    assert moved.rate > 0
    assert moved.mix < 0
    assert moved["mail"].rate > 0 < moved["ads"].rate
    assert moved["ads"].mix < 0  # it grew, and lies below the mean


def test_only_rates_move():
    moved = split({"a": share(1, 10), "b": share(2, 10)}, {"a": share(2, 10), "b": share(2, 10)})
    assert (moved.mix, moved.rate) == (0, moved.change)
    assert moved["a"].rate == Decimal(5)


def test_a_segment_that_appears_or_vanishes_is_all_mix():
    moved = split({"a": share(1, 10), "old": share(5, 10)}, {"a": share(1, 10), "new": share(0, 5)})
    for name in ("old", "new"):
        assert moved[name].rate == 0
        assert moved[name].mix != 0
    assert moved["new"].value_before is None
    assert moved["old"].value_after is None


def test_a_numerator_without_a_denominator_is_told_apart():
    moved = split({"a": share(1, 10)}, {"a": share(1, 10), "lost": share(1, 0)})
    assert moved["lost"].unrated == moved.change == Decimal(10)
    assert (moved.mix, moved.rate) == (0, 0)


def test_people_in_several_segments_leave_a_rest():
    before, after = {"a": share(5, 10), "b": share(5, 10)}, {"a": share(6, 10), "b": share(5, 10)}
    ends = (
        Whole(Decimal(8), Decimal(15), Decimal("53.3333333333")),
        Whole(Decimal(8), Decimal(15), Decimal("53.3333333333")),
    )
    moved = split_ratio(before, after, whole=ends, scale=HUNDRED)
    assert moved.overlap != 0
    assert added([moved.mix, moved.rate, moved.unrated, moved.overlap]) == moved.change


@given(
    st.dictionaries(st.sampled_from("abc"), amounts),
    st.dictionaries(st.sampled_from("abcd"), amounts),
)
def test_parts_of_a_sum_add_up(before, after):
    change = added(v or Decimal(0) for v in after.values()) - added(
        v or Decimal(0) for v in before.values()
    )
    steps, rest = split_sum(before, after, change=change)
    assert added(step.effect for step in steps.values()) == change
    assert rest == 0
