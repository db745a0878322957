"""Fetching over real HTTP from a server on this machine, which plays every other company."""

import pytest

from connectors.models import Fetch
from connectors.operations.connectors import ask_fetch, pause_connector
from connectors.operations.fetching import claim_fetch, fetch_waiting, run_fetch, schedule_due
from metrics.models.imports import ImportRun
from tests.make.connectors import SECRET, Clock, connect, document, facts, fetch_now
from tests.make.metrics import make_metric
from tests.make.workspaces import NOON
from tests.support.stub import Reply
from workspaces.models.events import Event

MONDAY = {"day": "2026-03-02", "channel": "mail", "clicks": 10}
SUNDAY = {"day": "2026-03-01", "channel": "ads", "clicks": "7"}


def test_a_fetch_defines_its_metric_and_stores_each_row(acme, stub):
    stub.says(Reply({"rows": [MONDAY, SUNDAY]}))
    fetch = fetch_now(connect(acme, document(stub.url)))
    assert (fetch.state, fetch.new, fetch.rows, fetch.pages) == ("done", 2, 2, 1)
    assert facts(acme, "clicks") == {("2026-03-02", "mail"): 10, ("2026-03-01", "ads"): 7}
    assert stub.seen[0].query == {"from": "2026-02-24", "to": "2026-03-02"}
    run = ImportRun.objects.get(pk=fetch.run_id)
    assert (run.kind, run.source.name, run.new, run.rows_total) == ("connector", "Stub", 2, 2)


def test_the_same_answer_again_changes_nothing(acme, stub):
    stub.says(Reply({"rows": [MONDAY, SUNDAY]}))
    connector = connect(acme, document(stub.url))
    fetch_now(connector)
    clock = Clock()
    clock.forward(hours=1)
    again = fetch_now(connector, clock)
    assert (again.new, again.changed, again.unchanged, again.withdrawn) == (0, 0, 2, 0)
    assert Event.objects.filter(verb="connector.fetched").count() == 1


def test_a_restated_week_corrects_values_and_withdraws_rows_that_are_gone(acme, stub):
    connector = connect(acme, document(stub.url))
    stub.says(Reply({"rows": [MONDAY, SUNDAY]}))
    fetch_now(connector)
    clock = Clock()
    clock.forward(days=1)
    stub.says(Reply({"rows": [MONDAY | {"clicks": 12}, MONDAY | {"day": "2026-03-03"}]}))
    again = fetch_now(connector, clock)
    assert (again.new, again.changed, again.withdrawn) == (1, 1, 1)
    assert facts(acme, "clicks") == {("2026-03-02", "mail"): 12, ("2026-03-03", "mail"): 10}


def test_the_next_fetch_asks_again_for_what_may_be_restated_and_for_what_is_new(acme, stub):
    stub.says(Reply({"rows": []}))
    window = {"days_back": 30, "overlap": 3, "chunk": 10}
    connector = connect(acme, document(stub.url, window=window))
    fetch_now(connector)
    clock = Clock()
    clock.forward(days=2)
    connector.refresh_from_db()
    fetch_now(connector, clock)
    asked = [(seen.query["from"], seen.query["to"]) for seen in stub.seen]
    assert asked == [
        ("2026-02-01", "2026-02-10"),
        ("2026-02-11", "2026-02-20"),
        ("2026-02-21", "2026-03-02"),
        ("2026-02-28", "2026-03-04"),
    ]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_patience_gets_as_much_as_it_asks_for(acme, stub, status):
    stub.says(Reply({}, status, {"Retry-After": "120"}), Reply({"rows": [MONDAY]}))
    connector, clock = connect(acme, document(stub.url)), Clock()
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.attempt) == ("waiting", 1)
    assert 120 <= (fetch.not_before - NOON).total_seconds() <= 122
    clock.forward(seconds=60)
    assert fetch_waiting(clock=clock, at_once=1) == 0
    clock.forward(seconds=62)
    assert fetch_waiting(clock=clock, at_once=1) == 1
    fetch.refresh_from_db()
    assert (fetch.state, fetch.new) == ("done", 1)


def test_what_fails_again_and_again_is_given_up_loudly(acme, stub):
    stub.says(Reply("oops", 500))
    connector, clock = connect(acme, document(stub.url)), Clock()
    waits = []
    for _attempt in range(6):
        fetch = fetch_now(connector, clock)
        waits.append((fetch.not_before - clock.at).total_seconds())
        clock.forward(hours=2)
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "gave_up")
    assert all(15 * 2**n <= waits[n] <= 30 * 2**n for n in range(5))
    event = Event.objects.get(verb="connector.fetched")
    assert event.data["state"] == "failed"
    connector.refresh_from_db()
    assert connector.failures == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("<html><body>Sign in</body></html>"), "is_html"),
        (Reply('{"rows": [{"day": "2026-'), "not_json"),
        (Reply('{"rows": [{"clicks": NaN}]}'), "not_json"),
        (Reply("[" * 100_000), "not_json"),
        (Reply(b"\xff\xfe\x00"), "not_text"),
        (Reply({"data": []}), "other_form"),
        (Reply({"rows": {"0": {}}}), "other_form"),
        (Reply({}, 401), "unauthorized"),
        (Reply({}, 403), "not_allowed"),
        (Reply({}, 404), "not_found"),
        (Reply({}, 400), "bad_status"),
        (Reply({"rows": ["text"]}), "row_form"),
        (Reply({"rows": [MONDAY | {"clicks": "many"}]}), "not_a_number"),
        (Reply({"rows": [MONDAY | {"clicks": True}]}), "not_a_number"),
        (Reply({"rows": [MONDAY | {"clicks": [1]}]}), "not_a_number"),
        (Reply({"rows": [MONDAY | {"clicks": 10**20}]}), "out_of_range"),
        (Reply({"rows": [MONDAY | {"day": "02.03.2026"}]}), "not_a_day_here"),
        (Reply({"rows": [MONDAY | {"day": 20260302}]}), "not_a_day_here"),
        (Reply({"rows": [MONDAY | {"day": None}]}), "no_day"),
        (Reply({"rows": [MONDAY | {"day": "2025-01-01"}]}), "other_day"),
        (Reply({"rows": [MONDAY | {"channel": {"id": 1}}]}), "bad_dimension"),
        (Reply({"rows": [MONDAY, MONDAY | {"clicks": 3}]}), "key_twice"),
    ],
)
def test_an_answer_that_cannot_be_used_stores_nothing_and_is_told(acme, stub, reply, code):
    stub.says(reply)
    fetch = fetch_now(connect(acme, document(stub.url)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", code)
    assert fetch.run.rejected == fetch.rejected
    assert facts(acme, "clicks") == {}


def test_rows_that_cannot_be_read_are_left_out_where_that_is_wished(acme, stub):
    stub.says(Reply({"rows": [MONDAY, SUNDAY | {"clicks": "?"}]}))
    fetch = fetch_now(connect(acme, document(stub.url), skip_bad_rows=True))
    assert (fetch.state, fetch.new, fetch.rejected) == ("done", 1, 1)
    assert fetch.faults[0]["row"] == 2


def test_a_body_that_is_cut_off_is_tried_again(acme, stub):
    stub.says(Reply('{"rows": [', length=500), Reply({"rows": [MONDAY]}))
    connector, clock = connect(acme, document(stub.url)), Clock()
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.faults[0]["code"]) == ("waiting", "cut_off")
    clock.forward(minutes=1)
    assert fetch_now(connector, clock).state == "done"


def test_a_page_that_repeats_ends_the_fetch_with_nothing_stored(acme, stub):
    stub.says(Reply({"rows": [MONDAY], "next": "more"}))
    paging = {"kind": "cursor", "path": "next", "param": "after"}
    fetch = fetch_now(connect(acme, document(stub.url, paging=paging)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "page_repeats")
    assert len(stub.seen) == 2
    assert facts(acme, "clicks") == {}


def test_J05_a_fetch_that_was_killed_goes_on_where_it_was_and_counts_each_row_once(acme, stub):
    window = {"days_back": 14, "overlap": 14, "chunk": 7}
    connector, clock = connect(acme, document(stub.url, window=window)), Clock()

    stub.answer = lambda seen: Reply(
        {"rows": [{"day": seen.query["to"], "channel": "mail", "clicks": 5}]}
    )
    fetch = connector.fetches.get()
    assert claim_fetch(fetch, at=clock())
    killed = Clock()

    def dies():
        if len(stub.seen) == 1 and Fetch.objects.get(pk=fetch.pk).done_until:
            raise KeyboardInterrupt
        return killed()

    with pytest.raises(KeyboardInterrupt):
        run_fetch(fetch, clock=dies)
    assert fetch_waiting(clock=clock, at_once=1) == 0
    clock.forward(seconds=181)
    assert fetch_waiting(clock=clock, at_once=1) == 1
    fetch.refresh_from_db()
    assert (fetch.state, fetch.new) == ("done", 2)
    assert [seen.query["from"] for seen in stub.seen] == ["2026-02-17", "2026-02-24"]
    assert facts(acme, "clicks") == {("2026-02-23", "mail"): 5, ("2026-03-02", "mail"): 5}


def test_J08_a_fetch_that_kills_its_worker_each_time_is_given_up(acme, stub):
    connector, clock = connect(acme, document(stub.url)), Clock()
    fetch = connector.fetches.get()
    for _start in range(5):
        assert claim_fetch(fetch, at=clock())
        clock.forward(seconds=181)
    assert fetch_now(connector, clock).faults[0]["code"] == "interrupted"


def test_J10_two_beats_make_one_fetch_for_each_instant(acme, stub):
    stub.says(Reply({"rows": []}))
    connector, clock = connect(acme, document(stub.url)), Clock()
    fetch_now(connector, clock)
    connector.refresh_from_db()
    assert connector.next_due_at.isoformat() == "2026-03-03T05:00:00+00:00"
    clock.forward(days=1)
    stale = type(connector).objects.get(pk=connector.pk)
    assert schedule_due(at=clock()) == 1
    assert schedule_due(at=clock()) == 0
    type(connector).objects.filter(pk=connector.pk).update(next_due_at=stale.next_due_at)
    assert schedule_due(at=clock()) == 0
    assert connector.fetches.count() == 2


def test_J12_what_was_missed_is_made_up_for_by_one_fetch(acme, stub):
    stub.says(Reply({"rows": []}))
    connector, clock = connect(acme, document(stub.url), schedule="hourly"), Clock()
    fetch_now(connector, clock)
    clock.forward(hours=30)
    assert schedule_due(at=clock()) == 1
    connector.refresh_from_db()
    assert connector.next_due_at > clock()
    assert connector.fetches.filter(state="waiting").count() == 1


def test_a_fetch_whose_source_is_paused_meanwhile_stores_nothing(acme, olga, stub):
    connector = connect(acme, document(stub.url))

    fetch = connector.fetches.get()
    claim_fetch(fetch, at=NOON)
    pause_connector(connector, by=olga, at=NOON)
    stub.says(Reply({"rows": [MONDAY]}))
    run_fetch(fetch, clock=Clock())
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "stopped")
    assert fetch_waiting(clock=Clock(), at_once=1) == 0


def test_a_second_request_hurries_the_fetch_that_waits(acme, olga, stub):
    stub.says(Reply({}, 503, {"Retry-After": "3600"}))
    connector = connect(acme, document(stub.url))
    fetch = fetch_now(connector)
    assert fetch.not_before > NOON
    assert ask_fetch(connector, by=olga, at=NOON).pk == fetch.pk
    fetch.refresh_from_db()
    assert fetch.not_before == NOON


def test_no_more_fetches_run_at_once_than_is_allowed(acme, stub):
    stub.says(Reply({"rows": []}))
    one, other = (connect(acme, document(stub.url), name=name) for name in ("One", "Two"))
    claim_fetch(one.fetches.get(), at=NOON)
    assert fetch_waiting(clock=Clock(), at_once=1) == 0
    assert fetch_waiting(clock=Clock(), at_once=2) == 1
    assert other.fetches.get().state == "done"


def test_a_metric_that_is_something_else_is_told_and_nothing_stored(acme, stub):
    make_metric(acme, "clicks", unit="currency", currency="EUR", decimals=2)
    stub.says(Reply({"rows": [MONDAY]}))
    fetch = fetch_now(connect(acme, document(stub.url)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "metric_differs")
    assert stub.seen == []


def test_a_row_that_no_longer_has_a_value_takes_the_old_one_back(acme, stub):
    won = {"metric": "clicks", "constant": "1", "when": {"path": "won", "is": ["true"]}}
    described = document(stub.url, key=["id"], metrics=[won], replace=False, dims={})
    connector, clock = connect(acme, described), Clock()
    stub.says(Reply({"rows": [{"id": 1, "day": "2026-03-02", "won": True}]}))
    fetch_now(connector, clock)
    assert facts(acme, "clicks") == {("2026-03-02",): 1}
    clock.forward(days=1)
    stub.says(Reply({"rows": [{"id": 1, "day": "2026-03-02", "won": False}]}))
    assert fetch_now(connector, clock).withdrawn == 1
    assert facts(acme, "clicks") == {}


def test_S10_secrets_stand_nowhere_but_in_the_request(acme, stub, caplog):
    caplog.set_level("DEBUG")
    stub.says(Reply(f"wrong key {SECRET}", 401))
    auth = {"kind": "query", "name": "api_key"}
    connector = connect(acme, document(stub.url, auth=auth), secrets={"key": SECRET})
    fetch = fetch_now(connector)
    assert stub.seen[0].query["api_key"] == SECRET
    assert SECRET not in connector.secrets
    assert SECRET not in str(fetch.faults) + fetch.said
    assert "•••" in fetch.said
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))
    assert SECRET not in caplog.text
