"""The page of what has left a board, and the same over REST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card
from tasks.operations.cards import archive_card, trash_card
from tests.make.tasks import column_of, make_board, make_card, titles
from tests.make.workspaces import NOON
from tests.tasks.api.test_cards import errors_of

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme"


@pytest.fixture
def board(acme):
    return make_board(acme)


def put_away(board, ed, archived=(), trashed=()):
    gone = [archive_card(make_card(board, name), by=ed, at=NOON) for name in archived]
    return gone + [trash_card(make_card(board, name), by=ed, at=NOON) for name in trashed]


def test_what_was_put_away_is_found_and_comes_back(board, ed, client_of):
    one, two, three = put_away(board, ed, ["Letter", "Film"], ["Old letter"])
    client, url = client_of(ed), f"/w/acme/boards/{board.pk}/archived/"
    shown = client.get(url).content.decode()
    assert ("Letter" in shown, "Film" in shown, "Old letter" in shown) == (True, True, False)
    assert "Film" not in client.get(f"{url}?q=letter").content.decode()
    assert "Old letter" in client.get(f"{url}?in=trash").content.decode()
    answer = client.post(f"{url}act/", {"then": "restore", "card": [one.pk, two.pk]})
    assert answer.status_code == 302
    assert titles(column_of(board, "Backlog")) == ["Letter", "Film"]
    client.post(f"{url}act/", {"then": "restore", "card": [three.pk], "in": "trash"})
    three.refresh_from_db()
    assert (three.archived_at, three.trashed_at) == (None, None)
    for bad in ({"then": "restore"}, {"then": "burn", "card": [1]}, {"then": "trash", "card": "x"}):
        assert client.post(f"{url}act/", bad).status_code == 422


def test_only_managers_delete_for_good_and_strangers_see_nothing(
    board, ed, mia, vi, sam, client_of
):
    (card,) = put_away(board, ed, trashed=["Gone"])
    url = f"/w/acme/boards/{board.pk}/archived/"
    said = {"then": "delete", "card": [card.pk]}
    assert client_of(ed).post(f"{url}act/", said).status_code == 403
    assert client_of(vi).post(f"{url}act/", said).status_code == 403
    assert client_of(vi).get(f"{url}?in=trash").status_code == 200
    assert client_of(sam).get(url).status_code == 404
    assert client_of(mia).post(f"{url}act/", said).status_code == 302
    assert not Card.objects.exists()


def test_a_done_column_is_emptied_and_filled_again_from_the_toast(board, ed, client_of):
    done = column_of(board, "Done")
    for name in "ab":
        make_card(done, name)
    client = client_of(ed)
    url = f"/w/acme/boards/columns/{done.pk}/archive-done/"
    assert url in client.get(f"/w/acme/boards/{board.pk}/").content.decode()
    answer = client.post(url, HTTP_HX_REQUEST="true").content.decode()
    assert titles(done) == []
    undo = answer.partition('action="')[2].partition('"')[0]
    client.post(undo)
    assert titles(done) == ["a", "b"]
    assert client.post(f"/w/acme/boards/columns/{done.pk}/restore-done/?at=now").status_code == 422


def test_the_same_over_rest(board, ed, mia, api_of):
    one, two = put_away(board, ed, ["Letter"], ["Film"])
    editor, url = api_of(ed), f"{API}/boards/{board.pk}/archived/"
    listed = editor.get(url).json()["results"]
    assert [(row["id"], row["trashed_at"]) for row in listed] == [(one.pk, None)]
    assert [row["id"] for row in editor.get(f"{url}?in=trash&q=film").json()["results"]] == [two.pk]
    assert errors_of(editor.get(f"{url}?in=attic")) == {"/in": "invalid_choice"}
    gone = f"{API}/cards/{two.pk}/for-good/"
    assert editor.delete(gone).status_code == 403
    assert api_of(mia).delete(f"{API}/cards/{one.pk}/for-good/").status_code == 422
    assert api_of(mia).delete(gone).status_code == 204
    done = column_of(board, "Done")
    make_card(done)
    told = editor.post(f"{API}/columns/{done.pk}/archive-done/").json()
    assert told["archived"] == 1
    back = editor.post(f"{API}/columns/{done.pk}/restore-done/", {"at": told["at"]}, format="json")
    assert back.json() == {"restored": 1}
    other = f"{API}/columns/{column_of(board, 'Ready').pk}/archive-done/"
    assert editor.post(other).status_code == 422


def test_the_list_asks_the_same_for_any_number_of_cards(board, ed, client_of, api_of):
    counts = []
    for count in (3, 30):
        put_away(board, ed, [f"{count} {number}" for number in range(count)])
        asked = []
        for client, url in (
            (client_of(ed), f"/w/acme/boards/{board.pk}/archived/"),
            (api_of(ed), f"{API}/boards/{board.pk}/archived/"),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
