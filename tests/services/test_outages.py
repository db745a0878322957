"""What the health answers say while something is down, and that it comes back by itself."""

from dataclasses import replace

import pytest

from tests.support.processes import manage, wait_until
from tests.support.stack import API

pytestmark = pytest.mark.services

OK = {"app": "mops", "status": "ok"}
DOWN = {"app": "mops", "status": "unavailable"}


@pytest.fixture(scope="module", params=["embedded", "production"])
def served(request, shared):
    """An installation and its web, which every test leaves as it found them."""
    with shared(request.param) as stack:
        yield stack, stack.start_web()


def probe(web, **asked):
    web = replace(web, **asked)
    alive, ready = web.ask("/healthz"), web.ask("/readyz")
    return (alive.status, alive.body), (ready.status, ready.body)


def test_both_probes_are_well_and_need_no_sign_in(served):
    assert probe(served[1], token="") == ((200, OK), (200, OK))


def test_a_probe_may_come_under_any_host_name(served):
    assert probe(served[1], headers={"Host": "10.1.2.3"}) == ((200, OK), (200, OK))


def test_K05_a_frozen_redis_does_not_hold_the_probe(served):
    stack, web = served
    stack.redis.freeze()
    try:
        answer = web.ask("/readyz")
    finally:
        stack.redis.thaw()
    assert (answer.status, answer.body) == (503, DOWN)
    assert answer.seconds < 5
    wait_until("it is ready again", lambda: web.ask("/readyz").status == 200)


def test_K12_without_redis_it_lives_but_is_not_ready_and_says_no_more(served):
    stack, web = served
    stack.redis.stop()
    assert probe(web) == ((200, OK), (503, DOWN))
    stack.redis.start()
    wait_until("it is ready again", lambda: web.ask("/readyz").status == 200)


def test_K12_without_its_database_it_lives_but_is_not_ready(production):
    production.env["DATABASE_URL"] = "postgres://mops@%2Fnowhere/mops"
    web = production.start_web()
    assert probe(web) == ((200, OK), (503, DOWN))


def test_without_a_secret_key_nothing_starts_and_the_setting_is_named(production):
    del production.env["SECRET_KEY"]
    done = manage(production.env, "check")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_several_upgrades_at_once_wait_for_each_other(stack, database_server, tmp_path):
    if stack.server:
        stack.env["DATABASE_URL"] = database_server.create(f"{stack.database[:50]}_up")
    else:
        stack.env["MOPS_VAR"] = str(tmp_path / "empty")
    python = ["python", "manage.py", "upgrade"]
    children = [stack.launch(f"upgrade{n}", python) for n in range(3)]
    for child in children:
        assert child.process.wait(120) == 0, child.words[-2000:]


def test_the_embedded_process_stops_in_time_and_leaves_no_process(embedded):
    web = embedded.start_web()
    assert web.child.stop(patience=12) in (0, -15)


@pytest.mark.parametrize("away", ["stopped", "frozen"])
def test_K03_boards_are_read_and_changed_without_redis_and_no_word_of_it_is_lost(served, away):
    stack, web = served
    made = web.ask(f"{API}/boards/", json_body={"name": f"While it is {away}"})
    board, (first, second) = made.body["id"], [one["id"] for one in made.body["columns"][:2]]
    stop, start = (
        (stack.redis.stop, stack.redis.start)
        if away == "stopped"
        else (stack.redis.freeze, stack.redis.thaw)
    )
    stop()
    try:
        card = web.ask(f"{API}/cards/", json_body={"title": "Brief", "column": first})
        pk = card.body["id"]
        moved = web.ask(
            f"{API}/cards/{pk}/move/", json_body={"to": second, "after": None, "version": 1}
        )
        read = web.ask(f"{API}/boards/{board}/")
    finally:
        start()
    assert [answer.status for answer in (card, moved, read)] == [201, 200, 200]
    assert all(answer.seconds < 5 for answer in (card, moved, read))
    wait_until("it is ready again", lambda: web.ask("/readyz").status == 200)
    told = web.ask(f"{API}/boards/{board}/changes/?after=0").body["changes"]
    assert [one["verb"] for one in told if one["subject_type"] == "tasks.card"] == [
        "card.added",
        "card.moved",
    ]
    assert len(web.ask(f"{API}/cards/?board={board}").body["results"]) == 1
