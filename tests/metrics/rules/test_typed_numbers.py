"""Numbers as people type them into a field of its own."""

from decimal import Decimal

import pytest
from django import forms

from goals.forms.fields import AmountField, CheckpointsField
from metrics.forms.numbers import NumberField
from metrics.rules.typed import read_number

READ = {
    "25,5": "25.5",
    "0,125": "0.125",
    "-2,5": "-2.5",
    "\u2212 2,5": "-2.5",
    "25.5": "25.5",
    "1.250": "1.250",
    "1,250.5": "1250.5",
    "1.250,5": "1250.5",
    "1,250,000": "1250000",
    "1.250.000": "1250000",
    "1 250,5": "1250.5",
    "1\u202f250": "1250",
    "۲۵٫۵": "25.5",
    "۱٬۲۵۰": "1250",
    "๒๕,๕": "25.5",
}


@pytest.mark.parametrize(("text", "number"), READ.items())
def test_a_lone_comma_is_a_decimal_mark_where_nothing_else_can_be_meant(text, number):
    assert read_number(text) == Decimal(number)
    assert AmountField().clean(text) == Decimal(number)
    assert NumberField().clean(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,250", "-1,250", "12,345"])
def test_what_can_be_read_in_two_ways_is_refused_and_says_so(text):
    for field in (AmountField(), NumberField()):
        with pytest.raises(forms.ValidationError, match="two ways"):
            field.clean(text)


@pytest.mark.parametrize(
    "text", ["x", "1,2,3", "1..2", "1e5", "nan", "--1", ",", "1,25,0", "9" * 70]
)
def test_what_is_no_number_is_refused(text):
    for field in (AmountField(), NumberField()):
        with pytest.raises(forms.ValidationError, match="such as 25"):
            field.clean(text)


def test_a_percent_sign_and_checkpoints_are_read_by_the_same_rule():
    assert AmountField().clean("25,5 %") == Decimal("25.5")
    (found,) = CheckpointsField().clean("2026-03-31 25,5")
    assert found.value == Decimal("25.5")
    with pytest.raises(forms.ValidationError, match="Line 1"):
        CheckpointsField().clean("2026-03-31 1,250")


def test_nothing_is_no_number():
    assert AmountField(required=False).clean(" ") is None
    assert NumberField(required=False).clean("") is None
