import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rules.amounts import LIMIT, Unfit, largest, plain, read_amount, scale_amount, unscale


@pytest.mark.parametrize(
    ("value", "decimals", "scaled"),
    [
        ("19.99", 2, 1999),
        (Decimal("19.99"), 2, 1999),
        (5, 0, 5),
        (5, 3, 5000),
        ("-12.5", 1, -125),
        ("+7", 0, 7),
        (".5", 1, 5),
        ("1e3", 0, 1000),
        ("1.5E-3", 4, 15),
        ("-0", 2, 0),
        (Decimal("-0.0"), 2, 0),
        ("0.000001", 6, 1),
        ("999999999.999999", 6, 999999999999999),
        ("1000000000", 6, LIMIT),
        ("1e-41", 6, 0),
        ("1e-999999999", 6, 0),
        ("0e999999999", 6, 0),
        (Decimal("0e999999"), 6, 0),
    ],
)
def test_a_number_is_scaled_by_the_decimals(value, decimals, scaled):
    found = read_amount(value, decimals)
    assert found == scaled
    assert str(found) == str(scaled)  # never minus zero


@pytest.mark.parametrize(
    ("value", "scaled"),
    [
        ("2.675", 268),
        ("-2.675", -268),
        ("2.674999", 267),
        ("0.005", 1),
        ("-0.005", -1),
        ("0.004", 0),
    ],
)
def test_R08_more_decimals_than_the_metric_has_are_rounded_half_up(value, scaled):
    assert read_amount(value, 2) == scaled


@pytest.mark.parametrize(
    "value",
    [
        "NaN", "nan", "Infinity", "-inf", "sNaN", "1,234.5", "1.234,5", "１２",
        "٣", " 5 ", "5 ",
        "0x10", "5%", "1\u00a0234", "1 234", "1_000", "", " ", "-", ".", "e5", "1e",
        "--1", "1.2.3", "five",
        "5\n", "\u22125", True, False, None, [], {}, [1], Decimal("NaN"), Decimal("Infinity"), 1.5,
    ],
)  # fmt: skip
def test_I16_what_is_no_plain_number_is_refused(value):
    assert read_amount(value, 2) == Unfit("not_a_number")


@pytest.mark.parametrize(
    ("value", "decimals"),
    [
        ("1e400", 0),
        (Decimal("1e400"), 0),
        ("1e999999999", 0),
        (Decimal("1e999999"), 0),
        ("123456789012345678.123456", 6),
        (Decimal("123456789012345678.123456"), 6),
        ("1000000000.000001", 6),
        (10**15 + 1, 0),
        (-(10**30), 0),
        (10**15, 1),
    ],
)
def test_Q14_what_is_too_large_is_refused(value, decimals):
    assert read_amount(value, decimals) == Unfit("out_of_range")


def test_the_limit_is_named_in_the_metrics_unit():
    assert largest(6) == "1000000000.000000"
    assert largest(0) == "1000000000000000"


@given(st.integers(-LIMIT, LIMIT), st.integers(0, 6))
def test_scaling_there_and_back_changes_nothing(value, decimals):
    number = unscale(value, decimals)
    assert scale_amount(number, decimals) == value
    assert read_amount(format(number, "f"), decimals) == value


@given(st.integers(-(10**37), 10**37), st.integers(0, 6))
def test_sums_of_any_size_are_unscaled_exactly(total, decimals):
    assert unscale(total, decimals) * 10**decimals == total or len(str(total)) > 28
    assert format(unscale(total, decimals), "f").replace(".", "").lstrip("-0") == str(
        abs(total)
    ).lstrip("0")


@given(st.text(max_size=12))
def test_no_text_makes_it_stumble(text):
    found = read_amount(text, 2)
    fits = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text, re.ASCII)
    assert isinstance(found, Unfit) or fits


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("6.2300", "6.23"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("0.000", "0"),
        ("-1.50", "-1.5"),
        ("7", "7"),
    ],
)
def test_plain_text_has_no_exponent_and_no_needless_zero(value, text):
    assert plain(Decimal(value)) == text


def test_plain_keeps_nothing_as_nothing():
    assert plain(None) is None
