"""People, levels and several metrics of one row: what an answer says beside sums."""

from datetime import date

import pytest

from connectors.rules.description import parse_description
from metrics.models import Metric
from metrics.queries.totals import Span, read_totals
from metrics.rules.faults import Unreadable
from tests.make.connectors import Clock, connect, document, facts, fetch_now, vendor
from tests.make.metrics import make_metric
from tests.support.stub import Reply

MARCH = Span(date(2026, 2, 24), date(2026, 3, 31))
EVENTS = [
    {"day": "2026-03-01", "who": "anna", "did": "open"},
    {"day": "2026-03-01", "who": "anna", "did": "open"},
    {"day": "2026-03-01", "who": "bert", "did": "open"},
    {"day": "2026-03-02", "who": "anna", "did": "click"},
    {"day": "2026-03-02", "who": "anna", "did": "open"},
    {"day": "2026-03-02", "who": "", "did": "open"},
]
OPENERS = {"key": "openers", "name": "Openers", "kind": "unique"}
CLICKERS = {"key": "clickers", "name": "Clickers", "kind": "unique"}


def total(acme, key):
    return read_totals(Metric.objects.get(workspace=acme, key=key), MARCH).whole.value


def people_of(stub, **changes):
    parts = [
        {"metric": name, "id": {"path": "who"}, "when": {"path": "did", "is": [did]}}
        for name, did in (("openers", "open"), ("clickers", "click"))
    ]
    more = {"metrics": parts, "dims": {}, "create": [OPENERS, CLICKERS]}
    return document(stub.url, **(more | changes))


def test_people_count_once_over_days_and_rows_and_rows_without_an_id_count_nobody(acme, stub):
    stub.says(Reply({"rows": EVENTS}))
    connector, clock = connect(acme, people_of(stub)), Clock()
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.new) == ("done", 4), fetch.faults
    assert (total(acme, "openers"), total(acme, "clickers")) == (2, 1)
    clock.forward(hours=1)
    stub.says(Reply({"rows": [*EVENTS[2:], {"day": "2026-03-02", "who": "cleo", "did": "click"}]}))
    again = fetch_now(connector, clock)
    assert (again.new, again.unchanged, again.withdrawn) == (1, 3, 1)
    assert (total(acme, "openers"), total(acme, "clickers")) == (2, 2)


@pytest.mark.parametrize("who", [["a"], {"id": 1}, "x" * 301])
def test_what_is_no_id_is_told_with_its_row(acme, stub, who):
    stub.says(Reply({"rows": [EVENTS[0] | {"who": who}]}))
    fetch = fetch_now(connect(acme, people_of(stub)))
    assert (fetch.state, fetch.faults[0]["code"], fetch.faults[0]["row"]) == ("failed", "bad_id", 1)


def test_ids_do_not_go_into_a_metric_that_counts_no_people(acme, stub):
    make_metric(acme, "openers")
    fetch = fetch_now(connect(acme, people_of(stub, create=[CLICKERS])))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "metric_not_unique")
    assert fetch.faults[0]["pointer"] == "/metrics/0/metric"


def test_rows_that_each_tell_one_of_several_metrics_need_no_key(acme, stub):
    parts = [
        {"metric": name, "path": "n", "when": {"path": "kpi", "is": [name]}}
        for name in ("sent", "bounced")
    ]
    create = [{"key": name, "name": name} for name in ("sent", "bounced")]
    stub.says(
        Reply({"rows": [
            {"day": "2026-03-01", "kpi": "sent", "n": 10},
            {"day": "2026-03-01", "kpi": "bounced", "n": 2},
            {"day": "2026-03-01", "kpi": "else", "n": 9},
        ]})
    )  # fmt: skip
    fetch = fetch_now(connect(acme, document(stub.url, dims={}, metrics=parts, create=create)))
    assert (fetch.state, fetch.new) == ("done", 2), fetch.faults
    assert facts(acme, "sent") == {("2026-03-01",): 10}
    assert facts(acme, "bounced") == {("2026-03-01",): 2}


def test_a_description_defines_every_kind_whatever_their_order(acme, stub):
    create = [
        {"key": "share", "name": "Share", "kind": "derived", "formula": "100 * clicks / list_size",
         "unit": "percent", "decimals": 1},
        {"key": "rate", "name": "Rate", "kind": "ratio", "numerator": "clicks",
         "denominator": "list_size"},
        {"key": "readers", "name": "Readers", "kind": "unique", "counting": "sketch",
         "stage": "awareness", "allowed_dims": ["channel"]},
        {"key": "list_size", "name": "Size", "kind": "last", "cadence_days": 7, "lag_days": 1},
        {"key": "clicks", "name": "Clicks"},
    ]  # fmt: skip
    stub.says(Reply({"rows": []}))
    fetch = fetch_now(connect(acme, document(stub.url, create=create)))
    assert fetch.state == "done", fetch.faults
    found = {metric.key: metric for metric in Metric.objects.filter(workspace=acme)}
    assert {key: metric.kind for key, metric in found.items()} == {
        entry["key"]: entry.get("kind", "additive") for entry in create
    }
    assert (found["readers"].counting, found["readers"].stage) == ("sketch", "awareness")
    assert (found["list_size"].cadence_days, found["list_size"].lag_days) == (7, 1)
    assert total(acme, "clicks") is None


def test_a_definition_that_cannot_be_is_told_by_its_place(acme, stub):
    create = [{"key": "clicks", "name": "Clicks"},
              {"key": "odd", "name": "Odd", "kind": "derived", "formula": "clicks +"}]  # fmt: skip
    fetch = fetch_now(connect(acme, document(stub.url, create=create)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "store_refused")
    assert not Metric.objects.filter(workspace=acme).exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"metrics": [{"metric": "clicks", "path": "a", "id": {"path": "b"}}]}, "/metrics/0"),
        ({"metrics": [{"metric": "clicks", "id": {"column": "b"}}]}, "/metrics/0/id/column"),
        ({"day": {"as": "today"}}, "/window"),
        ({"day": {"as": "today", "path": "x"}}, "/day/path"),
        ({"day": {"as": "today"}, "key": ["id"]}, "/key"),
        ({"same": "add", "key": ["id"]}, "/key"),
        ({"create": [{"key": "a", "name": "A", "kind": "sum"}]}, "/create/0/kind"),
        ({"create": [{"key": "a", "name": "A", "currency": "{money}"}]}, "/create"),
        ({"each": {"rows": "a[]", "fills": {"x": "id"}}}, "/each/request"),
        ({"format": "csv", "each": {"request": {"url": "https://a.example"}, "rows": "a[]",
                                    "fills": {"x": "id"}}}, "/format"),
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_is_told_by_its_place(change, pointer):
    with pytest.raises(Unreadable) as refusal:
        parse_description(document("https://a.example", **change))
    assert pointer in {fault.pointer for fault in refusal.value.faults}


def test_a_state_of_today_is_kept_day_by_day(acme, stub):
    described = vendor("mailchimp_audiences", stub.url)
    secrets = {"user": "any", "password": "key-us6"}
    lists = [
        {"id": "a1", "name": "News", "stats": {"member_count": 120, "unsubscribe_count": 3}},
        {"id": "a2", "name": "Shop", "stats": {"member_count": 10, "cleaned_count": 1}},
    ]
    stub.says(Reply({"lists": lists, "total_items": 2}))
    connector = connect(acme, described, params={"data_center": "us6"}, secrets=secrets)
    clock = Clock()
    assert fetch_now(connector, clock).state == "done"
    clock.forward(days=1)
    connector.refresh_from_db()
    stub.says(Reply({"lists": [lists[0] | {"stats": {"member_count": 125}}], "total_items": 1}))
    assert fetch_now(connector, clock).state == "done"
    assert facts(acme, "audience_members") == {
        ("2026-03-02", "News", "E-mail"): 120,
        ("2026-03-02", "Shop", "E-mail"): 10,
        ("2026-03-03", "News", "E-mail"): 125,
        ("2026-03-03", "Shop", "E-mail"): 0,  # an audience that is gone has nobody
    }
    assert total(acme, "audience_members") == 125
    clock.forward(hours=1)
    stub.says(Reply({"lists": lists, "total_items": 2}))
    assert fetch_now(connector, clock).changed == 3
    assert total(acme, "audience_members") == 130
    assert stub.seen[0].path == "/3.0/lists"


CAMPAIGNS = {
    "c1": [("anna", "open"), ("anna", "click"), ("bert", "open"), ("bert", "bounce")],
    "c2": [("anna", "open")],
    "c3": [],
}


def mailchimp_activity(seen):
    """Reports in one page; the activity of a campaign two members a page."""
    if seen.path == "/3.0/reports":
        rows = [
            {"id": name, "campaign_title": f"No {name}", "list_name": "News"} for name in CAMPAIGNS
        ]
        is_last = seen.query["before_send_time"].startswith("2026-03-02")
        return Reply({"reports": rows if is_last else [], "total_items": len(rows) * is_last})
    name = seen.path.split("/")[3]
    acts = CAMPAIGNS[name]
    who = sorted({person for person, _did in acts})
    first = int(seen.query["offset"])
    emails = [
        {"email_id": one, "activity": [
            {"action": did, "timestamp": f"2026-03-01T{hour + 8:02}:00:00+00:00"}
            for hour, (person, did) in enumerate(acts) if person == one
        ]}
        for one in who[first : first + 1]
    ]  # fmt: skip
    return Reply({"emails": emails, "total_items": len(who)})


def test_mailchimp_is_asked_for_each_campaign_who_opened_and_clicked(acme, stub):
    stub.answer = mailchimp_activity
    described = vendor("mailchimp_people", stub.url)
    secrets = {"user": "any", "password": "key-us6"}
    connector = connect(acme, described, params={"data_center": "us6"}, secrets=secrets)
    fetch = fetch_now(connector)
    assert fetch.state == "done", (fetch.faults, fetch.said)
    assert (total(acme, "email_openers"), total(acme, "email_clickers")) == (2, 1)
    assert set(facts(acme, "email_openers")) == {
        ("2026-03-01", "News", "No c1", "E-mail"),
        ("2026-03-01", "News", "No c2", "E-mail"),
    }
    paths = [path for path in stub.asked if "email-activity" in path]
    assert paths.count("/3.0/reports/c1/email-activity") == 2
    assert str(total(acme, "email_clickers_of_openers")) == "50"
    assert all(seen.headers["authorization"].startswith("Basic ") for seen in stub.seen)


def test_hubspot_contacts_are_people_on_the_day_on_which_they_became_something(acme, stub):
    def contact(number, **dates):
        stages = {f"hs_lifecyclestage_{name}_date": day for name, day in dates.items()}
        made = {"createdate": "2026-03-01T09:00:00Z", "lifecyclestage": "lead"}
        return {"id": str(number), "properties": made | stages}

    day = "2026-03-02T09:00:00.000Z"
    now_ = [contact(1, lead=day, marketingqualifiedlead=day), contact(2, lead=day), contact(3)]

    def answer(seen):
        is_last = int(seen.json["filterGroups"][0]["filters"][1]["value"]) > 1772463600000 - 1
        return Reply({"results": now_ if is_last else []})

    stub.answer = answer
    week = {"window": {"days_back": 7, "overlap": 2, "chunk": 7}}
    described = vendor("hubspot_contacts", stub.url) | week
    made = connect(acme, described, secrets={"token": "pat-eu1"})
    clock = Clock()
    fetch = fetch_now(made, clock)
    assert fetch.state == "done", fetch.faults
    found = [total(acme, f"contacts_{name}") for name in ("created", "lead", "mql", "sql")]
    assert found == [3, 2, 1, None]
    now_[0] = contact(1, lead=day)
    clock.forward(hours=1)
    assert fetch_now(made, clock).withdrawn == 1
    assert total(acme, "contacts_mql") is None


def test_an_open_pipeline_is_a_level_of_the_day(acme, stub):
    deals = [
        {"id": str(n), "properties": {"amount": "100", "pipeline": "default", "dealstage": stage}}
        for n, stage in enumerate(("new", "new", "offer"))
    ]
    stub.says(Reply({"results": deals}))
    made = connect(acme, vendor("hubspot_pipeline", stub.url), secrets={"token": "pat-eu1"})
    clock = Clock()
    assert fetch_now(made, clock).state == "done"
    assert facts(acme, "deals_open") == {
        ("2026-03-02", "new", "default"): 2,
        ("2026-03-02", "offer", "default"): 1,
    }
    assert total(acme, "deals_open_amount") == 300
    for left in (deals[:1], []):
        clock.forward(days=1)
        stub.says(Reply({"results": left}))
        assert fetch_now(made, clock).state == "done"
        assert total(acme, "deals_open_amount") == 100 * len(left)
