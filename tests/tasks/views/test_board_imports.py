"""Pages that bring a board: upload, check, say where, import, look, undo."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Board, BoardImport, Card, ImportedPerson
from tasks.operations.import_runs import run_waiting
from tasks.operations.imports_people import hand_over
from tasks.operations.imports_progress import END, follow
from tests.make.board_files import asana, bring_board, clock, trello, written
from tests.make.tasks import make_board
from tests.make.workspaces import make_member
from workspaces.models import Invitation
from workspaces.rules.roles import Role

pytestmark = pytest.mark.django_db
URL = "/w/acme/boards/imports/"


def upload(client, content, name="board.json", **more):
    held = SimpleUploadedFile(name, content.encode())
    return client.post(f"{URL}new/", {"file": held, **more})


def test_a_board_is_brought_in_four_clicks(mia, client_of):
    client = client_of(mia)
    answer = upload(client, json.dumps(trello()))
    run = BoardImport.objects.get()
    page = f"{URL}{run.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "The file is read and imported on trial." in client.get(page).content.decode()
    follow(run)(42)
    far = client.get(f"{page}progress/", HTTP_HX_REQUEST="true").content.decode()
    assert 'value="42"' in far
    run_waiting(clock=clock)
    gone = client.get(f"{page}progress/", HTTP_HX_REQUEST="true")
    assert gone["HX-Redirect"] == page
    shown = client.get(page).content.decode()
    assert "12 cards will come" in shown
    assert "An archived column" in shown
    client.post(f"{page}check/", {"go": "1", "name": "Spring"})
    run_waiting(clock=clock)
    done = client.get(page).content.decode()
    assert "Ada Lovelace" in done
    assert (Board.objects.get().name, Card.objects.count()) == ("Spring", 12)
    client.post(f"{page}undo/")
    assert not Board.objects.get().is_open
    assert client.get(page).status_code == client.get(URL).status_code == 200


def test_what_is_said_of_columns_and_people_is_checked_again(mia, ed, acme, client_of):
    board = make_board(acme)
    client = client_of(mia)
    run = bring_board(mia, asana(), name="a.csv", go=False)
    page = f"{URL}{run.pk}/"
    client.post(f"{page}check/", {"board": str(board.pk), "person-0": str(ed.pk)})
    run_waiting(clock=clock)
    shown = client.get(page).content.decode()
    review = board.columns.get(name="Review")
    assert f'value="id:{review.pk}"' in shown
    told = {"board": str(board.pk), "person-0": str(ed.pk), "column-0": f"id:{review.pk}"}
    client.post(f"{page}check/", told | {"go": "1"})
    run_waiting(clock=clock)
    card = Card.objects.get(title="Build")
    assert (card.column, card.assignee) == (review, ed)


def test_a_table_asks_what_its_columns_are(mia, client_of):
    client = client_of(mia)
    rows = [["What", "Where", "Extra"], ["Brief", "Doing", "x"]]
    run = bring_board(mia, written(rows), name="table.csv", go=False)
    page = f"{URL}{run.pk}/"
    assert "What is in the columns of the file?" in client.get(page).content.decode()
    wrong = {"role-0": "title", "role-1": "title", "role-2": "nothing"}
    client.post(f"{page}check/", wrong)
    run_waiting(clock=clock)
    assert "Two columns cannot both be" in client.get(page).content.decode()
    client.post(f"{page}check/", wrong | {"role-1": "column"})
    run_waiting(clock=clock)
    client.post(f"{page}check/", wrong | {"role-1": "column", "go": "1"})
    run_waiting(clock=clock)
    assert Card.objects.get().column.name == "Doing"


def test_a_file_that_was_imported_already_is_said_to_be(mia, client_of):
    source = json.dumps(trello())
    bring_board(mia, source)
    run = bring_board(mia, source, go=False)
    shown = client_of(mia).get(f"{URL}{run.pk}/").content.decode()
    assert "This very file has been imported already." in shown


def test_somebody_of_the_file_is_handed_over_on_the_page(mia, ed, client_of):
    bring_board(mia, asana(), name="a.csv")
    person = ImportedPerson.objects.get()
    client = client_of(mia)
    client.post(f"{URL}people/{person.pk}/", {"member": str(ed.pk)})
    person.refresh_from_db()
    assert person.member == ed
    assert client.post(f"{URL}people/{person.pk}/", {"member": "x"}).status_code == 302


def test_a_file_that_cannot_be_read_says_why_and_nothing_breaks(mia, client_of, settings):
    client = client_of(mia)
    run = bring_board(mia, "{", name="<b>x</b>.json", go=False)
    shown = client.get(f"{URL}{run.pk}/").content.decode()
    assert "The file was cut" in shown
    assert "<b>x</b>" not in shown
    assert client.post(f"{URL}new/", {}).status_code == 422
    assert client.post(f"{URL}{run.pk}/check/", {"board": "999"}).status_code == 422
    assert client.post(f"{URL}{run.pk}/cancel/").status_code == 302
    settings.MAX_IMPORT_BYTES = 5
    assert upload(client, "x" * 100).status_code == 413


def test_what_a_file_says_is_never_run_as_html(mia, client_of):
    evil = '<script>alert("x")</script>'
    rows = [["Name", "Status", "Assignee", "Tags"], [evil, evil[:30], evil, evil]]
    run = bring_board(mia, written(rows), name="evil.csv", go=False)
    page = client_of(mia).get(f"{URL}{run.pk}/").content.decode()
    assert "<script>alert" not in page
    run = bring_board(mia, written(rows), name="evil.csv")
    for url in (f"{URL}{run.pk}/", f"/w/acme/boards/{run.board_id}/"):
        assert "<script>alert" not in client_of(mia).get(url).content.decode()


def test_editors_do_not_import_and_viewers_may_export(ed, vi, acme, client_of):
    assert client_of(ed).get(URL).status_code == 403
    board = make_board(acme)
    for kind in ("json", "csv"):
        answer = client_of(vi).get(f"/w/acme/boards/{board.pk}/export/{kind}/")
        assert answer.status_code == 200
        assert f'filename="board-{board.pk}.{kind}"' in answer["Content-Disposition"]


def test_the_list_asks_as_many_queries_for_ten_as_for_one(mia, client_of):
    client, counts = client_of(mia), []
    client.get(URL)
    for runs in (1, 9):
        for _run in range(runs):
            bring_board(mia, asana(), name="a.csv", go=False)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_whoever_is_no_member_is_invited_from_the_preview_and_gets_the_cards(
    mia, acme, client_of, mailoutbox
):
    run = bring_board(mia, asana(), name="a.csv", go=False)
    client, page = client_of(mia), f"{URL}{run.pk}/"
    assert 'name="email" value="ada@example.com"' in client.get(page).content.decode()
    stranger = client.post(f"{page}invite/", {"email": "eve@example.com"})
    assert (stranger.status_code, Invitation.objects.count()) == (422, 0)
    said = client.post(f"{page}invite/", {"email": "ada@example.com"}, HTTP_HX_REQUEST="true")
    assert 'hx-target="#invite-' in said.content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, len(mailoutbox)) == (
        "ada@example.com", Role.EDITOR, 1,
    )  # fmt: skip
    client.post(f"{page}check/", {"go": "1"})
    run_waiting(clock=clock)
    assert "invited" in client.get(page).content.decode()
    ada = make_member(acme, "ada@example.com", Role.EDITOR)
    hand_over(at=clock())
    assert Card.objects.get(title="Build").assignee == ada


def test_only_who_manages_members_invites(ed, mia, client_of):
    run = bring_board(mia, asana(), name="a.csv", go=False)
    answer = client_of(ed).post(f"{URL}{run.pk}/invite/", {"email": "ada@example.com"})
    assert (answer.status_code, Invitation.objects.count()) == (403, 0)


def test_a_run_says_how_far_it_is_and_never_goes_back(mia, monkeypatch):
    told = []
    monkeypatch.setattr("tasks.operations.import_runs.follow", lambda _run: told.append)
    monkeypatch.setattr("tasks.operations.imports_storing.STEP", 4)
    bring_board(mia, json.dumps(trello()))  # a check, then the import
    again = told.index(told[0], 1)
    assert all(part == sorted(set(part)) for part in (told[:again], told[again:]))
    assert told[-1] == END
