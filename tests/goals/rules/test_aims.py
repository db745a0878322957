"""Keeping a line: what counts as kept, and how far the present is from breaking."""

from decimal import Decimal

import pytest

from goals.rules.aims import Aim, Keeping, keeping, margin

D = Decimal


@pytest.mark.parametrize(
    ("aim", "value", "found"),
    [
        (Aim.ABOVE, "5", "2"),
        (Aim.ABOVE, "3", "0"),
        (Aim.ABOVE, "1", "-2"),
        (Aim.BELOW, "1", "2"),
        (Aim.BELOW, "3", "0"),
        (Aim.BELOW, "5", "-2"),
    ],
)
def test_the_margin_is_positive_on_the_right_side(aim, value, found):
    assert margin(aim, D(value), line=D(3)) == D(found)


def test_days_count_by_the_periods_they_stand_in_and_exactly_on_the_line_is_kept():
    found = keeping(Aim.ABOVE, [(31, D(4)), (28, D(3)), (31, D(2))], line=D(3), present=D(2))
    assert (found.days, found.kept, found.margin) == (90, 59, D(-1))
    assert found.share == D(59) / 90
    assert found.is_broken


def test_a_period_without_a_value_is_neither_kept_nor_broken():
    found = keeping(Aim.BELOW, [(31, None), (28, D(1))], line=D(3), present=None)
    assert (found.days, found.kept, found.share, found.is_broken) == (28, 28, D(1), False)


def test_nothing_judged_has_no_share():
    assert Keeping().share is None
    assert margin(Aim.ABOVE, None, line=D(3)) is None
