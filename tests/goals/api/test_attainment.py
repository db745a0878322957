"""All agreements month by month, and the months that need somebody."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import QuotaBreach
from goals.operations.quota_watch import watch_quotas
from goals.operations.quotas import QuotaDraft, explain_month, set_quota
from goals.queries.quotas import pressing_quotas
from tests.make.goals import every_day, measured, observe
from tests.make.sla import make_clock, make_promise, make_sla
from workspaces.operations.clocks import stop_clock
from workspaces.operations.sla import end_sla

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 9, tzinfo=UTC)
URL = "/api/v1/workspaces/acme/slas/attainment/"


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def leads(acme):
    values = every_day("2026-01-01", "2026-01-31", 5) | every_day("2026-02-01", "2026-03-15", 3)
    return measured(acme, "leads", values)


@pytest.fixture
def quota(acme, leads, olga):
    """At least 120 leads a month: 155 in January, 84 in February, 45 of 58 by now in March."""
    promise = make_promise(make_sla(acme), "Qualified leads", hours=8)
    return set_quota(promise, draft=QuotaDraft(leads, Decimal(120)), by=olga, at=AT)


def test_all_agreements_are_told_month_by_month(acme, quota, olga, vi, api_of):
    stop_clock(make_clock(quota.promise, at=AT), version=1, by=olga, at=AT)
    make_sla(acme, "Newer")
    [first, newer] = api_of(vi).get(URL, {"months": 3}).data["results"]
    assert (first["name"], newer["name"]) == ("Leads and briefs", "Newer")
    assert [month["month"] for month in first["months"]] == [
        "2026-03-01", "2026-02-01", "2026-01-01",
    ]  # fmt: skip
    assert first["months"][0]["answers"] == {"kept": 1, "broken": 0, "share": 1.0}
    stood = [[name for name, n in one["quotas"].items() if n] for one in first["months"]]
    assert stood == [["at_risk"], ["broken"], ["kept"]]


@pytest.mark.parametrize("months", ["0", "61", "x", "-1", "1.5", "٣"])
def test_months_that_are_no_number_are_refused(acme, vi, api_of, months):
    refused = api_of(vi).get(URL, {"months": months})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/months")


def test_more_agreements_cost_no_more_queries(acme, quota, vi, client_of, api_of):
    api, browser = api_of(vi), client_of(vi)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            api.get(URL)
            browser.get("/w/acme/sla/")
        return len(counted)

    queries()
    one = queries()
    for number in range(3):
        make_promise(make_sla(acme, f"Agreement {number}"))
    assert queries() == one


def test_the_list_shows_the_last_months(quota, vi, client_of):
    page = client_of(vi).get("/w/acme/sla/").content.decode()
    assert "Month by month" in page
    assert "Feb 2026" in page


def test_a_month_at_risk_and_one_broken_without_a_reason_are_pressing(acme, quota, leads, olga):
    assert pressing_quotas(acme, AT) == []  # nothing was told yet
    watch_quotas(at=AT)
    told = [(one.month.first.month, one.verdict.value) for one in pressing_quotas(acme, AT)]
    assert told == [(3, "at_risk"), (2, "broken")]
    february = QuotaBreach.objects.get().month
    explain_month(quota, month=february, reason="Fair", mitigation="", by=olga, at=AT)
    assert [one.month.first.month for one in pressing_quotas(acme, AT)] == [3]
    observe(leads, {"2026-03-15": 60})
    assert pressing_quotas(acme, AT) == []  # as it stands now, not as it was told


def test_an_ended_agreement_presses_nobody(acme, quota, olga):
    watch_quotas(at=AT)
    sla = quota.promise.sla
    end_sla(sla, version=sla.version, by=olga, at=AT)
    assert pressing_quotas(acme, AT) == []


def test_the_overview_shows_what_presses_by_page_and_rest(acme, quota, vi, client_of, api_of):
    watch_quotas(at=AT)
    page = client_of(vi).get("/w/acme/").content.decode()
    assert "Promises at risk" in page
    assert "Qualified leads" in page
    told = api_of(vi).get("/api/v1/workspaces/acme/overview/").data["quotas"]
    assert [(one["state"], one["value"], one["amount"]) for one in told] == [
        ("at_risk", "45", "120"),
        ("broken", "84", "120"),
    ]
