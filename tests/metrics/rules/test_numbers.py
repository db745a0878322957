"""I16: number texts are read by the stated marks, or refused with a reason; never a guess."""

from decimal import Decimal

import pytest

from metrics.rules.numbers import number_reader, proven_decimal


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "value"),
    [
        (".", "", "5", "5"),
        (".", "", " 5 ", "5"),
        (".", "", "-5", "-5"),
        (".", "", "+5.25", "5.25"),
        (".", "", "\u22125", "-5"),
        (".", "", ".5", "0.5"),
        (".", "", "5.", "5"),
        (".", "", "1e3", "1000"),
        (".", "", "1.5E-05", "0.000015"),
        (".", "", "-0", "0"),
        (",", "", "1234,5", "1234.5"),
        (",", ".", "1.234,5", "1234.5"),
        (".", ",", "1,234.5", "1234.5"),
        (".", ",", "1234.5", "1234.5"),
        (",", " ", "1\u00a0234,5", "1234.5"),
        (",", " ", "1\u202f234\u202f567", "1234567"),
        (".", "'", "1'234.5", "1234.5"),
    ],
)
def test_I16_a_number_by_the_stated_marks(decimal, thousands, text, value):
    assert number_reader(decimal, thousands)(text) == Decimal(value)


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "code"),
    [
        (".", "", "NaN", "not_a_number"),
        (".", "", "Infinity", "not_a_number"),
        (".", "", "-inf", "not_a_number"),
        (".", "", "1e400", "out_of_range"),
        (".", "", "1e-999999999", "out_of_range"),
        (".", "", "1e9999999999", "not_a_number"),
        (".", "", "1,234.5", "is_grouped"),
        (".", "", "1,234", "is_grouped"),
        (".", "", "1 234", "is_grouped"),
        (".", "", "1\u00a0234", "is_grouped"),
        (".", "", "1.234,5", "not_a_number"),
        (".", "", "1,5", "other_decimal_mark"),
        (",", "", "1.5", "other_decimal_mark"),
        (",", "", "1.234,5", "is_grouped"),
        (".", ",", "1,23", "other_decimal_mark"),
        (".", ",", "12,34.5", "not_a_number"),
        (".", "", "１２", "not_a_number"),
        (".", "", "۱۲", "not_a_number"),
        (".", "", "0x10", "not_a_number"),
        (".", "", "1_000", "not_a_number"),
        (".", "", "5%", "is_percent"),
        (".", "", "34.5 %", "is_percent"),
        (".", "", "< 10%", "is_percent"),
        (".", "", "5 EUR", "not_a_number"),
        (".", "", "", "not_a_number"),
        (".", "", "-", "not_a_number"),
        (".", "", ".", "not_a_number"),
        (".", "", "--5", "not_a_number"),
        (".", "", "1 2", "not_a_number"),
        (".", "", "=1+1", "not_a_number"),
        (".", "", "9" * 61, "not_a_number"),
        (".", "", "0b1\ud800", "not_a_number"),
    ],
)
def test_I16_what_is_no_number_says_why(decimal, thousands, text, code):
    assert number_reader(decimal, thousands)(text) == code


def test_I14_a_hostile_cell_is_refused_in_no_time():
    read = number_reader(".", ",")
    assert read("1," * 100_000) == "not_a_number"
    assert read("1 " * 100_000 + "x") == "not_a_number"


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1", "20"], ""),
        (["1.234", "5"], ""),
        (["1.234", "5.5"], "."),
        (["0.512"], "."),
        (["1234.567"], "."),
        (["1,234.50"], "."),
        (["1.234,50"], ","),
        (["1.234.567"], ","),
        (["0,5", "12"], ","),
        (["0,5", "0.5"], ""),
        (["5 %", "x", "1.2.3"], ""),
    ],
)
def test_I16_numbers_prove_their_decimal_mark_or_nothing(texts, mark):
    assert proven_decimal(texts) == mark


def test_I16_without_a_mark_what_may_be_grouped_is_refused():
    read = number_reader("")
    assert read("1.234") == read("-12,345") == "grouped_or_not"
    assert read("0.512") == Decimal("0.512")
    assert read("1.2345") == Decimal("1.2345")
    assert number_reader("", native=True)("۱٫۲۳۴") == Decimal("1.234")
