import pytest

from tasks.models import Board, Column
from tests.make.tasks import column_of, make_board, make_card

URL = "/api/v1/workspaces/acme/boards/"


@pytest.fixture
def api(mia, api_of):
    return api_of(mia)


def names(board):
    return [column["name"] for column in board["columns"]]


def test_a_board_is_opened_with_the_usual_columns(api, acme):
    response = api.post(URL, {"name": "Spring"}, format="json")
    assert response.status_code == 201
    told = response.json()
    assert names(told) == ["Backlog", "Ready", "In progress", "Review", "Done"]
    assert (told["version"], told["archived_at"]) == (1, None)
    assert api.get(f"{URL}{told['id']}/").json() == told
    assert api.get(URL).json()["results"] == [told]


def test_a_board_is_opened_with_columns_of_its_own(api, acme):
    columns = [{"name": "To do", "wip_limit": 3}, {"name": "Done", "is_done": True}]
    told = api.post(URL, {"name": "Small", "columns": columns}, format="json").json()
    assert names(told) == ["To do", "Done"]
    assert told["columns"][0]["wip_limit"] == 3
    assert told["columns"][1]["is_done"] is True


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "x", "color": "red"}, "/color"),
        ({"name": "x", "columns": [{"name": "A", "wip_limit": 0}]}, "/columns/0/wip_limit"),
        ({"name": "x", "columns": [{}]}, "/columns/0/name"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_at_its_field(api, acme, body, pointer):
    response = api.post(URL, body, format="json")
    assert response.status_code == 400
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert not Board.objects.exists()


def test_a_board_is_renamed_and_archived_by_whoever_saw_its_version(api, board):
    path = f"{URL}{board.pk}/"
    renamed = api.patch(path, {"version": 1, "name": "Autumn"}, format="json").json()
    assert (renamed["name"], renamed["version"]) == ("Autumn", 2)
    stale = api.patch(path, {"version": 1, "name": "Winter"}, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"] == renamed
    gone = api.patch(path, {"version": 2, "archived": True}, format="json").json()
    assert gone["archived_at"]
    assert api.get(URL).json()["count"] == 0
    assert (
        api.patch(path, {"version": 3, "archived": False}, format="json").json()["archived_at"]
        is None
    )


def test_columns_are_added_changed_moved_and_removed(api, board):
    made = api.post(f"{URL}{board.pk}/columns/", {"name": "Waiting", "wip_limit": 2}, format="json")
    assert made.status_code == 201
    path = f"/api/v1/workspaces/acme/columns/{made.json()['id']}/"
    body = {"name": "Blocked", "wip_limit": None, "after": None, "version": 2}
    told = api.patch(path, body, format="json").json()
    assert names(told) == ["Blocked", "Backlog", "Ready", "In progress", "Review", "Done"]
    assert told["columns"][0]["wip_limit"] is None
    assert told["version"] == 4  # changed, then moved: two events, two versions
    assert api.patch(path, {"name": "X", "version": 2}, format="json").status_code == 409
    assert api.delete(path, {"version": 2}, format="json").status_code == 409
    assert api.delete(path).status_code == 204
    assert not Column.objects.filter(name="Blocked").exists()


def test_a_change_that_fails_half_way_leaves_nothing(api, acme, board):
    ready = column_of(board, "Ready")
    elsewhere = column_of(make_board(acme, "Other"), "Ready")
    body = {"name": "Prepared", "after": elsewhere.pk}
    response = api.patch(f"/api/v1/workspaces/acme/columns/{ready.pk}/", body, format="json")
    assert response.status_code == 422
    assert Column.objects.get(pk=ready.pk).name == "Ready"
    assert Board.objects.get(pk=board.pk).version == 1


def test_a_column_with_cards_is_not_removed(api, board):
    make_card(column_of(board, "Ready"))
    path = f"/api/v1/workspaces/acme/columns/{column_of(board, 'Ready').pk}/"
    response = api.delete(path)
    assert (response.status_code, response.json()["code"]) == (422, "not_empty")


def test_P01_an_editor_does_not_change_boards(ed, api_of, board):
    api = api_of(ed)
    assert api.get(URL).status_code == 200
    assert api.post(URL, {"name": "x"}, format="json").status_code == 403
    column = column_of(board, "Ready")
    path = f"/api/v1/workspaces/acme/columns/{column.pk}/"
    assert api.patch(path, {"name": "x"}, format="json").status_code == 403


def test_T01_another_workspace_has_no_such_column(sam, api_of, board):
    column = column_of(board, "Ready")
    path = f"/api/v1/workspaces/globex/columns/{column.pk}/"
    assert api_of(sam).patch(path, {"name": "x"}, format="json").status_code == 404


def test_the_list_of_boards_costs_the_same_for_one_and_for_many(
    api, acme, django_assert_max_num_queries
):
    make_board(acme)
    with django_assert_max_num_queries(10) as one:
        api.get(URL)
    for number in range(9):
        make_card(make_board(acme, f"Board {number}"))
    with django_assert_max_num_queries(len(one)) as many:
        assert api.get(URL).json()["count"] == 10
    assert len(many) == len(one)
