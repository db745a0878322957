"""Notices say values with their unit and days as people of the reader's language write them."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from workspaces.queries.events import sentence_of

ALERT = {
    "name": "Dear", "metric": "Ad CTR", "value": "1.43", "unit": "percent", "decimals": 2,
    "currency": "", "period": "2026-W47", "start": "2026-11-16", "grain": "week",
}  # fmt: skip
LATE = {"metrics": "Clicks", "source": "ads", "until": "2020-12-23"}


def told(verb, data, language="en"):
    with override(language):
        return sentence_of(SimpleNamespace(verb=verb, by_name="", data=data)).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("verb", "data", "words"),
    [
        ("alert.opened", ALERT, "Dear: Ad CTR was 1.43 % (W47 2026)"),
        (
            "alert.closed",
            ALERT | {"value": "41.7", "unit": "currency", "currency": "EUR"},
            "Dear: Ad CTR is back, 41.70\u00a0EUR (W47 2026)",
        ),
        (
            "alert.opened",
            {"name": "Old", "metric": "CTR", "value": "1.43", "period": "2026-W47"},
            "Old: CTR was 1.43 (2026-W47)",
        ),
        ("data.late", LATE, "No data of Clicks from ads since 23 Dec 2020"),
        (
            "target.set",
            {"name": "CTR", "value": "2.5", "unit": "percent", "decimals": 1},
            "MOps set a target for CTR: 2.5 %",
        ),
    ],
)
def test_a_notice_is_read_with_units_and_days(verb, data, words):
    assert told(verb, data) == words


def test_a_notice_is_in_the_digits_of_the_reader():
    assert "۲۰۲۰" in told("data.late", LATE, "fa")
    assert "2020" not in told("data.late", LATE, "fa")
