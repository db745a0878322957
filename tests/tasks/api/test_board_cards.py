"""All cards of a board in one answer, and 304 for who has them already."""

import pytest

from tasks.operations.cards import archive_card
from tasks.operations.edits import edit_card, label_card
from tasks.operations.moves import tick_card
from tests.make.tasks import column_of, make_board, make_card, make_field, make_label
from tests.make.workspaces import NOON
from workspaces.operations.people import rename_user

QUERIES = (
    13  # token, member, board, seq, the stamp's 2, cards, people, helpers, labels, lines, held
)
LIST = "/api/v1/workspaces/acme/cards/"


@pytest.fixture
def board(acme):
    return make_board(acme)


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def url(board):
    return f"/api/v1/workspaces/acme/boards/{board.pk}/cards/"


def test_the_cards_stand_as_on_the_board_and_are_told_as_lists_tell_them(api, board, url, ed, mia):
    doing = column_of(board, "In progress")
    label, field = make_label(board.workspace), make_field(board.workspace)
    first = make_card(
        board, "First", assignee=ed, helpers=(mia,), checklist=("a", "b"), values={field: 7}
    )
    make_card(doing, "Doing", priority=3, labels=(label,))
    make_card(board, "Second", estimate="2.5")
    archive_card(make_card(board, "Gone"), version=None, by=ed, at=NOON)
    make_card(make_board(board.workspace, "Other"), "Elsewhere")
    told = api.get(url).json()
    assert [card["title"] for card in told["cards"]] == ["First", "Second", "Doing"]
    listed = {card["id"]: card for card in api.get(LIST, {"board": board.pk}).json()["results"]}
    assert {card["id"]: card for card in told["cards"]} == listed
    found = listed[first.pk]
    assert (found["items"], found["items_done"], found["fields"]) == (2, 0, {str(field.pk): "7"})
    assert [helper["id"] for helper in found["helpers"]] == [mia.pk]


def test_whoever_has_the_board_is_told_so_until_anything_on_it_changes(api, board, url, ed):
    card, label = make_card(board, assignee=ed), make_label(board.workspace)
    changes = [
        lambda: edit_card(card, version=1, changes={"title": "New"}, by=ed, at=NOON),
        lambda: label_card(card, label=label, on=True, by=ed, at=NOON),
        lambda: tick_card(card, done=True, by=ed, at=NOON),
        lambda: rename_user(ed.user, "Eddie the Second"),
        lambda: make_card(board, "Another"),
    ]
    tag = api.get(url)["ETag"]
    for change in changes:
        same = api.get(url, headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        change()
        fresh = api.get(url, headers={"If-None-Match": tag})
        assert fresh.status_code == 200
        assert fresh["ETag"] != tag
        tag = fresh["ETag"]


def test_a_board_costs_the_same_for_one_card_and_for_many(
    api, board, url, ed, django_assert_num_queries
):
    for count in (1, 9):
        for number in range(count):
            make_card(board, f"Card {number}", assignee=ed, checklist=("a",))
        api.get(url)
        with django_assert_num_queries(QUERIES):
            answer = api.get(url)
        with django_assert_num_queries(QUERIES - 6):
            assert api.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert len(answer.json()["cards"]) == 10


def test_T01_a_stranger_finds_no_board(sam, api_of, url):
    assert api_of(sam).get(url).status_code == 404
