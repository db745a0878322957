"""Plane's export of work items, as CSV or as JSON of the same columns.

An item with several people or labels may stand in several rows: they are one card.
"""

from collections.abc import Sequence
from typing import Any

from tasks.rules.imports.tables import Row, Table
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    LabelFound,
    LinkFound,
    Unreadable,
)
from tasks.rules.imports.values import (
    People,
    day_of,
    instant_of,
    line_of,
    mapping_of,
    priority_of,
    sounds_done,
    text_of,
)

FIELDS = {"cycle name": "Cycle", "module name": "Module", "parent": "Parent", "estimate": "Points"}
ORDER = ("backlog", "todo", "in progress", "done", "cancelled")


def is_plane(table: Table) -> bool:
    """Whether it is what Plane writes."""
    return table.has("id", "project", "name", "state", "priority")


def table_of(items: Sequence[Any]) -> Table:
    """The items of the JSON as the rows of a table; lists are repeated cells."""
    rows: list[Row] = []
    names: dict[str, str] = {}
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            raise Unreadable("not_an_object", f"/{place}")
        cells = {line_of(name).casefold(): _cells(value) for name, value in item.items()}
        names |= {line_of(name).casefold(): line_of(name) for name in item}
        rows.append(Row(place + 1, cells))
    return Table(names, rows)


def _cells(value: object) -> list[str]:
    if isinstance(value, list):
        return [cell for one in value for cell in _cells(one)]
    if isinstance(value, dict):
        told = mapping_of(value)
        return _cells(told.get("name") or told.get("display_name") or told.get("comment"))
    return [text_of(value)]


def read_plane(table: Table) -> BoardFound:
    """The board of all items of the file."""
    board, people = BoardFound("plane", ""), People()
    cards: dict[str, CardFound] = {}
    labels: dict[str, LabelFound] = {}
    states: dict[str, str] = {}
    for row in table.rows:
        board.name = board.name or row.first("project")
        states.setdefault(row.first("state").casefold(), row.first("state"))
        for name in _split(row, "labels", "label"):
            labels.setdefault(name.casefold(), LabelFound(name.casefold(), name))
        key = row.first("id")
        cards[key] = _joined(cards[key], people, row) if key in cards else _card(people, row)
    board.columns = [
        ColumnFound(key, name, is_done=sounds_done(name) or key == "cancelled")
        for key, name in sorted(states.items(), key=_order)
    ]
    board.cards, board.labels = list(cards.values()), list(labels.values())
    used = {key for card in board.cards for key in card.values}
    board.fields = [FieldFound(key, name) for key, name in FIELDS.items() if key in used]
    board.people = people.listed()
    return board


def _order(state: tuple[str, str]) -> int:
    return ORDER.index(state[0]) if state[0] in ORDER else ORDER.index("in progress")


def _split(row: Row, *names: str) -> list[str]:
    cells = [line_of(part) for cell in row.each(*names) for part in cell.split(",")]
    return [cell for cell in cells if cell]


def _people(people: People, row: Row) -> tuple[str, ...]:
    return people.several(_split(row, "assignees", "assignee"))


def _joined(card: CardFound, people: People, row: Row) -> CardFound:
    """One more row of the same item."""
    card.people = tuple(dict.fromkeys(card.people + _people(people, row)))
    labels = tuple(name.casefold() for name in _split(row, "labels", "label"))
    card.labels = tuple(dict.fromkeys(card.labels + labels))
    return card


def _card(people: People, row: Row) -> CardFound:
    who = _people(people, row)
    return CardFound(
        key=row.first("id"),
        title=row.first("name"),
        column=row.first("state").casefold(),
        where=row.where,
        description=row.text("description"),
        is_archived=bool(row.first("archived at")),
        start=day_of(row.first("start date")),
        due=day_of(row.first("target date", "due date")),
        done_at=instant_of(row.first("completed at")),
        created_at=instant_of(row.first("created at")),
        creator=people.named(row.first("created by")),
        priority=priority_of(row.first("priority")),
        labels=tuple(dict.fromkeys(name.casefold() for name in _split(row, "labels", "label"))),
        responsible=who[0] if who else "",
        people=who,
        comments=[CommentFound(text_of(cell)) for cell in row.each("comments")],
        links=[LinkFound(line_of(cell), line_of(cell)) for cell in row.each("links", "link")],
        values={key: row.first(key) for key in FIELDS if row.first(key)},
    )
