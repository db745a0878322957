import pytest

from tasks.models import Board, Card, Column
from tasks.operations.boards import ColumnDraft
from tasks.operations.cards import archive_card, restore_card
from tasks.operations.columns import (
    MOST_COLUMNS,
    add_column,
    change_column,
    place_column,
    remove_column,
)
from tests.make.tasks import column_of, make_board, make_card, titles
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def board(acme):
    return make_board(acme, columns=[("Ready",), ("Doing",), ("Done", None, True)])


def names(board):
    return list(board.columns.order_by("position").values_list("name", flat=True))


def test_a_new_column_stands_before_the_done_ones(board, mia, noon):
    column = add_column(board, draft=ColumnDraft("Review", 2), by=mia, at=noon)
    assert names(board) == ["Ready", "Doing", "Review", "Done"]
    assert (column.position, column.wip_limit) == (3, 2)
    add_column(board, draft=ColumnDraft("Published", None, True), by=mia, at=noon)
    assert names(board) == ["Ready", "Doing", "Review", "Done", "Published"]
    assert versions_of(board) == [1, 2, 3]


def test_two_columns_of_one_board_have_two_names(board, acme, mia, noon):
    with pytest.raises(Refused) as refusal:
        add_column(board, draft=ColumnDraft("Doing"), by=mia, at=noon)
    assert (refusal.value.code, refusal.value.field) == ("taken", "name")
    doing = column_of(board, "Doing")
    with pytest.raises(Refused):
        change_column(doing, changes={"name": "Ready"}, by=mia, at=noon)
    assert Board.objects.get(pk=board.pk).version == 1
    assert names(make_board(acme, "Other", columns=[("Doing",)])) == ["Doing"]


def test_a_board_takes_only_so_many_columns(acme, mia, noon):
    board = make_board(acme, columns=[(f"Column {n}",) for n in range(MOST_COLUMNS)])
    with pytest.raises(Refused) as refusal:
        add_column(board, draft=ColumnDraft("One more"), by=mia, at=noon)
    assert refusal.value.code == "too_many"


def test_a_limit_below_what_stands_there_only_keeps_more_from_coming(board, mia, noon):
    doing = column_of(board, "Doing")
    for title in ("One", "Two"):
        make_card(doing, title)
    change_column(doing, changes={"wip_limit": 1}, version=1, by=mia, at=noon)
    assert titles(doing) == ["One", "Two"]
    with pytest.raises(Refused):
        make_card(column_of(board, "Doing"), "Three")
    change_column(doing, changes={"wip_limit": None}, by=mia, at=noon)
    make_card(column_of(board, "Doing"), "Three")
    assert verbs_of(board) == ["board.opened", "column.changed", "column.changed"]


def test_cards_are_done_when_their_column_becomes_one_for_done_cards(board, mia, noon):
    doing = column_of(board, "Doing")
    card = make_card(doing)
    change_column(doing, changes={"is_done": True}, by=mia, at=noon)
    assert Card.objects.get(pk=card.pk).done_at == noon
    change_column(column_of(board, "Doing"), changes={"is_done": False}, by=mia, at=noon)
    assert Card.objects.get(pk=card.pk).done_at is None
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_column_moves_first_or_right_after_another(board, mia, noon):
    place_column(column_of(board, "Done"), after=None, by=mia, at=noon)
    assert names(board) == ["Done", "Ready", "Doing"]
    place_column(column_of(board, "Done"), after=column_of(board, "Ready"), by=mia, at=noon)
    assert names(board) == ["Ready", "Done", "Doing"]
    assert list(board.columns.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_a_column_stands_after_one_of_its_own_board_only(board, acme, mia, noon):
    other = column_of(make_board(acme, "Other"), "Ready")
    with pytest.raises(Refused) as refusal:
        place_column(column_of(board, "Done"), after=other, by=mia, at=noon)
    assert refusal.value.code == "other_board"


def test_a_column_with_cards_stays(board, mia, noon):
    doing = column_of(board, "Doing")
    make_card(doing)
    with pytest.raises(Refused) as refusal:
        remove_column(doing, by=mia, at=noon)
    assert refusal.value.code == "not_empty"
    assert names(board) == ["Ready", "Doing", "Done"]


def test_archived_cards_outlive_their_column(board, ed, mia, noon):
    doing = column_of(board, "Doing")
    gone = archive_card(make_card(doing), by=ed, at=noon)
    remove_column(doing, by=mia, at=noon)
    assert names(board) == ["Ready", "Done"]
    restore_card(Card.objects.get(pk=gone.pk), by=ed, at=noon)
    assert titles(column_of(board, "Ready")) == [gone.title]
    assert versions_of(gone) == [1, 2, 3]


def test_a_board_keeps_its_last_column(acme, mia, noon):
    board = make_board(acme, columns=[("All",)])
    with pytest.raises(Refused) as refusal:
        remove_column(column_of(board, "All"), by=mia, at=noon)
    assert refusal.value.code == "last_column"


def test_O01_a_stale_change_of_the_columns_is_refused(board, mia, noon):
    doing = column_of(board, "Doing")
    change_column(doing, changes={"name": "Making"}, version=1, by=mia, at=noon)
    calls = [
        lambda: change_column(doing, changes={"name": "X"}, version=1, by=mia, at=noon),
        lambda: add_column(board, draft=ColumnDraft("X"), version=1, by=mia, at=noon),
        lambda: place_column(doing, after=None, version=1, by=mia, at=noon),
        lambda: remove_column(doing, version=1, by=mia, at=noon),
    ]
    for call in calls:
        with pytest.raises(Stale):
            call()
    assert Column.objects.get(pk=doing.pk).name == "Making"
    assert versions_of(board) == [1, 2]
