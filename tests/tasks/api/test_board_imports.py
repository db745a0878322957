"""Boards from files over REST: the same operations, the same refusals."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.api import imports as endpoint
from tasks.models import Board, BoardImport, Card, ImportedPerson
from tasks.operations.import_runs import run_waiting
from tests.make.board_files import asana, bring_board, clock, trello
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_workspace, owner_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/board-imports/"


def send(client, content, *, name="board.json", **more):
    data = content if isinstance(content, bytes) else content.encode()
    body = {"file": SimpleUploadedFile(name, data), **more}
    return client.post(URL, body, format="multipart")


def test_a_small_file_is_imported_at_once(mia, api_of):
    answer = send(api_of(mia), json.dumps(trello()))
    told = answer.json()
    assert (answer.status_code, told["state"], told["format"]) == (200, "done", "trello")
    assert answer["Location"] == f"{URL}{told['id']}/"
    assert (told["outcome"]["cards"], Card.objects.count()) == (12, 12)
    assert told["board"] == Board.objects.get().pk
    assert [person["name"] for person in told["waiting"]] == ["Ada Lovelace", "Bo Ek"]
    listed = api_of(mia).get(URL).json()
    assert [row["id"] for row in listed["results"]] == [told["id"]]


def test_a_check_stores_nothing_until_it_is_run_by_what_was_said(mia, api_of):
    client = api_of(mia)
    checked = send(client, asana(), name="a.csv", dry_run="true").json()
    assert (checked["state"], Card.objects.count()) == ("ready", 0)
    one = f"{URL}{checked['id']}/"
    again = client.post(f"{one}check/", {"name": "Renamed"}, format="json").json()
    assert (again["state"], again["choices"]["name"]) == ("ready", "Renamed")
    done = client.post(f"{one}run/").json()
    assert (done["state"], Board.objects.get().name) == ("done", "Renamed")
    undone = client.post(f"{one}undo/").json()
    assert (undone["state"], Board.objects.get().is_open) == ("undone", False)
    assert client.post(f"{one}undo/").status_code == 422


def test_a_large_file_waits_for_the_job(mia, api_of, monkeypatch):
    monkeypatch.setattr(endpoint, "AT_ONCE", 10)
    client = api_of(mia)
    answer = send(client, asana(), name="a.csv")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    run_waiting(clock=clock)
    assert client.get(answer["Location"]).json()["state"] == "done"
    second = send(client, asana(), name="a.csv")
    cancelled = client.post(f"{second['Location']}cancel/").json()
    assert (cancelled["state"], run_waiting(clock=clock)) == ("cancelled", 0)


def test_what_cannot_be_read_is_a_400_with_its_place(mia, api_of):
    client = api_of(mia)
    answer = send(client, json.dumps(trello())[:2000])
    problem = answer.json()["errors"][0]
    assert (answer.status_code, problem["code"]) == (400, "file_is_cut")
    assert "(line 1, letter 1995)" in problem["message"]
    row = send(client, "a,b\n1\n", name="x.csv").json()["errors"][0]
    assert (row["row"], row["code"]) == (2, "row_too_short")
    told = send(client, b"\x89PNG\r\n\x1a\n" + bytes(100), name="x.csv")
    assert (told.status_code, told.json()["errors"][0]["code"]) == (400, "file_is_binary")
    odd = send(client, '{"\\u0000": 1, "\\u0000": 2}')
    assert (odd.status_code, odd.json()["errors"][0]["code"]) == (400, "repeated_key")
    assert Board.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ({"choices": "{"}, "invalid", "choices"),
        ({"choices": "[]"}, "invalid", ""),
        ({"choices": '{"board": 999999}'}, "no_such_board", "board"),
        ({"choices": '{"people": {"x": -1}}'}, "min_value", "x"),
        ({"choices": '{"colour": 1}'}, "unknown_field", "colour"),
        ({"choices": '{"people": {"x": 1e400}}'}, "invalid", "x"),
        ({"choices": '{"people": {"x": 99999999999999999999}}'}, "max_value", "x"),
        ({"choices": '{"roles": {"\\u0000": "title"}}'}, "no_such_key", "roles"),
        ({"choices": '{"columns": {"x": null}}'}, "null", "x"),
        ({"dry_run": "perhaps"}, "invalid", "dry_run"),
        ({"colour": "red"}, "unknown_field", "colour"),
    ],
)
def test_what_is_said_wrongly_is_a_400_that_names_it(mia, api_of, fields, code, column):
    answer = send(api_of(mia), asana(), name="a.csv", **fields)
    problem = answer.json()["errors"][0]
    assert (answer.status_code, problem["code"], problem["column"]) == (400, code, column)
    assert BoardImport.objects.count() == 0


def test_without_a_file_or_with_too_much_of_one(mia, api_of, settings):
    client = api_of(mia)
    assert client.post(URL, {}, format="multipart").status_code == 400
    assert client.post(URL, {"file": "text"}, format="multipart").status_code == 400
    settings.MAX_IMPORT_BYTES = 10
    assert send(client, asana()).status_code == 413


def test_only_managers_import_and_strangers_find_nothing(mia, ed, api_of):
    run = bring_board(mia, asana(), name="a.csv")
    one = f"{URL}{run.pk}/"
    client = api_of(ed)
    assert send(client, asana()).status_code == 403
    assert {client.get(url).status_code for url in (URL, one, f"{one}left/")} == {403}
    stranger = api_of(owner_of(make_workspace("elsewhere", owner="sam@else.example")))
    assert stranger.get(one).status_code == 404
    theirs = one.replace("acme", "elsewhere")
    assert stranger.get(theirs).status_code == 404
    assert stranger.post(f"{theirs}undo/").status_code == 404


def test_who_somebody_is_can_be_said_later(mia, ed, api_of):
    bring_board(mia, asana(), name="a.csv")
    person = ImportedPerson.objects.get()
    url = f"/api/v1/workspaces/acme/imported-people/{person.pk}/"
    client = api_of(mia)
    assert client.post(url, {"member": 10**9}, format="json").status_code == 400
    assert client.post(url, {"member": ed.pk}, format="json").status_code == 200
    person.refresh_from_db()
    assert person.member == ed


def test_what_stayed_behind_is_told_as_csv(mia, api_of):
    source = trello(cards=1)
    source["actions"][0]["data"] = {"text": "=1+1", "card": {"id": "gone"}}
    run = bring_board(mia, json.dumps(source))
    answer = api_of(mia).get(f"{URL}{run.pk}/left/")
    lines = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in lines
    assert "A comment on a card that the file has not." in lines


def test_a_board_is_handed_out_as_json_and_csv(vi, acme, api_of):
    board = make_board(acme)
    make_card(board, "Brief")
    url = f"/api/v1/workspaces/acme/boards/{board.pk}/export/"
    client = api_of(vi)
    told = json.loads(b"".join(client.get(url).streaming_content))
    assert [card["title"] for card in told["cards"]] == ["Brief"]
    table = b"".join(client.get(f"{url}?as=csv").streaming_content).decode()
    assert '"Brief"' in table
    assert client.get(f"{url}?as=xml").status_code == 400
    assert client.get(f"{url}?colour=red").status_code == 400
    assert client.get(url.replace(str(board.pk), "999999")).status_code == 404
