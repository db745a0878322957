"""Boards and cards for tests, made by the real operations."""

from tasks.models import Board, Card, Column
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.cards import CardDraft, add_card
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace


def make_board(workspace: Workspace, name="Launch", *, columns=(), at=NOON) -> Board:
    """A board; columns as ("Ready", limit) or ("Done", None, True), else the usual five."""
    drafts = [ColumnDraft(*column) for column in columns]
    return open_board(workspace, name=name, columns=drafts, by=owner_of(workspace), at=at)


def column_of(board: Board, name: str) -> Column:
    return board.columns.select_related("board").get(name=name)


def make_card(
    column: Column | Board, title="Write the brief", *, by=None, at=NOON, **fields
) -> Card:
    """A card in the column, or in the board's first one."""
    place = column.columns.order_by("position").first() if isinstance(column, Board) else column
    nonce = fields.pop("nonce", "")
    draft = CardDraft(title=title, **fields)
    return add_card(place, draft=draft, nonce=nonce, by=by or owner_of(place.workspace), at=at)


def titles(column: Column) -> list[str]:
    """What stands in the column, topmost first."""
    cards = Card.objects.filter(column=column, archived_at=None)
    return list(cards.order_by("position").values_list("title", flat=True))
