"""Any CSV as a board: which of its columns is what, as somebody has said or as their names tell."""

from collections.abc import Mapping
from dataclasses import replace

from tasks.rules.imports.cells import field_name, read_comments, read_links, read_several
from tasks.rules.imports.tables import Row, Table
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    ItemFound,
    LabelFound,
    Unreadable,
)
from tasks.rules.imports.values import (
    People,
    as_truth,
    day_of,
    instant_of,
    line_of,
    number_of,
    priority_of,
    sounds_done,
)

ROLES = (
    "title", "column", "key", "description", "responsible", "people", "labels", "start", "due",
    "priority", "estimate", "checklist", "archived", "done_at", "created_at", "goal", "watchers",
    "links", "comments", "field", "nothing",
)  # fmt: skip
SEVERAL = {"people", "labels", "watchers", "field", "nothing"}  # what more than one column may be
TOLD_BY_US = {"watchers", "links", "comments"}  # written otherwise by everybody else
OWN = ("number", "title", "column", "description", "responsible", "people", "labels", "start",
       "due", "priority", "estimate", "checklist", "archived", "done", "created", "goal",
       )  # fmt: skip
WORDS = {
    "title": ("title", "name", "summary", "subject", "task", "task name", "card name", "titel",
              "aufgabe", "titre", "título", "عنوان"),
    "column": ("column", "status", "state", "list", "list name", "stage", "section", "spalte",
               "colonne", "columna", "ستون"),
    "key": ("number", "id", "key", "card id", "ref", "task id", "issue key", "nummer"),
    "description": ("description", "notes", "body", "details", "card description",
                    "beschreibung"),
    "responsible": ("responsible", "assignee", "owner", "assigned to", "assigned_to",
                    "zuständig"),
    "people": ("people", "members", "assignees", "collaborators"),
    "labels": ("labels", "tags", "label", "tag"),
    "start": ("start", "start date", "start_date", "beginn"),
    "due": ("due", "due date", "due_date", "deadline", "target date", "fällig"),
    "priority": ("priority", "priorität", "priorité", "prioridad"),
    "estimate": ("estimate", "hours", "estimated hours"),
    "checklist": ("checklist",),
    "archived": ("archived",),
    "done_at": ("done", "completed at", "done at", "closed at", "finished"),
    "created_at": ("created", "created at", "created_at", "date created"),
    "goal": ("goal",),
    "watchers": ("watchers", "followers"),
    "links": ("links",),
    "comments": ("comments",),
}  # fmt: skip
DISARMED = ("'=", "'+", "'-", "'@", "'\t", "'\r", "';", "'|", "'%")


def is_own(table: Table) -> bool:
    """Whether it is a CSV that MOps wrote."""
    return table.has(*OWN)


def guess_roles(table: Table) -> dict[str, str]:
    """What each column seems to be, by its folded name; the first column is the title at worst."""
    found: dict[str, str] = {}
    for role, words in WORDS.items():
        if role in TOLD_BY_US and not is_own(table):
            continue
        name = next((word for word in words if word in table.names and word not in found), None)
        if name is not None:
            found[name] = role
    if "title" not in found.values():
        first = next((name for name in table.names if name not in found), next(iter(table.names)))
        found[first] = "title"
    return {name: found.get(name, "field") for name in table.names}


def refuse_roles(roles: Mapping[str, str], table: Table) -> None:
    """Unreadable where a mapping names what is not there, or one thing twice, or no title."""
    for name, role in roles.items():
        if name not in table.names:
            raise Unreadable("no_such_header", what=name)
        if role not in ROLES:
            raise Unreadable("no_such_role", what=role)
    single = [role for role in roles.values() if role not in SEVERAL]
    twice = next((role for role in single if single.count(role) > 1), None)
    if twice is not None:
        raise Unreadable("role_twice", what=twice)
    if "title" not in single:
        raise Unreadable("no_title")


def read_columns(table: Table, roles: Mapping[str, str]) -> BoardFound:
    """The board that the table is when its columns are what `roles` says."""
    refuse_roles(roles, table)
    board = BoardFound("mops_csv" if is_own(table) else "csv", "")
    reader = _Reader(board, table, roles)
    for row in table.rows:
        reader.read(row)
    return reader.end()


class _Reader:
    """Reads rows into a board."""

    def __init__(self, board: BoardFound, table: Table, roles: Mapping[str, str]) -> None:
        self.board, self.people, self.is_own = board, People(), is_own(table)
        self.names: dict[str, list[str]] = {}
        for name, role in roles.items():
            self.names.setdefault(role, []).append(name)
        self.labels: dict[str, LabelFound] = {}
        self.columns: dict[str, ColumnFound] = {}
        self.fields = {name: table.names[name] for name in self.names.get("field", ())}
        if self.is_own:
            self.fields = {key: field_name(name) for key, name in self.fields.items()}
        self.used: set[str] = set()

    def text(self, row: Row, role: str) -> str:
        """The first cell of a role that is not empty, without what disarms a formula."""
        return self._armed(row.text(*self.names.get(role, ())))

    def line(self, row: Row, role: str) -> str:
        """The same as one line."""
        return line_of(self.text(row, role))

    def _armed(self, text: str) -> str:
        return text[1:] if self.is_own and text.startswith(DISARMED) else text

    def parts(self, row: Row, role: str) -> list[str]:
        """What stands between the commas of a role's cells; MOps puts some in quotation marks."""
        cells = [self._armed(cell) for cell in row.each(*self.names.get(role, ()))]
        if self.is_own:
            return [part for cell in cells for part in read_several(cell)]
        return [part for cell in cells for one in cell.split(",") if (part := line_of(one))]

    def read(self, row: Row) -> None:
        """One row, one card; a row without a title is left."""
        title, name = self.line(row, "title"), self.line(row, "column")
        column = name.casefold()
        if title or (self.is_own and name):
            self.columns.setdefault(column, ColumnFound(column, name, is_done=sounds_done(name)))
        if not title:
            if not self.is_own or not name or self.line(row, "key"):
                self.board.leave("no_title_in_row", row.where)
            return
        labels = self.parts(row, "labels")
        for label in labels:
            self.labels.setdefault(label.casefold(), LabelFound(label.casefold(), label))
        who = self.people.named(self.line(row, "responsible"))
        everybody = ([who] if who else []) + list(self.people.several(self.parts(row, "people")))
        cells = {key: line_of(self._armed(row.first(key))) for key in self.fields}
        values = {key: cell for key, cell in cells.items() if cell}
        self.used |= set(values)
        self.board.cards.append(
            CardFound(
                key=self.line(row, "key") or f"row {row.number}",
                title=title,
                column=column,
                where=row.where,
                description=self.text(row, "description"),
                is_archived=as_truth(self.line(row, "archived")),
                start=day_of(self.line(row, "start")),
                due=day_of(self.line(row, "due")),
                done_at=instant_of(self.line(row, "done_at")),
                created_at=instant_of(self.line(row, "created_at")),
                goal=self.line(row, "goal"),
                priority=priority_of(self.line(row, "priority")),
                estimate=number_of(self.line(row, "estimate")),
                labels=tuple(dict.fromkeys(label.casefold() for label in labels)),
                responsible=everybody[0] if everybody else "",
                people=tuple(dict.fromkeys(everybody)),
                watchers=self.people.several(self.parts(row, "watchers")),
                comments=self._comments(row, title),
                links=read_links(self.text(row, "links")),
                items=_items(self.text(row, "checklist")),
                values=values,
            )
        )
        self._doubt(row, title)

    def _comments(self, row: Row, title: str) -> list[CommentFound]:
        """What was said, in the words of our own CSV; of another tool's all of it is one."""
        text = self.text(row, "comments")
        found = read_comments(text)
        if found is None:
            found = [CommentFound(text)]
            if self.is_own:
                self.board.leave("comment_unread", row.where, title)
        return [replace(said, who=self.people.named(said.who)) for said in found]

    def _doubt(self, row: Row, title: str) -> None:
        """Say which cells could not be read as what they should be."""
        for role, parse in (("due", day_of), ("start", day_of), ("estimate", number_of)):
            cell = self.line(row, role)
            if cell and parse(cell) is None:
                self.board.leave(f"{role}_unread", row.where, f"{title}: {cell[:40]}")

    def end(self) -> BoardFound:
        """The board, with all that its cards use."""
        board = self.board
        board.columns, board.labels = list(self.columns.values()), list(self.labels.values())
        board.fields = [
            FieldFound(key, name, "") for key, name in self.fields.items() if key in self.used
        ]
        board.people = self.people.listed()
        if self.is_own:
            board.leave("csv_holds_less")
            done = {card.column for card in board.cards if card.done_at}
            board.columns = [replace(one, is_done=one.key in done) for one in board.columns]
        return board


def _items(cell: str) -> list[ItemFound]:
    """The lines of a cell; “[x] ” before one says that it is done."""
    found = []
    for line in filter(None, map(line_of, cell.split("\n"))):
        mark = line[:3].casefold()
        text = line_of(line[3:]) if mark in {"[x]", "[ ]"} else line
        if text:
            found.append(ItemFound(text, mark == "[x]"))
    return found
