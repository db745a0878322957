"""Google Ads, and how tokens are renewed, against a server that answers in Google's form."""

import pytest

from connectors.models import Connector
from metrics.models import Metric
from tests.make.connectors import OAUTH, Clock, connect, facts, fetch_now, token, vendor
from tests.support.stub import Reply
from workspaces.sources.vault import opened

pytestmark = pytest.mark.once
GOOGLE = OAUTH | {"developer_token": "dev-dev-dev"}


def google_row(day="2026-03-01", campaign="55", name="Search", currency="EUR", **metrics):
    usual = {
        "impressions": "1000",
        "clicks": "80",
        "costMicros": "2500000000",
        "conversions": 4.0,
        "conversionsValue": 540.0,
    }
    return {
        "campaign": {"id": campaign, "name": name, "advertisingChannelType": "SEARCH"},
        "customer": {"currencyCode": currency},
        "segments": {"date": day},
        "metrics": metrics or usual,
    }


def google(acme, stub, kind="google_ads", **params):
    return connect(
        acme,
        vendor(kind, stub.url),
        name="Ads",
        params={"customer_id": "1234567890", **params},
        secrets=GOOGLE,
    )


def answered(stub, *pages):
    """A token for who asks for one, and pages for the days of which they have rows."""

    def answer(seen):
        if "googleAds" not in seen.path:
            return token()
        last = seen.json["query"].rpartition("AND '")[2].rstrip("'")
        return Reply([{"results": rows} for rows in pages] if last == "2026-03-02" else [])

    stub.answer = answer


def test_google_ads_streams_pages_of_texts_and_micros(acme, stub):
    answered(stub, [google_row()], [google_row(campaign="66", name="Brand", clicks="5")])
    fetch = fetch_now(google(acme, stub, manager_id="999"))
    assert (fetch.state, fetch.rows) == ("done", 2), fetch.faults
    assert facts(acme, "ad_cost") == {
        ("2026-03-01", "Search", "SEARCH", "Google Ads"): 250000,
        ("2026-03-01", "Brand", "SEARCH", "Google Ads"): 0,
    }
    assert sum(facts(acme, "ad_clicks").values()) == 85
    assert sum(facts(acme, "ad_conversions").values()) == 400
    asked = stub.seen[1]
    assert asked.path == "/v25/customers/1234567890/googleAds:searchStream"
    assert asked.headers["authorization"] == "Bearer ticket-1"
    assert asked.headers["developer-token"] == "dev-dev-dev"
    assert asked.headers["login-customer-id"] == "999"
    assert "BETWEEN '2025-12-03' AND '2026-01-01'" in asked.json["query"]
    form = {"grant_type": "refresh_token", **OAUTH}
    assert stub.seen[0].form == form
    assert Metric.objects.get(key="ad_ctr").numerator.key == "ad_clicks"
    assert Metric.objects.get(key="ad_cost").currency == "EUR"


def test_google_ads_without_a_manager_leaves_its_header_out(acme, stub):
    answered(stub, [google_row()])
    fetch_now(google(acme, stub))
    assert "login-customer-id" not in stub.seen[1].headers


def test_google_ads_in_another_currency_is_refused(acme, stub):
    answered(stub, [google_row(currency="USD")])
    fetch = fetch_now(google(acme, stub))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "unexpected")
    assert facts(acme, "ad_cost") == {}


def test_google_ads_page_by_page_sends_the_token_of_the_next_page(acme, stub):
    def answer(seen):
        if "googleAds" not in seen.path:
            return token()
        if "AND '2026-03-02'" not in seen.json["query"]:
            return Reply({"fieldMask": "campaign.id"})
        if "pageToken" not in seen.json:
            return Reply({"results": [google_row()], "nextPageToken": "p2"})
        assert seen.json["pageToken"] == "p2"
        return Reply({"results": [google_row(day="2026-03-02")]})

    stub.answer = answer
    fetch = fetch_now(google(acme, stub, kind="google_ads_paged"))
    assert (fetch.state, fetch.rows, fetch.pages) == ("done", 2, 4), fetch.faults


def test_google_ads_restates_a_week_values_and_rows(acme, stub):
    answered(stub, [google_row(), google_row(campaign="66", name="Brand")])
    connector, clock = google(acme, stub), Clock()
    fetch_now(connector, clock)
    answered(stub, [google_row(conversions=9.5, clicks="81", impressions="1000")])
    clock.forward(hours=2)
    again = fetch_now(connector, clock)
    assert (again.state, again.withdrawn) == ("done", 5), again.faults
    assert facts(acme, "ad_conversions") == {("2026-03-01", "Search", "SEARCH", "Google Ads"): 950}


def test_a_token_that_has_ended_is_renewed_once_and_the_question_asked_again(acme, stub):
    tickets = iter(["old-ticket", "new-ticket"])

    def answer(seen):
        if "googleAds" not in seen.path:
            return token(next(tickets), refresh_token="the-next-one")
        old = seen.headers["authorization"] == "Bearer old-ticket"
        return Reply({"error": {}}, 401) if old else Reply([])

    stub.answer = answer
    connector = google(acme, stub)
    fetch = fetch_now(connector)
    assert fetch.state == "done", fetch.faults
    kept = Connector.objects.get(pk=connector.pk)
    assert opened(kept.token) == {"access_token": "new-ticket"}
    assert opened(kept.secrets)["refresh_token"] == "the-next-one"
    clock = Clock()
    clock.forward(minutes=10)
    before = len(stub.seen)
    fetch_now(connector, clock)
    assert all("googleAds" in path for path in stub.asked[before:])


def test_a_token_is_renewed_before_it_ends(acme, stub):
    answered(stub, [google_row()])
    connector, clock = google(acme, stub), Clock()
    fetch_now(connector, clock)
    clock.forward(minutes=59, seconds=30)
    before = len(stub.seen)
    fetch_now(connector, clock)
    assert stub.asked[before] == "/token"


def test_credentials_that_give_no_token_end_the_fetch(acme, stub):
    stub.says(Reply({"error": "invalid_grant", "was": "again-and-again"}, 400))
    fetch = fetch_now(google(acme, stub))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "token_refused")
    assert "invalid_grant" in fetch.said
    assert "again-and-again" not in fetch.said


def test_a_token_that_is_refused_again_ends_the_fetch(acme, stub):
    stub.answer = lambda seen: Reply({}, 401) if "googleAds" in seen.path else token()
    fetch = fetch_now(google(acme, stub))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "unauthorized")
    assert len(stub.seen) == 4
