"""What changed between two versions of a strategy, told row by row and word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum

from goals.rules.strategy import Document, GoalLine, Line, MetricLine, Step

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
SILENT = {"id", "key", "owner_id", "parent", "reports_to", "role", "unit", "decimals", "currency"}
PARTS = {Step.OUTCOMES: ("outcomes", "agreements")}  # the others have rows of one kind
ABOUT = ""  # the step of what belongs to the whole


class Kind(StrEnum):
    """How a row or a field differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """A run of text: kept, added or removed."""

    text: str
    kind: str = "kept"


@dataclass(frozen=True)
class Change:
    """One difference: in which step, of which row ("": the step's own words), in which field."""

    step: str
    kind: Kind
    name: str = ""
    field: str = ""
    pieces: tuple[Piece, ...] = ()
    line: GoalLine | None = None


def changes(before: Document, after: Document) -> list[Change]:
    """Everything that differs, in the order of the document; the same documents have none."""
    found = [
        _change(ABOUT, Kind.CHANGED, "", name, getattr(before, name), getattr(after, name))
        for name in ("title", "start", "end")
        if getattr(before, name) != getattr(after, name)
    ]
    for step in Step:
        found += _words(before, after, step)
        found += _rows(before, after, step)
    return found


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts woven into one: what was kept, what was taken out, what was put in."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    woven: list[Piece] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            woven.append(Piece("".join(old[a:b])))
            continue
        woven += [Piece("".join(old[a:b]), "removed")] if b > a else []
        woven += [Piece("".join(new[c:d]), "added")] if d > c else []
    return tuple(woven)


def _change(step: str, kind: Kind, name: str, what: str, before: str, after: str) -> Change:
    return Change(step, kind, name, what, pieces_of(before, after))


def _words(before: Document, after: Document, step: Step) -> list[Change]:
    """The differences of the step's own words and, for participation, of its terms."""
    pairs = {"words": (before.words.get(step.value, ""), after.words.get(step.value, ""))}
    if step is Step.PARTICIPATION:
        pairs |= {
            "questions": ("\n".join(before.questions), "\n".join(after.questions)),
            "signers": (", ".join(before.signers), ", ".join(after.signers)),
            "feedback_until": (before.feedback_until, after.feedback_until),
        }
    return [
        _change(step.value, Kind.CHANGED, "", name, old, new)
        for name, (old, new) in pairs.items()
        if old != new
    ]


def _rows(before: Document, after: Document, step: Step) -> list[Change]:
    """The differences of the step's rows: by id, so that a new name is a change."""
    if step in {Step.PARTICIPATION, Step.ASSIGNMENTS}:
        return []
    return [
        change
        for part in PARTS.get(step, (step.value,))
        for change in _part(step, getattr(before, part), getattr(after, part))
    ]


def _part(step: Step, before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    old, new = _by_id(before), _by_id(after)
    found = [Change(step.value, Kind.REMOVED, _name(old[pk])) for pk in old if pk not in new]
    for pk, line in new.items():
        if pk not in old:
            found.append(Change(step.value, Kind.ADDED, _name(line), line=_goal(line)))
        else:
            found += _fields(step, old[pk], line)
    return found


def _by_id(lines: Sequence[Line]) -> Mapping[int, Line]:
    return {line.id: line for line in lines}


def _name(line: Line) -> str:
    return str(getattr(line, "title", "") or getattr(line, "name", ""))


def _goal(line: Line) -> GoalLine | None:
    return line if isinstance(line, GoalLine) else None


def _fields(step: Step, old: Line, new: Line) -> list[Change]:
    """The fields of one row that differ."""
    return [
        Change(
            step.value,
            Kind.CHANGED,
            _name(new),
            one.name,
            pieces_of(_text(getattr(old, one.name)), _text(getattr(new, one.name))),
            _goal(new),
        )
        for one in fields(new)
        if one.name not in SILENT and _text(getattr(old, one.name)) != _text(getattr(new, one.name))
    ]


def _text(value: object) -> str:
    return value.name if isinstance(value, MetricLine) else str(value)
