"""Storing a board that was found in a file: all of it, or nothing.

The check runs the very same code and rolls it back. Cards come in bulk: one event for each card's
first version, one for the board.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import (
    Board,
    BoardImport,
    Card,
    CardLabel,
    CardPerson,
    ChecklistItem,
    ImportedCard,
    ImportedPart,
    Priority,
)
from tasks.models.imports import KEY_LENGTH
from tasks.operations.contents import MOST_OF_A_KIND
from tasks.operations.imports import Choices
from tasks.operations.imports_people import known_people
from tasks.operations.imports_places import place_columns, refuse_overfull
from tasks.operations.imports_progress import ABOUT, CARDS, TALK, TIES, Progress, unseen
from tasks.operations.imports_talk import store_blockers, store_comments, store_links
from tasks.operations.imports_words import bring_fields, bring_labels, value_of
from tasks.operations.imports_work import BATCH, Storing
from tasks.operations.places import jitters
from tasks.operations.telling import tell_board, told
from tasks.queries.imports import keys_on
from tasks.rules.imports.tree import BoardFound, CardFound
from tasks.rules.ordering import spread
from tasks.verbs import BOARD_FILLED, CARD_IMPORTED
from workspaces.models import Workspace
from workspaces.operations.recording import record_many
from workspaces.rules.errors import Refused

STEP = 2_000  # cards that are stored between two words of how far it is
MOST_WITH_ONE_WRITER = 20_000  # cards; its writers wait for each other 20 seconds at most
PRIORITIES = {"urgent": Priority.URGENT, "high": Priority.HIGH, "medium": Priority.MEDIUM,
              "low": Priority.LOW}  # fmt: skip


def store_board(
    run: BoardImport,
    found: BoardFound,
    choices: Choices,
    *,
    progress: Progress = unseen,
    at: datetime,
) -> tuple[Board, dict[str, Any]]:
    """Make the board's columns, labels, fields and cards; call it inside a transaction.

    Returns the board and what was counted. Refused says why it cannot be: a limit, a name.
    """
    _refuse_too_many(len(found.cards))
    board, places = place_columns(run, found, choices, at=at)
    fresh = _fresh(found, board, choices)
    if choices.board is not None:
        refuse_overfull(fresh, places)
    names = known_people(run, found.people, choices)
    storing = Storing(
        run=run,
        found=found,
        board=board,
        places=places,
        names=names,
        labels=bring_labels(run, found, at=at),
        fields=bring_fields(run, found, board, names, at=at),
        goals=_goals(run.workspace, fresh),
        at=at,
    )
    progress(CARDS)
    storing.made = [(_card(storing, one), one) for one in fresh]
    _write_cards(storing, progress)
    _write_around(storing)
    progress(TALK)
    store_comments(storing)
    store_links(storing)
    progress(TIES)
    store_blockers(storing)
    storing.names.keep()
    count = len(fresh)
    tell_board(
        BOARD_FILLED, board, by=run.by, at=at, name=board.name, file=run.file_name, count=count
    )
    return board, _outcome(storing)


def _refuse_too_many(cards: int) -> None:
    """SQLite has one writer: what takes too long would make others give up."""
    if connection.vendor == "sqlite" and cards > MOST_WITH_ONE_WRITER:
        message = _(
            "The file has %(count)d cards. The embedded database takes %(most)d at once, because "
            "everybody waits meanwhile; PostgreSQL takes more."
        )
        told = {"count": cards, "most": MOST_WITH_ONE_WRITER}
        raise Refused(message % told, code="too_many_cards", field="file")


def _fresh(found: BoardFound, board: Board, choices: Choices) -> list[CardFound]:
    """The cards that have not come to this board before, unless they are wanted again."""
    if choices.again:
        return found.cards
    known = keys_on(board, [card.key[:KEY_LENGTH] for card in found.cards])
    return [card for card in found.cards if card.key[:KEY_LENGTH] not in known]


def _goals(workspace: Workspace, cards: Sequence[CardFound]) -> dict[str, Goal]:
    """The goals that cards name, by title; of one that two goals bear the first."""
    wanted = {card.goal for card in cards if card.goal}
    if not wanted:
        return {}
    rows = Goal.objects.filter(workspace=workspace).order_by("-pk")
    return {goal.title: goal for goal in rows if goal.title in wanted}


def _card(storing: Storing, one: CardFound) -> Card:
    """The card as it will stand there, without a place and a number yet."""
    place, at = storing.places[one.column], storing.at
    came_from = storing.places.get(one.came_from)
    is_done = place.column.is_done
    done_at = (one.done_at or one.created_at or at) if is_done else None
    created_at = min(one.created_at or at, at)
    if one.goal and one.goal not in storing.goals:
        storing.found.leave("goal_unknown", one.where, f"{one.title}: {one.goal}")
    if one.reports_to and storing.names.member(one.reports_to) is None:
        storing.found.leave("reports_to_unknown", one.where, one.title)
    archived = one.is_archived or place.is_archive
    return Card(
        workspace_id=storing.run.workspace_id,
        board=storing.board,
        column=place.column,
        came_from=came_from.column if came_from and is_done else None,
        title=one.title,
        description=one.description,
        assignee=storing.names.member(one.responsible),
        reports_to=storing.names.member(one.reports_to),
        start_on=one.start,
        due_on=one.due,
        estimate=one.estimate,
        priority=PRIORITIES.get(one.priority, Priority.NONE),
        values=_values(storing, one),
        goal=storing.goals.get(one.goal),
        done_at=min(done_at, at) if done_at else None,
        column_since=min(one.since or done_at or at, at),
        created_by=storing.names.member(one.creator) or storing.run.by,
        created_at=created_at,
        archived_at=min(one.archived_at or at, at) if archived else None,
    )


def _values(storing: Storing, one: CardFound) -> dict[str, object]:
    """What its custom fields say, by their ids; what does not fit is told."""
    found: dict[str, object] = {}
    for key, text in one.values.items():
        field_ = storing.fields.get(key)
        value = value_of(field_, text, storing.names) if field_ else None
        if value is None:
            storing.found.leave("value_unfit", one.where, f"{one.title}: {text[:80]}")
        else:
            found[str(field_.pk)] = value  # type: ignore[union-attr]
    return found


def _write_cards(storing: Storing, progress: Progress) -> None:
    """Give the cards their places and, as late as can be, their numbers; store them."""
    cards = [card for card, _found in storing.made]
    by_column: dict[int, list[Card]] = {}
    for card in cards:
        by_column.setdefault(card.column_id, []).append(card)
    for column_id, standing in by_column.items():
        last = Card.objects.filter(column_id=column_id).order_by("-position").first()
        keys = spread(jitters(len(standing)), after=last.position if last else None)
        for card, key in zip(standing, keys, strict=True):
            card.position = key
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=storing.run.workspace_id)
    for number, card in enumerate(cards, start=workspace.last_card_number + 1):
        card.number = number
    Workspace.objects.filter(pk=workspace.pk).update(
        last_card_number=workspace.last_card_number + len(cards)
    )
    for start in range(0, len(cards), STEP):
        Card.objects.bulk_create(cards[start : start + STEP], batch_size=BATCH)
        done = min(start + STEP, len(cards))
        progress(CARDS + (ABOUT - CARDS) * done // len(cards))
    record_many(
        storing.board.stream_id,
        CARD_IMPORTED,
        ((card, {**told(card), "to": card.column.name}) for card in cards),
        by=storing.run.by,
        at=storing.at,
    )


def _write_around(storing: Storing) -> None:
    """What belongs to the cards: where they came from, labels, people, checklists."""
    of = {"workspace_id": storing.run.workspace_id}
    origins, labels, people = [], [], []
    for card, one in storing.made:
        key = one.key[:KEY_LENGTH]
        origins.append(ImportedCard(**of, run=storing.run, board=storing.board, card=card, key=key))
        wanted = {storing.labels[key].pk for key in one.labels if key in storing.labels}
        labels += [CardLabel(**of, card=card, label_id=pk) for pk in sorted(wanted)]
        people += _people(storing, card, one)
    ImportedCard.objects.bulk_create(origins, batch_size=BATCH)
    CardLabel.objects.bulk_create(labels, batch_size=BATCH)
    CardPerson.objects.bulk_create(people, batch_size=BATCH)
    _write_checklists(storing)


def _people(storing: Storing, card: Card, one: CardFound) -> list[CardPerson]:
    """Helpers and watchers who are members; the others wait for theirs."""
    names, found = storing.names, []
    part = ImportedPart.Part
    names.wait(one.responsible, card, part.RESPONSIBLE)
    helpers = [key for key in one.people if key != one.responsible]
    for keys, kind in ((helpers, part.HELPER), (one.watchers, part.WATCHER)):
        members: list[int] = []
        taken = card.assignee_id if kind == part.HELPER else None
        for key in keys:
            names.wait(key, card, kind)
            member = names.member(key)
            if member is not None and member.pk not in (*members, taken):
                members.append(member.pk)
        found += [
            CardPerson(workspace_id=card.workspace_id, card=card, member_id=pk, part=kind.value)
            for pk in members[:MOST_OF_A_KIND]
        ]
    return found


def _write_checklists(storing: Storing) -> None:
    rows, waiting = [], []
    for card, one in storing.made:
        keys = spread(jitters(len(one.items)))
        for item, key in zip(one.items, keys, strict=True):
            done_at = (item.done_at or card.done_at or storing.at) if item.is_done else None
            row = ChecklistItem(
                workspace_id=card.workspace_id,
                card=card,
                text=item.text,
                position=key,
                assignee=storing.names.member(item.who),
                due_on=item.due,
                done_at=done_at,
            )
            rows.append(row)
            waiting.append((item.who, card, row))
    ChecklistItem.objects.bulk_create(rows, batch_size=BATCH)
    for who, card, row in waiting:
        storing.names.wait(who, card, ImportedPart.Part.LINE, row)


def _outcome(storing: Storing) -> dict[str, Any]:
    """What was made, counted from what was made."""
    cards = [card for card, _found in storing.made]
    standing = Counter(card.column.name for card in cards if card.archived_at is None)
    return {
        "cards": len(cards),
        "archived": sum(card.archived_at is not None for card in cards),
        "there": len(storing.found.cards) - len(cards),
        "items": sum(len(one.items) for _made, one in storing.made),
        "comments": storing.comments,
        "links": storing.links,
        "waits": storing.waits,
        "labels": len(storing.labels),
        "fields": len(storing.fields),
        "people": {key: member.pk for key, member in storing.names.members.items()},
        "known_people": storing.names.known_count,
        "waiting_people": storing.names.waiting_count,
        "columns": [
            [name, standing[name]]
            for name in dict.fromkeys(place.column.name for place in storing.places.values())
        ],
        "board": storing.board.name,
    }
