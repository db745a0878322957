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
from tasks.rules.faces import Part as FacePart
from tasks.rules.imports.cells import (
    HEADER,
    comments_cell,
    field_header,
    links_cell,
    several_cell,
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
Parts = ImportedPart.Part


@dataclass(frozen=True)
class Around:
    """What the cards of a board refer to, by ids.

    `others` are the keys of those who are no members, by their names; `persons` is everybody.
    """

    people: dict[int, str]
    persons: list[PersonFound]
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
    yield [*HEADER, *(text_cell(field_header(name)) for name in fields)]
    waiting = [column.key for column in found.columns]
    for card in _cards(board, around):
        yield from _bare(waiting, card.column, len(fields))
        row = _row(card, names, people)
        row += [people.get(card.values.get(key, ""), card.values.get(key, "")) for key in fields]
        yield [text_cell(cell) for cell in row]
    yield from _bare(waiting, "", len(fields))


def _bare(waiting: list[str], until: str, fields: int) -> Iterator[list[str]]:
    """Take the columns up to one off those that wait; a row of its own for each without cards."""
    if until and until not in waiting:
        return
    while waiting:
        name = waiting.pop(0)
        if name == until:
            break
        yield ["", "", text_cell(name), *[""] * (len(HEADER) - 3 + fields)]


def _row(card: CardFound, columns: dict[str, str], people: dict[str, str]) -> list[str]:
    items = [f"[{'x' if item.is_done else ' '}] {item.text}" for item in card.items]
    helpers = [people.get(key, key) for key in card.people if key != card.responsible]
    return [
        card.key,
        card.title,
        columns.get(card.column, ""),
        card.description,
        people.get(card.responsible, card.responsible),
        several_cell(helpers),
        several_cell(card.labels),
        card.start.isoformat() if card.start else "",
        card.due.isoformat() if card.due else "",
        card.priority,
        str(card.estimate) if card.estimate is not None else "",
        "\n".join(items),
        "yes" if card.is_archived else "no",
        card.done_at.isoformat() if card.done_at else "",
        card.created_at.isoformat() if card.created_at else "",
        card.goal,
        several_cell(people.get(key, key) for key in card.watchers),
        links_cell(card.links),
        comments_cell(card.comments, people),
    ]


def _head(board: Board) -> tuple[BoardFound, Around]:
    """All of the board but its cards; labels, people and fields are those that it uses.

    Fields of its own are there even where no card says anything in them.
    """
    columns = list(Column.objects.filter(board=board).order_by("position"))
    cards = Card.objects.filter(board=board, trashed_at=None)
    used = CardLabel.objects.filter(card__in=cards).values("label_id")
    labels = Label.objects.filter(pk__in=used).order_by("name")
    fields, persons = _fields(board, cards)
    around = _around(board, cards, fields, columns, persons)
    found = BoardFound(
        "mops",
        board.name,
        lanes=board.lanes,
        person_limit=board.person_limit,
        person_limit_is_hard=board.person_limit_is_hard,
        blocked_is_hard=board.blocked_is_hard,
        hides=tuple(part.value for part in FacePart if part in board.hides),
        columns=[_column(column) for column in columns],
        labels=[LabelFound(label.name, label.name, label.colour) for label in labels],
        people=around.persons,
        fields=[FieldFound(one.name, one.name, one.kind, tuple(one.choices)) for one in fields],
    )
    return found, around


def _fields(board: Board, cards: QuerySet[Card]) -> tuple[list[CustomField], set[int]]:
    """The fields of the board, those of all boards if its cards use them; whom cards name there."""
    fields = CustomField.objects.filter(
        Q(board=None) | Q(board=board), workspace_id=board.workspace_id, retired_at=None
    )
    by_pk = {str(one.pk): one for one in fields.order_by("position", "pk")}
    said: set[str] = set()
    persons: set[int] = set()
    for values in cards.exclude(values={}).values_list("values", flat=True).iterator(CHUNK):
        for pk, value in values.items():
            field = by_pk.get(pk)
            said.add(pk)
            if field and field.kind == CustomField.Kind.PERSON and isinstance(value, int):
                persons.add(value)
    return [one for pk, one in by_pk.items() if one.board_id or pk in said], persons


def _around(
    board: Board,
    cards: QuerySet[Card],
    fields: list[CustomField],
    columns: list[Column],
    persons: set[int],
) -> Around:
    """What the cards refer to; people are called by their addresses wherever they are."""
    ours = Membership.objects.filter(workspace_id=board.workspace_id).filter(
        Q(pk__in=persons)
        | Q(pk__in=cards.values("assignee"))
        | Q(pk__in=cards.values("reports_to"))
        | Q(pk__in=cards.values("created_by"))
        | Q(pk__in=CardPerson.objects.filter(card__in=cards).values("member"))
        | Q(pk__in=ChecklistItem.objects.filter(card__in=cards).values("assignee"))
        | Q(pk__in=Comment.objects.filter(card__in=cards, deleted_at=None).values("by"))
    )
    members = {
        one.pk: _person(one.user.display_name, one.user.email)
        for one in ours.select_related("user")
    }
    named = _waiting().filter(card__in=cards).values_list("person__name", "person__email")
    waiting = [_person(*one) for one in sorted(set(named))]
    others = {one.name: one.key for one in waiting}
    said = Comment.objects.filter(card__in=cards, by=None, deleted_at=None).exclude(by_name="")
    for name in said.values_list("by_name", flat=True).distinct().order_by("by_name"):
        if name not in others:
            waiting.append(_person(name, ""))
            others[name] = name
    everybody = {one.key: one for one in [*waiting, *members.values()]}
    return Around(
        people={pk: one.key for pk, one in members.items()},
        persons=[everybody[key] for key in sorted(everybody)],
        others=others,
        fields={str(one.pk): one for one in fields},
        columns={column.pk: column.name for column in columns},
    )


def _person(name: str, email: str) -> PersonFound:
    """Somebody by the address, or by the name: the same here and where they are no member."""
    return PersonFound(_key_of(name, email), name, email=email.casefold())


def _key_of(name: str, email: str) -> str:
    return email.casefold() or name


def _waiting() -> QuerySet[ImportedPart]:
    """What imported people who are no members have to do with cards."""
    return ImportedPart.objects.filter(person__handed_at=None, person__member=None)


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
    standing = ("waits_for__column__position", "waits_for__position")
    waits = _by_card(edges.order_by(*standing))
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
        key = _key_of(one.person.name, one.person.email)
        parts[one.part].append(key)
        if one.item_id:
            lines[one.item_id] = key
    responsible = _who(around, card.assignee_id) or next(iter(parts[Parts.RESPONSIBLE]), "")
    everybody = ([responsible] if responsible else []) + sorted(parts[Parts.HELPER])
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
        watchers=tuple(sorted(set(parts[Parts.WATCHER]))),
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
