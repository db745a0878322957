"""Boards over real HTTP: what one does the others see; many who move at once see one truth."""

import json
import os
import random
import re
import threading
import time
import urllib.error
import urllib.request

import pytest

from tests.support.follow import Follower, Model, sign_in
from tests.support.processes import BIN, Web, free_port, wait_until
from tests.support.stack import API, OWNER, PASSWORD
from workspaces.live import bell as live_bell
from workspaces.live.bell import Bell
from workspaces.live.breaker import Breaker

pytestmark = pytest.mark.services

CLIENTS = 8
ROUNDS = int(os.environ.get("MOPS_CONVERGE", "15"))  # 200 for the whole proof
CARDS = 40


class Place:
    """A board on a running installation: one server for pages and the API, one for streams."""

    def __init__(self, stack, web=None):
        self.stack = stack
        self.web = web or stack.start_web()
        self.streams = self.web if stack.embedded else self.start_streams()
        self.made = self.ask("boards/", {"name": "Launch"}, "POST").body
        self.path = f"/w/acme/boards/{self.made['id']}/"
        self.columns = [column["id"] for column in self.made["columns"]]

    def start_streams(self, port=0):
        """The server that does nothing but stream, as docs/running.md starts it."""
        port = port or free_port()
        words = ["mops.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
        words += ["--no-proxy-headers", "--timeout-graceful-shutdown", "2"]
        child = self.stack.launch("streams", [BIN / "uvicorn", *words, "--log-level", "warning"])
        web = Web(child, port, self.web.token)
        wait_until("the streams answer", web.is_alive, seconds=60)
        return web

    def ask(self, path, body=None, method="GET"):
        return self.web.ask(f"{API}/{path}", json_body=body, method=method, seconds=60)

    def card(self, title, column=0):
        body = {"title": title, "column": self.columns[column]}
        return self.ask("cards/", body, "POST").body["id"]

    def follow(self, seen=None, **headers):
        """Follow the board as a program; `seen` as a browser says it."""
        headers = headers or {"Authorization": f"Bearer {self.web.token}"}
        path = f"{API}/boards/{self.made['id']}/stream/"
        return Follower(self.streams.port, path, headers, seen).start()

    def move(self, card, **said):
        return self.ask(f"cards/{card}/move/", said, "POST")


@pytest.fixture(scope="module")
def installed(shared):
    """One process on SQLite for the tests of this file."""
    with shared("embedded") as stack:
        yield Place(stack)


@pytest.fixture
def embedded_place(installed):
    """A board of its own there."""
    made = Place(installed.stack, installed.web)
    yield made
    installed.web = made.web


def test_a_move_arrives_within_a_second_and_a_killed_server_leaves_no_gap(embedded_place):
    place = embedded_place
    card = place.card("Write the brief")
    place.follow().stop()  # the first one warms the server up
    one, two = place.follow(), place.follow()
    wait_until("both know who is there", lambda: one.told and two.told)
    began = time.monotonic()
    assert place.move(card, to=place.columns[1], version=1).status == 200
    wait_until("both are told", lambda: one.changes and two.changes)
    assert max(one.changes[0].at, two.changes[0].at) - began < 1
    assert one.changes[0].data["verb"] == "card.moved"
    assert one.changes[0].data["version"] == 2

    place.web.child.kill()
    again = place.stack.start_web()
    place.web = again
    for follower in (one, two):
        follower.port = again.port
    for version in range(2, 8):
        place.move(card, to=place.columns[version % 2], version=version)
    wait_until("both have caught up", lambda: len(one.seqs) == len(two.seqs) == 7)
    for follower in (one, two):
        first = follower.seqs[0]
        assert follower.seqs == list(range(first, first + 7))
        follower.stop()


def test_L01_L04_L10_what_a_stream_refuses(embedded_place):
    place = embedded_place
    port, path = place.web.port, place.path + "stream/"
    cookie = {"Cookie": sign_in(place.web, OWNER, PASSWORD)}

    def status(path=path, **headers):
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        asked.add_header("Accept", "text/event-stream")
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert status() == 401
    assert status(**cookie) == 200
    assert status(f"/w/acme/boards/{place.made['id'] + 1}/stream/", **cookie) == 404
    assert status(f"/w/other/boards/{place.made['id']}/stream/", **cookie) == 404
    assert status(f"{path}?token={place.web.token}", **cookie) == 400
    assert status(Origin="https://evil.example", **cookie) == 403
    assert status(Origin=f"http://127.0.0.1:{port}", **cookie) == 200
    for seen in ("99", "-1", "1" + "0" * 30, "x"):
        follower = Follower(port, path, {**cookie, "Last-Event-ID": seen}).start()
        wait_until("it is told to begin anew", lambda f=follower: f.told)
        assert follower.told[0].event == "reset"
        follower.stop()
    wait_until("they have gone", lambda: status(**cookie) == 200)
    followers = [Follower(port, path, cookie).start() for _each in range(10)]
    assert status(**cookie) == 429
    for follower in followers:
        follower.stopping.set()


def test_L02_who_signs_out_hears_nothing_more(embedded_place):
    place = embedded_place
    cookie = sign_in(place.web, OWNER, PASSWORD)
    follower = Follower(place.web.port, place.path + "stream/", {"Cookie": cookie}).start()
    wait_until("it follows", lambda: follower.told)
    card = place.card("One")
    wait_until("it hears", lambda: follower.changes)
    token = re.search(r"csrf=(\w+)", cookie)[1]
    headers = {"Cookie": cookie, "X-CSRFToken": token}
    out = urllib.request.Request(f"{place.web.url}/accounts/logout/", b"", headers)
    urllib.request.urlopen(out)
    heard = len(follower.changes)
    for version in range(1, 21):
        place.move(card, to=place.columns[version % 2], version=version)
    wait_until("it is shut out", lambda: follower.statuses[-1] == 401, seconds=5)
    assert len(follower.changes) == heard
    follower.stop()


@pytest.fixture
def bells(redis, settings):
    """Two processes' bells; the second listens."""
    settings.REDIS_URL = redis.url
    live_bell._redis.cache_clear()
    one, two, wanted = Bell(), Bell(), threading.Event()
    wanted.set()
    ear = threading.Thread(target=two.listen, args=(wanted,), daemon=True)
    ear.start()
    assert two.wait(10) == {""}  # it has begun to listen
    yield one, two
    wanted.clear()
    ear.join(10)
    live_bell._redis.cache_clear()


def test_a_bell_is_heard_in_other_processes_and_again_after_redis_was_away(bells, redis):
    one, two = bells
    one.ring("7")
    assert two.wait(1) == {"7"}
    redis.stop()
    began = time.monotonic()
    for _each in range(20):
        one.ring("8")
    assert time.monotonic() - began < 1
    redis.start()
    one.breaker = Breaker()
    wait_until("it listens again", lambda: one.ring("9") or "9" in two.wait(0.2), seconds=10)


def test_J04_a_frozen_redis_holds_no_writer_up(bells, redis):
    one, _two = bells
    redis.freeze()
    began = time.monotonic()
    for _each in range(20):
        one.ring("7")
    assert time.monotonic() - began < 1
    redis.thaw()


# --- many who move at once -------------------------------------------------------------------


class Client:
    """One of many: moves and edits what it sees, and sees what the others do."""

    def __init__(self, place, number, cookie):
        self.place, self.chance = place, random.Random(number)
        self.number = number
        self.follower = place.follow(seen=0)
        self.model = Model(place.web, place.path, cookie)
        self.done, self.refused, self.wrong = [], 0, []
        self.applied = 0

    def look(self):
        """Fetch what has changed since the last look."""
        news = self.follower.changes[self.applied :]
        self.applied += len(news)
        ids = {one.data["subject_id"] for one in news if one.data["subject_type"] == "tasks.card"}
        self.model.fetch(sorted(ids))

    def run(self, rounds):
        for number in range(rounds):
            self.look()
            card = self.chance.choice(sorted(self.model.cards))
            self.act(card, f"{self.number}.{number}")

    def act(self, card, title):
        version, moves = self.model.cards[card][2], self.chance.random() < 0.6
        if moves:
            answer = self.place.move(card, **self.somewhere(card), version=version)
        else:
            answer = self.place.ask(f"cards/{card}/", {"title": title, "version": version}, "PATCH")
        if answer.status == 200:
            self.done.append((card, "" if moves else title))
            assert answer.body["version"] > version
        elif answer.status == 409:
            self.refused += 1
        else:
            self.wrong.append((answer.status, answer.body))

    def somewhere(self, card):
        """A column, and a card that this client sees there, or none for the top."""
        to = self.chance.choice(self.place.columns)
        there = [pk for pk, row in self.model.cards.items() if row[0] == to and pk != card]
        after = self.chance.choice([*sorted(there), None])
        return {"to": to, **({"after": after} if after else {})}


def converge(place, rounds):
    """Let the clients loose on one board; returns them once all have heard everything."""
    for number in range(CARDS):
        place.card(f"Card {number}", number % len(place.columns))
    cookie = sign_in(place.web, OWNER, PASSWORD)
    clients = [Client(place, number, cookie) for number in range(CLIENTS)]
    wait_until("all see the cards", lambda: all(len(c.follower.seqs) > CARDS for c in clients))
    began = time.monotonic()
    threads = [threading.Thread(target=client.run, args=(rounds,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(1200)
    took = time.monotonic() - began
    acts = sum(len(client.done) for client in clients)
    refused = sum(client.refused for client in clients)
    last = 1 + CARDS + acts
    wait_until("all have heard all", lambda: all(c.follower.seqs[-1:] == [last] for c in clients))
    for client in clients:
        client.look()
        client.follower.stop()
    wrong = [one for client in clients for one in client.wrong]
    print(f"\n{CLIENTS} x {rounds}: {acts} done, {refused} stale, {took:.1f} s; wrong: {wrong}")
    return clients


def check(place, clients):
    """INV-05 to INV-09, no acknowledged edit lost, and every client sees what is stored."""
    ask, board = place.stack.ask_database, place.made["id"]
    assert [client.wrong for client in clients] == [[] for _each in clients]
    rows = ask(
        f"SELECT id, column_id, position, version, title FROM tasks_card WHERE board_id={board}"
    )
    truth = {pk: tuple(rest) for pk, *rest in rows}
    assert len({(column, position) for column, position, *_rest in truth.values()}) == len(truth)
    assert {column for column, *_rest in truth.values()} <= set(place.columns)
    assert max(len(position) for _column, position, *_rest in truth.values()) <= 64
    for client in clients:
        assert client.model.cards == truth

    events = ask(
        "SELECT e.seq, e.subject_id, e.subject_type, e.data FROM workspaces_event e"
        f" JOIN tasks_board b ON b.stream_id=e.stream_id WHERE b.id={board} ORDER BY e.id"
    )
    assert sorted(row[0] for row in events) == list(range(1, len(events) + 1))
    told = {pk: [] for pk in truth}  # of each card in the order of the numbers: version, title
    for _seq, pk, kind, data in sorted(events, key=lambda row: row[0]):
        if kind == "tasks.card":
            said = json.loads(data) if isinstance(data, str) else data
            told[pk].append((said["version"], said["title"]))
    for pk, (_column, _position, version, title) in truth.items():
        assert [number for number, _title in told[pk]] == list(range(1, version + 1))
        assert told[pk][-1][1] == title
    for client in clients:
        assert client.follower.seqs == list(range(1, len(events) + 1))

    done = [one for client in clients for one in client.done]
    assert sum(len(changes) - 1 for changes in told.values()) == len(done)  # the first is its birth
    lost = [one for one in done if one[1] and one[1] not in {title for _v, title in told[one[0]]}]
    assert lost == []


def test_O03_O12_L05_many_clients_of_one_board_converge_on_postgresql(production):
    place = Place(production)
    check(place, converge(place, ROUNDS))


def test_O03_O12_L05_many_clients_of_one_board_converge_on_sqlite(embedded_place):
    check(embedded_place, converge(embedded_place, min(ROUNDS, 6)))
