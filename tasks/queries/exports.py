"""A board as a file that can be imported again: JSON with all of it, CSV for spreadsheets.

Cards are read in chunks; the number of queries of a chunk is the same for any card.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from metrics.rules.cells import text_cell
from tasks.models import (
    Attachment,
    Board,
    Card,
    CardLabel,
    CardPerson,
    ChecklistItem,
    Column,
    Comment,
    CustomField,
    Dependency,
    ImportedPart,
    Label,
    Priority,
)
from tasks.rules.imports.mops import head_of, thing_of
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
)
from workspaces.models import Membership

CHUNK = 500
NO_PRIORITY = ""
HEADER = (
    "Number", "Title", "Column", "Description", "Responsible", "People", "Labels", "Start", "Due",
    "Priority", "Estimate", "Checklist", "Archived", "Done", "Created", "Goal",
)  # fmt: skip
Parts = ImportedPart.Part


@dataclass(frozen=True)
class Around:
    """What the cards of a board refer to, by ids; people who are no members are keyed by name.

    `others` are the keys of those who are no members, by their names.
    """

    people: dict[int, str]
    others: dict[str, str]
    fields: dict[str, CustomField]
    columns: dict[int, str]


def json_of(board: Board) -> Iterator[str]:
    """The board as JSON, a card on each line."""
    found, around = _head(board)
    head = json.dumps(head_of(found), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "cards": ['
    before = "\n"
    for card in _cards(board, around):
        yield before + json.dumps(thing_of(card), ensure_ascii=False)
        before = ",\n"
    yield "\n ]\n}\n"


def rows_of(board: Board) -> Iterator[list[str]]:
    """The board as the rows of a CSV, with a column for each of its fields."""
    found, around = _head(board)
    names = {column.key: column.name for column in found.columns}
    people = {person.key: person.email or person.name for person in found.people}
    fields = [one.key for one in found.fields]
    yield [*HEADER, *(text_cell(name) for name in fields)]
    for card in _cards(board, around):
        row = _row(card, names, people)
        row += [people.get(card.values.get(key, ""), card.values.get(key, "")) for key in fields]
        yield [text_cell(cell) for cell in row]


def _row(card: CardFound, columns: dict[str, str], people: dict[str, str]) -> list[str]:
    items = [f"[{'x' if item.is_done else ' '}] {item.text}" for item in card.items]
    helpers = [people.get(key, key) for key in card.people if key != card.responsible]
    return [
        card.key,
        card.title,
        columns.get(card.column, ""),
        card.description,
        people.get(card.responsible, card.responsible),
        ", ".join(helpers),
        ", ".join(card.labels),
        card.start.isoformat() if card.start else "",
        card.due.isoformat() if card.due else "",
        card.priority,
        str(card.estimate) if card.estimate is not None else "",
        "\n".join(items),
        "yes" if card.is_archived else "no",
        card.done_at.isoformat() if card.done_at else "",
        card.created_at.isoformat() if card.created_at else "",
        card.goal,
    ]


def _head(board: Board) -> tuple[BoardFound, Around]:
    """All of the board but its cards; labels, people and fields are those that it uses."""
    columns = list(Column.objects.filter(board=board).order_by("position"))
    cards = Card.objects.filter(board=board, trashed_at=None)
    used = CardLabel.objects.filter(card__in=cards).values("label_id")
    labels = Label.objects.filter(pk__in=used).order_by("name")
    fields = list(
        CustomField.objects.filter(
            Q(board=None) | Q(board=board), workspace_id=board.workspace_id, retired_at=None
        ).order_by("position", "pk")
    )
    members = Membership.objects.filter(workspace_id=board.workspace_id).select_related("user")
    waiting = ImportedPart.objects.filter(
        card__in=cards, person__handed_at=None, person__member=None
    )
    persons = [
        PersonFound(member.user.email, member.user.display_name, email=member.user.email)
        for member in members.order_by("pk")
    ]
    named = waiting.values_list("person__name", "person__email").distinct()
    others = {
        name: PersonFound(_waiting_key(name, email), name, email=email)
        for name, email in named.order_by("person__name", "person__email")
    }
    said = Comment.objects.filter(card__in=cards, by=None, deleted_at=None).exclude(by_name="")
    for name in said.values_list("by_name", flat=True).distinct().order_by("by_name"):
        others.setdefault(name, PersonFound(_waiting_key(name, ""), name))
    persons += others.values()
    found = BoardFound(
        "mops",
        board.name,
        lanes=board.lanes,
        person_limit=board.person_limit,
        person_limit_is_hard=board.person_limit_is_hard,
        blocked_is_hard=board.blocked_is_hard,
        hides=tuple(board.hides),
        columns=[_column(column) for column in columns],
        labels=[LabelFound(label.name, label.name, label.colour) for label in labels],
        people=list({person.key: person for person in persons}.values()),
        fields=[FieldFound(one.name, one.name, one.kind, tuple(one.choices)) for one in fields],
    )
    around = Around(
        people={member.pk: member.user.email for member in members},
        others={name: person.key for name, person in others.items()},
        fields={str(one.pk): one for one in fields},
        columns={column.pk: column.name for column in columns},
    )
    return found, around


def _waiting() -> QuerySet[ImportedPart]:
    """What imported people who are no members have to do with cards."""
    return ImportedPart.objects.filter(person__handed_at=None, person__member=None)


def _waiting_key(name: str, email: str) -> str:
    return f"{name} <{email}>"


def _column(column: Column) -> ColumnFound:
    return ColumnFound(
        column.name,
        column.name,
        is_done=column.is_done,
        wip_limit=column.wip_limit,
        wip_limit_is_hard=column.wip_limit_is_hard,
        lane_limit=column.lane_limit,
        lane_limit_is_hard=column.lane_limit_is_hard,
        entry=tuple(column.entry),
    )


def _cards(board: Board, around: Around) -> Iterator[CardFound]:
    """Every card that is not in the trash, in the order in which they stand; archived ones too."""
    cards = Card.objects.filter(board=board, trashed_at=None)
    order = ("column__position", "position")
    ids = list(cards.order_by(*order).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = cards.filter(pk__in=part).select_related("goal").order_by(*order)
        labels = _by_card(CardLabel.objects.filter(card__in=part).select_related("label"))
        people = _by_card(CardPerson.objects.filter(card__in=part).order_by("pk"))
        items = _by_card(ChecklistItem.objects.filter(card__in=part).order_by("position"))
        waiting = _by_card(_waiting().filter(card__in=part).select_related("person").order_by("pk"))
        hung = _hung(board, part, around)
        for card in rows:
            own = labels[card.pk], people[card.pk], items[card.pk], waiting[card.pk]
            yield replace(_card(card, around, *own), **hung[card.pk])


def _hung(board: Board, ids: list[int], around: Around) -> dict[int, dict[str, Any]]:
    """What was said on the cards, where their files are, what they wait for; 3 queries."""
    said = _by_card(Comment.objects.filter(card__in=ids, deleted_at=None).order_by("at", "pk"))
    files = _by_card(Attachment.objects.filter(card__in=ids, trashed_at=None).order_by("pk"))
    here = Dependency.objects.filter(card__in=ids, waits_for__board=board)
    edges = here.filter(waits_for__trashed_at=None).select_related("waits_for")
    waits = _by_card(edges.order_by("waits_for__number"))
    return {
        pk: {
            "comments": _comments(said[pk], around),
            "links": [LinkFound(file.name, file.address) for file in files[pk]],
            "blocked_by": tuple(str(edge.waits_for.number) for edge in waits[pk]),
        }
        for pk in ids
    }


def _comments(rows: Sequence[Comment], around: Around) -> list[CommentFound]:
    places = {row.pk: place for place, row in enumerate(rows, start=1)}
    return [
        CommentFound(
            row.text,
            _who(around, row.by_id) or around.others.get(row.by_name, ""),
            row.at,
            places.get(row.answers_id or 0),
        )
        for row in rows
    ]


def _by_card(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.card_id].append(row)
    return found


def _card(
    card: Card,
    around: Around,
    labels: Sequence[CardLabel],
    people: Sequence[CardPerson],
    items: Sequence[ChecklistItem],
    waiting: Sequence[ImportedPart],
) -> CardFound:
    parts: dict[str, list[str]] = defaultdict(list)
    lines: dict[int, str] = {}
    for there in people:
        parts[there.part].append(around.people[there.member_id])
    for one in waiting:
        key = _waiting_key(one.person.name, one.person.email)
        parts[one.part].append(key)
        if one.item_id:
            lines[one.item_id] = key
    responsible = _who(around, card.assignee_id) or next(iter(parts[Parts.RESPONSIBLE]), "")
    everybody = ([responsible] if responsible else []) + parts[Parts.HELPER]
    return CardFound(
        key=str(card.number),
        title=card.title,
        column=around.columns[card.column_id],
        description=card.description,
        came_from=around.columns.get(card.came_from_id or 0, ""),
        is_archived=card.archived_at is not None,
        archived_at=card.archived_at,
        start=card.start_on,
        due=card.due_on,
        done_at=card.done_at,
        created_at=card.created_at,
        since=card.column_since,
        creator=_who(around, card.created_by_id),
        goal=card.goal.title if card.goal else "",
        priority=Priority(card.priority).name.lower() if card.priority else NO_PRIORITY,
        estimate=card.estimate,
        labels=tuple(sorted(one.label.name for one in labels)),
        responsible=responsible,
        people=tuple(dict.fromkeys(everybody)),
        watchers=tuple(dict.fromkeys(parts[Parts.WATCHER])),
        reports_to=_who(around, card.reports_to_id),
        items=[_item(around, item, lines) for item in items],
        values=_values(card, around),
    )


def _who(around: Around, member_id: int | None) -> str:
    return around.people.get(member_id or 0, "")


def _item(around: Around, item: ChecklistItem, waiting: dict[int, str]) -> ItemFound:
    who = _who(around, item.assignee_id) or waiting.get(item.pk, "")
    return ItemFound(item.text, item.done_at is not None, who, item.due_on, item.done_at)


def _values(card: Card, around: Around) -> dict[str, str]:
    """What its fields say, as an import reads it."""
    found = {}
    for pk, value in card.values.items():
        field = around.fields.get(pk)
        if field is None:
            continue
        text = str(value)
        if field.kind == CustomField.Kind.YES_NO:
            text = "true" if value else "false"
        elif field.kind == CustomField.Kind.PERSON:
            text = around.people.get(value, "")
        if text:
            found[field.name] = text
    return found
