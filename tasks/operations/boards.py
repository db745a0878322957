"""Opening a board, naming it, putting it away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.models import Board, Column
from tasks.verbs import BOARD_ARCHIVED, BOARD_OPENED, BOARD_RENAMED, BOARD_RESTORED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale


@dataclass(frozen=True)
class ColumnDraft:
    """What a column is called, how many cards it takes, and whether they are done there."""

    name: str
    wip_limit: int | None = None
    is_done: bool = False


def usual_columns() -> list[ColumnDraft]:
    """The stages that a new board starts with, in the language of whoever opens it."""
    return [
        ColumnDraft(_("Backlog")),
        ColumnDraft(_("Ready")),
        ColumnDraft(_("In progress")),
        ColumnDraft(_("Review")),
        ColumnDraft(_("Done"), is_done=True),
    ]


@transaction.atomic
def open_board(
    workspace: Workspace,
    *,
    name: str,
    columns: Sequence[ColumnDraft] = (),
    by: Membership,
    at: datetime,
) -> Board:
    """Put up a new board, with the usual columns unless others are given."""
    board = Board.objects.create(workspace=workspace, name=clean_name(name), opened_at=at)
    drafts = list(columns) or usual_columns()
    if len({draft.name.strip() for draft in drafts}) < len(drafts):
        raise Refused(_("Two columns have the same name."), code="taken", field="columns")
    Column.objects.bulk_create(
        Column(
            workspace=workspace,
            board=board,
            name=clean_name(draft.name),
            position=place,
            wip_limit=draft.wip_limit,
            is_done=draft.is_done,
        )
        for place, draft in enumerate(drafts, start=1)
    )
    record(BOARD_OPENED, board, by=by, at=at, name=board.name, version=board.version)
    return board


@transaction.atomic
def rename_board(board: Board, *, name: str, version: int, by: Membership, at: datetime) -> Board:
    """Call the board something else, if nobody has changed it since `version`."""
    was, clean = board.name, clean_name(name)
    if clean == was and board.version == version:
        return board
    now = next_version(board, version, name=clean)
    record(BOARD_RENAMED, now, by=by, at=at, name=clean, was=was, version=now.version)
    return now


@transaction.atomic
def archive_board(board: Board, *, by: Membership, at: datetime) -> Board:
    """Put the board away with its cards; they leave everybody's lists until it comes back."""
    if not board.is_open:
        return board
    now = next_version(board, None, archived_at=at)
    record(BOARD_ARCHIVED, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def restore_board(board: Board, *, by: Membership, at: datetime) -> Board:
    """Bring an archived board back."""
    if board.is_open:
        return board
    now = next_version(board, None, archived_at=None)
    record(BOARD_RESTORED, now, by=by, at=at, name=now.name, version=now.version)
    return now


def next_version(board: Board, version: int | None, **changes: object) -> Board:
    """Check the version (None: whichever it is), write, and lock the board until the commit."""
    same = Board.objects.filter(pk=board.pk)
    same = same if version is None else same.filter(version=version)
    done = same.update(**changes, version=F("version") + 1)
    now = Board.objects.get(pk=board.pk)
    if not done:
        raise Stale(_("Somebody changed this board meanwhile."), current=now)
    return now


def clean_name(name: str) -> str:
    """A name without space around it; none is refused."""
    clean = name.strip()
    if not clean:
        raise Refused(_("A name is needed."), code="required", field="name")
    return clean
