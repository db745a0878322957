"""Making a card, changing what is written on it, putting it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import Card, ChecklistItem, Column
from tasks.models.cards import NONCE_LENGTH
from tasks.operations.limits import refuse_if_full
from tasks.operations.places import Spot, jitters, stand
from tasks.rules.ordering import spread
from tasks.verbs import CARD_ADDED, CARD_ARCHIVED, CARD_EDITED, CARD_RESTORED
from workspaces.models import Membership, SlaClock, Workspace
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

FIELDS = ("title", "description", "assignee", "due_on", "goal", "clock")
MOST_ITEMS = 200


@dataclass(frozen=True)
class CardDraft:
    """What a new card says."""

    title: str
    description: str = ""
    assignee: Membership | None = None
    due_on: date | None = None
    goal: Goal | None = None
    checklist: tuple[str, ...] = ()
    clock: SlaClock | None = None


@transaction.atomic
def add_card(
    column: Column, *, draft: CardDraft, nonce: str = "", by: Membership, at: datetime
) -> Card:
    """Put a new card at the bottom of a column; the same nonce twice is the same card."""
    _check_draft(column, draft, nonce)
    workspace, number = _take_number(column.workspace_id)
    twin = Card.objects.filter(workspace=workspace, nonce=nonce).first() if nonce else None
    if twin is not None:
        return twin
    refuse_if_full(column)
    Workspace.objects.filter(pk=workspace.pk).update(last_card_number=number)
    card = Card(
        workspace=workspace,
        number=number,
        board_id=column.board_id,
        column=column,
        title=draft.title.strip(),
        description=draft.description.strip(),
        assignee=draft.assignee,
        due_on=draft.due_on,
        goal=draft.goal,
        clock=draft.clock,
        nonce=nonce or None,
        done_at=at if column.is_done else None,
        created_by=by,
        created_at=at,
    )
    stand(Spot(Card.objects.filter(column=column), at_bottom=True), lambda key: _store(card, key))
    _write_checklist(card, draft.checklist)
    record(CARD_ADDED, card, by=by, at=at, **told(card), to=column.name)
    return card


@transaction.atomic
def edit_card(
    card: Card, *, version: int, changes: Mapping[str, object], by: Membership, at: datetime
) -> Card:
    """Change what is written on the card, if nobody else has changed the card since `version`."""
    wanted = _clean(card, changes)
    changed = {name: new for name, new in wanted.items() if getattr(card, name) != new}
    if not changed and card.version == version:
        return card
    written = rewrite(card, version=version, changes=changed)
    fields = ", ".join(changed)
    record(CARD_EDITED, written, by=by, at=at, **told(written), fields=fields)
    return written


@transaction.atomic
def archive_card(card: Card, *, version: int | None = None, by: Membership, at: datetime) -> Card:
    """Take the card off the board; nothing of it is lost."""
    if card.archived_at is not None:
        return card
    archived = rewrite(card, version=version or card.version, changes={"archived_at": at})
    record(CARD_ARCHIVED, archived, by=by, at=at, **told(archived))
    return archived


@transaction.atomic
def restore_card(card: Card, *, by: Membership, at: datetime) -> Card:
    """Put an archived card back where it stood."""
    if card.archived_at is None:
        return card
    refuse_if_full(card.column)
    restored = rewrite(card, version=card.version, changes={"archived_at": None})
    record(CARD_RESTORED, restored, by=by, at=at, **told(restored))
    return restored


def rewrite(card: Card, *, version: int, changes: Mapping[str, object]) -> Card:
    """Check the version and write in one statement; return the row as it is now, or say Stale."""
    same = Card.objects.filter(pk=card.pk, version=version)
    done = same.update(**changes, version=F("version") + 1)
    now = Card.objects.select_related("column", "board").get(pk=card.pk)
    if not done:
        raise stale(now)
    return now


def stale(card: Card) -> Stale:
    """Somebody was faster; the card as it is now goes with the refusal."""
    return Stale(_("Somebody changed this card meanwhile."), current=card)


def told(card: Card) -> dict[str, object]:
    """What every event of a card says: its new version and what it is called."""
    return {"version": card.version, "number": card.number, "title": card.title}


def _check_draft(column: Column, draft: CardDraft, nonce: str) -> None:
    if not column.board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="board")
    if not draft.title.strip():
        raise Refused(_("A card needs a title."), code="required", field="title")
    if len(nonce) > NONCE_LENGTH:
        raise Refused(_("The nonce is too long."), code="max_length", field="nonce")
    if len(draft.checklist) > MOST_ITEMS:
        raise too_many_items()
    refuse_far_days(due=draft.due_on)
    _refuse_foreign(column.workspace_id, draft.assignee, draft.goal, draft.clock)


def too_many_items() -> Refused:
    """A checklist is a list, not a board."""
    message = _("A card takes at most %(count)d checklist items.") % {"count": MOST_ITEMS}
    return Refused(message, code="too_many", field="checklist")


def _refuse_foreign(workspace_id: int, *rows: object) -> None:
    """What a card points at lives in its own workspace; edges check that first, this is the net."""
    if any(row is not None and row.workspace_id != workspace_id for row in rows):  # type: ignore[attr-defined]
        raise Refused(_("A card points only at things of its own workspace."), code="foreign")


def _take_number(workspace_id: int) -> tuple[Workspace, int]:
    """Lock the counter until the commit, so that numbers have no gap and no double."""
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
    return workspace, workspace.last_card_number + 1


def _store(card: Card, key: str) -> None:
    card.position = key
    card.pk = None
    card.save(force_insert=True)


def _write_checklist(card: Card, texts: tuple[str, ...]) -> None:
    clean = [text.strip() for text in texts if text.strip()]
    keys = spread(jitters(len(clean)))
    rows = [
        ChecklistItem(workspace_id=card.workspace_id, card=card, text=text, position=key)
        for text, key in zip(clean, keys, strict=True)
    ]
    ChecklistItem.objects.bulk_create(rows)


def _clean(card: Card, changes: Mapping[str, object]) -> dict[str, object]:
    """Only what may be written on a card, without space around texts."""
    kept = {name: changes[name] for name in FIELDS if name in changes}
    clean = {name: v.strip() if isinstance(v, str) else v for name, v in kept.items()}
    if "title" in clean and not clean["title"]:
        raise Refused(_("A card needs a title."), code="required", field="title")
    refuse_far_days(due=clean.get("due_on"))
    _refuse_foreign(card.workspace_id, *(clean.get(name) for name in ("assignee", "goal", "clock")))
    return clean
