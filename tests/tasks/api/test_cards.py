import pytest

from tasks.models import Card
from tasks.operations.boards import archive_board
from tests.make.tasks import column_of, make_board, make_card, titles

URL = "/api/v1/workspaces/acme/cards/"


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


def errors_of(response):
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}


def test_a_card_needs_only_a_title(api, board, noon):
    response = api.post(URL, {"title": "Write"}, format="json")
    assert response.status_code == 201
    told = response.json()
    assert told["column"] == column_of(board, "Backlog").pk
    assert (told["board"], told["number"], told["version"]) == (board.pk, 1, 1)
    assert (told["assignee"], told["due"], told["goal"], told["done"]) == (None, None, None, False)
    assert api.get(f"{URL}{told['id']}/").json() == told


def test_a_card_is_made_whole(api, board, ed):
    ready = column_of(board, "Ready")
    body = {
        "board": board.pk,
        "column": ready.pk,
        "title": "Write",
        "description": "Two pages",
        "assignee": "ED@acme.example",
        "due": "2026-03-09",
        "checklist": ["Draft", "Review"],
        "nonce": "n-1",
    }
    first = api.post(URL, body, format="json").json()
    assert first["assignee"] == {"id": ed.pk, "name": "Ed", "email": "ed@acme.example"}
    assert (first["due"], first["description"]) == ("2026-03-09", "Two pages")
    assert [item["text"] for item in first["checklist"]] == ["Draft", "Review"]
    assert (first["items"], first["items_done"]) == (2, 0)
    again = api.post(URL, body, format="json")  # O09: the client did not hear the first answer
    assert again.json() == first
    assert Card.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": " "}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": "x", "due": "tomorrow"}, "/due"),
        ({"title": "x", "due": "2026-02-30"}, "/due"),
        ({"title": "x", "assignee": "nobody@acme.example"}, "/assignee"),
        ({"title": "x", "goal": 7}, "/goal"),
        ({"title": "x", "description": "x" * 20_001}, "/description"),
        ({"title": "x", "checklist": [" "]}, "/checklist/0"),
        ({"title": "x", "checklist": ["x"] * 201}, "/checklist"),
        ({"title": "x", "number": 9}, "/number"),
        ({"title": "x", "version": 9}, "/version"),
        ({"title": "x", "workspace": 9}, "/workspace"),
        ({"title": "x", "created_by": 9}, "/created_by"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_at_its_field(api, board, body, pointer):
    response = api.post(URL, body, format="json")
    assert response.status_code == 400
    assert pointer in errors_of(response)
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    "value",
    ["7abc", "0x7", "", -5, 0, 1.5, True, 99999999999999999999, {"id": {"$ne": 1}}, [1], None],
)
def test_T11_what_is_no_id_names_no_column(api, board, value):
    response = api.post(URL, {"title": "x", "column": value}, format="json")
    assert response.status_code == 400
    assert "/column" in errors_of(response)


@pytest.mark.parametrize("pk", ["7abc", "0x7", "-5", "1e3", "99999999999999999999", "null", "०१"])
def test_T11_what_is_no_id_is_no_address(api, pk):
    for path in (f"{URL}{pk}/", f"/api/v1/workspaces/acme/boards/{pk}/"):
        assert api.get(path).status_code == 404


def test_T03_a_foreign_row_in_a_body_does_not_exist(api, board, globex, sam):
    theirs = make_board(globex, "Secret plan")
    secret = make_card(theirs, "Secret card")
    mine = make_card(board)
    for body, pointer in [
        ({"title": "x", "board": theirs.pk}, "/board"),
        ({"title": "x", "column": column_of(theirs, "Ready").pk}, "/column"),
        ({"title": "x", "assignee": sam.pk}, "/assignee"),
        ({"title": "x", "assignee": sam.user.email}, "/assignee"),
    ]:
        response = api.post(URL, body, format="json")
        assert response.status_code == 400
        assert errors_of(response) == {pointer: "not_found"}
        assert b"Secret" not in response.content
    move = {"to": column_of(theirs, "Ready").pk, "after": secret.pk, "version": 1}
    response = api.post(f"{URL}{mine.pk}/move/", move, format="json")
    assert response.status_code == 400
    assert errors_of(response) == {"/to": "not_found", "/after": "not_found"}


def test_T05_a_patch_does_not_move_a_card_elsewhere(api, board, globex):
    card, other = make_card(board), make_board(globex)
    for field in ("board", "workspace", "column"):
        body = {"version": 1, field: other.pk}
        assert api.patch(f"{URL}{card.pk}/", body, format="json").status_code == 400
    assert Card.objects.get(pk=card.pk).board == board


def test_the_column_must_be_on_the_board(api, acme, board):
    other = make_board(acme, "Other")
    body = {"title": "x", "board": other.pk, "column": column_of(board, "Ready").pk}
    response = api.post(URL, body, format="json")
    assert errors_of(response) == {"/column": "other_board"}


def test_without_an_open_board_there_is_no_card(api, board, olga, noon):
    archive_board(board, by=olga, at=noon)
    response = api.post(URL, {"title": "x"}, format="json")
    assert errors_of(response) == {"/board": "required"}


def test_O01_of_two_patches_from_one_version_the_second_gets_the_current_state(api, board, ed):
    card = make_card(board)
    path = f"{URL}{card.pk}/"
    first = api.patch(path, {"version": 1, "title": "New", "assignee": ed.pk}, format="json")
    assert (first.status_code, first.json()["version"]) == (200, 2)
    second = api.patch(path, {"version": 1, "title": "Words"}, format="json")
    assert second.status_code == 409
    problem = second.json()
    assert (problem["code"], problem["status"]) == ("stale", 409)
    assert problem["current"] == first.json()
    third = api.patch(path, {"version": 2, "due": None, "assignee": None}, format="json")
    assert third.json()["assignee"] is None
    beside = api.patch(path, {"version": 1, "description": "Words"}, format="json")
    assert (beside.status_code, beside.json()["version"]) == (200, 4)
    assert (beside.json()["title"], beside.json()["description"]) == ("New", "Words")


def test_a_patch_names_the_version_it_saw(api, board):
    path = f"{URL}{make_card(board).pk}/"
    for version in (None, "x", 0, 2**31):
        body = {"title": "New", **({} if version is None else {"version": version})}
        assert errors_of(api.patch(path, body, format="json")).keys() == {"/version"}


def test_a_move_is_relative_and_names_its_version(api, board):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    one, two = make_card(ready, "One"), make_card(review, "Two")
    body = {"to": ready.pk, "after": one.pk, "version": 1}
    moved = api.post(f"{URL}{two.pk}/move/", body, format="json")
    assert (moved.status_code, moved.json()["column"], moved.json()["version"]) == (
        200,
        ready.pk,
        2,
    )
    assert titles(ready) == ["One", "Two"]
    top = {"to": ready.pk, "version": 2}
    assert api.post(f"{URL}{two.pk}/move/", top, format="json").status_code == 200
    assert titles(ready) == ["Two", "One"]
    stale = api.post(f"{URL}{two.pk}/move/", body, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"]["version"] == 3
    assert titles(ready) == ["Two", "One"]


def test_a_full_column_refuses_with_a_sentence(api, acme):
    board = make_board(acme, columns=[("Ready",), ("Doing", 1), ("Done", None, True)])
    doing = column_of(board, "Doing")
    make_card(doing)
    card = make_card(board)
    response = api.post(f"{URL}{card.pk}/move/", {"to": doing.pk, "version": 1}, format="json")
    assert response.status_code == 422
    assert response.json()["code"] == "full"
    assert response.json()["detail"] == "“Doing” already holds its limit of 1."
    assert errors_of(response) == {"/to": "full"}


def test_a_tick_is_an_intent(api, board):
    path = f"{URL}{make_card(board).pk}/tick/"
    ticked = api.post(path, {"done": True}, format="json").json()
    assert (ticked["done"], ticked["column"]) == (True, column_of(board, "Done").pk)
    assert api.post(path, {"done": True}, format="json").json()["version"] == 2
    stale = api.post(path, {"done": False, "version": 1}, format="json")
    assert stale.status_code == 409
    assert api.post(path, {"done": False, "version": 2}, format="json").json()["done"] is False


def test_a_deleted_card_is_archived_and_comes_back(api, board):
    card = make_card(board)
    path = f"{URL}{card.pk}/"
    assert api.delete(path, {"version": 9}, format="json").status_code == 409
    assert api.delete(path).status_code == 204
    assert api.get(URL).json()["count"] == 0
    assert api.get(path).json()["archived_at"]
    back = api.post(f"{path}restore/")
    assert (back.status_code, back.json()["archived_at"]) == (200, None)
    assert api.get(URL).json()["count"] == 1


def test_checklist_items_are_added_changed_and_removed(api, board):
    card = make_card(board, checklist=("One", "Two"))
    made = api.post(f"{URL}{card.pk}/items/", {"text": "Three"}, format="json")
    assert made.status_code == 201
    path = f"/api/v1/workspaces/acme/items/{made.json()['id']}/"
    body = {"text": "Third", "was": "Three", "done": True, "after": None}
    changed = api.patch(path, body, format="json").json()
    assert (changed["text"], changed["done"]) == ("Third", True)
    texts = [item["text"] for item in api.get(f"{URL}{card.pk}/").json()["checklist"]]
    assert texts == ["Third", "One", "Two"]
    assert errors_of(api.patch(path, {"text": "X"}, format="json")) == {"/was": "required"}
    stale = api.patch(path, {"text": "X", "was": "Three", "done": False}, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"]["text"] == "Third"
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404


def test_lists_answer_what_is_asked(api, board, ed, mia):
    ready = column_of(board, "Ready")
    make_card(ready, "Late", assignee=ed, due_on="2000-01-01")
    make_card(board, "Mia's", assignee=mia)
    make_card(column_of(board, "Done"), "Finished", assignee=ed)

    def found(query):
        return [card["title"] for card in api.get(f"{URL}?{query}").json()["results"]]

    assert found("") == ["Late", "Mia's", "Finished"]
    assert found(f"column={ready.pk}") == ["Late"]
    assert found("assignee=me") == ["Late", "Finished"]
    assert found("assignee=mia@acme.example") == found(f"assignee={mia.pk}") == ["Mia's"]
    assert found("due=overdue") == ["Late"]
    assert found("due=no_date") == ["Mia's"]
    assert found("done=true") == ["Finished"]
    assert found(f"done=false&board={board.pk}") == ["Late", "Mia's"]
    assert found("board=9999") == []
    assert found("limit=1&offset=1") == ["Mia's"]


@pytest.mark.parametrize(
    "query",
    ["board=7abc", "goal[]=7", "column=-1", "due=soon", "done=2", "assignee=sam@globex.example"],
)
def test_T11_a_filter_that_makes_no_sense_is_refused(api, board, query):
    response = api.get(f"{URL}?{query}")
    assert response.status_code == 400
    name = query.partition("=")[0]
    assert errors_of(response).keys() == {f"/{name}"}


def test_the_list_of_cards_costs_the_same_for_one_and_for_many(
    api, board, ed, django_assert_num_queries
):
    def make(count):
        for number in range(count):
            make_card(board, f"Card {number}", assignee=ed, checklist=("a", "b"))

    make(1)
    api.get(URL)
    with django_assert_num_queries(QUERIES):
        api.get(URL)
    make(9)
    with django_assert_num_queries(QUERIES):
        assert len(api.get(URL).json()["results"]) == 10


QUERIES = 10  # token, member, count, cards, people, helpers, labels, lines, what holds up


def test_P01_a_viewer_looks_and_does_not_touch(vi, api_of, board):
    api, card = api_of(vi), make_card(board)
    assert api.get(URL).status_code == api.get(f"{URL}{card.pk}/").status_code == 200
    body = {"version": 1, "title": "New"}
    assert api.patch(f"{URL}{card.pk}/", body, format="json").status_code == 403
    assert api.post(URL, {"title": "x"}, format="json").status_code == 403
    assert Card.objects.get(pk=card.pk).version == 1


def test_T01_another_workspace_has_no_such_card(sam, api_of, board):
    api, card = api_of(sam), make_card(board)
    assert api.get(f"{URL}{card.pk}/").status_code == 404
    theirs = f"/api/v1/workspaces/globex/cards/{card.pk}/"
    missing = "/api/v1/workspaces/globex/cards/999999/"
    for method in ("get", "patch", "delete"):
        body = {} if method == "get" else {"version": 1}
        answers = [getattr(api, method)(path, body, format="json") for path in (theirs, missing)]
        assert [a.status_code for a in answers] == [404, 404]
        bodies = [{**a.json(), "request_id": ""} for a in answers]
        assert bodies[0] == bodies[1]


def test_a_create_and_a_move_cost_few_queries_on_a_board_of_any_size(
    api, board, django_assert_max_num_queries
):
    ready = column_of(board, "Ready")
    for number in range(30):
        make_card(ready, f"Card {number}")
    body = {"title": "New", "column": ready.pk, "checklist": ["a", "b"]}
    with django_assert_max_num_queries(19):  # 4 of them are savepoints
        card = api.post(URL, body, format="json").json()
    move = {"to": ready.pk, "version": 1}
    with django_assert_max_num_queries(19):
        api.post(f"{URL}{card['id']}/move/", move, format="json")


@pytest.mark.parametrize("title", ["\u200b", "\ufeff", "\u2066\u2069", "   "])
def test_a_title_that_cannot_be_seen_is_a_400_at_the_field(board, ed, api_of, title):
    url = f"/api/v1/workspaces/acme/cards/{make_card(board).pk}/"
    answer = api_of(ed).patch(url, {"title": title, "version": 1}, format="json")
    found = answer.json()["errors"][0]
    assert (answer.status_code, found["pointer"], found["code"]) == (400, "/title", "blank")
