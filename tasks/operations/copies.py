"""Copying a card, and on demand those that wait for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Attachment, Card, CardLink, ChecklistItem, Column, CustomField, Dependency
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.contents import clean_values, refuse_foreign
from tasks.operations.dependencies import add_dependency
from tasks.queries.boards import columns_of
from tasks.queries.cards import extras_of
from tasks.queries.fields import fields_of
from tasks.rules.copies import USUAL, Part
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Refused

MOST_COPIED = 50


@dataclass(frozen=True)
class CopyDraft:
    """The copy as it is wanted: in which column, called what ("" is as the card), with what."""

    column: Column
    title: str = ""
    parts: frozenset[Part] = USUAL
    nonce: str = ""


@transaction.atomic
def copy_card(card: Card, *, draft: CopyDraft, by: Membership, at: datetime) -> Card:
    """Make a card like this one; the same nonce twice is one copy.

    With WAITING each card that waits for it, and so on, is copied on its own board, and the copies
    wait for each other as their originals do. Nothing of a copy is ticked off; files stay behind.
    """
    refuse_foreign(card.workspace_id, draft.column)
    Workspace.objects.select_for_update(no_key=True).get(pk=card.workspace_id)
    if draft.nonce:
        twin = Card.objects.filter(workspace=card.workspace_id, nonce=draft.nonce).first()
        if twin is not None:
            return twin
    edges = _edges(card) if Part.WAITING in draft.parts else []
    made = {card.pk: _copy(card, draft, by=by, at=at)}
    for follower in _followers(edges):
        column = _open_column(follower)
        like = CopyDraft(column, parts=draft.parts)
        made[follower.pk] = _copy(follower, like, by=by, at=at)
    for after, first in edges:
        if after in made and first in made:
            add_dependency(made[after], waits_for=made[first], by=by, at=at)
    return made[card.pk]


def _copy(card: Card, draft: CopyDraft, *, by: Membership, at: datetime) -> Card:
    parts = draft.parts
    items = list(card.items.order_by("position")) if Part.CHECKLIST in parts else []
    wanted = CardDraft(
        title=draft.title or card.title,
        description=card.description,
        goal=card.goal,
        priority=card.priority,
        estimate=card.estimate,
        checklist=tuple(item.text for item in items),
        copied_from=card.title,
        **_hung(card, parts),  # type: ignore[arg-type]
        values=_values(card, draft.column) if Part.FIELDS in parts else {},
    )
    made = add_card(draft.column, draft=wanted, nonce=draft.nonce, by=by, at=at)
    _share(items, made, parts)
    if Part.LINKS in parts:
        _link(card, made, by=by, at=at)
    return made


def _hung(card: Card, parts: frozenset[Part]) -> dict[str, object]:
    """Labels, people and days, as far as they are wanted."""
    extras = extras_of([card.pk])[card.pk]
    found: dict[str, object] = {}
    if Part.LABELS in parts:
        found["labels"] = tuple(extras.labels)
    if Part.PEOPLE in parts:
        found |= {"assignee": card.assignee, "reports_to": card.reports_to}
        found |= {"helpers": tuple(extras.helpers), "watchers": tuple(extras.watchers)}
    if Part.DAYS in parts:
        found |= {"start_on": card.start_on, "due_on": card.due_on}
    return found


def _values(card: Card, column: Column) -> dict[CustomField, object]:
    """What its fields say, where the other board has them and they can still say it."""
    found = {}
    for field in fields_of(column.board):
        value = card.values.get(str(field.pk))
        if value is None:
            continue
        try:
            clean_values(card.workspace_id, {field: value})
        except Refused:
            continue
        found[field] = value
    return found


def _share(items: list[ChecklistItem], made: Card, parts: frozenset[Part]) -> None:
    """Who does the lines of the copy, and until when, as their originals say."""
    lines = list(made.items.order_by("position"))
    for line, item in zip(lines, items, strict=True):
        if Part.PEOPLE in parts:
            line.assignee = item.assignee
        if Part.DAYS in parts:
            line.due_on = item.due_on
    ChecklistItem.objects.bulk_update(lines, ["assignee", "due_on"])


def _link(card: Card, made: Card, *, by: Membership, at: datetime) -> None:
    """The copy works for the same goals and metrics, and keeps the same addresses."""
    ours = {"workspace_id": made.workspace_id, "card": made}
    CardLink.objects.bulk_create(
        CardLink(**ours, goal=one.goal, metric=one.metric, part=one.part, added_by=by, added_at=at)
        for one in CardLink.objects.filter(card=card).order_by("pk")
    )
    links = Attachment.objects.filter(card=card, trashed_at=None).exclude(address="")
    name = by.user.display_name
    Attachment.objects.bulk_create(
        Attachment(**ours, name=one.name, address=one.address, by=by, by_name=name, at=at)
        for one in links.order_by("pk")
    )


def _edges(card: Card) -> list[tuple[int, int]]:
    """Who waits for whom below the card: (after, first); 1 query a step of the way."""
    found: list[tuple[int, int]] = []
    seen, edge = {card.pk}, {card.pk}
    while edge:
        live = Dependency.objects.filter(waits_for__in=edge, card__archived_at=None)
        rows = live.filter(card__board__archived_at=None)
        pairs = sorted(rows.values_list("card_id", "waits_for_id"))
        found += pairs
        edge = {after for after, _first in pairs} - seen
        seen |= edge
        if len(seen) > MOST_COPIED:
            message = _("At most %(count)d cards are copied at once.") % {"count": MOST_COPIED}
            raise Refused(message, code="too_many", field="parts")
    return found


def _followers(edges: Iterable[tuple[int, int]]) -> list[Card]:
    ids = list(dict.fromkeys(after for after, _first in edges))
    rows = Card.objects.select_related("column__board", "board", "goal", "assignee__user")
    cards = rows.in_bulk(ids)
    return [cards[pk] for pk in ids]


def _open_column(card: Card) -> Column:
    """Where a copy of it is to be done: its column, of what is done the first other one."""
    if not card.column.is_done:
        return card.column
    first = columns_of(card.board).select_related("board").filter(is_done=False).first()
    return first or card.column
