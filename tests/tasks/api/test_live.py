"""Following a board as a program."""

import pytest
from django.core.cache import cache

from tests.make.tasks import make_board, make_card


@pytest.fixture(autouse=True)
def _nobody_is_there():
    cache.clear()


def at(board, part):
    return f"/api/v1/workspaces/acme/boards/{board.pk}/{part}"


def test_a_program_asks_for_what_it_missed(api_of, vi, board, ed):
    client = api_of(vi, scope="read")
    assert client.get(at(board, "changes/")).json() == {
        "seq": 1, "reset": False, "changes": [], "people": [],
    }  # fmt: skip
    card = make_card(board, "One", by=ed)
    told = client.get(at(board, "changes/?after=1")).json()
    assert [(c["seq"], c["verb"], c["subject_id"], c["by"]) for c in told["changes"]] == [
        (2, "card.added", card.pk, ed.pk)
    ]
    assert client.get(at(board, "changes/?after=9")).json()["reset"] is True


@pytest.mark.parametrize("asked", ["after=x", "after=", "token=mops_1", "since=1"])
def test_a_strange_parameter_is_named(api_of, vi, board, asked):
    answer = api_of(vi).get(at(board, f"changes/?{asked}"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["column"] == asked.partition("=")[0]


def test_L01_a_stream_takes_a_token_in_the_header_only(api_of, vi, board, sam):
    client = api_of(vi, scope="read")
    wants = {"HTTP_ACCEPT": "text/event-stream"}
    assert client.get(at(board, "stream/"), **wants).json()["code"] == "no_stream"
    assert client.get(at(board, "stream/?token=mops_1"), **wants).status_code == 400
    foreign = client.get(at(board, "stream/"), HTTP_ORIGIN="https://evil.example", **wants)
    assert foreign.status_code == 403
    client.credentials()
    assert client.get(at(board, "stream/"), **wants).status_code == 401
    stranger = api_of(sam)
    assert stranger.get(at(board, "stream/"), **wants).status_code == 404
    theirs = make_board(sam.workspace)
    assert api_of(vi).get(at(theirs, "changes/")).status_code == 404


ALL = "/api/v1/workspaces/acme/cards/"


def test_a_program_hears_that_something_happened_on_any_board(api_of, vi, board, sam):
    client = api_of(vi, scope="read")
    assert client.get(f"{ALL}changes/").json() == {"seq": 1, "reset": False}
    make_card(make_board(board.workspace, "Other"), "One")
    assert client.get(f"{ALL}changes/?after=1").json() == {"seq": 3, "reset": True}
    assert client.get(f"{ALL}changes/?after=3").json() == {"seq": 3, "reset": False}
    assert client.get(f"{ALL}changes/?after=x").status_code == 400
    wants = {"HTTP_ACCEPT": "text/event-stream"}
    assert client.get(f"{ALL}stream/", **wants).json()["code"] == "no_stream"
    assert api_of(sam).get(f"{ALL}changes/").status_code == 404
    assert api_of(sam).get(f"{ALL}stream/", **wants).status_code == 404
