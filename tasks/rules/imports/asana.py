"""Asana's CSV of a project: sections are columns, subtasks become the lines of a checklist."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tasks.rules.imports.tables import Row, Table
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    FieldFound,
    ItemFound,
    LabelFound,
    PersonFound,
)
from tasks.rules.imports.values import (
    People,
    day_of,
    instant_of,
    line_of,
    number_of,
    priority_of,
    sounds_done,
)

KNOWN = {
    "task id", "created at", "completed at", "last modified", "name", "section/column", "assignee",
    "assignee email", "start date", "due date", "tags", "notes", "projects", "parent task",
    "blocked by (dependencies)", "blocking (dependencies)", "priority", "estimated time",
}  # fmt: skip
DONE = "mops:done"


def is_asana(table: Table) -> bool:
    """Whether it is what Asana writes."""
    return table.has("task id", "name", "completed at", "section/column")


def read_asana(table: Table) -> BoardFound:
    """The board of one project; tasks that are completed stand where they are done."""
    board, people = BoardFound("asana", ""), People()
    keys: dict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        keys[row.first("name")].append(row.first("task id"))
    by_name: dict[str, CardFound] = {}
    extra = [name for name in table.names if name not in KNOWN]
    _read_columns(board, table)
    labels: dict[str, LabelFound] = {}
    for row in table.rows:
        board.name = board.name or row.first("projects").partition(",")[0].strip()
        parent = row.first("parent task")
        if parent in by_name:
            by_name[parent].items.append(_item(people, row))
            if row.text("notes"):
                board.leave("subtask_notes", row.where, row.first("name"))
            by_name.setdefault(row.first("name"), by_name[parent])
            continue
        card = _card(board, people, row)
        card.values = {name: row.first(name) for name in extra if row.first(name)}
        card.blocked_by = _blockers(row, keys)
        for tag in _tags(row):
            labels.setdefault(tag.casefold(), LabelFound(tag.casefold(), tag))
        by_name[card.title] = card
        board.cards.append(card)
    board.labels = list(labels.values())
    used = {key for card in board.cards for key in card.values}
    board.fields = [FieldFound(name, table.names[name]) for name in extra if name in used]
    board.people = people.listed()
    return board


def _tags(row: Row) -> list[str]:
    return [line_of(tag) for tag in row.first("tags").split(",") if tag.strip()]


def _section(row: Row) -> str:
    return row.first("section/column").casefold()


def _read_columns(board: BoardFound, table: Table) -> None:
    """The sections in their order, and one for what is done where none sounds so."""
    rows = [row for row in table.rows if not row.first("parent task") or _section(row)]
    for row in rows:
        key = _section(row)
        if all(column.key != key for column in board.columns):
            name = row.first("section/column")
            board.columns.append(ColumnFound(key, name, is_done=sounds_done(name)))
    completed = any(row.first("completed at") for row in rows)
    if completed and not any(column.is_done for column in board.columns):
        board.columns.append(ColumnFound(DONE, "Done", is_done=True))
    if not board.columns:
        board.columns.append(ColumnFound("", ""))


def _person(people: People, row: Row) -> str:
    name, email = row.first("assignee"), row.first("assignee email")
    if not email:
        return people.named(name)
    return people.know(PersonFound(email.casefold(), name or email, email=email))


def _item(people: People, row: Row) -> ItemFound:
    done = instant_of(row.first("completed at"))
    is_done, due = bool(row.first("completed at")), day_of(row.first("due date"))
    return ItemFound(row.first("name"), is_done, _person(people, row), due, done)


def _card(board: BoardFound, people: People, row: Row) -> CardFound:
    who, section = _person(people, row), _section(row)
    sections = {column.key: column for column in board.columns}
    column = sections.get(section, board.columns[0])
    is_done = bool(row.first("completed at"))
    at = next((one for one in board.columns if one.is_done), column) if is_done else column
    at = column if column.is_done else at
    return CardFound(
        key=row.first("task id"),
        title=row.first("name"),
        column=at.key,
        where=row.where,
        description=row.text("notes"),
        came_from=column.key if at is not column else "",
        start=day_of(row.first("start date")),
        due=day_of(row.first("due date")),
        done_at=instant_of(row.first("completed at")),
        created_at=instant_of(row.first("created at")),
        priority=priority_of(row.first("priority")),
        estimate=number_of(row.first("estimated time")),
        labels=tuple(dict.fromkeys(tag.casefold() for tag in _tags(row))),
        responsible=who,
        people=(who,) if who else (),
    )


def _blockers(row: Row, keys: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Ids of the tasks that it waits for; Asana names them, one that two tasks bear is unknown."""
    cell = row.first("blocked by (dependencies)")
    wanted = [cell] if cell in keys else [part.strip() for part in cell.split(",") if part.strip()]
    return tuple(keys[name][0] if len(keys.get(name, ())) == 1 else f"? {name}" for name in wanted)
