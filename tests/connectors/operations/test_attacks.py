"""Servers that mean no good, or have no good day."""

import gzip
import tracemalloc

import pytest

from connectors.operations.fetching import fetch_waiting
from tests.make.connectors import Clock, connect, document, facts, fetch_now
from tests.make.workspaces import NOON
from tests.support.stub import Reply, stub_server

pytestmark = pytest.mark.once
MIB = 1024 * 1024
MONDAY = {"day": "2026-03-02", "channel": "mail", "clicks": 10}
CURSOR = {"kind": "cursor", "path": "next", "param": "after"}


def page(number, after=None):
    return Reply({"rows": [MONDAY | {"channel": f"c{number}"}], "next": after})


@pytest.mark.parametrize("asked", [None, "soon", "-5", "1e9"])
def test_a_server_that_does_not_say_how_long_is_asked_again_after_our_own_time(acme, stub, asked):
    headers = {"Retry-After": asked} if asked else {}
    stub.says(Reply({}, 429, headers), Reply({"rows": [MONDAY]}))
    connector, clock = connect(acme, document(stub.url)), Clock()
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.faults[0]["code"]) == ("waiting", "busy")
    assert 15 <= (fetch.not_before - NOON).total_seconds() <= 30
    clock.forward(seconds=31)
    assert fetch_waiting(clock=clock, at_once=1) == 1
    assert facts(acme, "clicks") == {("2026-03-02", "mail"): 10}


def test_an_error_in_the_middle_of_the_pages_stores_none_of_them_and_begins_anew(acme, stub):
    stub.says(page(1, "b"), Reply("oops", 500), page(1, "b"), page(2))
    connector, clock = connect(acme, document(stub.url, paging=CURSOR)), Clock()
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.faults[0]["code"]) == ("waiting", "server_error")
    assert facts(acme, "clicks") == {}
    clock.forward(minutes=1)
    assert fetch_now(connector, clock).state == "done"
    assert len(facts(acme, "clicks")) == 2
    assert [seen.query.get("after") for seen in stub.seen] == [None, "b", None, "b"]


def test_cursors_that_lead_in_a_circle_end_the_fetch(acme, stub):
    following = {None: "a", "a": "b", "b": "a"}
    stub.answer = lambda seen: page(len(stub.seen), following[seen.query.get("after")])
    fetch = fetch_now(connect(acme, document(stub.url, paging=CURSOR)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "page_repeats")
    assert len(stub.seen) == 4
    assert facts(acme, "clicks") == {}


def test_S09_an_answer_of_a_gigabyte_is_left_at_the_limit(acme, stub):
    stub.says(Reply(pieces=(b"x" * MIB,) * 40, length=1024 * MIB))
    connector = connect(acme, document(stub.url))
    tracemalloc.start()
    fetch = fetch_now(connector)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "too_large")
    assert peak < 60 * MIB  # the stub's own 40 among them


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("", 302, {"Location": "https://elsewhere.example/"}), "redirected"),
        (Reply(gzip.compress(b"0" * 20 * MIB), 200, {"Content-Encoding": "gzip"}), "too_large"),
        (Reply(b"x", 200, {"Content-Encoding": "br"}), "packed_otherwise"),
        (Reply('{"rows": [{"clicks": -Infinity}]}'), "not_json"),
        (Reply('{"rows": [{"day": "2026-03-02", "clicks": 1e999999999}]}'), "out_of_range"),
        (Reply('{"rows": [{"day": "2026-03-02", "clicks": "1e-999999999"}]}'), "out_of_range"),
        (Reply('{"rows": [{"day": "2026-03-02", "clicks": ' + "9" * 5000 + "}]}"), "not_json"),
        (Reply('{"rows": [{"day": 1e999999999, "clicks": 1}]}'), "not_a_day_here"),
        (Reply("[]"), "other_form"),
        (Reply(""), "not_json"),
        (Reply("", 204), "bad_status"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_an_answer_ends_the_fetch_and_stores_nothing(acme, stub, reply, code):
    stub.says(reply)
    fetch = fetch_now(connect(acme, document(stub.url)))
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", code)
    assert facts(acme, "clicks") == {}


def test_a_number_that_would_fill_the_memory_is_kept_as_it_was_written(acme, stub):
    stub.says(Reply('{"rows": [{"day": "2026-03-02", "channel": 1e999999999, "clicks": 1}]}'))
    fetch = fetch_now(connect(acme, document(stub.url)))
    assert (fetch.state, fetch.new) == ("done", 1)
    assert facts(acme, "clicks") == {("2026-03-02", "1E+999999999"): 1}


def test_what_an_answer_calls_itself_does_not_matter(acme, stub):
    stub.says(Reply({"rows": [MONDAY]}, headers={"Content-Type": "text/html"}))
    assert fetch_now(connect(acme, document(stub.url))).new == 1


def test_a_redirect_takes_no_credentials_along(acme, stub):
    with stub_server() as elsewhere:
        stub.says(Reply("", 307, {"Location": f"{elsewhere.url}/"}))
        described = document(stub.url, auth={"kind": "bearer"})
        fetch = fetch_now(connect(acme, described, secrets={"token": "sesame-open-up"}))
        assert fetch.faults[0]["code"] == "redirected"
        assert elsewhere.seen == []


@pytest.mark.parametrize("absent", ["skip", "zero"])
def test_a_column_that_vanished_ends_the_fetch_and_leaves_what_was(acme, stub, absent):
    metrics = [{"metric": "clicks", "path": "clicks", "absent": absent}]
    rows = [MONDAY | {"channel": f"c{n}"} for n in range(12)]
    connector, clock = connect(acme, document(stub.url, metrics=metrics)), Clock()
    stub.says(Reply({"rows": rows}))
    assert fetch_now(connector, clock).new == 12
    clock.forward(hours=1)
    renamed = [{"day": row["day"], "channel": row["channel"], "taps": 10} for row in rows]
    stub.says(Reply({"rows": renamed}))
    fetch = fetch_now(connector, clock)
    assert (fetch.state, fetch.faults[0]["code"]) == ("failed", "column_vanished")
    assert fetch.faults[0]["column"] == "clicks"
    assert sum(facts(acme, "clicks").values()) == 120
    clock.forward(hours=1)
    stub.says(Reply({"rows": [*renamed[1:], rows[0]]}))
    again = fetch_now(connector, clock)
    assert again.state == "done"
    assert sum(facts(acme, "clicks").values()) == 10
