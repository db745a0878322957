import pytest

from tasks.models import Card
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, titles

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def at(card, action):
    return f"/w/acme/cards/{card.pk}/{action}/"


def test_a_move_answers_the_card_as_it_now_stands(client, board):
    ready, done = column_of(board, "Ready"), column_of(board, "Done")
    one, two = make_card(ready, "One"), make_card(ready, "Two")
    moved = client.post(at(two, "move"), {"to": done.pk, "after": "", "version": 1}, **HTMX)
    html = moved.content.decode()
    assert moved.status_code == 200
    assert '<li class="card-k is-done"' in html
    assert '<hx-partial hx-target="#board-facts"' in html
    assert f'id="card-{two.pk}"' in html
    assert 'data-version="2"' in html
    back = client.post(at(two, "move"), {"to": ready.pk, "after": one.pk, "version": 2})
    assert back["Location"] == f"/w/acme/boards/{board.pk}/"
    assert titles(ready) == ["One", "Two"]


def test_O01_a_stale_move_is_refused_with_a_reason(client, board):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    card = make_card(ready)
    sent = {"to": review.pk, "after": "", "version": 1}
    assert client.post(at(card, "move"), sent, **HTMX).status_code == 200
    stale = client.post(at(card, "move"), {**sent, "to": ready.pk}, **HTMX)
    assert stale.status_code == 409
    assert "Somebody changed this card meanwhile." in stale.content.decode()
    assert "toast-error" in stale.content.decode()
    assert client.post(at(card, "move"), sent).status_code == 409
    assert titles(review) == [card.title]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"to": "7abc", "version": 1},
        {"to": "99999999999999999999", "version": 1},
        {"to": "COLUMN"},
        {"to": "COLUMN", "version": "x"},
        {"to": "COLUMN", "version": 1, "after": "7abc"},
        {"to": "FOREIGN", "version": 1},
        {"to": "OTHER", "version": 1},
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_moves_nothing(client, acme, globex, board, sent):
    card = make_card(board)
    columns = {
        "COLUMN": column_of(board, "Ready").pk,
        "FOREIGN": column_of(make_board(globex), "Ready").pk,
        "OTHER": column_of(make_board(acme, "Other"), "Ready").pk,
    }
    sent = {name: columns.get(value, value) for name, value in sent.items()}
    assert client.post(at(card, "move"), sent, **HTMX).status_code == 422
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_card_moves_by_menu_without_script(client, board):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    for title in ("One", "Two"):
        make_card(review, title)
    card = make_card(ready, "Card")
    response = client.post(at(card, "move-to"), {"to": review.pk, "version": 1})
    assert response["Location"] == f"/w/acme/cards/{card.pk}/"
    assert titles(review) == ["Card", "One", "Two"]
    client.post(at(card, "move-to"), {"to": review.pk, "place": "bottom", "version": 2})
    assert titles(review) == ["One", "Two", "Card"]
    stale = client.post(at(card, "move-to"), {"to": ready.pk, "version": 1})
    assert stale.status_code == 409


def test_a_move_from_the_drawer_tells_the_board_to_look_again(client, board):
    card = make_card(board)
    sent = {"to": column_of(board, "Review").pk, "version": 1}
    response = client.post(at(card, "move-to"), sent, **HTMX)
    assert response["HX-Trigger"] == "board-changed"
    assert '<div class="drawer-in"' in response.content.decode()


def test_a_card_is_ticked_off_where_it_is_shown(client, board, acme, ed):
    goal = make_goal(measured(acme))
    card = make_card(board, assignee=ed, goal=goal)
    plain = client.post(at(card, "tick"), {"done": "1", "next": "/w/acme/"})
    assert plain["Location"] == "/w/acme/"
    again = client.post(at(card, "tick"), {"done": "1", "show": "my-work"}, **HTMX)
    assert "Recently done" in again.content.decode()
    assert again.content.decode().lstrip().startswith('<div id="my-work"')
    back = client.post(at(card, "tick"), {"done": "", "show": "goal"}, **HTMX).content.decode()
    assert 'id="goal-cards"' in back
    assert Card.objects.get(pk=card.pk).version == 3


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:x", ""])
def test_a_tick_sends_nobody_to_another_site(client, board, away):
    card = make_card(board)
    response = client.post(at(card, "tick"), {"done": "1", "next": away})
    assert response["Location"] == f"/w/acme/cards/{card.pk}/"


def test_P01_a_viewer_moves_and_ticks_nothing(vi, client_of, board):
    client, card = client_of(vi), make_card(board)
    sent = {"to": column_of(board, "Done").pk, "version": 1, "done": "1"}
    for action in ("move", "move-to", "tick"):
        assert client.post(at(card, action), sent).status_code == 403
    assert Card.objects.get(pk=card.pk).version == 1


def test_T02_nothing_happens_to_a_card_of_another_workspace(sam, client_of, board):
    card = make_card(board)
    for action in ("move", "tick", "archive", "items", "edit"):
        path = f"/w/globex/cards/{card.pk}/{action}/"
        assert client_of(sam).post(path, {"text": "x", "done": "1"}).status_code == 404
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_card_goes_to_another_board_by_its_form_and_comes_back_by_the_toast(acme, ed, client_of):
    one, two = make_board(acme, "One"), make_board(acme, "Two")
    first, card = make_card(one, "First"), make_card(one, "Goes")
    client, url = client_of(ed), f"/w/acme/cards/{card.pk}/transfer/"
    assert "Two" in client.get(url).content.decode()
    to = column_of(two, "Ready")
    said = {"to": to.pk, "place": "bottom", "version": 1}
    answer = client.post(url, said, HTTP_HX_REQUEST="true")
    assert "board-changed" in answer["HX-Trigger"]
    assert titles(to) == ["Goes"]
    assert client.post(url, said, HTTP_HX_REQUEST="true").status_code in {409, 422}
    undo = answer.content.decode().partition('action="')[2].partition('"')[0]
    assert client.post(undo).status_code == 302
    assert titles(first.column) == ["First", "Goes"]
    many = {"card": [f"{first.pk}:1", f"{card.pk}:3"], "to": to.pk}
    told = client.post(f"/w/acme/boards/{one.pk}/bulk/", many, HTTP_HX_REQUEST="true")
    assert f"boards/{one.pk}/take-back/?cards=" in told.content.decode()
    assert titles(to) == ["First", "Goes"]
