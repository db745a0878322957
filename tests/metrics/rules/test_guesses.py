"""Names for new metrics."""

import pytest

from metrics.rules.dims import NAME
from metrics.rules.fileshapes import FileShape
from metrics.rules.guesses import guess_mapping, metric_key, metric_name


@pytest.mark.parametrize(
    ("column", "key", "name"),
    [
        ("stats.total_clicks", "total_clicks", "Total clicks"),
        ("Send Count", "send_count", "Send Count"),
        ("2020", "m_2020", "2020"),
        ("łódź", "d", "Łódź"),
        ("کلیک", "m", "کلیک"),
        ("#3", "m_3", "#3"),
    ],
)
def test_a_new_metric_gets_a_key_and_a_name_from_its_column(column, key, name):
    assert (metric_key(column), metric_name(column)) == (key, name)
    assert NAME.match(metric_key(column))


def test_a_long_name_gives_a_key_that_fits():
    assert NAME.match(metric_key("x" * 300))


def test_days_with_month_names_of_other_languages_are_guessed():
    for text, language in (
        ("3. März 2026", "de"),
        ("3 de fev. de 2022", "pt"),
        ("5 maja 2026", "pl"),
    ):
        guess = guess_mapping(["d", "n"], [[text, "1"], [text, "2"]], FileShape())
        assert guess.day.month_names == language


def test_digits_of_other_scripts_are_noticed():
    guess = guess_mapping(["day", "n"], [["۲۰۲۶-۰۱-۰۵", "۱۲"], ["۲۰۲۶-۰۱-۰۶", "۱۳"]], FileShape())
    assert (guess.shape.digits, guess.day.format) == ("native", "%Y-%m-%d")
    assert guess.metrics == (("n", 0),)
