"""What may be promised, and what makes no sense (R10)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.progress import Basis
from goals.rules.targets import Flaw, Target, flaw, percent_of, value_of

D = Decimal
percents = st.decimals(min_value=-99, max_value=1000, places=2)
bases = st.decimals(min_value="0.01", max_value=10**9, places=2)


def test_a_percent_is_of_the_baseline_and_is_exact():
    assert value_of(Target(percent=D(25)), D(171_934)) == D("214917.5")
    assert value_of(Target(percent=D("0.05")), D(1000)) == D("1000.5")
    assert value_of(Target(value=D(7)), D(1000)) == 7
    assert value_of(Target(percent=D(5)), None) is None


@given(percent=percents, baseline=bases)
def test_percent_and_value_say_the_same(percent, baseline):
    back = percent_of(value_of(Target(percent=percent), baseline), baseline)
    assert abs(back - percent) < D("1e-15")


def test_a_percent_of_nothing_or_less_is_refused():
    for baseline in (D(0), D(-5)):
        found = flaw(Basis.LEVEL, Target(percent=D(25)), baseline, lower_is_better=False)
        assert found is Flaw.PERCENT_OF_NOTHING
        assert percent_of(D(5), baseline) is None


def test_growth_on_a_year_of_nothing_is_refused_even_as_a_value():
    assert (
        flaw(Basis.YOY, Target(value=D(5)), D(0), lower_is_better=False) is Flaw.PERCENT_OF_NOTHING
    )


@pytest.mark.parametrize("basis", [Basis.LEVEL, Basis.AVERAGE, Basis.YOY])
def test_a_target_at_the_baseline_is_refused_unless_it_is_a_sum(basis):
    assert flaw(basis, Target(value=D(9)), D(9), lower_is_better=False) is Flaw.SAME_AS_BASELINE
    assert flaw(basis, Target(percent=D(0)), D(9), lower_is_better=True) is Flaw.SAME_AS_BASELINE
    assert flaw(Basis.CUMULATIVE, Target(value=D(9)), D(9), lower_is_better=False) is None


def test_lower_is_better_may_go_to_zero_and_below():
    assert flaw(Basis.LEVEL, Target(value=D(0)), D(200), lower_is_better=True) is None
    assert flaw(Basis.LEVEL, Target(value=D(-3)), D(2), lower_is_better=True) is None


def test_a_sum_may_promise_as_much_as_before_and_a_lower_ceiling_but_not_less_of_the_good():
    for percent, lower, found in (
        (D(0), False, None),
        (D(-10), True, None),
        (D(5), True, None),
        (D(-10), False, Flaw.WRONG_WAY),
    ):
        target = Target(percent=percent)
        assert flaw(Basis.CUMULATIVE, target, D(100), lower_is_better=lower) is found


def test_a_target_on_the_wrong_side_of_the_baseline_is_refused():
    assert flaw(Basis.LEVEL, Target(value=D(3)), D("3.2"), lower_is_better=False) is Flaw.WRONG_WAY
    assert flaw(Basis.YOY, Target(percent=D(5)), D(100), lower_is_better=True) is Flaw.WRONG_WAY


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_sum_needs_a_target_above_zero(value):
    assert (
        flaw(Basis.CUMULATIVE, Target(value=D(value)), None, lower_is_better=False)
        is Flaw.NOT_POSITIVE
    )


def test_only_a_sum_with_a_value_may_do_without_a_baseline():
    assert flaw(Basis.CUMULATIVE, Target(value=D(5)), None, lower_is_better=False) is None
    assert (
        flaw(Basis.CUMULATIVE, Target(percent=D(5)), None, lower_is_better=False)
        is Flaw.NO_BASELINE
    )
    assert flaw(Basis.LEVEL, Target(value=D(5)), None, lower_is_better=False) is Flaw.NO_BASELINE
