"""What one member chooses on a board, and filters with a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Board, BoardChoice, Column, KeyChoice, ListChoice, SavedFilter
from tasks.models.choices import FILTER_LENGTH
from tasks.queries.fields import AllBoards, fields_of
from tasks.rules.filters import Wanted
from tasks.rules.lanes import Lane
from tasks.rules.listing import CHOSEN, OWN, unknown_parts
from tasks.verbs import FILTER_CHANGED, FILTER_REMOVED, FILTER_SAVED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen
from workspaces.rules.verbs import Verb

MOST_FILTERS = 200  # on a board
MOST_FOLDED = 500  # lanes; the longest collapsed are forgotten first


@dataclass(frozen=True)
class FilterDraft:
    """A filter as it is wanted."""

    name: str
    wanted: Wanted
    shared: bool = False


@transaction.atomic
def choose_look(
    board: Board, *, is_compact: bool | None = None, lanes: str | None = None, by: Membership
) -> BoardChoice:
    """Remember for the member whether cards are drawn compact, and by what they are grouped."""
    said = {"is_compact": is_compact, "lanes": lanes}
    ours = {name: value for name, value in said.items() if value is not None}
    defaults = {"workspace_id": board.workspace_id, **ours}
    choice, _made = BoardChoice.objects.update_or_create(board=board, member=by, defaults=defaults)
    return choice


@transaction.atomic
def fold_lane(board: Board, lane: Lane, *, folded: bool, by: Membership) -> BoardChoice:
    """Collapse a swimlane for the member, or open it again; what is so stays so."""
    held = _held_choice(board, by)
    rest = [key for key in held.folded_lanes if key != lane.key]
    held.folded_lanes = [*rest, lane.key][-MOST_FOLDED:] if folded else rest
    held.save(update_fields=["folded_lanes"])
    return held


@transaction.atomic
def choose_keys(*, has_letters: bool, by: Membership) -> KeyChoice:
    """Remember whether single letters are keys of boards for the member."""
    ours = {"workspace_id": by.workspace_id, "has_letters": has_letters}
    choice, _made = KeyChoice.objects.update_or_create(member=by, defaults=ours)
    return choice


@transaction.atomic
def choose_columns(board: Board | None, *, shows: Sequence[str], by: Membership) -> ListChoice:
    """Remember for the member which columns the list of a board shows, or that of all cards."""
    fields = [field.pk for field in fields_of(board or AllBoards(by.workspace))]
    unknown = unknown_parts(shows, fields)
    if unknown:
        message = _("A list has no column “%(name)s”.") % {"name": unknown[0][:40]}
        raise Refused(message, code="unknown_column", field="shows")
    ours = {
        "workspace_id": by.workspace_id,
        "shows": [word for word in (*CHOSEN, *(f"{OWN}{pk}" for pk in fields)) if word in shows],
    }
    choice, _made = ListChoice.objects.update_or_create(board=board, member=by, defaults=ours)
    return choice


@transaction.atomic
def fold_column(column: Column, *, folded: bool, by: Membership) -> BoardChoice:
    """Collapse a column for the member, or open it again; what is so stays so."""
    held = _held_choice(column.board, by)
    rest = [pk for pk in held.folded if pk != column.pk]
    held.folded = [*rest, column.pk] if folded else rest
    held.save(update_fields=["folded"])
    return held


@transaction.atomic
def save_filter(board: Board, *, draft: FilterDraft, by: Membership, at: datetime) -> SavedFilter:
    """Give a filter a name; who may share it, the edge says."""
    if SavedFilter.objects.filter(board=board).count() >= MOST_FILTERS:
        message = _("A board has at most %(count)d filters.") % {"count": MOST_FILTERS}
        raise Refused(message, code="too_many", field="name")
    saved = SavedFilter.objects.create(
        workspace_id=board.workspace_id,
        board=board,
        name=_name(draft.name),
        owner=by,
        is_shared=draft.shared,
        query=_query(draft.wanted),
        saved_at=at,
    )
    _told(FILTER_SAVED, saved, by=by, at=at)
    return saved


@transaction.atomic
def change_filter(
    saved: SavedFilter, *, version: int, changes: Mapping[str, object], by: Membership, at: datetime
) -> SavedFilter:
    """Change `name`, `wanted` or `shared`, if nobody else has since `version`."""
    now = _held(saved, version)
    if "name" in changes:
        now.name = _name(str(changes["name"]))
    wanted = changes.get("wanted")
    if isinstance(wanted, Wanted):
        now.query = _query(wanted)
    now.is_shared = bool(changes.get("shared", now.is_shared))
    now.version += 1
    now.saved_at = at
    now.save()
    _told(FILTER_CHANGED, now, by=by, at=at)
    return now


@transaction.atomic
def remove_filter(saved: SavedFilter, *, version: int, by: Membership, at: datetime) -> None:
    """Forget a filter; the cards stay."""
    now = _held(saved, version)
    _told(FILTER_REMOVED, now, by=by, at=at)
    now.delete()


def _held_choice(board: Board, member: Membership) -> BoardChoice:
    ours = {"workspace_id": board.workspace_id}
    choice, _made = BoardChoice.objects.get_or_create(board=board, member=member, defaults=ours)
    return BoardChoice.objects.select_for_update().get(pk=choice.pk)


def _held(saved: SavedFilter, version: int) -> SavedFilter:
    now = SavedFilter.objects.select_for_update().filter(pk=saved.pk).first()
    if now is None or now.version != version:
        raise Stale(_("Somebody changed this filter meanwhile."), current=now or saved)
    return now


def _name(name: str) -> str:
    clean = " ".join(seen(name).split())
    if not clean:
        raise Refused(_("A filter needs a name."), code="required", field="name")
    refuse_long(FILTER_LENGTH, name=clean)
    return clean


def _query(wanted: Wanted) -> list[list[str]]:
    if not wanted:
        raise Refused(_("A filter looks for something."), code="required", field="query")
    return [list(pair) for pair in wanted.words()]


def _told(verb: Verb, saved: SavedFilter, *, by: Membership, at: datetime) -> None:
    """Tell the log; the name of a filter that is not shared is nobody else's business."""
    shared = (
        {"name": saved.name, "state": "shared"}
        if saved.is_shared
        else {"name": "", "state": "private"}
    )
    record(verb, saved, by=by, at=at, **shared)
