"""Taiga's dump of a project: user stories are cards, their tasks the lines of a checklist."""

from collections import defaultdict
from collections.abc import Mapping
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

Json = Mapping[str, Any]
KINDS = {"date": "day", "url": "link", "checkbox": "yes_no", "number": "number"}
OTHERS = ("issues", "epics", "wiki_pages")


def is_taiga(data: Json) -> bool:
    """Whether it is what Taiga writes."""
    return isinstance(data.get("user_stories"), list) and "us_statuses" in data


def read_taiga(data: Json) -> BoardFound:
    """The board of the user stories; issues, epics and the wiki stay behind and are named."""
    board, people = BoardFound("taiga", line_of(data.get("name"))), People()
    _know_people(people, data)
    for _where, one in sorted(things_of(data.get("us_statuses"), "/us_statuses"), key=_order):
        name, limit = line_of(one.get("name")), one.get("wip_limit")
        board.columns.append(
            ColumnFound(
                name.casefold(),
                name,
                is_archived=one.get("is_archived") is True,
                is_done=one.get("is_closed") is True or sounds_done(name),
                wip_limit=limit if isinstance(limit, int) else None,
            )
        )
    _read_labels(board, data)
    fields = "userstorycustomattributes"
    for _where, one in sorted(things_of(data.get(fields), f"/{fields}"), key=_order):
        name = line_of(one.get("name"))
        kind = KINDS.get(line_of(one.get("type")), "text")
        board.fields.append(FieldFound(name.casefold(), name, kind))
    done = {
        line_of(one.get("name"))
        for _where, one in things_of(data.get("task_statuses"), "/task_statuses")
        if one.get("is_closed") is True
    }
    tasks = _tasks(board, people, data, done)
    stories = sorted(things_of(data.get("user_stories"), "/user_stories"), key=_kanban_order)
    board.cards = [_card(board, people, where, one) for where, one in stories]
    for card in board.cards:
        card.items = tasks.get(card.key, [])
    for name in OTHERS:
        for where, one in things_of(data.get(name), f"/{name}"):
            board.leave("no_place_here", where, line_of(one.get("subject") or one.get("slug")))
    board.people = people.listed()
    return board


def _order(found: tuple[str, Json]) -> Decimal:
    return place_of(found[1].get("order"))


def _kanban_order(found: tuple[str, Json]) -> Decimal:
    return place_of(found[1].get("kanban_order"))


def _know_people(people: People, data: Json) -> None:
    for _where, one in things_of(data.get("memberships"), "/memberships"):
        _person(people, one.get("user") or one.get("email"))


def _person(people: People, told: object) -> str:
    """Taiga names people by their address, in a history with their name behind it."""
    if isinstance(told, list) and told:
        email = line_of(told[0])
        name = line_of(told[1]) if len(told) > 1 else email
        if not email:
            return people.named(name)
        return people.know(PersonFound(email.casefold(), name or email, email=email))
    return people.named(told) if isinstance(told, str) else ""


def _read_labels(board: BoardFound, data: Json) -> None:
    """Tags with their colours, and the tags that no colour was given."""
    for pair in list_of(data.get("tags_colors"), "/tags_colors"):
        if isinstance(pair, list) and pair:
            name = line_of(pair[0])
            colour = line_of(pair[1]) if len(pair) > 1 else ""
            board.labels.append(LabelFound(name.casefold(), name, colour))
    known = {label.key for label in board.labels}
    for where, story in things_of(data.get("user_stories"), "/user_stories"):
        for name in map(line_of, list_of(story.get("tags"), f"{where}/tags")):
            if name and name.casefold() not in known:
                known.add(name.casefold())
                board.labels.append(LabelFound(name.casefold(), name))


def _tasks(
    board: BoardFound, people: People, data: Json, done: set[str]
) -> dict[str, list[ItemFound]]:
    found: dict[str, list[ItemFound]] = defaultdict(list)
    for where, one in things_of(data.get("tasks"), "/tasks"):
        story, subject = line_of(one.get("user_story")), line_of(one.get("subject"))
        if not story:
            board.leave("task_without_story", where, subject)
            continue
        if text_of(one.get("description")):
            board.leave("subtask_notes", where, subject)
        at = instant_of(one.get("finished_date"))
        is_done = at is not None or line_of(one.get("status")) in done
        who, due = _person(people, one.get("assigned_to")), day_of(one.get("due_date"))
        found[story].append(ItemFound(subject, is_done, who, due, at))
    return found


def _card(board: BoardFound, people: People, where: str, story: Json) -> CardFound:
    named = [story.get("assigned_to"), *list_of(story.get("assigned_users"), where)]
    everybody = tuple(dict.fromkeys(key for one in named if (key := _person(people, one))))
    responsible = _person(people, story.get("assigned_to"))
    watchers = [_person(people, one) for one in list_of(story.get("watchers"), where)]
    return CardFound(
        key=line_of(story.get("ref")),
        title=line_of(story.get("subject")),
        column=line_of(story.get("status")).casefold(),
        where=where,
        description=text_of(story.get("description")),
        due=day_of(story.get("due_date")),
        done_at=instant_of(story.get("finish_date")),
        created_at=instant_of(story.get("created_date")),
        creator=_person(people, story.get("owner")),
        labels=tuple(
            dict.fromkeys(line_of(tag).casefold() for tag in list_of(story.get("tags"), where))
        ),
        responsible=responsible,
        people=everybody,
        watchers=tuple(dict.fromkeys(key for key in watchers if key)),
        comments=_comments(people, where, story),
        links=[
            LinkFound(line_of(mapping_of(one.get("attached_file")).get("name")), "")
            for _where, one in things_of(story.get("attachments"), f"{where}/attachments")
        ],
        values=_values(board, story),
    )


def _comments(people: People, where: str, story: Json) -> list[CommentFound]:
    """What was said in its history and not taken back, the oldest first."""
    found = []
    for _where, entry in things_of(story.get("history"), f"{where}/history"):
        text = text_of(entry.get("comment"))
        if text and not entry.get("delete_comment_date"):
            at = instant_of(entry.get("created_at"))
            found.append(CommentFound(text, _person(people, entry.get("user")), at))
    return sorted(found, key=lambda one: one.at.timestamp() if one.at else 0)


def _values(board: BoardFound, story: Json) -> dict[str, str]:
    told = mapping_of(mapping_of(story.get("custom_attributes_values")))
    told = mapping_of(told.get("attributes_values")) or told
    kinds = {one.key: one.kind for one in board.fields}
    found = {}
    for name, value in told.items():
        key = line_of(name).casefold()
        if key in kinds and value not in (None, ""):
            is_yes = kinds[key] == "yes_no"
            found[key] = ("true" if as_truth(value) else "false") if is_yes else line_of(value)
    return {key: value for key, value in found.items() if value}
