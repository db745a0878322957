"""How far a goal has come: product.md 5.5 and the vectors of 5.7."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goals.rules.pace import elapsed_share, pace
from goals.rules.progress import Basis, expected, growth, progress, share_between
from metrics.rules.periods import Span

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
shares = st.decimals(min_value=0, max_value=1, places=6)


def D(text) -> Decimal:
    return Decimal(str(text))


def test_vector_3_half_of_the_way_down_is_half_done():
    assert progress(Basis.LEVEL, value=D(100), target=D(0), baseline=D(200)) == D("0.5")


def test_vector_5_standing_at_the_baseline_is_nothing_done():
    assert progress(Basis.LEVEL, value=D(1000), target=D(1250), baseline=D(1000)) == 0


def test_vector_11_a_sum_is_not_measured_from_its_baseline():
    window = Span(date(2020, 1, 1), date(2020, 12, 31))
    baseline, value = D(171_934), D(17_826)
    target = baseline * D("1.25")
    assert target == D("214917.5")
    done = progress(Basis.CUMULATIVE, value=value, target=target, baseline=baseline)
    assert round(done * 100, 1) == D("8.3")
    linear = pace(done, expected(Basis.CUMULATIVE, elapsed_share(window, date(2020, 1, 31))))
    assert round(linear, 1) == D("1.0")


@pytest.mark.parametrize(
    ("value", "share"), [("1250", "1"), ("1375", "1.5"), ("900", "-0.4"), ("1000", "0")]
)
def test_progress_is_neither_cut_at_the_target_nor_at_nothing(value, share):
    done = progress(Basis.LEVEL, value=D(value), target=D(1250), baseline=D(1000))
    assert done == D(share)


def test_growth_of_half_the_promise_is_half_done():
    done = progress(Basis.YOY, value=D(120), target=D(1400), baseline=D(1000), year_ago=D(100))
    assert done == D("0.5")


def test_a_promised_fall_counts_downwards():
    done = progress(Basis.YOY, value=D(95), target=D(900), baseline=D(1000), year_ago=D(100))
    assert done == D("0.5")


def test_what_cannot_be_computed_is_nothing_rather_than_zero():
    assert progress(Basis.LEVEL, value=None, target=D(2), baseline=D(1)) is None
    assert progress(Basis.LEVEL, value=D(1), target=D(2), baseline=None) is None
    assert progress(Basis.CUMULATIVE, value=D(1), target=D(0), baseline=None) is None
    assert progress(Basis.YOY, value=D(1), target=D(2), baseline=D(1), year_ago=None) is None
    assert progress(Basis.YOY, value=D(1), target=D(2), baseline=D(1), year_ago=D(0)) is None
    assert growth(D(1), D(-5)) is None


@pytest.mark.parametrize(
    ("basis", "share"),
    [(Basis.CUMULATIVE, "0.3"), (Basis.LEVEL, "0.3"), (Basis.AVERAGE, "1"), (Basis.YOY, "1")],
)
def test_sums_and_levels_are_expected_step_by_step_and_averages_at_once(basis, share):
    assert expected(basis, D("0.3")) == D(share)
    assert expected(basis, D(0)) == 0


@given(baseline=amounts, target=amounts)
def test_the_target_is_always_all_and_the_baseline_always_nothing(baseline, target):
    assume(baseline != target)
    assert share_between(target, baseline=baseline, target=target) == 1
    assert share_between(baseline, baseline=baseline, target=target) == 0


@given(baseline=amounts, target=amounts, value=amounts)
def test_up_and_down_are_mirror_images(baseline, target, value):
    assume(baseline != target)
    up = share_between(value, baseline=baseline, target=target)
    down = share_between(-value, baseline=-baseline, target=-target)
    assert up == down


@given(baseline=amounts, target=amounts, first=amounts, second=amounts)
def test_moving_towards_the_target_never_lowers_progress(baseline, target, first, second):
    assume(baseline != target)
    nearer, farther = (second, first) if target > baseline else (first, second)
    nearer, farther = (
        (max(first, second), min(first, second))
        if target > baseline
        else (min(first, second), max(first, second))
    )
    assert share_between(nearer, baseline=baseline, target=target) >= share_between(
        farther, baseline=baseline, target=target
    )


@given(basis=st.sampled_from(list(Basis)), earlier=shares, later=shares)
def test_what_is_expected_never_shrinks_with_time(basis, earlier, later):
    earlier, later = sorted([earlier, later])
    assert 0 <= expected(basis, earlier) <= expected(basis, later) <= 1
