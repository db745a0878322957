"""The lines of a card's checklist.

They do not raise the card's version: two people who tick two lines do not stand in each other's
way, nor in the way of somebody who is editing the card.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tasks.models import Card, ChecklistItem
from tasks.operations.cards import MOST_ITEMS, too_many_items
from tasks.operations.contents import refuse_foreign
from tasks.operations.places import Gone, Spot, stand
from tasks.operations.telling import tell_card
from tasks.verbs import (
    ITEM_ADDED,
    ITEM_ASSIGNED,
    ITEM_EDITED,
    ITEM_PLACED,
    ITEM_REMOVED,
    ITEM_TICKED,
    ITEM_UNTICKED,
)
from workspaces.models import Membership
from workspaces.models.actors import person
from workspaces.operations.days import refuse_far_days
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen


@transaction.atomic
def add_item(
    card: Card,
    *,
    text: str,
    assignee: Membership | None = None,
    due_on: date | None = None,
    by: Membership,
    at: datetime,
) -> ChecklistItem:
    """Write a line at the end of the checklist, for somebody until some day if that is said."""
    refuse_foreign(card.workspace_id, assignee)
    refuse_far_days(due=due_on)
    if ChecklistItem.objects.filter(card=card).count() >= MOST_ITEMS:
        raise too_many_items()
    item = ChecklistItem(
        workspace_id=card.workspace_id,
        card=card,
        text=_clean(text),
        assignee=assignee,
        due_on=due_on,
    )

    def store(key: str) -> None:
        item.position, item.pk = key, None
        item.save(force_insert=True)

    stand(Spot(_items(card), at_bottom=True), store)
    tell_card(ITEM_ADDED, card, by=by, at=at, **_told(item))
    return item


@transaction.atomic
def edit_item(
    item: ChecklistItem, *, text: str, was: str, by: Membership, at: datetime
) -> ChecklistItem:
    """Change a line's text, if it still says what the writer saw."""
    clean = _clean(text)
    if clean == item.text:
        return item
    written = _one(item).filter(text=was).update(text=clean)
    if not written:
        raise Stale(_("Somebody changed this item meanwhile."), current=_as_it_is(item))
    item.text = clean
    tell_card(ITEM_EDITED, item.card, by=by, at=at, **_told(item), was=was)
    return item


@transaction.atomic
def assign_item(
    item: ChecklistItem, *, changes: Mapping[str, object], by: Membership, at: datetime
) -> ChecklistItem:
    """Say who does the line (`assignee`) and until when (`due_on`); None takes that back."""
    wanted = {name: changes[name] for name in ("assignee", "due_on") if name in changes}
    refuse_foreign(item.card.workspace_id, wanted.get("assignee"))
    refuse_far_days(due=wanted.get("due_on"))  # type: ignore[arg-type]
    changed = {name: v for name, v in wanted.items() if getattr(item, name) != v}
    if changed:
        _one(item).update(**changed)
        item.refresh_from_db()
        tell_card(ITEM_ASSIGNED, item.card, by=by, at=at, **_told(item))
    return item


@transaction.atomic
def tick_item(item: ChecklistItem, *, done: bool, by: Membership, at: datetime) -> ChecklistItem:
    """Tick a line off or take the tick back; a line that is so already stays as it is."""
    ticked = {"done_at": at, "done_by": person(by)} if done else {"done_at": None, "done_by": None}
    if _one(item).filter(done_at__isnull=done).update(**ticked):
        verb = ITEM_TICKED if done else ITEM_UNTICKED
        tell_card(verb, item.card, by=by, at=at, **_told(item))
    item.refresh_from_db()
    return item


@transaction.atomic
def place_item(
    item: ChecklistItem, *, after: ChecklistItem | None, by: Membership, at: datetime
) -> ChecklistItem:
    """Put a line right below another one, or first."""
    if after is not None and after.pk == item.pk:
        raise Refused(_("An item cannot stand below itself."), code="itself", field="after")
    siblings = _items(item.card).exclude(pk=item.pk)
    spot = Spot(siblings, after.pk if after else None)
    try:
        stand(spot, lambda key: _one(item).update(position=key))
    except Gone as gone:
        message = _("The item above is no longer on this card.")
        raise Stale(message, current=_as_it_is(item)) from gone
    tell_card(ITEM_PLACED, item.card, by=by, at=at, **_told(item))
    item.refresh_from_db()
    return item


@transaction.atomic
def remove_item(item: ChecklistItem, *, by: Membership, at: datetime) -> None:
    """Take a line off the checklist; the log keeps its text."""
    told = _told(item)
    gone, _each = _one(item).delete()
    if gone:
        tell_card(ITEM_REMOVED, item.card, by=by, at=at, **told)


def _items(card: Card) -> QuerySet[ChecklistItem]:
    return ChecklistItem.objects.filter(card=card)


def _one(item: ChecklistItem) -> QuerySet[ChecklistItem]:
    return ChecklistItem.objects.filter(pk=item.pk)


def _as_it_is(item: ChecklistItem) -> ChecklistItem | None:
    return _one(item).first()


def _clean(text: str) -> str:
    clean = seen(text)
    if not clean:
        raise Refused(_("An item needs a text."), code="required", field="text")
    return clean


def _told(item: ChecklistItem) -> dict[str, object]:
    """What every event of a line says; no version, for the card's stays."""
    return {"title": item.card.title, "item": item.text, "item_id": item.pk}
