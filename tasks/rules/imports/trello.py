"""Trello's export of a board as JSON."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

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
from tasks.rules.imports.values import (
    People,
    as_truth,
    day_of,
    instant_of,
    line_of,
    list_of,
    mapping_of,
    place_of,
    sounds_done,
    text_of,
    things_of,
)

COMMENTS = ("commentCard", "copyCommentCard")
KINDS = {"text": "text", "number": "number", "date": "day", "checkbox": "yes_no",
         "list": "choice"}  # fmt: skip
ACTION_LIMIT = 1000  # Trello leaves out older actions
Json = Mapping[str, Any]


def is_trello(data: Json) -> bool:
    """Whether it is what Trello writes."""
    return "idOrganization" in data or all(
        isinstance(data.get(name), list) for name in ("lists", "cards", "actions")
    )


@dataclass
class _Context:
    """What cards refer to."""

    board: BoardFound
    people: People
    checklists: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[str, list[CommentFound]] = field(default_factory=lambda: defaultdict(list))
    options: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


def read_trello(data: Json) -> BoardFound:
    """The board, with its archived lists and cards; Unreadable names the place of what is wrong."""
    board = BoardFound("trello", line_of(data.get("name")))
    context = _Context(board, People())
    _read_columns(board, data)
    _read_labels(board, data)
    _read_people(context, data)
    _read_fields(context, data)
    for _where, checklist in sorted(things_of(data.get("checklists"), "/checklists"), key=_place):
        context.checklists[line_of(checklist.get("idCard"))].append(checklist)
    cards = sorted(things_of(data.get("cards"), "/cards"), key=_place)
    known = {line_of(card.get("id")) for _where, card in cards}
    context.done = {column.key for column in board.columns if column.is_done}
    _read_comments(context, data, known)
    board.cards = [_card(context, where, card) for where, card in cards]
    board.people = context.people.listed()
    return board


def _place(found: tuple[str, Json]) -> Decimal:
    return place_of(found[1].get("pos"))


def _read_columns(board: BoardFound, data: Json) -> None:
    for _where, one in sorted(things_of(data.get("lists"), "/lists"), key=_place):
        name, limit = line_of(one.get("name")), one.get("softLimit")
        is_limit = isinstance(limit, int) and not isinstance(limit, bool)
        board.columns.append(
            ColumnFound(
                line_of(one.get("id")),
                name,
                is_archived=one.get("closed") is True,
                is_done=sounds_done(name),
                wip_limit=limit if is_limit else None,
            )
        )


def _read_labels(board: BoardFound, data: Json) -> None:
    for _where, one in things_of(data.get("labels"), "/labels"):
        colour = line_of(one.get("color"))
        board.labels.append(LabelFound(line_of(one.get("id")), line_of(one.get("name")), colour))


def _read_people(context: _Context, data: Json) -> None:
    for _where, one in things_of(data.get("members"), "/members"):
        _know(context, one)
    for _where, one in things_of(data.get("actions"), "/actions"):
        _know(context, mapping_of(one.get("memberCreator")))


def _know(context: _Context, one: Json) -> str:
    login = line_of(one.get("username"))
    name = line_of(one.get("fullName")) or login
    person = PersonFound(line_of(one.get("id")), name, login, line_of(one.get("email")))
    return context.people.know(person)


def _read_fields(context: _Context, data: Json) -> None:
    for where, one in things_of(data.get("customFields"), "/customFields"):
        options = []
        for _where, option in things_of(one.get("options"), f"{where}/options"):
            word = line_of(mapping_of(option.get("value")).get("text"))
            context.options[line_of(option.get("id"))] = word
            options.append(word)
        kind = KINDS.get(line_of(one.get("type")), "text")
        key, name = line_of(one.get("id")), line_of(one.get("name"))
        context.board.fields.append(FieldFound(key, name, kind, tuple(options)))


def _read_comments(context: _Context, data: Json, known: set[str]) -> None:
    """Comments by card, the oldest first; Trello lists its actions the latest first."""
    actions = things_of(data.get("actions"), "/actions")
    for where, action in reversed(actions):
        if action.get("type") not in COMMENTS:
            continue
        told = mapping_of(action.get("data"))
        card, text = line_of(mapping_of(told.get("card")).get("id")), text_of(told.get("text"))
        if card not in known:
            context.board.leave("comment_without_card", where, text[:80])
            continue
        who = line_of(action.get("idMemberCreator"))
        who = who if who in context.people.found else ""
        context.comments[card].append(CommentFound(text, who, instant_of(action.get("date"))))
    if len(actions) >= ACTION_LIMIT:
        context.board.leave("actions_capped", "/actions", str(len(actions)))


def _card(context: _Context, where: str, card: Json) -> CardFound:
    key = line_of(card.get("id"))
    known = context.people.found
    people = [one for one in map(line_of, list_of(card.get("idMembers"), where)) if one in known]
    labels = {label.key for label in context.board.labels}
    wanted = [line_of(one) for one in list_of(card.get("idLabels"), where)]
    due, column = instant_of(card.get("due")), line_of(card.get("idList"))
    title = line_of(card.get("name"))
    if card.get("dueComplete") is True and column not in context.done:
        context.board.leave("tick_lost", where, title)
    return CardFound(
        key=key,
        title=title,
        column=column,
        where=where,
        description=text_of(card.get("desc")),
        is_archived=card.get("closed") is True,
        start=day_of(card.get("start")),
        due=due.date() if due else None,
        done_at=instant_of(card.get("dateLastActivity")),
        created_at=_born(key),
        labels=tuple(one for one in wanted if one in labels),
        responsible=people[0] if people else "",
        people=tuple(dict.fromkeys(people)),
        items=_items(context, key),
        comments=context.comments.get(key, []),
        links=[
            LinkFound(line_of(one.get("name")), line_of(one.get("url")))
            for _where, one in things_of(card.get("attachments"), f"{where}/attachments")
        ],
        values=_values(context, where, card),
    )


def _born(key: str) -> datetime | None:
    """Trello's ids begin with the second in which the thing was made, in hexadecimal."""
    try:
        return datetime.fromtimestamp(int(key[:8], 16), UTC)
    except ValueError:
        return None


def _items(context: _Context, card: str) -> list[ItemFound]:
    """The lines of all its checklists; of several, each line says of which."""
    checklists = context.checklists.get(card, [])
    several, found = len(checklists) > 1, []
    for checklist in checklists:
        before = f"{line_of(checklist.get('name'))}: " if several else ""
        for _where, one in sorted(
            things_of(checklist.get("checkItems"), "/checklists/checkItems"), key=_place
        ):
            who, due = line_of(one.get("idMember")), day_of(one.get("due"))
            text = before + line_of(one.get("name"))
            done = one.get("state") == "complete"
            known = who if who in context.people.found else ""
            found.append(ItemFound(text, done, known, due))
    return found


def _values(context: _Context, where: str, card: Json) -> dict[str, str]:
    """The values of the board's own fields, as texts."""
    kinds = {one.key: one.kind for one in context.board.fields}
    found = {}
    for _where, one in things_of(card.get("customFieldItems"), f"{where}/customFieldItems"):
        key, value = line_of(one.get("idCustomField")), mapping_of(one.get("value"))
        if key not in kinds:
            continue
        text = context.options.get(line_of(one.get("idValue")), "") or _value(kinds[key], value)
        if text:
            found[key] = text
    return found


def _value(kind: str, value: Json) -> str:
    if kind == "day":
        day = day_of(value.get("date"))
        return day.isoformat() if day else ""
    if kind == "yes_no":
        return "true" if as_truth(value.get("checked")) else "false"
    return line_of(value.get("number") if kind == "number" else value.get("text"))
