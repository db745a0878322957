import pytest

from tasks.models import Board
from tasks.operations.boards import (
    ColumnDraft,
    archive_board,
    change_board,
    open_board,
    restore_board,
)
from tests.make.tasks import make_board
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale


def test_a_new_board_has_the_usual_columns(acme, mia, noon):
    board = open_board(acme, name="  Spring  ", by=mia, at=noon)
    columns = list(board.columns.order_by("position"))
    assert board.name == "Spring"
    assert [c.name for c in columns] == ["Backlog", "Ready", "In progress", "Review", "Done"]
    assert [c.is_done for c in columns] == [False, False, False, False, True]
    assert [c.position for c in columns] == [1, 2, 3, 4, 5]
    assert all(c.wip_limit is None for c in columns)
    assert verbs_of(board) == ["board.opened"]


def test_a_board_may_start_with_columns_of_its_own(acme, mia, noon):
    drafts = [ColumnDraft("To do", 3), ColumnDraft("Done", is_done=True)]
    board = open_board(acme, name="Small", columns=drafts, by=mia, at=noon)
    assert list(board.columns.order_by("position").values_list("name", "wip_limit")) == [
        ("To do", 3),
        ("Done", None),
    ]


@pytest.mark.parametrize("columns", [[ColumnDraft("A"), ColumnDraft(" A ")], [ColumnDraft(" ")]])
def test_columns_need_names_that_differ(acme, mia, noon, columns):
    with pytest.raises(Refused):
        open_board(acme, name="Board", columns=columns, by=mia, at=noon)
    assert not Board.objects.exists()


def test_a_board_needs_a_name(acme, mia, noon):
    with pytest.raises(Refused) as refusal:
        open_board(acme, name=" ", by=mia, at=noon)
    assert refusal.value.field == "name"


def test_a_renamed_board_has_a_new_version(acme, mia, noon):
    board = make_board(acme)
    renamed = change_board(board, changes={"name": " Autumn "}, version=1, by=mia, at=noon)
    assert (renamed.name, renamed.version) == ("Autumn", 2)
    assert (
        change_board(renamed, changes={"name": "Autumn"}, version=2, by=mia, at=noon).version == 2
    )
    with pytest.raises(Stale) as stale:
        change_board(renamed, changes={"name": "Winter"}, version=1, by=mia, at=noon)
    assert stale.value.current.name == "Autumn"
    assert versions_of(board) == [1, 2]


def test_an_archived_board_can_be_brought_back(acme, mia, noon):
    archived = archive_board(make_board(acme), by=mia, at=noon)
    assert not archived.is_open
    assert archive_board(archived, by=mia, at=noon).version == 2
    back = restore_board(archived, by=mia, at=noon)
    assert back.is_open
    assert restore_board(back, by=mia, at=noon).version == 3
    assert verbs_of(back) == ["board.opened", "board.archived", "board.restored"]
