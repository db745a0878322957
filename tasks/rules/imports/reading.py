"""The text of a file as a board: which tool wrote it is told by what stands in it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from tasks.rules.imports.asana import is_asana, read_asana
from tasks.rules.imports.columns import guess_roles, is_own, read_columns
from tasks.rules.imports.jira import is_jira, read_jira
from tasks.rules.imports.mops import is_mops, read_mops
from tasks.rules.imports.plane import is_plane, read_plane, table_of
from tasks.rules.imports.tables import Table, read_table
from tasks.rules.imports.taiga import is_taiga, read_taiga
from tasks.rules.imports.tree import BoardFound, Unreadable, checked
from tasks.rules.imports.trello import is_trello, read_trello
from workspaces.rules.exact_json import EXACT_JSON, RepeatedKey

MOST_VALUES = 6_000_000  # what of JSON can be held at once
TOOLS = {
    "trello": "Trello",
    "jira": "Jira",
    "asana": "Asana",
    "plane": "Plane",
    "taiga": "Taiga",
    "mops": "MOps",
    "mops_csv": "MOps (CSV)",
    "csv": "CSV",
}
Json = Mapping[str, Any]
OBJECTS: tuple[tuple[Callable[[Json], bool], Callable[[Json], BoardFound]], ...] = (
    (is_mops, read_mops),
    (is_taiga, read_taiga),
    (is_trello, read_trello),
)
TABLES: tuple[tuple[Callable[[Table], bool], Callable[[Table], BoardFound]], ...] = (
    (is_jira, read_jira),
    (is_asana, read_asana),
    (is_plane, read_plane),
)


@dataclass(frozen=True)
class Reading:
    """A board, and of a CSV that no tool is known to write what its columns were taken for.

    `headers` are the names of the columns as they are written, by their folded names.
    """

    board: BoardFound
    roles: dict[str, str]
    headers: dict[str, str]


def read_board(text: str, *, roles: Mapping[str, str] | None = None, name: str = "") -> Reading:
    """The board in a file's text; Unreadable says why there is none.

    `roles` says of a CSV what its columns are; `name` is what a board without a name is called.
    """
    reading = _read_json(text) if _is_json(text) else _read_csv(text, roles)
    reading.board.name = reading.board.name or name
    checked(reading.board)
    if not reading.board.cards and not reading.board.columns:
        raise Unreadable("nothing_in_it")
    return reading


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def _read_json(text: str) -> Reading:
    data = _json(text)
    if isinstance(data, list):
        table = table_of(data)
        if not is_plane(table):
            raise Unreadable("unknown_json")
        return Reading(read_plane(table), {}, {})
    for knows, read in OBJECTS:
        if knows(data):
            return Reading(read(data), {}, {})
    raise Unreadable("unknown_json")


def _json(text: str) -> Any:
    """What the text says; Unreadable where it is cut, none, or too much to hold."""
    text = text.lstrip("\ufeff")
    if sum(text.count(mark) for mark in ",[{") > MOST_VALUES:
        raise Unreadable("too_many_values")
    try:
        return EXACT_JSON.decode(text)
    except RepeatedKey as error:
        raise Unreadable("repeated_key", what=error.key[:60]) from error
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated") or not text[error.pos :].strip()
        where = f"{error.lineno}:{error.colno}"
        raise Unreadable("file_is_cut" if is_cut else "not_json", where) from error
    except RecursionError as error:
        raise Unreadable("too_deep") from error
    except (ValueError, InvalidOperation) as error:
        raise Unreadable("not_json", what=str(error)[:60]) from error


def _read_csv(text: str, roles: Mapping[str, str] | None) -> Reading:
    table = read_table(text.lstrip("\ufeff"))
    if roles is None:
        for knows, read in TABLES:
            if knows(table):
                return Reading(read(table), {}, {})
    if not table.rows:
        raise Unreadable("nothing_in_it")
    told = dict(roles) if roles else guess_roles(table)
    asked = {} if is_own(table) else {name: told.get(name, "nothing") for name in table.names}
    return Reading(read_columns(table, told), asked, table.names)
