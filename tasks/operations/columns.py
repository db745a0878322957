"""The columns of a board; each change raises the board's version."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from tasks.models import Board, Card, Column
from tasks.operations.boards import (
    ColumnDraft,
    clean_entry,
    clean_name,
    limits_of,
    next_version,
)
from tasks.operations.moves import leave_column
from tasks.operations.places import Spot, stand
from tasks.operations.telling import tell_board
from tasks.verbs import COLUMN_ADDED, COLUMN_CHANGED, COLUMN_MOVED, COLUMN_REMOVED
from workspaces.models import Membership
from workspaces.rules.errors import Refused
from workspaces.rules.verbs import Verb

MOST_COLUMNS = 20
ASIDE = 1000  # more than any position, so that shifting by it never meets another column
FIELDS = (
    "name",
    "wip_limit",
    "wip_limit_is_hard",
    "lane_limit",
    "lane_limit_is_hard",
    "entry",
    "is_done",
)


@transaction.atomic
def add_column(
    board: Board, *, draft: ColumnDraft, version: int | None = None, by: Membership, at: datetime
) -> Column:
    """Add a column before the first one for done cards, else at the end."""
    board = next_version(board, version)
    columns = list(board.columns.order_by("position"))
    if len(columns) >= MOST_COLUMNS:
        message = _("A board takes at most %(count)d columns.") % {"count": MOST_COLUMNS}
        raise Refused(message, code="too_many", field="name")
    column = Column(
        workspace_id=board.workspace_id,
        board=board,
        name=clean_name(draft.name),
        position=(board.columns.aggregate(last=Max("position"))["last"] or 0) + 1,
        **limits_of(draft),
    )
    _save(column, force_insert=True)
    before = [c for c in columns if not c.is_done] if not draft.is_done else columns
    _number([*before, column, *(c for c in columns if c not in before)])
    column.refresh_from_db()
    return _told(COLUMN_ADDED, column, board, by=by, at=at)


@transaction.atomic
def change_column(
    column: Column,
    *,
    changes: Mapping[str, object],
    version: int | None = None,
    by: Membership,
    at: datetime,
) -> Column:
    """Change name, limit or meaning; a limit below what stands there keeps more from coming."""
    board = next_version(column.board, version)
    column.refresh_from_db()
    wanted = {name: changes[name] for name in FIELDS if name in changes}
    if "name" in wanted:
        wanted["name"] = clean_name(str(wanted["name"]))
    if "entry" in wanted:
        wanted["entry"] = clean_entry(wanted["entry"])
    was_done = column.is_done
    for name, value in wanted.items():
        setattr(column, name, value)
    _save(column, update_fields=list(wanted) or None)
    if column.is_done and not was_done:
        Card.objects.filter(column=column, done_at=None).update(done_at=at)
    elif was_done and not column.is_done:
        Card.objects.filter(column=column).update(done_at=None, came_from=None)
    return _told(COLUMN_CHANGED, column, board, by=by, at=at)


@transaction.atomic
def place_column(
    column: Column,
    *,
    after: Column | None,
    version: int | None = None,
    by: Membership,
    at: datetime,
) -> Column:
    """Put a column right after another of its board, or first."""
    board = next_version(column.board, version)
    others = [c for c in board.columns.order_by("position") if c.pk != column.pk]
    place = 0
    if after is not None:
        places = [index for index, other in enumerate(others, start=1) if other.pk == after.pk]
        if not places:
            message = _("The other column is not on this board.")
            raise Refused(message, code="other_board", field="after")
        place = places[0]
    _number([*others[:place], column, *others[place:]])
    column.refresh_from_db()
    return _told(COLUMN_MOVED, column, board, by=by, at=at)


@transaction.atomic
def remove_column(
    column: Column, *, version: int | None = None, by: Membership, at: datetime
) -> None:
    """Take an empty column off the board; archived cards of it wait in the first of the others."""
    board = next_version(column.board, version)
    Column.objects.select_for_update().get(pk=column.pk)  # waits for cards on their way here
    others = list(board.columns.exclude(pk=column.pk).order_by("position"))
    if not others:
        raise Refused(_("A board keeps at least one column."), code="last_column")
    if Card.objects.filter(column=column, archived_at=None).exists():
        message = _("“%(column)s” still holds cards. Move them first.")
        raise Refused(message % {"column": column.name}, code="not_empty")
    for card in Card.objects.filter(column=column).order_by("position"):
        leave_column(card, column, at=at)
        _rehouse(card, others[0], at)
    _told(COLUMN_REMOVED, column, board, by=by, at=at)
    column.delete()


def _rehouse(card: Card, to: Column, at: datetime) -> None:
    """Keep an archived card when its column goes."""
    same = Card.objects.filter(pk=card.pk)
    done_at = (card.done_at or at) if to.is_done else None
    siblings = Card.objects.filter(column=to)
    stand(
        Spot(siblings, at_bottom=True),
        lambda key: same.update(
            column=to, position=key, done_at=done_at, came_from=None, column_since=at
        ),
    )


def _number(columns: list[Column]) -> None:
    """Number the columns from 1 in this order; the board is locked by its new version."""
    ids = [column.pk for column in columns]
    Column.objects.filter(pk__in=ids).update(position=F("position") + ASIDE)
    for place, pk in enumerate(ids, start=1):
        Column.objects.filter(pk=pk).update(position=place)


def _save(column: Column, **options: object) -> None:
    try:
        with transaction.atomic():
            column.save(**options)  # type: ignore[arg-type]
    except IntegrityError as error:
        message = _("The board has a column of this name.")
        raise Refused(message, code="taken", field="name") from error


def _told(verb: Verb, column: Column, board: Board, *, by: Membership, at: datetime) -> Column:
    names = {"name": board.name, "column": column.name, "column_id": column.pk}
    tell_board(verb, board, by=by, at=at, **names, version=board.version)
    return column
