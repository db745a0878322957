"""Exact amounts as text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.amounts import canonical, loaded, parse, rounded, stored

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25", D(25)),
        (" 25.50 ", D("25.5")),
        ("-3", D(-3)),
        ("123456789012345.123456789", D("123456789012345.123456789")),
    ],
)
def test_plain_numbers_are_read(text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25%",
        "1,250",
        "1e3",
        "NaN",
        "Infinity",
        "0x7",
        "--1",
        "1.",
        ".5",
        "1234567890123456",
        "1.1234567891",
        "٢٥",
    ],
)
def test_anything_else_is_not_a_number(text):
    assert parse(text) is None


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=9))
def test_what_is_stored_comes_back_exactly(value):
    assert loaded(stored(value)) == value


def test_one_value_has_one_text():
    assert canonical(D("1E+3")) == "1000"
    assert canonical(D("-0.0")) == "0"
    assert canonical(D("2.50")) == "2.5"
    assert stored(None) == ""
    assert loaded("") is None


def test_rounding_keeps_significant_digits():
    assert canonical(rounded(D(1) / D(3))) == "0.333333333333"
    assert canonical(rounded(D("1234567.891"), 3)) == "1230000"
    assert canonical(rounded(D(0))) == "0"
