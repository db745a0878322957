"""Names for new metrics."""

import pytest

from metrics.rules.dims import NAME
from metrics.rules.guesses import metric_key, metric_name


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
