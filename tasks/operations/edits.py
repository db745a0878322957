"""Changing what is written on a card: what two people change in two places is kept of both."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card, CustomField, Cycle, Label
from tasks.operations.approvals import void_approvals
from tasks.operations.contents import (
    SEVERAL,
    clean_contents,
    clean_values,
    refuse_backwards,
    several_of,
    write_several,
)
from tasks.operations.cycle_cards import change_cycle_of, held_cycle
from tasks.operations.limits import refuse_if_busy
from tasks.operations.mentions import tell_mentioned
from tasks.operations.notices import notify_assigned, notify_changed
from tasks.operations.telling import gained, tell_card, told
from tasks.rules.custom_fields import Value
from tasks.rules.merging import overtaken, touch
from tasks.verbs import CARD_EDITED, FIELD_WORDS
from workspaces.models import Membership
from workspaces.rules.errors import Stale

RELATED = ("column", "board", "assignee__user")


@transaction.atomic
def edit_card(
    card: Card, *, version: int, changes: Mapping[str, object], by: Membership, at: datetime
) -> Card:
    """Write on the card what nobody else has written in since `version`; else Stale, with the row.

    `changes` are values by the names of contents.SINGLE, lists of rows by those of SEVERAL, and
    `values`: what custom fields say by the field. What is so already is no change.
    """
    if isinstance(cycle := changes.get("cycle"), Cycle):
        changes = {**changes, "cycle": held_cycle(cycle)}
    now = hold(card)
    if version > now.version:
        raise stale(now)
    clean = clean_contents(now.workspace_id, changes)
    values = clean_values(now.workspace_id, _values_in(changes))
    was, cycle = now.assignee_id, now.cycle
    have = {name: several_of(now, name) for name in SEVERAL if name in clean}
    changed = [*_differing(now, clean, have), *_other_values(now, values)]
    if not changed:
        return now
    if overtaken(now.touched, version, changed):
        raise stale(now)
    text = now.description
    _write(now, clean, values, changed)
    if "cycle" in changed:
        change_cycle_of(now, was=cycle, at=at)
    for name, had in have.items():
        if name in changed:
            write_several(now, name, (row.pk for row in clean[name]), was=had)  # type: ignore[attr-defined]
    names = _spoken(changed, changes)
    words = [FIELD_WORDS.get(name, name) for name in names]
    news = gained(
        clean["assignee"] if "assignee" in changed else None,
        clean["labels"] if "labels" in changed else (),
        have.get("labels", set()),
    )
    said = {"fields": ", ".join(names), "words": words, **news}
    tell_card(CARD_EDITED, now, by=by, at=at, **told(now), **said)
    notify_assigned(now, was=was, by=by, at=at)
    notify_changed(now, fields=names, by=by, at=at)
    tell_mentioned(now, text=now.description, was=text, by=by, at=at)
    _void(now, changed, by=by, at=at)
    return now


def _void(card: Card, changed: Collection[str], *, by: Membership, at: datetime) -> None:
    """What was approved of a text is not of another one."""
    if "description" in changed:
        void_approvals(card, None, by=by, at=at)


@transaction.atomic
def label_card(card: Card, label: Label, *, on: bool, by: Membership, at: datetime) -> Card:
    """Put a label on the card or take it off, whatever the version; what is so stays so."""
    now = hold(card)
    have = Label.objects.filter(pk__in=several_of(now, "labels"))
    wanted = {row.pk: row for row in have}
    if on:
        wanted[label.pk] = label
    else:
        wanted.pop(label.pk, None)
    changes = {"labels": list(wanted.values())}
    return edit_card(now, version=now.version, changes=changes, by=by, at=at)


@transaction.atomic
def watch_card(card: Card, *, on: bool, by: Membership) -> bool:
    """Have the member told of what happens on the card, or no longer; nobody else's business."""
    was = several_of(card, "watchers")
    write_several(card, "watchers", was | {by.pk} if on else was - {by.pk}, was=was)
    return on


def hold(card: Card) -> Card:
    """The row as it is now, which nobody else writes until the commit; 2 queries.

    The lock stands alone: joined to a column it would lose a card that is moved while it waits.
    """
    Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    return Card.objects.select_related(*RELATED).get(pk=card.pk)


def stale(card: Card) -> Stale:
    """Somebody was faster; the card as it is now goes with the refusal."""
    return Stale(_("Somebody changed this card meanwhile."), current=card)


def _values_in(changes: Mapping[str, object]) -> Mapping[CustomField, object]:
    found: Mapping[CustomField, object] = changes.get("values", {})  # type: ignore[assignment]
    return found


def _differing(card: Card, clean: Mapping[str, object], have: Mapping[str, set[int]]) -> list[str]:
    """The names whose value is another than the card's."""
    return [
        name
        for name, value in clean.items()
        if (
            {row.pk for row in value} != have[name]  # type: ignore[attr-defined]
            if name in have
            else getattr(card, name) != value
        )
    ]


def _other_values(card: Card, values: Mapping[str, Value]) -> list[str]:
    return [f"field:{pk}" for pk, value in values.items() if card.values.get(pk) != value]


def _write(
    card: Card, clean: Mapping[str, object], values: Mapping[str, Value], changed: list[str]
) -> None:
    """Store what has changed of the held row, as its next version."""
    single = [name for name in changed if name in clean and name not in SEVERAL]
    for name in single:
        setattr(card, name, clean[name])
    refuse_backwards(card.start_on, card.due_on)
    if "assignee" in single and not card.is_done:
        refuse_if_busy(card.board, card.assignee, besides=card)
    kept = {**card.values, **values}
    card.values = {pk: value for pk, value in kept.items() if value is not None}
    card.version += 1
    card.touched = touch(card.touched, changed, card.version)
    card.save(update_fields=[*single, "values", "version", "touched"])


def _spoken(changed: list[str], changes: Mapping[str, object]) -> list[str]:
    """What the log calls the fields: custom ones by their names."""
    names = {f"field:{field.pk}": field.name for field in _values_in(changes)}
    return [names.get(name, name) for name in changed]
