"""Real files in ../shared/data give, over REST, the answers computed from them apart from us.

Sums are equal after rounding to the metric's decimals; ratios within 1e-8 relative.
"""

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from metrics.operations.rollups import roll_up

DATA = Path(__file__).parents[3] / "shared" / "data"
API = "/api/v1/workspaces/acme"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here"),
]
NEWSLETTER = {
    "version": 1,
    "source": "newsletter",
    "day": {"column": "sent_at_date", "format": "%Y-%m-%d"},
    "key": ["id"],
    "metrics": [
        {"metric": "sends", "column": "send_count"},
        {"metric": "unique_opens", "column": "stats.unique_opens"},
        {"metric": "unique_clicks", "column": "stats.unique_clicks"},
        {"metric": "total_clicks", "column": "stats.total_clicks"},
        {"metric": "soft_bounces", "column": "stats.soft_bounces"},
        {"metric": "hard_bounces", "column": "stats.hard_bounces"},
        {"metric": "unsubs", "column": "stats.unsubs"},
        {"metric": "editions", "constant": "1"},
    ],
    "create": [
        {"key": key, "name": key.replace("_", " ").capitalize(), "unit": "count", "decimals": 0}
        for key in (
            "sends", "unique_opens", "unique_clicks", "total_clicks", "soft_bounces",
            "hard_bounces", "unsubs", "editions",
        )
    ],
}  # fmt: skip
MONEY = ("cost", "revenue", "sales")
ADS = {
    "version": 1,
    "source": "online ads",
    "file": {"missing": ["", "#N/A"]},
    "day": {"parts": {"month": "month", "day": "day"}, "month_names": "en", "year": 2020},
    "dims": {
        "campaign": {"column": "campaign_number"},
        "engagement": {"column": "user_engagement"},
        "banner": {"column": "banner"},
        "placement": {"column": "placement"},
    },
    "metrics": [
        {"metric": "impressions", "column": "displays"},
        {"metric": "clicks", "column": "clicks"},
        {"metric": "cost", "column": "cost"},
        {"metric": "revenue", "column": "revenue"},
        {"metric": "conversions", "column": "post_click_conversions"},
        {"metric": "sales", "column": "post_click_sales_amount"},
    ],
    "create": [
        {
            "key": key,
            "name": key.capitalize(),
            "unit": "number" if key in MONEY else "count",
            "decimals": 4 if key in MONEY else 0,
        }
        for key in ("impressions", "clicks", "cost", "revenue", "conversions", "sales")
    ],
}


def answers_of(name):
    found = json.loads((DATA / name / "answers.json").read_text())
    return {entry["id"]: entry["answer"] for entry in found["questions"]}


@pytest.fixture
def brought(acme, tmp_path, capsys):
    """Import a file by the command; returns the JSON line."""

    def bring(file, mapping):
        path = tmp_path / "mapping.json"
        path.write_text(json.dumps(mapping))
        call_command(
            "import_observations", str(DATA / file), "--workspace", "acme", "--mapping", str(path)
        )
        return json.loads(capsys.readouterr().out)

    return bring


def drain():
    """Roll up until nothing waits."""
    while roll_up():
        pass


class Reader:
    """Asks the series endpoint."""

    def __init__(self, client):
        self.client = client

    def define_ratio(self, key, numerator, denominator, scale="100"):
        body = {
            "key": key, "name": key, "kind": "ratio", "unit": "number", "decimals": 2,
            "direction": "up", "numerator": numerator, "denominator": denominator, "scale": scale,
        }  # fmt: skip
        answer = self.client.post(f"{API}/metrics/", body, format="json")
        assert answer.status_code in (200, 201), answer.content

    def ask(self, metric, grain="year", **query):
        answer = self.client.get(f"{API}/metrics/{metric}/series/", {"grain": grain, **query})
        assert answer.status_code == 200, answer.content
        found = answer.json()
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


@pytest.fixture
def news(brought, ed, api_of):
    assert brought("data_is_plural/messages.csv", NEWSLETTER)["new"] == 230 * 8
    drain()
    reader = Reader(api_of(ed))
    reader.define_ratio("ctr", "unique_clicks", "sends")
    reader.define_ratio("open_rate", "unique_opens", "sends")
    reader.define_ratio("unsub_rate", "unsubs", "sends", scale="1000")
    return reader


def only(found, *years):
    return {label: value for label, value in found.items() if label[:4] in years}


def change(before, after):
    return str((Decimal(after) - Decimal(before)) / Decimal(before) * 100)


def test_dip01_to_dip03_sums(news):
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


def test_dip04_to_dip07_ratios_of_sums(news):
    expected = answers_of("data_is_plural")
    assert_ratios(only(news.points("ctr", "month"), "2020"), expected["dip04"])
    years = news.points("ctr", "year")
    assert_ratios(years, {year: told["ctr_sent"] for year, told in expected["dip05"].items()})
    assert_ratios({"all": news.total("ctr")}, {"all": expected["dip06"]["ratio_of_sums"]})
    quarters = only(news.points("open_rate", "quarter"), "2019", "2020")
    assert_ratios(quarters, expected["dip07"])


def test_dip05_ctr_on_delivered_mail(news, ed, api_of):
    """Delivered is sent less bounces: its own metric, made of the three sums."""
    expected = answers_of("data_is_plural")["dip05"]
    parts = [news.points(key, "year") for key in ("sends", "soft_bounces", "hard_bounces")]
    clicks = news.points("unique_clicks", "year")
    found = {}
    for year in expected:
        sent, soft, hard = (Decimal(part[year]) for part in parts)
        found[year] = str(Decimal(clicks[year]) / (sent - soft - hard) * 100)
    assert_ratios(found, {year: told["ctr_delivered"] for year, told in expected.items()})


def test_dip08_dip09_changes(news):
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


def test_dip12_dip13_thresholds_and_a_rate_per_thousand(news):
    expected = answers_of("data_is_plural")
    quarters = only(news.points("ctr", "quarter"), "2018", "2019", "2020")
    assert [label for label, value in quarters.items() if Decimal(value) >= 6] == expected["dip12"]
    assert_ratios(news.points("unsub_rate", "year"), expected["dip13"])


def test_the_newsletter_twice_is_0_new_0_changed(brought):
    first = brought("data_is_plural/messages.csv", NEWSLETTER)
    again = brought("data_is_plural/messages.csv", NEWSLETTER)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, first["new"])
    otherwise = brought("data_is_plural/messages.csv", NEWSLETTER | {"create": []})
    assert (otherwise["new"], otherwise["changed"], otherwise["unchanged"]) == (0, 0, first["new"])


@pytest.fixture
def ads(brought, ed, api_of):
    found = brought("online_ads/online_advertising_performance_data.csv", ADS)
    assert (found["rows"], found["new"], found["rejected"]) == (15_408, 15_408 * 6, 0)
    drain()
    reader = Reader(api_of(ed))
    for key, numerator, denominator, scale in (
        ("ctr", "clicks", "impressions", "100"),
        ("cpa", "cost", "conversions", "1"),
        ("cpc", "cost", "clicks", "1"),
        ("roas_revenue", "revenue", "cost", "1"),
        ("roas_sales", "sales", "cost", "1"),
        ("conversion_rate", "conversions", "clicks", "100"),
    ):
        reader.define_ratio(key, numerator, denominator, scale)
    return reader


def test_oa01_to_oa14(ads):
    """One import, all questions: the file is large."""
    expected = answers_of("online_ads")
    for key in ("impressions", "clicks", "cost", "revenue", "conversions", "sales"):
        months = ads.points(key, "month") | {"total": ads.total(key)}
        told = {label: row[key] for label, row in expected["oa01"].items()}
        assert_sums(months, told, 4 if key in MONEY else 0)
    assert_ratios(ads.points("ctr", "month"), expected["oa02"])
    assert_ratios(ads.totals_by("cpa", "campaign"), expected["oa03"])
    for key in ("roas_revenue", "roas_sales"):
        told = {campaign: row[key] for campaign, row in expected["oa04"].items()}
        assert_ratios(ads.totals_by(key, "campaign"), told)
    assert_ratios(ads.totals_by("ctr", "banner"), expected["oa05"])
    for line in ads.ask("cpc", "month", by="campaign")["series"]:
        told = expected["oa06"][line["dims"]["campaign"]]
        points = {p["period"]: p["value"] for p in line["points"]}
        assert_ratios(points, {label: told.get(label) for label in points})
    clicks, cost = ads.points("clicks", "month"), ads.points("cost", "month")
    for before, after in (("2020-04", "2020-05"), ("2020-05", "2020-06")):
        found = {
            "clicks_pct": change(clicks[before], clicks[after]),
            "cost_pct": change(cost[before], cost[after]),
        }
        assert_ratios(found, expected["oa07"][after])
    assert_sums(ads.points("clicks", "week", where="campaign:camp 1"), expected["oa08"])
    assert_ratios(ads.totals_by("conversion_rate", "engagement"), expected["oa09"])
    days = ads.points("cost", "day")
    dearest = max(days, key=lambda label: Decimal(days[label]))
    assert_sums({dearest: days[dearest]}, {expected["oa12"]["d"]: expected["oa12"]["cost"]}, 4)
    for placement, told in expected["oa14"].items():
        where = {"where": "placement:" + ("" if placement == "#N/A" else placement)}
        where |= {"from": "2020-04-01", "to": "2020-06-30"}
        assert_sums({"n": ads.total("clicks", **where)}, {"n": told["clicks"]})
        assert_sums({"n": ads.total("cost", **where)}, {"n": told["cost"]}, 4)
        assert_ratios({"n": ads.total("ctr", **where)}, {"n": told["ctr"]})


def test_the_ads_twice_are_0_new_0_changed(brought):
    file = "online_ads/online_advertising_performance_data.csv"
    first = brought(file, ADS)
    again = brought(file, ADS | {"create": []})
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, first["new"])
