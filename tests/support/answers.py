"""Real files in ../shared/data and the answers computed from them apart from us.

Sums are equal after rounding to the metric's decimals; ratios within 1e-8 relative.
"""

import json
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
API = "/api/v1/workspaces/acme"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
Asked = tuple[int, Any]  # status, body


def answers_of(name):
    found = json.loads((DATA / name / "answers.json").read_text())
    return {entry["id"]: entry["answer"] for entry in found["questions"]}


class Reader:
    """Asks over REST: `ask(path, body)` posts the body, or gets where there is none."""

    def __init__(self, request: Callable[[str, Any], Asked]):
        self.request = request

    def define_ratio(self, key, numerator, denominator, scale="100"):
        body = {
            "key": key, "name": key, "kind": "ratio", "unit": "number", "decimals": 2,
            "direction": "up", "numerator": numerator, "denominator": denominator, "scale": scale,
        }  # fmt: skip
        status, told = self.request(f"{API}/metrics/", body)
        assert status in (200, 201), told

    def define_formula(self, key, formula):
        body = {
            "key": key, "name": key, "kind": "derived", "unit": "number", "decimals": 2,
            "direction": "up", "formula": formula,
        }  # fmt: skip
        status, told = self.request(f"{API}/metrics/", body)
        assert status in (200, 201), told

    def ask(self, metric, grain="year", **query):
        words = urlencode({"grain": grain, **query})
        status, found = self.request(f"{API}/metrics/{metric}/series/?{words}", None)
        assert status == 200, found
        assert found["pending"] is False
        return found

    def points(self, metric, grain, **query):
        """Values by label of a metric that is not broken down."""
        (line,) = self.ask(metric, grain, **query)["series"]
        return {point["period"]: point["value"] for point in line["points"]}

    def total(self, metric, **query):
        return self.ask(metric, **query)["total"]["value"]

    def totals_by(self, metric, dim, **query):
        """Totals by the value of one dimension."""
        found = self.ask(metric, by=dim, **query)
        return {line["dims"][dim]: line["total"]["value"] for line in found["series"]}


def assert_sums(found, expected, decimals=0):
    """Equal, after the answer's float is rounded to the metric's decimals."""
    unit = Decimal(1).scaleb(-decimals)
    told = {key: Decimal(value) for key, value in found.items() if value is not None}
    assert told == {
        key: Decimal(str(value)).quantize(unit, ROUND_HALF_UP) for key, value in expected.items()
    }


def assert_ratios(found, expected):
    """Within 1e-8 relative; null where null is expected.

    The answers are rounded to 8 decimals: half a unit of that is allowed on top.
    """
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert (found[key] is None) == (value is None), key
        if value is not None:
            off = abs(Decimal(found[key]) - Decimal(str(value)))
            assert off <= Decimal("1e-8") * abs(Decimal(str(value))) + Decimal("5.1e-9"), key


def only(found, *years):
    return {label: value for label, value in found.items() if label[:4] in years}


def change(before, after):
    return str((Decimal(after) - Decimal(before)) / Decimal(before) * 100)


def define_newsletter_rates(news):
    """The ratios that the answers ask for."""
    news.define_ratio("ctr", "unique_clicks", "sends")
    news.define_ratio("open_rate", "unique_opens", "sends")
    news.define_ratio("unsub_rate", "unsubs", "sends", scale="1000")
    delivered = "unique_clicks / (sends - soft_bounces - hard_bounces) * 100"
    news.define_formula("ctr_delivered", delivered)


def check_dip01_to_dip03_sums(news):
    expected = answers_of("data_is_plural")
    found = {key: news.total(key) for key in expected["dip01"]}
    assert_sums(found, expected["dip01"])
    months = news.points("total_clicks", "month")
    assert_sums(months, expected["dip02"])
    assert_sums(news.points("sends", "year"), expected["dip03"])
    for grain in ("quarter", "year"):
        sums = {}
        for label, value in expected["dip02"].items():
            year, month = label.split("-")
            name = year if grain == "year" else f"{year}-Q{(int(month) + 2) // 3}"
            sums[name] = sums.get(name, 0) + value
        assert_sums(news.points("total_clicks", grain), sums)


def check_dip04_to_dip07_ratios_of_sums(news):
    expected = answers_of("data_is_plural")
    assert_ratios(only(news.points("ctr", "month"), "2020"), expected["dip04"])
    years = news.points("ctr", "year")
    assert_ratios(years, {year: told["ctr_sent"] for year, told in expected["dip05"].items()})
    assert_ratios({"all": news.total("ctr")}, {"all": expected["dip06"]["ratio_of_sums"]})
    quarters = only(news.points("open_rate", "quarter"), "2019", "2020")
    assert_ratios(quarters, expected["dip07"])


def check_dip05_ctr_on_delivered_mail(news):
    """Delivered is sent less bounces: a formula over the sums."""
    expected = answers_of("data_is_plural")["dip05"]
    found = news.points("ctr_delivered", "year")
    assert_ratios(found, {year: told["ctr_delivered"] for year, told in expected.items()})


def check_dip11_the_best_editions(news):
    """An edition is a day: the five days with the highest rate."""
    expected = answers_of("data_is_plural")["dip11"]
    days = {day: value for day, value in news.points("ctr", "day").items() if value is not None}
    best = sorted(days, key=lambda day: (-Decimal(days[day]), day))[: len(expected)]
    assert best == [told["d"] for told in expected]
    assert_ratios({day: days[day] for day in best}, {told["d"]: told["ctr"] for told in expected})


def check_dip08_dip09_changes(news):
    expected = answers_of("data_is_plural")
    clicks, sends = news.points("unique_clicks", "year"), news.points("sends", "year")
    ctr = news.points("ctr", "year")
    found = {
        "clicks_change_pct": change(clicks["2019"], clicks["2020"]),
        "sent_change_pct": change(sends["2019"], sends["2020"]),
        "ctr_change_pp": str(Decimal(ctr["2020"]) - Decimal(ctr["2019"])),
    }
    assert_ratios(found, expected["dip08"])
    months = news.points("total_clicks", "month")
    assert_ratios({"x": change(months["2020-03"], months["2020-04"])}, {"x": expected["dip09"]})


def check_dip12_dip13_thresholds_and_a_rate_per_thousand(news):
    expected = answers_of("data_is_plural")
    quarters = only(news.points("ctr", "quarter"), "2018", "2019", "2020")
    assert [label for label, value in quarters.items() if Decimal(value) >= 6] == expected["dip12"]
    assert_ratios(news.points("unsub_rate", "year"), expected["dip13"])


NEWSLETTER_CHECKS = (
    check_dip01_to_dip03_sums,
    check_dip04_to_dip07_ratios_of_sums,
    check_dip05_ctr_on_delivered_mail,
    check_dip08_dip09_changes,
    check_dip11_the_best_editions,
    check_dip12_dip13_thresholds_and_a_rate_per_thousand,
)
