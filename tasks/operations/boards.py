"""Opening a board, naming it, putting it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.models import Board, Column
from tasks.models.boards import Lanes
from tasks.operations.telling import tell_board
from tasks.rules.entry import Need
from tasks.rules.faces import Part
from tasks.verbs import BOARD_ARCHIVED, BOARD_CHANGED, BOARD_OPENED, BOARD_RENAMED, BOARD_RESTORED
from workspaces.models import Membership, Stream, Workspace
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen

SETTINGS = ("name", "lanes", "person_limit", "person_limit_is_hard", "blocked_is_hard", "hides")


@dataclass(frozen=True)
class ColumnDraft:
    """What a column is called, which and how many cards it takes, and if they are done there."""

    name: str
    wip_limit: int | None = None
    is_done: bool = False
    wip_limit_is_hard: bool = True
    lane_limit: int | None = None
    lane_limit_is_hard: bool = False
    entry: Sequence[str] = ()


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
    settings: Mapping[str, object] | None = None,
    by: Membership,
    at: datetime,
) -> Board:
    """Put up a new board, with the usual columns unless others are given.

    `settings` are values by the names of SETTINGS.
    """
    board = Board.objects.create(
        workspace=workspace,
        stream=Stream.objects.create(workspace=workspace),
        name=clean_name(name),
        opened_at=at,
        **{setting: _clean_setting(setting, value) for setting, value in (settings or {}).items()},
    )
    drafts = list(columns) or usual_columns()
    if len({draft.name.strip() for draft in drafts}) < len(drafts):
        raise Refused(_("Two columns have the same name."), code="taken", field="columns")
    Column.objects.bulk_create(
        Column(
            workspace=workspace,
            board=board,
            name=clean_name(draft.name),
            position=place,
            **limits_of(draft),
        )
        for place, draft in enumerate(drafts, start=1)
    )
    tell_board(BOARD_OPENED, board, by=by, at=at, name=board.name, version=board.version)
    return board


@transaction.atomic
def change_board(
    board: Board, *, changes: Mapping[str, object], version: int, by: Membership, at: datetime
) -> Board:
    """Change how the board is called and how it works, if nobody else has since `version`.

    `changes` are values by the names of SETTINGS; what is so already is no change.
    """
    clean = {name: _clean_setting(name, changes[name]) for name in SETTINGS if name in changes}
    fresh = {name: value for name, value in clean.items() if getattr(board, name) != value}
    if not fresh and board.version == version:
        return board
    was, now = board.name, next_version(board, version, **fresh)
    said = {"name": now.name, "version": now.version}
    if list(fresh) == ["name"]:
        tell_board(BOARD_RENAMED, now, by=by, at=at, **said, was=was)
    else:
        tell_board(BOARD_CHANGED, now, by=by, at=at, **said, fields=", ".join(fresh))
    return now


@transaction.atomic
def archive_board(board: Board, *, by: Membership, at: datetime) -> Board:
    """Put the board away with its cards; they leave everybody's lists until it comes back."""
    if not board.is_open:
        return board
    now = next_version(board, None, archived_at=at)
    tell_board(BOARD_ARCHIVED, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def restore_board(board: Board, *, by: Membership, at: datetime) -> Board:
    """Bring an archived board back."""
    if board.is_open:
        return board
    now = next_version(board, None, archived_at=None)
    tell_board(BOARD_RESTORED, now, by=by, at=at, name=now.name, version=now.version)
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


def limits_of(draft: ColumnDraft) -> dict[str, object]:
    """The fields of a column that say which cards it takes."""
    return {
        "wip_limit": draft.wip_limit,
        "wip_limit_is_hard": draft.wip_limit_is_hard,
        "lane_limit": draft.lane_limit,
        "lane_limit_is_hard": draft.lane_limit_is_hard,
        "entry": clean_entry(draft.entry),
        "is_done": draft.is_done,
    }


def clean_entry(needs: object) -> list[str]:
    """What a column asks of the cards that come in, each once; what is unknown is refused."""
    asked = set(needs) if isinstance(needs, list | tuple | set) else {str(needs)}
    unknown = sorted(str(need) for need in asked - set(Need))
    if unknown:
        message = _("A column cannot ask for “%(need)s”.") % {"need": unknown[0]}
        raise Refused(message, code="unknown_need", field="entry")
    return [need.value for need in Need if need in asked]


def _clean_setting(name: str, value: object) -> object:
    if name == "name":
        return clean_name(str(value))
    if name == "lanes" and value not in Lanes.values:
        raise Refused(_("There are no such swimlanes."), code="unknown_lanes", field="lanes")
    if name == "hides":
        words = set(value) if isinstance(value, list | tuple | set) else {str(value)}
        if words - set(Part):
            raise Refused(_("A card has no such part."), code="unknown_part", field="hides")
        return [part.value for part in Part if part in words]
    return value


def clean_name(name: str) -> str:
    """A name without space around it; none is refused."""
    clean = seen(name)
    if not clean:
        raise Refused(_("A name is needed."), code="required", field="name")
    return clean
