"""Mailchimp's campaign reports, in the form of its documented example."""

import json

import pytest

from metrics.models import Metric
from tests.make.connectors import Clock, connect, facts, fetch_now, vendor
from tests.support.answers import DATA, needs_data
from tests.support.stub import Reply

FIXTURES = DATA / "api_fixtures"
pytestmark = [pytest.mark.once, needs_data]


def report(number=1, sent="2026-02-20T19:05:51+00:00", **changes):
    found = json.loads((FIXTURES / "mailchimp_sampleReport.json").read_text())
    return (
        found | {"id": f"c{number}", "send_time": sent, "campaign_title": f"No {number}"} | changes
    )


def mailchimp(acme, stub):
    described_ = vendor("mailchimp", stub.url)
    secrets = {"user": "any", "password": "key-us6"}
    params = {"data_center": "us6"}
    return connect(acme, described_, name="Mailchimp", params=params, secrets=secrets)


def reports(stub, found):
    """The list as Mailchimp pages it: by offset and count, with the number of all."""

    def answer(seen):
        since, before = seen.query["since_send_time"], seen.query["before_send_time"]
        inside = [one for one in found if since[:10] <= one["send_time"][:10] <= before[:10]]
        first, size = int(seen.query["offset"]), int(seen.query["count"])
        rows = inside[first : first + size]
        return Reply({"reports": rows, "total_items": len(inside)})

    stub.answer = answer


def test_mailchimps_own_example_is_read_with_who_clicked_and_not_their_clicks(acme, stub):
    reports(stub, [report()])
    fetch = fetch_now(mailchimp(acme, stub))
    assert (fetch.state, fetch.rows) == ("done", 1), fetch.faults
    expected = {
        "email_sent": 200,
        "email_opens": 186,
        "email_unique_opens": 100,
        "email_clicks": 42,
        "email_unique_clicks": 42,
        "email_hard_bounces": 0,
        "email_soft_bounces": 2,
        "email_unsubscribes": 2,
    }
    for key, value in expected.items():
        assert facts(acme, key) == {("2026-02-20", "No 1", "E-mail"): value}, key
    ctr = Metric.objects.get(key="email_ctr")
    assert (ctr.numerator.key, ctr.denominator.key) == ("email_unique_clicks", "email_sent")
    assert stub.seen[0].headers["authorization"].startswith("Basic ")
    assert stub.seen[0].path == "/3.0/reports"


def test_mailchimp_is_read_to_the_last_page(acme, stub):
    found = [report(number) for number in range(450)]
    reports(stub, found)
    fetch = fetch_now(mailchimp(acme, stub))
    assert (fetch.state, fetch.rows) == ("done", 450), fetch.faults
    assert [seen.query["offset"] for seen in stub.seen].count("400") == 1
    assert sum(facts(acme, "email_sent").values()) == 450 * 200


def test_mailchimp_promises_more_than_it_sends(acme, stub):
    stub.says(Reply({"reports": [], "total_items": 5}))
    fetch = fetch_now(mailchimp(acme, stub))
    assert (fetch.state, fetch.faults[0]["code"]) == ("waiting", "rows_lack")


def test_a_mailing_belongs_to_the_day_on_which_it_was_sent_where_the_workspace_lives(acme, stub):
    reports(stub, [report(1, "2026-02-20T23:30:00+00:00")])
    fetch_now(mailchimp(acme, stub))
    assert list(facts(acme, "email_sent")) == [("2026-02-21", "No 1", "E-mail")]


def test_a_report_that_goes_on_growing_is_corrected(acme, stub):
    reports(stub, [report(1), report(2)])
    connector, clock = mailchimp(acme, stub), Clock()
    fetch_now(connector, clock)
    grown = report(1, opens={"opens_total": 190, "unique_opens": 104})
    reports(stub, [grown])
    clock.forward(days=1)
    again = fetch_now(connector, clock)
    assert (again.changed, again.withdrawn) == (2, 8)
    assert facts(acme, "email_unique_opens") == {("2026-02-20", "No 1", "E-mail"): 104}
