"""Real files in ../shared/data, imported by the command, give their answers over REST."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from metrics.operations.rollups import roll_up
from tests.support.answers import (
    DATA,
    NEWSLETTER_CHECKS,
    Reader,
    answers_of,
    assert_ratios,
    assert_sums,
    change,
    define_newsletter_rates,
    needs_data,
)

pytestmark = [pytest.mark.django_db, needs_data]
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


def api_reader(client):
    def request(path, body):
        answer = client.get(path) if body is None else client.post(path, body, format="json")
        return answer.status_code, answer.json()

    return Reader(request)


@pytest.fixture
def news(brought, ed, api_of):
    assert brought("data_is_plural/messages.csv", NEWSLETTER)["new"] == 230 * 8
    drain()
    reader = api_reader(api_of(ed))
    define_newsletter_rates(reader)
    return reader


@pytest.mark.parametrize("check", NEWSLETTER_CHECKS, ids=lambda check: check.__name__[6:])
def test_the_newsletter_by_the_command(news, check):
    check(news)


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
    reader = api_reader(api_of(ed))
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
    for key in ("impressions", "clicks", "cost"):
        found = {"n": ads.total(key, where="placement:")}
        assert_sums(found, {"n": expected["oa10"][key]}, 4 if key in MONEY else 0)
    for placement, told in expected["oa14"].items():
        where = {"where": "placement:" + ("" if placement == "#N/A" else placement)}
        where |= {"from": "2020-04-01", "to": "2020-06-30"}
        assert_sums({"n": ads.total("clicks", **where)}, {"n": told["clicks"]})
        assert_sums({"n": ads.total("cost", **where)}, {"n": told["cost"]}, 4)
        assert_ratios({"n": ads.total("ctr", **where)}, {"n": told["ctr"]})


def test_oa10_oa11_and_the_gaps_stand_in_the_report_of_the_import(brought, ed, api_of):
    expected = answers_of("online_ads")
    run = brought("online_ads/online_advertising_performance_data.csv", ADS)["import"]
    report = api_of(ed).get(f"/api/v1/workspaces/acme/imports/{run}/").json()["report"]
    assert report["missing"] == {"placement": expected["oa10"]["n_rows"]}
    assert report["repeats"] == expected["oa11"]
    assert (report["first"], report["last"]) == ("2020-04-01", "2020-06-30")
    assert (report["days"], report["gaps"]) == (91, [])


def test_the_ads_twice_are_0_new_0_changed(brought):
    file = "online_ads/online_advertising_performance_data.csv"
    first = brought(file, ADS)
    again = brought(file, ADS | {"create": []})
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, first["new"])
