import pytest

from tasks.models import Board
from tests.make.tasks import column_of, make_board, make_card

BOARDS = "/w/acme/boards/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(mia, client_of):
    return client_of(mia)


def test_a_team_without_boards_is_told_what_they_are_for(client, acme):
    html = client.get(BOARDS).content.decode()
    assert "No boards yet" in html
    assert f"{BOARDS}new/" in html


def test_a_board_is_opened_and_shown(client, acme):
    response = client.post(f"{BOARDS}new/", {"name": "Spring"})
    board = Board.objects.get()
    assert response["Location"] == f"{BOARDS}{board.pk}/"
    html = client.get(response["Location"]).content.decode()
    for text in ("Spring", "Backlog", "In progress", "<sortable-board", "data-may-move"):
        assert text in html
    assert "Spring" in client.get(BOARDS).content.decode()
    assert client.post(f"{BOARDS}new/", {"name": " "}).status_code == 422


def test_cards_stand_in_their_columns(client, board):
    make_card(column_of(board, "Ready"), "Write the brief", due_on="2000-01-01")
    done = make_card(column_of(board, "Done"), "Old")
    html = client.get(f"{BOARDS}{board.pk}/").content.decode()
    ready = html.split(f'id="column-{column_of(board, "Ready").pk}"')[1].split("</section>")[0]
    assert "Write the brief" in ready
    assert "due-late" in ready
    assert f'<li class="card-k is-done" id="card-{done.pk}"' in html
    assert f'href="/w/acme/cards/{done.pk}/"' in html


def test_an_over_full_column_says_so(client, acme):
    board = make_board(acme, columns=[("Doing", 5), ("Done", None, True)])
    make_card(column_of(board, "Doing"))
    make_card(column_of(board, "Doing"))
    assert "is-over" not in client.get(f"{BOARDS}{board.pk}/").content.decode()
    doing = column_of(board, "Doing")
    client.post(f"{BOARDS}columns/{doing.pk}/", {"name": "Doing", "wip_limit": "1", "version": 1})
    assert "is-over" in client.get(f"{BOARDS}{board.pk}/").content.decode()


def test_the_columns_of_a_board_are_set_without_script(client, board):
    settings = f"{BOARDS}{board.pk}/settings/"
    assert client.get(settings).status_code == 200
    sent = {"name": "Waiting", "wip_limit": "3", "version": 1}
    assert client.post(f"{BOARDS}{board.pk}/columns/", sent)["Location"] == settings
    waiting = column_of(board, "Waiting")
    assert (waiting.wip_limit, waiting.position) == (3, 5)
    path = f"{BOARDS}columns/{waiting.pk}/"
    client.post(path, {"name": "Blocked", "wip_limit": "", "version": 2})
    assert column_of(board, "Blocked").wip_limit is None
    client.post(f"{path}place/", {"after": column_of(board, "Backlog").pk, "version": 3})
    assert column_of(board, "Blocked").position == 2
    assert client.post(path, {"name": "X", "version": 3}).status_code == 409
    assert client.post(f"{path}place/", {"after": "7abc"}).status_code == 422
    assert client.post(f"{path}remove/", {"version": 4})["Location"] == settings
    assert not board.columns.filter(pk=waiting.pk).exists()


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1000", "99999999999999999999"])
def test_a_limit_that_is_none_is_refused(client, board, limit):
    column = column_of(board, "Ready")
    sent = {"name": "Ready", "wip_limit": limit, "version": 1}
    assert client.post(f"{BOARDS}columns/{column.pk}/", sent).status_code == 422
    assert column_of(board, "Ready").wip_limit is None


def test_O01_a_stale_rename_keeps_what_was_typed(client, board):
    path = f"{BOARDS}{board.pk}/settings/"
    assert client.post(path, {"name": "Autumn", "version": 1}).status_code == 302
    stale = client.post(path, {"name": "Winter", "version": 1})
    assert stale.status_code == 409
    assert 'value="Winter"' in stale.content.decode()
    assert Board.objects.get().name == "Autumn"


def test_an_archived_board_is_put_away_and_brought_back(client, board):
    client.post(f"{BOARDS}{board.pk}/archive/")
    html = client.get(f"{BOARDS}{board.pk}/").content.decode()
    assert "Archived" in html
    assert "data-may-move" not in html
    assert "Archived boards" in client.get(BOARDS).content.decode()
    client.post(f"{BOARDS}{board.pk}/restore/")
    assert "data-may-move" in client.get(f"{BOARDS}{board.pk}/").content.decode()


@pytest.mark.parametrize("role", ["ed", "vi"])
def test_P01_only_managers_shape_boards(request, role, client_of, board):
    client = client_of(request.getfixturevalue(role))
    column = column_of(board, "Ready")
    html = client.get(f"{BOARDS}{board.pk}/").content.decode()
    assert ("data-may-move" in html) == (role == "ed")
    assert "settings/" not in html.split("<main")[1].split("</main>")[0]
    for path in (f"{board.pk}/settings/", f"{board.pk}/columns/", f"columns/{column.pk}/", "new/"):
        assert client.post(f"{BOARDS}{path}", {"name": "x"}).status_code == 403


def test_T01_a_stranger_and_another_workspace_find_no_board(sam, client_of, board):
    for path in (f"{BOARDS}{board.pk}/", f"/w/globex/boards/{board.pk}/"):
        assert client_of(sam).get(path).status_code == 404


def test_pages_of_boards_cost_the_same_for_one_card_and_for_many(
    client, board, ed, django_assert_max_num_queries
):
    def cost(path):
        with django_assert_max_num_queries(36) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    paths = [BOARDS, f"{BOARDS}{board.pk}/"]
    for path in paths:
        client.get(path)  # what is kept beside the cards
    make_card(board, assignee=ed, due_on="2026-03-09", checklist=("a",))
    one = [cost(path) for path in paths]
    for number in range(9):
        make_card(board, f"Card {number}", assignee=ed, checklist=("a", "b"))
    assert [cost(path) for path in paths] == one


@pytest.mark.parametrize(
    ("shown", "cards"), [("33", 33), ("", 30), ("5", 30), ("x", 30), ("9" * 30, 30), ("9" * 9, 34)]
)
def test_a_board_that_is_fetched_anew_keeps_as_many_cards_as_it_showed(client, acme, shown, cards):
    board = make_board(acme)
    for number in range(34):
        make_card(board, f"Card {number}")
    html = client.get(f"{BOARDS}{board.pk}/?shown={shown}").content.decode()
    assert html.count('class="card-k') == cards
