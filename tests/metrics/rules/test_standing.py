from decimal import Decimal

from metrics.rules.standing import (
    Against,
    Band,
    Share,
    Trend,
    against,
    band_of,
    trend,
    trend_of_shares,
)

TEN = Decimal(10)


def test_a_share_changed_only_if_the_intervals_say_so():
    assert trend_of_shares(Share(56, 70), Share(48, 80), up=True) is Trend.BETTER
    assert trend_of_shares(Share(56, 70), Share(48, 80), up=False) is Trend.WORSE
    assert trend_of_shares(Share(12, 100), Share(10, 100), up=True) is Trend.UNCLEAR
    assert trend_of_shares(Share(20, 20), Share(1, 20), up=True) is Trend.UNCLEAR
    assert trend_of_shares(Share(142, 100), Share(50, 100), up=True) is Trend.UNCLEAR


def test_other_values_changed_if_they_differ_and_missing_is_not_zero():
    assert trend(TEN, Decimal(9), up=True) is Trend.BETTER
    assert trend(TEN, Decimal(9), up=False) is Trend.WORSE
    assert trend(TEN, TEN, up=True) is Trend.UNCLEAR
    assert trend(TEN, None, up=True) is Trend.NO_COMPARISON


def test_a_target_bounds_the_side_that_is_worse_unless_it_has_a_band():
    assert against(TEN, band_of(TEN, None, None, up=True)) is Against.ON_TARGET
    assert against(Decimal(11), band_of(TEN, None, None, up=False)) is Against.OFF_TARGET
    assert against(Decimal(8), band_of(TEN, Decimal(8), None, up=True)) is Against.ON_TARGET
    assert against(Decimal(13), Band(Decimal(8), Decimal(12))) is Against.OFF_TARGET
    assert against(None, Band(TEN, None)) is Against.NO_DATA
    assert against(TEN, None) is Against.NO_TARGET
