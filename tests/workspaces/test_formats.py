from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from workspaces.queries import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (24318, 0, "24,318"),
        (Decimal("2.845"), 2, "2.85"),
        (Decimal("-0.005"), 2, "−0.01"),
        (Decimal("1234567.5"), None, "1,234,567.5"),
        ("44.10", 2, "44.10"),
        (0, 2, "0.00"),
        (1e21, 0, "1,000,000,000,000,000,000,000"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_up(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize("value", [None, "", "n/a", float("nan"), float("inf"), True])
def test_what_is_no_number_is_said_in_words_and_never_as_zero(value):
    assert formats.number(value, 2) == "no data"
    assert formats.percent(value) == "no data"
    assert formats.percentage(value) == "no data"
    assert formats.duration(value) == "no data"
    assert formats.measured(value, unit="percent", decimals=2) == "no data"


def test_a_value_that_rounds_to_zero_keeps_no_sign():
    assert formats.number(Decimal("-0.001"), 2) == "0.00"


def test_signs_are_true_ones():
    assert formats.number(3, 0, sign=True) == "+3"
    assert formats.number(-3, 0, sign=True) == "−3"
    assert formats.number(0, 0, sign=True) == "0"


def test_a_share_reads_as_percent_with_a_narrow_space():
    assert formats.percent(Decimal("0.083"), 1) == "8.3\u202f%"
    assert formats.percentage(Decimal("6.23"), 2) == "6.23\u202f%"


def test_persian_has_its_own_digits_signs_and_no_space():
    with translation.override("fa"):
        assert formats.number(Decimal("-1234.5"), 1) == "\u200e−۱٬۲۳۴٫۵"
        assert formats.percent(Decimal("0.083"), 1) == "۸٫۳٪"
        assert formats.day(date(2026, 9, 17)) == "\u2068۱۷ سپتامبر ۲۰۲۶\u2069"
        assert formats.digits("4/7") == "۴/۷"


@pytest.mark.parametrize(("language", "text"), [("vi", "12.345,6"), ("pl", "12\xa0345,6")])
def test_every_language_groups_its_thousands(language, text):
    with translation.override(language):
        assert formats.number(Decimal("12345.6"), 1) == text


def test_an_unknown_language_reads_as_english():
    with translation.override("xx"):
        assert formats.number(1234, 0) == "1,234"


@pytest.mark.parametrize(
    ("unit", "currency", "pair", "text"),
    [
        ("count", "", ("44.10", ""), "44.10"),
        ("percent", "", ("44.10", "%"), "44.10\u202f%"),
        ("currency", "EUR", ("44.10", "EUR"), "44.10\xa0EUR"),
        ("duration", "", ("44\xa0s", ""), "44\xa0s"),
    ],
)
def test_a_measure_carries_its_unit(unit, currency, pair, text):
    value = Decimal("44.1")
    assert formats.measure(value, unit=unit, decimals=2, currency=currency) == pair
    assert formats.measured(value, unit=unit, decimals=2, currency=currency) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (5400, "1 h 30 min"),
        (86400, "1 d"),
        (90061, "1 d 1 h"),
        (-60, "−1 min"),
    ],
)
def test_a_duration_names_its_two_largest_units(seconds, text):
    assert formats.duration(seconds).replace("\xa0", " ") == text


def test_days_are_written_as_people_say_them():
    day = date(2026, 9, 17)
    assert formats.day(day) == "17 Sep 2026"
    assert formats.daymonth(day) == "17 Sep"
    assert formats.day(day, "EEEE, d MMMM") == "Thursday, 17 September"
    assert formats.day("2026-09-17") == "17 Sep 2026"
    assert formats.day(None) == formats.day("soon") == "no date"


def test_a_span_names_a_shared_year_once():
    assert formats.span(date(2026, 8, 10), date(2026, 11, 18)) == "10 Aug – 18 Nov 2026"
    assert formats.span(date(2026, 4, 1), date(2027, 3, 31)) == "1 Apr 2026 – 31 Mar 2027"


def test_a_moment_is_told_in_the_active_time_zone():
    at = datetime(2026, 11, 18, 23, 10, tzinfo=UTC)
    with timezone.override("Asia/Tehran"):
        assert formats.moment(at) == "19 Nov 2026, 02:40"
        assert formats.day(at) == "19 Nov 2026"
    assert formats.moment(None) == "never"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(126_000, "35 h"), (23_040, "6 h 24 min"), (0, "0 min"), (-5400, "−1 h 30 min")],
)
def test_working_time_is_told_in_hours_never_in_days(seconds, words):
    assert formats.worktime(seconds).replace("\u00a0", " ") == words


def test_a_span_runs_from_the_right_inside_a_foreign_sentence():
    """Two isolated days have no direction of their own: the whole span says it."""
    with translation.override("fa"):
        text = formats.span(date(2026, 8, 10), date(2026, 11, 18))
    assert (text[0], text[-1]) == ("\u2067", "\u2069")
