"""GA4, Meta, Salesforce and HubSpot, against a server that answers in their forms."""

import pytest

from metrics.models.observations import Observation
from tests.make.connectors import OAUTH, Clock, connect, facts, fetch_now, token, vendor
from tests.support.stub import Reply

pytestmark = pytest.mark.once


def test_ga4_is_read_by_offset_with_texts_and_days_without_hyphens(acme, stub):
    def answer(seen):
        if seen.path == "/token":
            return token()
        heads = {"metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}]}
        if seen.json["dateRanges"][0]["endDate"] != "2026-03-02":
            return Reply(heads)
        rows = [
            {
                "dimensionValues": [{"value": day}, {"value": channel}],
                "metricValues": [{"value": n} for n in ("12", "7", "1.5", "99.90")],
            }
            for day in ("20260301", "20260302")
            for channel in ("Email", "(other)")
        ]
        first, size = int(seen.json["offset"]), 3
        return Reply({**heads, "rows": rows[first : first + size], "rowCount": 4})

    stub.answer = answer
    described_ = vendor("ga4", stub.url)
    made = connect(acme, described_, params={"property_id": "42"}, secrets=OAUTH)
    fetch = fetch_now(made)
    assert (fetch.state, fetch.rows) == ("done", 4), fetch.faults
    assert facts(acme, "web_revenue")["2026-03-01", "Email"] == 9990
    assert stub.seen[1].path == "/v1beta/properties/42:runReport"


def test_meta_is_read_by_cursor_with_conversions_out_of_the_list_of_actions(acme, stub):
    def row(day, **more):
        return {
            "campaign_id": "7", "campaign_name": "Spring", "account_currency": "EUR",
            "date_start": day, "date_stop": day, "impressions": "100", "clicks": "9",
            "spend": "12.34", **more,
        }  # fmt: skip

    def answer(seen):
        if '"until":"2026-03-02"' not in seen.query["time_range"]:
            return Reply({"data": []})
        if "after" not in seen.query:
            actions = [
                {"action_type": "link_click", "value": "9"},
                {"action_type": "offsite_conversion.fb_pixel_lead", "value": "3"},
            ]
            paging = {"cursors": {"after": "c2"}, "next": "https://graph.facebook.com/secret"}
            return Reply({"data": [row("2026-03-01", actions=actions)], "paging": paging})
        if seen.query["after"] == "c2":
            return Reply({"data": [row("2026-03-02")], "paging": {"cursors": {"after": "c3"}}})
        return Reply({"data": []})

    stub.answer = answer
    params = {"account_id": "1", "conversion": "offsite_conversion.fb_pixel_lead"}
    made = connect(
        acme, vendor("meta_ads", stub.url), params=params, secrets={"token": "meta-token"}
    )
    fetch = fetch_now(made)
    assert (fetch.state, fetch.rows) == ("done", 2), fetch.faults
    conversions = facts(acme, "ad_conversions")
    assert conversions == {
        ("2026-03-01", "Spring", "Meta Ads"): 300,
        ("2026-03-02", "Spring", "Meta Ads"): 0,
    }
    assert sum(facts(acme, "ad_cost").values()) == 2468


def test_meta_says_that_there_were_too_many_calls_inside_a_400(acme, stub):
    stub.says(Reply({"error": {"code": 17, "message": "User request limit reached"}}, 400))
    secrets = {"token": "meta-token"}
    made = connect(acme, vendor("meta_ads", stub.url), params={"account_id": "1"}, secrets=secrets)
    fetch = fetch_now(made)
    assert (fetch.state, fetch.faults[0]["code"]) == ("waiting", "busy")


def opportunity(number, won=False, amount=100.5):
    return {
        "attributes": {"type": "Opportunity", "url": "/x"}, "Id": f"006{number}",
        "Amount": amount, "CreatedDate": "2026-02-27T08:00:00.000+0000",
        "CloseDate": "2026-03-01", "IsWon": won, "LeadSource": "Web", "Type": None,
    }  # fmt: skip


def salesforce(acme, stub):
    secrets = {"client_id": "me", "client_secret": "hush-hush"}
    params = {"domain": "acme"}
    return connect(acme, vendor("salesforce", stub.url), params=params, secrets=secrets)


def test_salesforce_is_read_along_its_next_addresses_until_done(acme, stub):
    def answer(seen):
        if seen.path.endswith("/token"):
            assert seen.form["grant_type"] == "client_credentials"
            return token()
        if seen.path.endswith("-500"):
            return Reply({"done": True, "records": [opportunity(2)]})
        if "2026-03-02T23:00:00Z" not in seen.query["q"]:
            return Reply({"totalSize": 0, "done": True, "records": []})
        following = "/services/data/v62.0/query/01g-500"
        page = [opportunity(1, won=True)]
        return Reply({"done": False, "nextRecordsUrl": following, "records": page})

    stub.answer = answer
    fetch = fetch_now(salesforce(acme, stub))
    assert (fetch.state, fetch.rows) == ("done", 2), fetch.faults
    assert Observation.objects.filter(series__metric__key="opportunities_created").count() == 2
    assert facts(acme, "opportunities_won_amount") == {("2026-03-01", "Web"): 10050}


def test_a_next_address_on_another_server_is_not_asked(acme, stub):
    def answer(seen):
        if seen.path.endswith("/token"):
            return token()
        following = "https://evil.example/steal"
        return Reply({"done": False, "nextRecordsUrl": following, "records": [opportunity(1)]})

    stub.answer = answer
    fetch = fetch_now(salesforce(acme, stub))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "next_elsewhere")


def deal(number, won="false", amount="1000.00", closed="2026-03-01T10:00:00Z"):
    return {
        "id": str(number),
        "properties": {
            "amount": amount, "createdate": "2026-02-10T10:00:00Z", "closedate": closed,
            "pipeline": "default", "hs_is_closed_won": won, "deal_currency_code": "EUR",
        },
        "createdAt": "2026-02-10T10:00:00Z", "updatedAt": "2026-03-01T10:00:00Z", "archived": False,
    }  # fmt: skip


def test_a_hubspot_deal_that_is_won_later_and_lost_again_is_told_each_time(acme, stub):
    now_ = [deal(1), deal(2, closed=None, amount=None)]

    def answer(seen):
        filters = seen.json["filterGroups"][0]["filters"]
        is_last = int(filters[1]["value"]) > 1772463600000 - 1
        if not is_last:
            return Reply({"total": 0, "results": []})
        if "after" not in seen.json:
            return Reply({"results": now_[:1], "paging": {"next": {"after": "1"}}})
        return Reply({"results": now_[1:]})

    stub.answer = answer
    made = connect(acme, vendor("hubspot_deals", stub.url), secrets={"token": "pat-eu1"})
    clock = Clock()
    fetch = fetch_now(made, clock)
    assert (fetch.state, fetch.rows) == ("done", 2), fetch.faults
    assert sum(facts(acme, "deals_created").values()) == 2
    assert facts(acme, "deals_won") == {}
    assert sum(facts(acme, "deals_amount").values()) == 100000
    now_[0] = deal(1, won="true")
    clock.forward(hours=1)
    fetch_now(made, clock)
    assert facts(acme, "deals_won_amount") == {("2026-03-01", "default"): 100000}
    now_[0] = deal(1)
    clock.forward(hours=1)
    assert fetch_now(made, clock).withdrawn == 2
    assert facts(acme, "deals_won_amount") == facts(acme, "deals_won") == {}


def test_hubspot_mail_statistics_come_as_free_maps_of_counters(acme, stub):
    def answer(seen):
        if seen.query["endTimestamp"] != "2026-03-02T23:00:00Z":
            return Reply({"total": 0, "results": []})
        counters = {"sent": 100, "delivered": 98, "open": 40, "click": 8}
        one = {
            "interval": {"start": "2026-02-28T23:00:00Z", "end": "2026-03-01T22:59:59Z"},
            "aggregations": {"counters": counters, "ratios": {"openratio": 40.8}},
        }
        return Reply({"total": 1, "results": [one]})

    stub.answer = answer
    made = connect(acme, vendor("hubspot_email", stub.url), secrets={"token": "pat-eu1"})
    fetch = fetch_now(made)
    assert (fetch.state, fetch.rows) == ("done", 1), fetch.faults
    assert facts(acme, "email_delivered") == {("2026-03-01", "E-mail"): 98}
    assert facts(acme, "email_bounces") == {}
