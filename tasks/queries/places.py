"""Boards as preferences of notices and webhooks name them."""

from tasks.models import Board
from workspaces.models import Workspace
from workspaces.queries.preferences import PlaceRow, install_places
from workspaces.rules.notices import Place

BOARD = "tasks.board"


def place_of(board: Board) -> Place:
    """The board as the place that its cards' notices name."""
    return Place(BOARD, board.pk, board.name)


def board_places(workspace: Workspace) -> list[PlaceRow]:
    """The open boards, by name; 1 query."""
    boards = Board.objects.filter(workspace=workspace, archived_at=None).order_by("name", "pk")
    return [PlaceRow(place_of(board), board.stream_id) for board in boards]


install_places(board_places)
