"""What a file's cards are marked with: labels and fields that are there already, or are made."""

from datetime import datetime

from tasks.models import Board, BoardImport, CustomField, Label
from tasks.operations.imports_people import Names
from tasks.operations.labels import FieldDraft, add_field, add_label, change_field, share_field
from tasks.rules.custom_fields import Unfit, Value, read_value
from tasks.rules.imports.colours import our_colour
from tasks.rules.imports.fitting import FIELD, cut
from tasks.rules.imports.tree import BoardFound, FieldFound
from workspaces.rules.errors import Refused

Kind = CustomField.Kind
OURS = "mops"
SHORTEST = 20  # what is left of a name before the board's
TRUTHS = {"true": True, "false": False}


def bring_labels(run: BoardImport, found: BoardFound, *, at: datetime) -> dict[str, Label]:
    """The labels that cards use, by their keys: those of the same name, else new ones."""
    used = {key for card in found.cards for key in card.labels}
    rows = Label.objects.filter(workspace=run.workspace)
    there = {label.name.casefold(): label for label in rows}
    brought: dict[str, Label] = {}
    for one in found.labels:
        label = there.get(one.name.casefold())
        if one.key not in used or not one.name:
            if label is None:
                found.leave("label_unused", what=one.name)
            continue
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
    run: BoardImport, found: BoardFound, board: Board, names: Names, *, at: datetime
) -> dict[str, CustomField]:
    """The fields that cards say something in, by their keys: the same ones, else new ones.

    A board that MOps wrote keeps those in which nobody has said anything yet, unless another
    board has them.
    """
    used = {key for card in found.cards for key in card.values}
    rows = CustomField.objects.filter(workspace=run.workspace, retired_at=None)
    there = {field.name.casefold(): field for field in rows}
    brought: dict[str, CustomField] = {}
    for one in found.fields:
        field = there.get(one.name.casefold())
        if one.key not in used and (field or found.format != OURS):
            if field is None or field.board_id not in (None, board.pk):
                found.leave("field_unused", what=one.name)
            continue
        try:
            if field is not None and _is_same(field, one, found, board, names):
                field = _with_choices(run, field, one, at=at)
                brought[one.key] = _for_all(run, found, field, board, at=at)
            else:
                brought[one.key] = _new_field(run, found, one, board, set(there), at=at)
            there[brought[one.key].name.casefold()] = brought[one.key]
        except Refused as refusal:
            found.leave("field_refused", what=f"{one.name}: {refusal.message}")
    return brought


def _is_same(
    field: CustomField, one: FieldFound, found: BoardFound, board: Board, names: Names
) -> bool:
    """Whether the file's field is the one of this name: its kind, and of another board its choices.

    A table does not say of which kind its columns are: there all that stands in it has to fit.
    """
    if one.kind:
        is_ours = field.board_id in (None, board.pk)
        return field.kind == one.kind and (is_ours or set(one.options) <= set(field.choices))
    said = {card.values[one.key] for card in found.cards if one.key in card.values}
    return all(value_of(field, text, names) is not None for text in said)


def _for_all(
    run: BoardImport, found: BoardFound, field: CustomField, board: Board, *, at: datetime
) -> CustomField:
    """A workspace has a field of a name once: what two boards use is a field of all boards."""
    if field.board_id in (None, board.pk):
        return field
    found.leave("field_shared", what=field.name)
    return share_field(field, version=field.version, by=run.by, at=at)  # type: ignore[arg-type]


def _with_choices(
    run: BoardImport, field: CustomField, one: FieldFound, *, at: datetime
) -> CustomField:
    """The field that is there, with the choices that it has not yet."""
    if field.kind != Kind.CHOICE or set(one.options) <= set(field.choices):
        return field
    changes = {"choices": [*field.choices, *one.options]}
    return change_field(field, version=field.version, changes=changes, by=run.by, at=at)  # type: ignore[arg-type]


def _new_field(
    run: BoardImport,
    found: BoardFound,
    one: FieldFound,
    board: Board,
    taken: set[str],
    *,
    at: datetime,
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
    if name != one.name:
        found.leave("field_renamed", what=f"{one.name} → {name}")
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
