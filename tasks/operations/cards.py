"""Making a card, putting it away, throwing it away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import Card, ChecklistItem, Column, CustomField, Cycle, Label, Priority
from tasks.models.cards import NONCE_LENGTH
from tasks.operations.blocking import turn
from tasks.operations.contents import (
    SEVERAL,
    SINGLE,
    clean_contents,
    clean_values,
    refuse_backwards,
    write_several,
)
from tasks.operations.cycle_cards import enter_cycle, held_cycle, refuse_cycle
from tasks.operations.edits import stale
from tasks.operations.limits import (
    refuse_if_busy,
    refuse_if_full,
    refuse_if_lane_full,
    refuse_unready,
)
from tasks.operations.mentions import tell_mentioned
from tasks.operations.notices import notify_assigned
from tasks.operations.places import Spot, jitters, stand
from tasks.operations.telling import gained, tell_card, told
from tasks.rules.ordering import spread
from tasks.verbs import CARD_ADDED, CARD_ARCHIVED, CARD_RESTORED, CARD_TRASHED
from workspaces.models import Membership, SlaClock, Workspace
from workspaces.models.actors import person
from workspaces.rules.errors import Refused
from workspaces.rules.letters import seen

MOST_ITEMS = 200
TRASH_LASTS = timedelta(days=30)
TRASH_BATCH = 500


@dataclass(frozen=True)
class CardDraft:
    """What a new card says; `values` are those of custom fields, `estimate` is in hours.

    `copied_from` is the title of the card that it is a copy of.
    """

    title: str
    description: str = ""
    assignee: Membership | None = None
    due_on: date | None = None
    goal: Goal | None = None
    checklist: tuple[str, ...] = ()
    clock: SlaClock | None = None
    cycle: Cycle | None = None
    reports_to: Membership | None = None
    start_on: date | None = None
    estimate: Decimal | None = None
    priority: int = Priority.NONE
    labels: tuple[Label, ...] = ()
    helpers: tuple[Membership, ...] = ()
    watchers: tuple[Membership, ...] = ()
    values: Mapping[CustomField, object] = field(default_factory=dict)
    copied_from: str = ""


@transaction.atomic
def add_card(
    column: Column, *, draft: CardDraft, nonce: str = "", by: Membership | None, at: datetime
) -> Card:
    """Put a new card at the bottom of a column; the same nonce twice is the same card.

    What nobody of the workspace wrote (`by` is None) mentions nobody.
    """
    _check_draft(column, draft, nonce)
    clean = clean_contents(column.workspace_id, vars(draft))
    cycle = clean["cycle"] = held_cycle(draft.cycle)
    if cycle is not None:
        refuse_cycle(cycle, column.board_id)
    values = clean_values(column.workspace_id, draft.values)
    workspace, number = _take_number(column.workspace_id)
    twin = Card.objects.filter(workspace=workspace, nonce=nonce).first() if nonce else None
    if twin is not None:
        return twin
    refuse_if_full(column)
    if not column.is_done:
        refuse_if_busy(column.board, draft.assignee, besides=None)
    Workspace.objects.filter(pk=workspace.pk).update(last_card_number=number)
    card = Card(
        workspace=workspace,
        number=number,
        board=column.board,
        column=column,
        **{name: clean[name] for name in SINGLE},
        values={pk: value for pk, value in values.items() if value is not None},
        nonce=nonce or None,
        column_since=at,
        done_at=at if column.is_done else None,
        created_by=person(by),
        created_at=at,
    )
    stand(Spot(Card.objects.filter(column=column), at_bottom=True), lambda key: _store(card, key))
    _write_checklist(card, draft.checklist)
    for name in SEVERAL:
        if clean[name]:
            write_several(card, name, (row.pk for row in clean[name]), was=set())  # type: ignore[attr-defined]
    if cycle is not None:
        enter_cycle(card, cycle, at=at)
    if column.entry:
        refuse_unready(column, card)
    refuse_if_lane_full(column, card)
    news = gained(clean["assignee"], clean["labels"], set())
    _tell_added(card, draft.copied_from, news, by=by, at=at)
    return card


def _tell_added(
    card: Card, copied_from: str, news: Mapping[str, object], *, by: Membership | None, at: datetime
) -> None:
    copied = {"state": "copy", "other": copied_from} if copied_from else {}
    to = {"to": card.column.name, "column": card.column.pk}
    tell_card(CARD_ADDED, card, by=by, at=at, **told(card), **to, **news, **copied)
    notify_assigned(card, was=None, by=by, at=at)
    if by is not None:
        tell_mentioned(card, text=card.description, by=by, at=at)


@transaction.atomic
def archive_card(card: Card, *, version: int | None = None, by: Membership, at: datetime) -> Card:
    """Take the card off the board; nothing of it is lost."""
    if card.archived_at is not None:
        return card
    archived = rewrite(card, version=version or card.version, changes={"archived_at": at})
    tell_card(CARD_ARCHIVED, archived, by=by, at=at, **told(archived))
    turn(archived, by=by, at=at)
    return archived


@transaction.atomic
def trash_card(card: Card, *, version: int | None = None, by: Membership, at: datetime) -> Card:
    """Put the card in the trash, from where it can be taken back until the trash is emptied."""
    if card.trashed_at is not None:
        return card
    changes = {"trashed_at": at, "archived_at": card.archived_at or at}
    trashed = rewrite(card, version=version or card.version, changes=changes)
    tell_card(CARD_TRASHED, trashed, by=by, at=at, **told(trashed))
    turn(trashed, by=by, at=at)
    return trashed


@transaction.atomic
def empty_trash(*, at: datetime) -> int:
    """Delete for good what has been in the trash for TRASH_LASTS; the log keeps its names."""
    old = Card.objects.filter(trashed_at__lte=at - TRASH_LASTS).order_by("pk")[:TRASH_BATCH]
    count = 0
    for card in old:
        count += 1
        card.delete()
    return count


@transaction.atomic
def restore_card(card: Card, *, by: Membership, at: datetime) -> Card:
    """Put a card that was archived or thrown away back where it stood."""
    if card.archived_at is None:
        return card
    refuse_if_full(card.column)
    changes = {"archived_at": None, "trashed_at": None}
    restored = rewrite(card, version=card.version, changes=changes)
    tell_card(CARD_RESTORED, restored, by=by, at=at, **told(restored))
    turn(restored, by=by, at=at)
    return restored


def rewrite(card: Card, *, version: int, changes: Mapping[str, object]) -> Card:
    """Check the version and write in one statement; return the row as it is now, or say Stale."""
    same = Card.objects.filter(pk=card.pk, version=version)
    done = same.update(**changes, version=F("version") + 1)
    now = Card.objects.select_related("column", "board").get(pk=card.pk)
    if not done:
        raise stale(now)
    return now


def _check_draft(column: Column, draft: CardDraft, nonce: str) -> None:
    if not column.board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="board")
    if not seen(draft.title):
        raise Refused(_("A card needs a title."), code="required", field="title")
    if len(nonce) > NONCE_LENGTH:
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    if len(draft.checklist) > MOST_ITEMS:
        raise too_many_items()
    refuse_backwards(draft.start_on, draft.due_on)


def too_many_items() -> Refused:
    """A checklist is a list, not a board."""
    message = _("A card takes at most %(count)d checklist items.") % {"count": MOST_ITEMS}
    return Refused(message, code="too_many", field="checklist")


def _take_number(workspace_id: int) -> tuple[Workspace, int]:
    """Lock the counter until the commit, so that numbers have no gap and no double."""
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
    return workspace, workspace.last_card_number + 1


def _store(card: Card, key: str) -> None:
    card.position = key
    card.pk = None
    card.save(force_insert=True)


def _write_checklist(card: Card, texts: tuple[str, ...]) -> None:
    clean = [text.strip() for text in texts if seen(text)]
    keys = spread(jitters(len(clean)))
    rows = [
        ChecklistItem(workspace_id=card.workspace_id, card=card, text=text, position=key)
        for text, key in zip(clean, keys, strict=True)
    ]
    ChecklistItem.objects.bulk_create(rows)
