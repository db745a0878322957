"""Jira's CSV of issues: statuses are columns, and a name may stand over several columns."""

from decimal import Decimal

from tasks.rules.imports.tables import Row, Table
from tasks.rules.imports.tree import (
    BoardFound,
    CardFound,
    ColumnFound,
    CommentFound,
    FieldFound,
    LabelFound,
    LinkFound,
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
    text_of,
)

POINTS = ("custom field (story points)", "custom field (story point estimate)", "story points")
START = ("custom field (start date)", "start date")
EPIC = ("parent summary", "parent key", "custom field (epic link)", "custom field (epic name)",
        "epic link", "parent")  # fmt: skip
LABELS, COMPONENTS = ("labels",), ("components", "component/s")
SECONDS_OF_AN_HOUR = 3600
FIELDS = {
    "issue type": "Issue type",
    "sprint": "Sprint",
    "epic": "Epic",
    "resolution": "Resolution",
}
BLOCKED = ("inward issue link (blocks)",)
COMMENT_PARTS = 3
FILE_PARTS = 4
STAGES = {"to do": 0, "new": 0, "in progress": 1, "indeterminate": 1, "done": 2}


def is_jira(table: Table) -> bool:
    """Whether it is what Jira writes."""
    return table.has("summary", "issue key", "status")


def read_jira(table: Table) -> BoardFound:
    """The board of all issues of the file."""
    board, people = BoardFound("jira", ""), People()
    _know_people(people, table)
    _read_columns(board, table)
    board.fields = [FieldFound(key, name) for key, name in FIELDS.items()]
    board.fields.append(FieldFound("points", "Story points", "number"))
    labels: dict[str, LabelFound] = {}
    for row in table.rows:
        board.name = board.name or row.first("project name", "project key")
        for name in row.each(*LABELS, *COMPONENTS):
            text = line_of(name)
            labels.setdefault(text.casefold(), LabelFound(text.casefold(), text))
        board.cards.append(_card(people, row))
    board.labels = list(labels.values())
    used = {key for card in board.cards for key in card.values}
    board.fields = [found for found in board.fields if found.key in used]
    board.people = people.listed()
    return board


def _know_people(people: People, table: Table) -> None:
    """Those who have an id, by it: comments name people so."""
    for row in table.rows:
        for name in ("assignee", "reporter", "creator", "watchers"):
            ids = row.each(f"{name} id")
            for who, key in zip(row.each(name), ids, strict=False):
                people.know(_person(line_of(key), line_of(who)))


def _person(key: str, name: str) -> PersonFound:
    return PersonFound(key, name, login=key, email=name if "@" in name else "")


def _read_columns(board: BoardFound, table: Table) -> None:
    """Statuses in the order of their categories, in which Jira's boards show them."""
    stages: dict[str, tuple[int, str]] = {}
    for row in table.rows:
        name = row.first("status")
        category = row.first("status category").casefold()
        stage = STAGES.get(category, 2 if sounds_done(name) else 1)
        stages.setdefault(name.casefold(), (stage, name))
    for key, (stage, name) in sorted(stages.items(), key=lambda one: one[1][0]):
        board.columns.append(ColumnFound(key, name, is_done=stage == STAGES["done"]))


def _card(people: People, row: Row) -> CardFound:
    who = row.first("assignee id") or people.named(row.first("assignee"))
    watchers = [line_of(key) for key in row.each("watchers id")] or list(
        people.several(row.each("watchers"))
    )
    values = {key: row.first(key) for key in FIELDS if row.first(key)}
    values |= {"epic": row.first(*EPIC), "points": row.first(*POINTS)}
    return CardFound(
        key=row.first("issue key") or row.first("issue id"),
        title=row.first("summary"),
        column=row.first("status").casefold(),
        where=row.where,
        description=row.text("description"),
        start=day_of(row.first(*START)),
        due=day_of(row.first("due date", "due")),
        done_at=instant_of(row.first("resolved")),
        created_at=instant_of(row.first("created")),
        priority=priority_of(row.first("priority")),
        estimate=_hours(row),
        labels=tuple(
            dict.fromkeys(line_of(one).casefold() for one in row.each(*LABELS, *COMPONENTS))
        ),
        responsible=who,
        people=(who,) if who else (),
        watchers=tuple(dict.fromkeys(watchers)),
        comments=[_comment(people, cell) for cell in row.each("comment", "comments")],
        links=[_link(cell) for cell in row.each("attachment", "attachments")],
        values={key: value for key, value in values.items() if value},
        blocked_by=tuple(line_of(one) for one in row.each(*BLOCKED)),
    )


def _hours(row: Row) -> Decimal | None:
    """The original estimate, which Jira writes in seconds."""
    seconds = number_of(row.first("original estimate"))
    return round(seconds / SECONDS_OF_AN_HOUR, 2) if seconds else None


def _comment(people: People, cell: str) -> CommentFound:
    """date;author;text, where the text may hold semicolons; anything else is text alone."""
    parts = cell.split(";", COMMENT_PARTS - 1)
    at = instant_of(parts[0]) if len(parts) == COMMENT_PARTS else None
    if at is None:
        return CommentFound(text_of(cell))
    who = line_of(parts[1])
    key = who if who in people.found else people.named(who)
    return CommentFound(text_of(parts[2]), key, at)


def _link(cell: str) -> LinkFound:
    """date;author;name;address."""
    parts = cell.split(";", FILE_PARTS - 1)
    if len(parts) < FILE_PARTS:
        return LinkFound(line_of(cell).rpartition("/")[2], line_of(cell))
    return LinkFound(line_of(parts[2]), line_of(parts[3]))
