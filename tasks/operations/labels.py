"""Labels and custom fields: what a workspace adds to its cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.models import Board, Colour, CustomField, Label
from tasks.models.labels import FIELD_LENGTH, LABEL_LENGTH
from tasks.verbs import (
    FIELD_ADDED,
    FIELD_CHANGED,
    FIELD_PLACED,
    FIELD_RETIRED,
    FIELD_REVIVED,
    LABEL_ADDED,
    LABEL_CHANGED,
    LABEL_REMOVED,
)
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen

Row = TypeVar("Row", Label, CustomField)
MOST_LABELS = 200
MOST_FIELDS = 50
MOST_CHOICES = 100


@dataclass(frozen=True)
class FieldDraft:
    """A custom field as it is wanted; `board` None is for all boards."""

    name: str
    kind: str
    choices: tuple[str, ...] | list[str] = ()
    on_card: bool = False
    board: Board | None = None


@transaction.atomic
def add_label(
    workspace: Workspace, *, name: str, colour: str, by: Membership, at: datetime
) -> Label:
    """Add a label; one of this name is refused."""
    if Label.objects.filter(workspace=workspace).count() >= MOST_LABELS:
        message = _("A workspace has at most %(count)d labels.") % {"count": MOST_LABELS}
        raise Refused(message, code="too_many", field="name")
    label = Label(workspace=workspace, name=_name(name, LABEL_LENGTH), colour=_colour(colour))
    _store(label)
    record(LABEL_ADDED, label, by=by, at=at, name=label.name, version=1)
    return label


@transaction.atomic
def change_label(
    label: Label, *, version: int, changes: Mapping[str, str], by: Membership, at: datetime
) -> Label:
    """Change name or colour, if nobody else has since `version`."""
    now = _held(label, version)
    was = now.name
    wanted = {"name": _name(changes.get("name", was), LABEL_LENGTH)}
    wanted["colour"] = _colour(changes.get("colour", now.colour))
    if all(getattr(now, name) == value for name, value in wanted.items()):
        return now
    _put(now, wanted)
    record(LABEL_CHANGED, now, by=by, at=at, name=now.name, was=was, version=now.version)
    return now


@transaction.atomic
def remove_label(label: Label, *, version: int, by: Membership, at: datetime) -> None:
    """Take a label off all cards and away."""
    now = _held(label, version)
    record(LABEL_REMOVED, now, by=by, at=at, name=now.name)
    now.delete()


@transaction.atomic
def add_field(
    workspace: Workspace, *, draft: FieldDraft, by: Membership, at: datetime
) -> CustomField:
    """Add a field to the cards of all boards, or of one; its kind stays what it is."""
    fields = CustomField.objects.filter(workspace=workspace, retired_at=None)
    count = fields.count()
    if count >= MOST_FIELDS:
        message = _("A workspace has at most %(count)d fields.") % {"count": MOST_FIELDS}
        raise Refused(message, code="too_many", field="name")
    if draft.kind not in CustomField.Kind.values:
        raise Refused(_("There is no such kind of field."), code="unknown_kind", field="kind")
    if draft.board is not None and draft.board.workspace_id != workspace.pk:
        raise Refused(_("This board is elsewhere."), code="foreign", field="board")
    field = CustomField(
        workspace=workspace,
        board=draft.board,
        name=_name(draft.name, FIELD_LENGTH),
        kind=draft.kind,
        choices=_choices(draft.kind, draft.choices),
        on_card=draft.on_card,
        position=count + 1,
    )
    _store(field)
    record(FIELD_ADDED, field, by=by, at=at, name=field.name, version=1)
    return field


@transaction.atomic
def change_field(
    field: CustomField,
    *,
    version: int,
    changes: Mapping[str, object],
    by: Membership,
    at: datetime,
) -> CustomField:
    """Change name, choices or where it shows; values that are no choice any more stay written."""
    now = _held(field, version)
    wanted: dict[str, object] = {
        "name": _name(str(changes.get("name", now.name)), FIELD_LENGTH),
        "on_card": bool(changes.get("on_card", now.on_card)),
    }
    wanted["choices"] = _choices(now.kind, changes.get("choices", now.choices))
    if all(getattr(now, name) == value for name, value in wanted.items()):
        return now
    _put(now, wanted)
    record(FIELD_CHANGED, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def share_field(field: CustomField, *, version: int, by: Membership, at: datetime) -> CustomField:
    """Make the field of one board one of all boards; its values stay where they are."""
    now = _held(field, version)
    if now.board_id is None:
        return now
    _put(now, {"board": None})
    record(FIELD_CHANGED, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def retire_field(
    field: CustomField, *, version: int, retired: bool = True, by: Membership, at: datetime
) -> CustomField:
    """Ask for the field no longer, or again; what cards say in it is kept."""
    now = _held(field, version)
    if (now.retired_at is not None) == retired:
        return now
    _put(now, {"retired_at": at if retired else None})
    verb = FIELD_RETIRED if retired else FIELD_REVIVED
    record(verb, now, by=by, at=at, name=now.name, version=now.version)
    return now


@transaction.atomic
def place_field(
    field: CustomField, *, after: CustomField | None, by: Membership, at: datetime
) -> CustomField:
    """Put a field right after another one that is in use, or first."""
    asked = CustomField.objects.select_for_update().filter(workspace=field.workspace_id)
    rows = list(asked.filter(retired_at=None).order_by("position", "pk"))
    others = [row for row in rows if row.pk != field.pk]
    if field not in rows or (after is not None and after not in others):
        raise Refused(_("This field is not in use."), code="retired", field="after")
    place = others.index(after) + 1 if after is not None else 0
    ordered = [*others[:place], field, *others[place:]]
    for position, row in enumerate(ordered, start=1):
        row.position = position
    CustomField.objects.bulk_update(ordered, ["position"])
    record(FIELD_PLACED, field, by=by, at=at, name=field.name)
    return field


def _held(row: Row, version: int) -> Row:
    now = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if now is None or now.version != version:
        raise Stale(_("Somebody changed this meanwhile."), current=now)
    return now


def _put(row: Label | CustomField, wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version = F("version") + 1
    _store(row)
    row.refresh_from_db()


def _store(row: Label | CustomField) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("There is one of this name."), code="taken", field="name") from error


def _name(name: str, most: int) -> str:
    clean = " ".join(seen(name).split())
    if not clean:
        raise Refused(_("A name is needed."), code="required", field="name")
    refuse_long(most, name=clean)
    return clean


def _colour(colour: str) -> str:
    if colour not in Colour.values:
        raise Refused(_("There is no such colour."), code="unknown_colour", field="colour")
    return colour


def _choices(kind: str, choices: object) -> list[str]:
    """The words to choose from, each once, in their order."""
    words = [seen(str(word)) for word in choices] if isinstance(choices, list | tuple) else []
    found = list(dict.fromkeys(word for word in words if word))
    if kind != CustomField.Kind.CHOICE:
        return []
    if not found:
        raise Refused(_("Say what there is to choose from."), code="required", field="choices")
    if len(found) > MOST_CHOICES:
        message = _("There are at most %(count)d choices.") % {"count": MOST_CHOICES}
        raise Refused(message, code="too_many", field="choices")
    for word in found:
        refuse_long(FIELD_LENGTH, choices=word)
    return found
