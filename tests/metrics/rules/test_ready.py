"""Which rates the columns of a file make possible."""

import pytest

from metrics.rules.ready import ready_rates


@pytest.mark.parametrize(
    ("columns", "rates"),
    [
        ("day campaign impressions clicks", {"ad_ctr"}),
        (
            "Day Impressions Clicks Cost Conversions Revenue",
            {"ad_ctr", "cpc", "cpm", "cost_per_conversion", "conversion_rate", "roas"},
        ),
        ("Wyświetlenia Kliknięcia Koszt", {"ad_ctr", "cpc", "cpm"}),
        ("Sent Delivered Open Click Bounce", {"ctr_delivered", "bounce_rate"}),
        ("کلیک نمایش", set()),
    ],
)
def test_the_words_of_the_tools_say_what_can_be_divided(columns, rates):
    found = ready_rates({name: f"m{place}" for place, name in enumerate(columns.split())})
    assert {one.starter.key for one in found} == rates
