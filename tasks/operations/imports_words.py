"""What a file's cards are marked with: labels and fields that are there already, or are made."""

from datetime import datetime

from django.db.models import Q

from tasks.models import Board, BoardImport, CustomField, Label
from tasks.operations.imports_people import Names
from tasks.operations.labels import FieldDraft, add_field, add_label, change_field
from tasks.rules.custom_fields import Unfit, Value, read_value
from tasks.rules.imports.colours import our_colour
from tasks.rules.imports.fitting import FIELD, cut
from tasks.rules.imports.tree import BoardFound, FieldFound
from workspaces.rules.errors import Refused

Kind = CustomField.Kind
SHORTEST = 20  # what is left of a name before the board's
TRUTHS = {"true": True, "false": False}


def bring_labels(run: BoardImport, found: BoardFound, *, at: datetime) -> dict[str, Label]:
    """The labels that cards use, by their keys: those of the same name, else new ones."""
    used = {key for card in found.cards for key in card.labels}
    rows = Label.objects.filter(workspace=run.workspace)
    there = {label.name.casefold(): label for label in rows}
    brought: dict[str, Label] = {}
    for one in found.labels:
        if one.key not in used or not one.name:
            continue
        label = there.get(one.name.casefold())
        if label is None:
            colour = our_colour(one.colour)
            try:
                label = add_label(run.workspace, name=one.name, colour=colour, by=run.by, at=at)  # type: ignore[arg-type]
            except Refused as refusal:
                found.leave("label_refused", what=f"{one.name}: {refusal.message}")
                continue
            there[one.name.casefold()] = label
        brought[one.key] = label
    return brought


def bring_fields(
    run: BoardImport, found: BoardFound, board: Board, *, at: datetime
) -> dict[str, CustomField]:
    """The fields that cards say something in, by their keys: the same ones, else new ones."""
    used = {key for card in found.cards for key in card.values}
    rows = CustomField.objects.filter(workspace=run.workspace, retired_at=None)
    there = {field.name.casefold(): field for field in rows.filter(Q(board=None) | Q(board=board))}
    taken = {name.casefold() for name in rows.values_list("name", flat=True)}
    brought: dict[str, CustomField] = {}
    for one in found.fields:
        if one.key not in used:
            continue
        field = there.get(one.name.casefold())
        try:
            if field is not None and field.kind == one.kind:
                brought[one.key] = _with_choices(run, field, one, at=at)
            else:
                brought[one.key] = _new_field(run, one, board, taken, at=at)
        except Refused as refusal:
            found.leave("field_refused", what=f"{one.name}: {refusal.message}")
    return brought


def _with_choices(
    run: BoardImport, field: CustomField, one: FieldFound, *, at: datetime
) -> CustomField:
    """The field that is there, with the choices that it has not yet."""
    if field.kind != Kind.CHOICE or set(one.options) <= set(field.choices):
        return field
    changes = {"choices": [*field.choices, *one.options]}
    return change_field(field, version=field.version, changes=changes, by=run.by, at=at)  # type: ignore[arg-type]


def _new_field(
    run: BoardImport, one: FieldFound, board: Board, taken: set[str], *, at: datetime
) -> CustomField:
    """A field of this board; one of another kind that has the name keeps it."""
    name, number = one.name, 1
    while name.casefold() in taken:
        tail = f" ({board.name})" if number == 1 else f" ({board.name}, {number})"
        name = cut(one.name, max(FIELD - len(tail), SHORTEST)) + cut(tail, FIELD - SHORTEST)
        number += 1
    kind = one.kind if one.kind in Kind.values else Kind.TEXT
    if kind == Kind.CHOICE and not one.options:
        kind = Kind.TEXT
    draft = FieldDraft(name=name, kind=kind, choices=one.options, board=board)
    field = add_field(run.workspace, draft=draft, by=run.by, at=at)  # type: ignore[arg-type]
    taken.add(name.casefold())
    return field


def value_of(field: CustomField, text: str, names: Names) -> Value:
    """What a card says in a field, as it is kept; None for what does not fit."""
    value: object = text
    if field.kind == Kind.YES_NO:
        value = TRUTHS.get(text)
    elif field.kind == Kind.PERSON:
        member = names.member(text)
        value = member.pk if member else None
    try:
        return read_value(field.kind, value, field.choices)
    except Unfit:
        return None
