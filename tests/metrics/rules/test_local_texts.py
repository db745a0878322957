"""I16: digits, month names and calendars of other languages, each read only where it is stated."""

from datetime import date
from decimal import Decimal

import pytest

from metrics.rules.dayformats import day_reader
from metrics.rules.numbers import number_reader


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "value"),
    [
        (".", "", "۱۲۳۴", "1234"),
        (".", "", "٣٫٥", "3.5"),
        (".", ",", "١٬٢٣٤٫٥", "1234.5"),
        (",", ".", "๑.๒๓๔,๕", "1234.5"),
        (".", "", "\u200f۱۲", "12"),
        (".", "", "12", "12"),
    ],
)
def test_I16_native_digits_are_read_where_the_mapping_says_so(decimal, thousands, text, value):
    assert number_reader(decimal, thousands, native=True)(text) == Decimal(value)
    if not text.isascii():
        assert isinstance(number_reader(decimal, thousands)(text), str)


@pytest.mark.parametrize("text", ["１２", "۱٬۲۳۴", "۱۲%", "۱۲ ۳۴"])
def test_I16_what_native_digits_do_not_say_is_still_refused(text):
    assert isinstance(number_reader(native=True)(text), str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("168,4082 €", "168.4082"),
        ("€ 5", "5"),
        ("-€1.234,50", "-1234.5"),
        ("-5\u00a0€", "-5"),
        ("7", "7"),
    ],
)
def test_I16_a_sign_of_money_stands_before_or_behind(text, value):
    assert number_reader(",", ".", signs=("€",))(text) == Decimal(value)


@pytest.mark.parametrize("text", ["€€5", "5 $", "€", "5 € €"])
def test_I16_other_signs_are_refused(text):
    assert isinstance(number_reader(",", ".", signs=("€",))(text), str)


@pytest.mark.parametrize(
    ("form", "names", "options", "text", "day"),
    [
        ("%d de %b de %Y", "pt", {}, "10 de dez. de 2022", "2022-12-10"),
        ("%d %B %Y", "it", {}, "3 Febbraio 2026", "2026-02-03"),
        ("%d %B %Y", "th", {"calendar": "buddhist"}, "5 มีนาคม 2569", "2026-03-05"),
        ("%d %b %Y", "th", {}, "5 มี.ค. 2026", "2026-03-05"),
        ("%d %B, %Y", "vi", {}, "12 tháng 5, 2026", "2026-05-12"),
        ("%d %b %Y", "vi", {}, "12 thg 12 2026", "2026-12-12"),
        ("%Y/%m/%d", "fa", {"calendar": "jalali", "native": True}, "۱۴۰۵/۰۱/۰۱", "2026-03-21"),
        ("%d %B %Y", "fa", {"calendar": "jalali"}, "1 فروردین 1405", "2026-03-21"),
        ("%d. %B", "de", {"year": 2026}, "3. März", "2026-03-03"),
        ("%a, %b %d, %Y %H:%M", "en", {}, "Mon, Apr 26, 2021 12:25", "2021-04-26"),
        ("%d/%m/%Y", "en", {"native": True}, "٠١/٠٢/٢٠٢٦", "2026-02-01"),
    ],
)
def test_Q10_days_of_other_languages_and_calendars(form, names, options, text, day):
    assert day_reader(form, names, **options)(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("form", "names", "options", "text"),
    [
        ("%Y/%m/%d", "en", {}, "۱۴۰۵/۰۱/۰۱"),
        ("%Y/%m/%d", "fa", {"calendar": "jalali"}, "1404/12/30"),
        ("%d %B %Y", "it", {}, "3 février 2026"),
        ("%d. %B", "de", {"year": 2025}, "29. Februar"),
    ],
)
def test_Q10_a_day_that_there_is_not_is_refused(form, names, options, text):
    assert day_reader(form, names, **options)(text) is None
