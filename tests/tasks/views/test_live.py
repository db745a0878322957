"""What a board's page asks for while it is open."""

import pytest
from django.core.cache import cache
from django.test import Client

from tasks.operations.cards import archive_card
from tasks.operations.edits import edit_card
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import NOON
from tests.support.words import says

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def _nobody_is_there():
    cache.clear()


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def at(board, part=""):
    return f"/w/acme/boards/{board.pk}/{part}"


def test_the_page_says_from_where_to_follow(client, board, ed):
    html = client.get(at(board)).content.decode()
    assert 'data-seq="0"' in html  # nothing has a number yet: what follows is told twice, not lost
    assert f'data-me="{ed.pk}"' in html
    assert "data-streams" not in html
    assert client.get(at(board, "changes/?after=0")).json()["seq"] == 1
    assert 'data-seq="1"' in client.get(at(board)).content.decode()


def test_a_page_beside_a_server_of_streams_may_follow_one(client, board, settings):
    settings.STREAMS = True
    assert "data-streams" in client.get(at(board)).content.decode()


def test_a_server_that_cannot_stream_says_so_at_once(client, board):
    answer = client.get(at(board, "stream/"))
    assert (answer.status_code, answer.json()["code"]) == (503, "no_stream")
    assert answer["Content-Type"] == "application/problem+json"


def test_L01_what_a_stream_refuses(client, board, acme, sam):
    assert client.get(at(board, "stream/?token=mops_1")).status_code == 400
    assert client.get(at(board, "changes/?token=mops_1")).status_code == 400
    assert client.get(at(board, "changes/?after=x")).status_code == 400
    foreign = {"HTTP_ORIGIN": "https://evil.example"}
    assert client.get(at(board, "stream/"), **foreign).status_code == 403
    assert client.get(at(board, "stream/"), HTTP_ORIGIN="null").status_code == 403
    theirs = make_board(sam.workspace)
    assert client.get(at(theirs, "stream/")).status_code == 404
    assert client.get(at(theirs, "changes/")).status_code == 404


def test_L01_a_script_without_a_session_is_not_sent_to_a_form(board):
    for part in ("stream/", "changes/"):
        assert Client().get(at(board, part), **JSON).status_code == 401


def test_what_was_missed_is_told_with_who_is_there(client, board, ed, mia, client_of):
    card = make_card(board, "One", by=ed)
    client_of(mia).post(at(board, "here/"), {"card": card.pk, "editing": "1"})
    told = client.get(at(board, "changes/?after=1")).json()
    assert told == {
        "seq": 2,
        "reset": False,
        "changes": [
            {
                "seq": 2, "verb": "card.added", "subject_type": "tasks.card",
                "subject_id": card.pk, "by": ed.pk, "version": 1,
            }
        ],
        "people": [{"member": mia.pk, "subject": card.pk, "editing": True}],
    }  # fmt: skip


@pytest.mark.parametrize("after", ["-1", "7", "9" * 31])
def test_L04_a_place_that_cannot_be_begins_anew(client, board, after):
    told = client.get(at(board, f"changes/?after={after}")).json()
    assert (told["seq"], told["reset"], told["changes"]) == (1, True, [])


@pytest.mark.parametrize("cards", [1, 30])
def test_asking_for_changes_costs_the_same_however_many(
    client, board, cards, django_assert_max_num_queries
):
    for number in range(cards):
        make_card(board, f"Card {number}")
    client.get(at(board, "changes/"))
    with django_assert_max_num_queries(10):
        told = client.get(at(board, "changes/?after=0")).json()
    assert len(told["changes"]) == cards + 1


def test_changed_cards_come_with_their_columns_and_places(client, board, ed):
    ready = column_of(board, "Ready")
    low = make_card(ready, "Low")
    gone = make_card(ready, "Gone")
    other = make_card(make_board(board.workspace, "Other"), "Elsewhere")
    archive_card(gone, by=ed, at=NOON)
    edit_card(low, version=1, changes={"title": "Lower"}, by=ed, at=NOON)
    html = client.get(at(board, f"cards/?ids={low.pk},{gone.pk},{other.pk}")).content.decode()
    assert f'<ul data-in="{ready.pk}"><li class="card-k" id="card-{low.pk}"' in html
    assert f'data-version="2" data-position="{low.position}"' in html
    assert "Lower" in html
    assert "Elsewhere" not in html
    assert f'data-gone="{gone.pk} {other.pk}"' in html
    assert 'id="board-facts"' in html


@pytest.mark.parametrize("ids", ["", "x", "1,,2", "1;2", "9" * 30, ",".join(map(str, range(201)))])
def test_a_strange_list_of_cards_is_refused(client, board, ids):
    assert client.get(at(board, "cards/"), {"ids": ids}).status_code == 422


@pytest.mark.parametrize("cards", [1, 40])
def test_changed_cards_cost_the_same_however_many(client, board, cards, django_assert_num_queries):
    made = [make_card(board, f"{n}", checklist=("a",)) for n in range(cards)]
    ids = ",".join(str(card.pk) for card in made)
    with django_assert_num_queries(16):
        client.get(at(board, f"cards/?ids={ids}"))


def test_who_else_is_there_is_shown_with_what_they_do(client, board, vi, mia, ed, client_of):
    card = make_card(board, "One")
    client_of(vi).post(at(board, "here/"))
    client_of(mia).post(at(board, "here/"), {"card": card.pk, "editing": "1"})
    html = client.post(at(board, "here/"), {"card": "<b>"}).content.decode()
    assert "Vi: looks at this board" in html
    assert f"Mia: edits #{card.number}" in html
    assert not says(html, "Ed")
    assert client_of(mia).post(at(board, "here/"), {"gone": "1"}).status_code == 204
    assert "Mia" not in client.post(at(board, "here/")).content.decode()


def test_a_card_of_another_board_is_not_told(client, board, mia, client_of):
    other = make_card(make_board(board.workspace, "Other"), "Elsewhere")
    client_of(mia).post(at(board, "here/"), {"card": other.pk, "editing": "1"})
    assert "Mia: looks at this board" in client.post(at(board, "here/")).content.decode()


VIEWS = ("list", "calendar", "timeline", "workload")


@pytest.mark.parametrize("way", VIEWS)
def test_every_way_to_see_cards_follows_its_boards_from_before_its_rows(client, board, way):
    make_card(make_board(board.workspace, "Other"), "Elsewhere")
    seq = client.get(at(board, "changes/")).json()["seq"]
    html = client.get(at(board, f"{way}/")).content.decode()
    assert f'data-url="{at(board, "")}" data-seq="{seq}"' in html
    whole = client.get("/w/acme/cards/changes/").json()["seq"]
    html = client.get(f"/w/acme/{'cards' if way == 'list' else way}/").content.decode()
    assert f'data-url="/w/acme/cards/" data-seq="{whole}"' in html


def test_a_page_over_all_boards_asks_whether_anything_happened(client, board, sam, client_of):
    assert client.get("/w/acme/cards/changes/?after=0").json()["reset"] is True
    assert client.get("/w/acme/cards/changes/?after=1").json()["reset"] is False
    make_card(board, "One")
    told = client.get("/w/acme/cards/changes/?after=1").json()
    assert told == {"seq": 2, "reset": True, "changes": [], "people": []}
    assert client.get("/w/acme/cards/stream/").json()["code"] == "no_stream"
    assert client_of(sam).get("/w/acme/cards/changes/").status_code == 404
    assert client_of(sam).get("/w/acme/cards/stream/").status_code == 404
