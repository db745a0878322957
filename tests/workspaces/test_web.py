"""The one client by which MOps talks to other servers, against servers that mean no good."""

import gzip
import socket
import time
from pathlib import Path

import pytest

from tests.support.stub import Reply, stub_server
from workspaces.sources import web
from workspaces.sources.web import Asked, Limits, Unreachable, ask

ROOT = Path(__file__).parents[2]
HERE = Limits(seconds=5, loopback=True)


@pytest.fixture
def stub():
    with stub_server() as server:
        yield server


def why(asked, limits=HERE) -> str:
    with pytest.raises(Unreachable) as caught:
        ask(asked, limits)
    return caught.value.code


def test_an_answer_comes_whole(stub):
    stub.says(Reply({"a": 1}, 418, {"X-Kind": "tea"}))
    answer = ask(Asked("GET", f"{stub.url}/x?one=1", query={"two": "2 &"}), HERE)
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (418, b'{"a": 1}', "tea")
    assert stub.seen[0].query == {"one": "1", "two": "2 &"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_S03_a_redirect_is_not_followed(stub, status):
    with stub_server() as canary:
        stub.says(Reply("", status, {"Location": f"{canary.url}/"}))
        assert why(Asked("GET", f"{stub.url}/")) == "redirected"
        assert canary.seen == []


def test_S01_a_name_that_stands_for_this_machine_is_not_connected_to(monkeypatch):
    looked = []

    def resolve(host, port, **_rest):
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(web.socket, "getaddrinfo", resolve)
    found = []
    for bad in (["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["::1"], []):
        found[:] = bad
        assert why(Asked("GET", "https://example.com/"), Limits()) == "inward"
    assert looked == ["example.com"] * 5


def test_S01_the_address_that_was_judged_is_the_one_that_is_connected_to(monkeypatch):
    connected = []

    class Backend:
        def connect_tcp(self, host, *_rest):
            connected.append(host)
            raise web.httpcore.ConnectError

    monkeypatch.setattr(web.httpcore, "SyncBackend", Backend)
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    monkeypatch.setattr(
        web.socket,
        "getaddrinfo",
        lambda _host, port, **_rest: [(2, 1, 6, "", (one, port)) for one in next(answers)],
    )
    assert why(Asked("GET", "https://example.com/"), Limits()) == "no_connection"
    assert connected == ["93.184.216.34"]


def test_S09_a_body_that_never_ends_is_left(stub):
    stub.says(Reply(pieces=(b"x",) * 50, pause=0.3))
    began = time.monotonic()
    assert why(Asked("GET", f"{stub.url}/"), Limits(seconds=1, loopback=True)) == "too_slow"
    assert time.monotonic() - began < 3


def test_S09_headers_that_drop_by_drop_never_end_are_left():
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    began = time.monotonic()
    assert why(Asked("GET", url), Limits(seconds=1, loopback=True)) == "too_slow"
    assert time.monotonic() - began < 3
    listener.close()


def test_S09_a_body_is_read_up_to_the_limit(stub):
    stub.says(Reply(b"x" * 100_000))
    assert why(Asked("GET", f"{stub.url}/"), Limits(5, 10_000, loopback=True)) == "too_large"


def test_S09_a_small_answer_that_unpacks_to_a_large_one_is_left(stub):
    bomb = gzip.compress(b"0" * 50_000_000)
    stub.says(Reply(bomb, headers={"Content-Encoding": "gzip"}))
    limits = Limits(5, 1_000_000, loopback=True)
    assert why(Asked("GET", f"{stub.url}/"), limits) == "too_large"


def test_a_packed_answer_is_unpacked(stub):
    stub.says(Reply(gzip.compress(b"hello" * 1000), headers={"Content-Encoding": "gzip"}))
    assert ask(Asked("GET", f"{stub.url}/"), HERE).body == b"hello" * 1000


def test_a_packed_answer_that_is_cut_is_told(stub):
    data = gzip.compress(bytes(range(256)) * 500)
    stub.says(Reply(data[: len(data) // 2], headers={"Content-Encoding": "gzip"}))
    assert why(Asked("GET", f"{stub.url}/")) == "cut_off"


def test_an_answer_shorter_than_it_promised_is_told(stub):
    stub.says(Reply(b"half", length=100))
    assert why(Asked("GET", f"{stub.url}/")) == "cut_off"


def test_a_server_that_is_not_there_is_told():
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    assert why(Asked("GET", f"http://127.0.0.1:{port}/")) == "no_connection"


def test_S06_nobody_else_talks_to_other_servers():
    apps = ("workspaces", "metrics", "connectors", "goals", "tasks", "reports")
    words = (
        "import httpx",
        "import requests",
        "urllib.request",
        "http.client",
        "urlopen",
        "urllib3",
    )
    offenders = [
        str(path.relative_to(ROOT))
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if any(word in path.read_text() for word in words)
    ]
    assert offenders == ["workspaces/sources/web.py"]
