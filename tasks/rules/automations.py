"""When a rule of a board meets an event, and what it names. No card is asked here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_DEPTH = 3  # rules that one change by a person sets off, one after the other
MOST_DAYS = 366
MOST_AHEAD = 60  # days before one is due; less than runs are kept, so that each counts once
OVERDUE_FOR = 30  # days; what is late for longer is no news to a rule
MOST_TURNS = 50
TITLE_LENGTH = 200
NOBODY, CREATOR, TURNS = "nobody", "creator", "turns"
RESPONSIBLE, WATCHERS = "responsible", "watchers"


class When(StrEnum):
    """What sets off a rule."""

    MADE = "made"
    COMES = "comes"
    LEAVES = "leaves"
    DONE = "done"
    LABELLED = "labelled"
    ASSIGNED = "assigned"
    TICKED = "ticked"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    DUE = "due"
    OVERDUE = "overdue"


MOVES = frozenset({"card.moved", "card.done", "card.reopened"})
VERBS: Mapping[When, frozenset[str]] = {
    When.MADE: frozenset({"card.added"}),
    When.COMES: MOVES | {"card.added"},
    When.LEAVES: MOVES,
    When.DONE: frozenset({"card.done"}),
    When.LABELLED: frozenset({"card.edited", "card.added"}),
    When.ASSIGNED: frozenset({"card.edited", "card.added"}),
    When.TICKED: frozenset({"item.ticked"}),
    When.BLOCKED: frozenset({"card.blocked", "card.waits", "card.held"}),
    When.UNBLOCKED: frozenset({"card.unblocked", "card.freed", "card.waits_not"}),
}
BY_DAY = frozenset({When.DUE, When.OVERDUE})
NEEDS = {  # what a rule must say beside what sets it off
    When.COMES: "column",
    When.LEAVES: "column",
    When.LABELLED: "label",
    When.DUE: "days",
}
KEYS = {When.COMES: "column", When.LEAVES: "left"}


def meets(when: str, about: Mapping[str, Any], verb: str, data: Mapping[str, Any]) -> bool:
    """Whether an event of the log is what sets the rule off."""
    kind = When(when)
    if verb not in VERBS.get(kind, ()):
        return False
    if kind in KEYS:
        return data.get(KEYS[kind]) == about.get("column")
    if kind is When.LABELLED:
        return about.get("label") in data.get("labels_on", ())
    return kind is not When.ASSIGNED or data.get("assigned") is not None


def depth_of(data: Mapping[str, Any]) -> int:
    """How many rules, one after the other, have led to an event; 0 for what a person did."""
    depth = data.get("depth", 0)
    return depth if isinstance(depth, int) else 0


@dataclass(frozen=True)
class Then:
    """What is done, in this order; ids of rows, None or "" for what is left alone.

    `assign` is NOBODY, CREATOR, TURNS (of the members in `turns`) or a member's id as text. `tell`
    are RESPONSIBLE, WATCHERS and members' ids as text. A `follow_up` is the title of another card
    in `follow_up_to`; `{title}` in it is that of the first.
    """

    assign: str = ""
    turns: tuple[int, ...] = ()
    priority: int | None = None
    label_on: int | None = None
    label_off: int | None = None
    due_in: int | None = None
    due_works: bool = False
    move_to: int | None = None
    tick_all: bool = False
    tick_parent: bool = False
    follow_up: str = ""
    follow_up_to: int | None = None
    tell: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        beside = {"due_works", "turns", "follow_up_to"}
        said = (value for name, value in asdict(self).items() if name not in beside)
        return any(value not in (None, "", ()) and value is not False for value in said)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


def read_then(kept: Mapping[str, Any]) -> Then:
    """What was kept."""
    names = Then.__dataclass_fields__
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.items()
        if name in names
    }
    return Then(**said)


class Unfit(Exception):
    """A rule cannot be; the arguments are the field and what is wrong."""


def check(when: str, about: Mapping[str, Any], then: Then) -> None:
    """Raise Unfit with field and fault where the parts of a rule do not make one."""
    need = NEEDS.get(When(when), "")
    if need and about.get(need) is None:
        raise Unfit(need, "required")
    if need == "days" and not 0 <= about["days"] <= MOST_AHEAD:
        raise Unfit("days", "ahead")
    if not then:
        raise Unfit("then", "nothing")
    if then.assign == TURNS and not 1 <= len(then.turns) <= MOST_TURNS:
        raise Unfit("turns", "required")
    if then.due_in is not None and not 0 <= then.due_in <= MOST_DAYS:
        raise Unfit("due_in", "days")
    if then.follow_up and then.follow_up_to is None:
        raise Unfit("follow_up_to", "required")
    if len(then.follow_up) > TITLE_LENGTH:
        raise Unfit("follow_up", "long")


@dataclass(frozen=True)
class Named:
    """A row that a rule names: what it is, its id, and the field that says so."""

    kind: str
    id: int
    field: str


def named_in(
    about: Mapping[str, Any], query: Iterable[Sequence[str]], columns: Iterable[int], then: Then
) -> list[Named]:
    """Everything that a rule needs to be there."""
    found = [Named(kind, about[kind], kind) for kind in ("column", "label") if about.get(kind)]
    kinds = {"label": "label", "assignee": "member", "goal": "goal"}
    found += [
        Named(kinds[name], int(word), name)
        for name, word in query
        if name in kinds and word.isdigit()
    ]
    found += [Named("column", pk, "columns") for pk in columns]
    for field, kind in (("label_on", "label"), ("label_off", "label"), ("move_to", "column"),
                        ("follow_up_to", "column")):  # fmt: skip
        pk = getattr(then, field)
        found += [Named(kind, pk, field)] if pk is not None else []
    found += [Named("member", pk, "turns") for pk in then.turns]
    found += [Named("member", int(then.assign), "assign")] if then.assign.isdigit() else []
    return found + [Named("member", int(word), "tell") for word in then.tell if word.isdigit()]


def names_card(text: str, number: int) -> bool:
    """Whether a line of a checklist names a card by its #number."""
    return re.search(rf"(?<![\w#])#{number}(?!\d)", text) is not None


def titled(pattern: str, title: str) -> str:
    """The title of a follow-up, with that of the first card where it is asked for."""
    return pattern.replace("{title}", title)[:TITLE_LENGTH]
