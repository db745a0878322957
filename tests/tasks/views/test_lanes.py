"""Swimlanes, quick add and keys as pages and REST show them."""

import pytest

from tasks.models import BoardChoice, Card, KeyChoice
from tests.make.tasks import column_of, make_board, make_card, make_label, titles

HTMX = {"HTTP_HX_REQUEST": "true"}
BOARDS = "/w/acme/boards/"
API = "/api/v1/workspaces/acme/"


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def test_a_member_groups_the_board_and_collapses_a_lane_for_oneself(
    client, board, ed, vi, client_of
):
    card = make_card(board, "Mine", assignee=ed)
    page = f"{BOARDS}{board.pk}/"
    client.post(f"{page}look/", {"is_compact": "1"})
    client.post(f"{page}look/", {"lanes": "assignee"})
    html = client.get(page).content.decode()
    assert f'data-row="assignee-{ed.pk}"' in html
    assert "bd-compact" in html  # what is not said stays
    assert f'data-cells="{card.column_id}/assignee-{ed.pk}:1"' in html
    client.post(f"{page}fold-lane/", {"lane": f"assignee-{ed.pk}", "folded": "1"})
    assert BoardChoice.objects.get().folded_lanes == [f"assignee-{ed.pk}"]
    assert 'class="blane is-folded"' in client.get(page).content.decode()
    client.post(f"{page}fold-lane/", {"lane": f"assignee-{ed.pk}", "folded": ""})
    assert BoardChoice.objects.get().folded_lanes == []
    for bad in ({"lane": "x"}, {"lane": ""}, {}):
        assert client.post(f"{page}fold-lane/", bad, **HTMX).status_code == 422
    assert client.post(f"{page}look/", {"lanes": "board"}, **HTMX).status_code == 422
    assert "data-row" not in client_of(vi).get(page).content.decode()


def test_a_drop_in_another_lane_says_so_and_news_name_the_lane(client, board, ed, vi):
    BoardChoice.objects.create(workspace=board.workspace, board=board, member=ed, lanes="assignee")
    card = make_card(board)
    sent = {"to": column_of(board, "Ready").pk, "after": "", "version": 1}
    url = f"/w/acme/cards/{card.pk}/move/"
    moved = client.post(url, {**sent, "lane": f"assignee-{vi.pk}"}, **HTMX)
    assert moved.status_code == 200
    assert f"/assignee-{vi.pk}:1" in moved.content.decode()
    card.refresh_from_db()
    assert (card.assignee, card.version) == (vi, 3)
    news = client.get(f"{BOARDS}{board.pk}/cards/?ids={card.pk}", **HTMX).content.decode()
    assert f'data-lane="assignee-{vi.pk}"' in news
    for bad in ("assignee-999999", "nobody", "priority-9"):
        answer = client.post(url, {**sent, "version": 3, "lane": bad}, **HTMX)
        assert answer.status_code == 422
        assert "There is no such swimlane." in answer.content.decode()
    assert client.post(url, {**sent, "lane": "assignee-none"}, **HTMX).status_code == 409


def test_moved_cards_keep_where_they_stood_in_the_toast(client, board):
    one, two = make_card(board, "One"), make_card(board, "Two")
    url, ready = f"{BOARDS}{board.pk}/bulk/", column_of(board, "Ready")
    above = make_card(ready, "Above")
    sent = {"card": [f"{one.pk}:1", f"{two.pk}:1"], "to": ready.pk, "after": above.pk}
    html = client.post(url, sent, **HTMX).content.decode()
    assert titles(ready) == ["Above", "One", "Two"]
    places = html.split('name="places" value="')[1].split('"')[0]
    assert client.post(f"{url}undo/", {"places": places}, **HTMX).status_code == 200
    assert (titles(ready), titles(column_of(board, "Backlog"))) == (["Above"], ["One", "Two"])
    for bad in ("", "1:2", f"{one.pk}:1:x:a0:", f"{one.pk}:1:1:a'0:", "x" * 40_000):
        assert client.post(f"{url}undo/", {"places": bad}, **HTMX).status_code == 422


def test_a_line_is_read_before_it_makes_a_card(client, board, acme, ed, vi, client_of):
    make_label(acme, "<b>Email</b>")
    url = f"{BOARDS}columns/{column_of(board, 'Ready').pk}/quick/"
    line = {"line": "Brief @ed #<b>email !high ~2h"}
    html = client.post(f"{url}read/", line, **HTMX).content.decode()

    assert html.count("data-unread") == 4
    assert "&lt;b&gt;Email" in html
    assert not Card.objects.exists()
    html = client.post(f"{url}read/", {**line, "unread": ["@ed"]}, **HTMX).content.decode()
    assert html.count("data-unread") == 3
    made = client.post(url, {**line, "nonce": "n"}, **HTMX)
    card = Card.objects.get()
    assert (made.status_code, f'data-made="{card.pk}"' in made.content.decode()) == (201, True)
    assert (card.title, card.assignee, card.priority) == ("Brief", ed, 3)
    assert client.post(url, {"line": "Two\nThree"})["Location"] == f"{BOARDS}{board.pk}/"
    assert titles(column_of(board, "Ready")) == ["Brief", "Two", "Three"]
    assert client.post(url, {"line": " "}, **HTMX).status_code == 422
    assert client_of(vi).post(url, line).status_code == 403
    assert client_of(vi).post(f"{url}read/", line).status_code == 403


def test_T01_lanes_and_lines_of_another_workspace_do_not_exist(sam, client_of, api_of, board):
    column = column_of(board, "Ready")
    client, api = client_of(sam), api_of(sam)
    base = "/w/globex/boards/"
    assert client.post(f"{base}columns/{column.pk}/quick/", {"line": "x"}).status_code == 404
    assert client.post(f"{base}columns/{column.pk}/quick/read/", {"line": "x"}).status_code == 404
    assert client.post(f"{base}{board.pk}/fold-lane/", {"lane": "goal-1"}).status_code == 404
    path = "/api/v1/workspaces/globex/"
    sent = {"line": "x"}
    assert api.post(f"{path}columns/{column.pk}/cards/", sent, format="json").status_code == 404
    assert api.get(f"{path}boards/{board.pk}/lanes/").status_code == 404


def test_letters_are_keys_until_one_switches_them_off(client, board, ed, vi, client_of):
    page = f"{BOARDS}{board.pk}/"
    assert " data-letters" in client.get(page).content.decode()
    client.post(f"{BOARDS}keys/", {"has_letters": ""})
    assert " data-letters" not in client.get(page).content.decode()
    assert " data-letters" in client_of(vi).get(page).content.decode()
    client.post(f"{BOARDS}keys/", {"has_letters": "1"})
    assert KeyChoice.objects.get().has_letters


def test_rest_reads_lines_and_lanes_and_moves_between_them(api_of, ed, vi, board, acme):
    api, ready = api_of(ed), column_of(board, "Ready")
    url = f"{API}columns/{ready.pk}/cards/"
    body = {"line": "Brief @ed !high", "unread": ["@ed"], "lane": f"assignee-{vi.pk}"}
    made = api.post(url, body, format="json")
    told = made.json()["cards"][0]
    assert (made.status_code, told["title"]) == (201, "Brief @ed")
    assert told["read"] == [{"kind": "priority", "text": "!high", "value": "3"}]
    lanes = api.get(f"{API}boards/{board.pk}/lanes/?by=assignee").json()["lanes"]
    assert [(one["lane"], one["cards"]) for one in lanes] == [
        (f"assignee-{vi.pk}", 1),
        ("assignee-none", 0),
    ]
    assert api.get(f"{API}boards/{board.pk}/lanes/").json() == {"by": "none", "lanes": []}
    move = {"to": ready.pk, "version": 1, "lane": "assignee-none"}
    moved = api.post(f"{API}cards/{told['id']}/move/", move, format="json")
    assert (moved.status_code, moved.json()["assignee"]) == (200, None)
    bulk = {"cards": [{"id": told["id"], "version": 3}], "to": ready.pk, "lane": "priority-low"}
    assert api.post(f"{API}cards/bulk/", bulk, format="json").status_code == 200
    assert Card.objects.get().priority == 1
    look = {"lanes": "goal"}
    assert api.put(f"{API}boards/{board.pk}/look/", look, format="json").json()["lanes"] == "goal"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"line": ""},
        {"line": None},
        {"line": ["a"]},
        {"line": "x", "unread": "x"},
        {"line": "x", "lane": "nobody"},
        {"line": "x", "lane": 7},
        {"line": "x", "nonce": "n" * 65},
        {"line": "x", "title": "y"},
    ],
)
def test_a_body_that_makes_no_sense_is_a_400_and_makes_nothing(api_of, ed, board, body):
    url = f"{API}columns/{column_of(board, 'Ready').pk}/cards/"
    assert api_of(ed).post(url, body, format="json").status_code == 400
    assert not Card.objects.exists()


def test_a_lane_by_a_word_that_is_none_is_a_400(api_of, vi, board):
    api = api_of(vi)
    assert api.get(f"{API}boards/{board.pk}/lanes/?by=colour").status_code == 400
    sent = {"line": "x"}
    url = f"{API}columns/{column_of(board, 'Ready').pk}/cards/"
    assert api.post(url, sent, format="json").status_code == 403


@pytest.mark.parametrize("lanes", ["none", "assignee"])
def test_the_page_of_a_board_costs_the_same_for_few_and_many_cards(
    client, acme, ed, lanes, django_assert_max_num_queries
):
    board = make_board(acme)
    BoardChoice.objects.create(workspace=acme, board=board, member=ed, lanes=lanes)
    client.get(f"{BOARDS}{board.pk}/")  # what is kept between requests
    costs = []
    for count in (2, 12):
        for number in range(count):
            make_card(board, f"Card {number}", assignee=ed if number % 2 else None)
        with django_assert_max_num_queries(40) as asked:
            client.get(f"{BOARDS}{board.pk}/")
        costs.append(len(asked))
    assert costs[0] == costs[1]
