"""MOps' own JSON of a board: all that there is of it, so that an import makes the same again."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    ItemFound,
    LabelFound,
    LinkFound,
    PersonFound,
    Unreadable,
)
from tasks.rules.imports.values import (
    day_of,
    instant_of,
    line_of,
    list_of,
    number_of,
    text_of,
    things_of,
)

SPACE = re.compile(r"\s")
FORMAT, VERSION = "mops-board", 1
PARTS: dict[str, type] = {
    "columns": ColumnFound,
    "labels": LabelFound,
    "people": PersonFound,
    "fields": FieldFound,
}
INSIDE: dict[str, type] = {"items": ItemFound, "comments": CommentFound, "links": LinkFound}
LONG = {"description", "text"}
WHOLE = {"wip_limit", "lane_limit", "person_limit", "answers"}
TRUTHS = {"is_done", "is_archived", "wip_limit_is_hard", "lane_limit_is_hard",
          "person_limit_is_hard", "blocked_is_hard"}  # fmt: skip
DAYS, INSTANTS, NUMBERS = (
    {"due", "start"},
    {"at", "done_at", "created_at", "since", "archived_at"},
    {"estimate"},
)
LISTS = {"labels", "people", "watchers", "blocked_by", "options", "entry", "hides"}
NOT_WRITTEN = {"where"}
BOARD = ("name", "lanes", "person_limit", "person_limit_is_hard", "blocked_is_hard", "hides")
Json = Mapping[str, Any]
T = TypeVar("T")


def is_mops(data: Json) -> bool:
    """Whether it is what MOps writes."""
    return data.get("format") == FORMAT


def read_mops(data: Json) -> BoardFound:
    """The board; Unreadable names the place of a value of the wrong kind or an unknown member."""
    if data.get("version") != VERSION:
        raise Unreadable("other_version", "/version", line_of(data.get("version")))
    told = data.get("board")
    if not isinstance(told, dict):
        raise Unreadable("not_an_object", "/board")
    board = BoardFound("mops", "")
    for name in BOARD:
        if name in told:
            setattr(board, name, _value(name, told[name], f"/board/{name}"))
    board.columns = _all(data, "columns", ColumnFound)
    board.labels = _all(data, "labels", LabelFound)
    board.people = _all(data, "people", PersonFound)
    board.fields = _all(data, "fields", FieldFound)
    board.cards = [_card(where, one) for where, one in things_of(data.get("cards"), "/cards")]
    return board


def _all(data: Json, name: str, kind: Callable[..., T], at: str = "") -> list[T]:
    found = []
    for where, one in things_of(data.get(name), f"{at}/{name}"):
        known = {part.name for part in fields(kind)}  # type: ignore[arg-type]
        _refuse_unknown(one, known, where)
        found.append(kind(**{key: _value(key, one[key], f"{where}/{key}") for key in one}))
    return found


def _card(where: str, told: dict[str, Any]) -> CardFound:
    known = {part.name for part in fields(CardFound)} - NOT_WRITTEN
    _refuse_unknown(told, known, where)
    for name in ("key", "title", "column"):
        if not line_of(told.get(name)):
            raise Unreadable("member_missing", f"{where}/{name}")
    plain = {name: told[name] for name in told if name not in {*INSIDE, "values"}}
    card = CardFound(
        **{name: _value(name, value, f"{where}/{name}") for name, value in plain.items()},
        where=where,
    )
    for name, kind in INSIDE.items():
        setattr(card, name, _all(told, name, kind, where))
    values = told.get("values", {})
    if not isinstance(values, dict):
        raise Unreadable("not_an_object", f"{where}/values")
    card.values = {_line(key): text_of(value) for key, value in values.items()}
    return card


def _refuse_unknown(told: Json, known: set[str], where: str) -> None:
    unknown = next((name for name in told if name not in known), None)
    if unknown is not None:
        raise Unreadable("unknown_member", f"{where}/{line_of(unknown)[:60]}")


def _value(name: str, value: object, where: str) -> Any:
    """A member's value as the tree holds it; Unreadable where it is of another kind."""
    if name in LISTS:
        return tuple(_text(name, one, where) for one in list_of(value, where))
    if name in TRUTHS:
        return _kind(value, bool, where)
    if name in WHOLE:
        return None if value is None else _kind(value, int, where)
    if name in DAYS | INSTANTS | NUMBERS:
        return None if value is None else _read(name, value, where)
    return _text(name, value, where)


def _text(name: str, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Unreadable("wrong_kind", where)
    return text_of(value) if name in LONG else _line(value)


def _line(text: str) -> str:
    """A text in one line, with the spaces that stand in it: names are what they were."""
    return SPACE.sub(" ", text_of(text))


def _kind(value: object, kind: type[T], where: str) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unreadable("wrong_kind", where)
    return value


def _read(name: str, value: object, where: str) -> date | datetime | Decimal:
    parse: Callable[[object], Any] = number_of
    if name not in NUMBERS:
        parse = day_of if name in DAYS else instant_of
    found = parse(value)
    if found is None:
        raise Unreadable("wrong_kind", where)
    return found  # type: ignore[no-any-return]


def head_of(board: BoardFound) -> dict[str, Any]:
    """All of the board but its cards, as JSON."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "board": dict(_members(board, BOARD)),
    }
    for name in PARTS:
        told[name] = [thing_of(one) for one in getattr(board, name)]
    return told


def thing_of(one: Any) -> dict[str, Any]:
    """A part of the tree as JSON; what is empty is left out."""
    names = [part.name for part in fields(one) if part.name not in NOT_WRITTEN]
    return dict(_members(one, names))


def _members(one: Any, names: Any) -> Iterator[tuple[str, Any]]:
    empty = {part.name: part.default for part in fields(one)}
    for name in names:
        value = getattr(one, name)
        if value == empty[name] or (not value and isinstance(value, list | tuple | dict)):
            continue
        yield name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [thing_of(one) for one in value]
    return list(value) if isinstance(value, tuple) else value
