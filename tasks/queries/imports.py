"""Imports of boards: who is meant by the people of a file, and what a run's pages show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from tasks.models import Board, BoardImport, Card, Column, ImportedCard, ImportedPerson
from tasks.models.imports import State
from tasks.rules.imports.reading import Reading
from tasks.rules.imports.tree import BoardFound, CardFound, PersonFound
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of

CHUNK = 500


def board_imports(workspace: Workspace) -> QuerySet[BoardImport]:
    """The workspace's imports of boards, the last one first, with who brought them."""
    rows = BoardImport.objects.filter(workspace=workspace)
    return rows.select_related("board", "by__user").order_by("-pk")


def who_they_are(
    workspace: Workspace, people: Iterable[PersonFound], said: Mapping[str, int]
) -> dict[str, Membership]:
    """The members that the people of a file are, by their keys; 1 query.

    What was said counts; else the same address, or a name that only one member and one person has.
    """
    members = list(members_of(workspace))
    by_id = {member.pk: member for member in members}
    by_email = {member.user.email.casefold(): member for member in members}
    names = Counter(member.user.display_name.casefold() for member in members)
    by_name = {
        name: member
        for member in members
        if names[name := member.user.display_name.casefold()] == 1
    }
    found = {}
    for person in people:
        if person.key in said:
            member = by_id.get(said[person.key])
        else:
            member = by_email.get(person.email.casefold()) if person.email else None
            member = member or by_name.get(person.name.casefold())
        if member is not None:
            found[person.key] = member
    return found


def keys_on(board: Board, keys: Sequence[str]) -> set[str]:
    """Which of the keys stand on the board already, by an earlier import and not in the trash."""
    known: set[str] = set()
    rows = ImportedCard.objects.filter(board=board, card__trashed_at=None)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        known.update(rows.filter(key__in=part).values_list("key", flat=True))
    return known


def same_before(run: BoardImport) -> BoardImport | None:
    """The last import of this very file that still stands, if there is one."""
    same = BoardImport.objects.filter(
        workspace_id=run.workspace_id, sha256=run.sha256, state=State.DONE
    )
    standing = same.exclude(pk=run.pk).filter(board__isnull=False, board__archived_at=None)
    return standing.select_related("board").order_by("-pk").first()


def summary_of(reading: Reading) -> dict[str, Any]:
    """What stands in a file, as the run keeps it: counts, columns, people and what was guessed."""
    board = reading.board
    standing = Counter(card.column for card in board.cards if not card.is_archived)
    archived = Counter(card.column for card in board.cards if card.is_archived)
    named = Counter(key for card in board.cards for key in _people_of(card))
    return {
        "format": board.format,
        "name": board.name,
        "counts": _counts(board),
        "columns": [
            {
                "key": column.key,
                "name": column.name,
                "is_archived": column.is_archived,
                "is_done": column.is_done,
                "cards": standing[column.key],
                "archived": archived[column.key],
            }
            for column in board.columns
        ],
        "people": [
            {
                "key": person.key,
                "name": person.name or person.login or person.email,
                "email": person.email,
                "cards": named[person.key],
            }
            for person in board.people
        ],
        "roles": reading.roles,
        "headers": reading.headers,
    }


def _people_of(card: CardFound) -> set[str]:
    everybody = {card.responsible, card.reports_to, card.creator, *card.people, *card.watchers}
    return everybody - {""}


def _counts(board: BoardFound) -> dict[str, int]:
    cards = board.cards
    return {
        "columns": len(board.columns),
        "archived_columns": sum(column.is_archived for column in board.columns),
        "cards": len(cards),
        "archived": sum(card.is_archived for card in cards),
        "labels": len(board.labels),
        "people": len(board.people),
        "fields": len(board.fields),
        "items": sum(len(card.items) for card in cards),
        "items_done": sum(item.is_done for card in cards for item in card.items),
        "comments": sum(len(card.comments) for card in cards),
        "links": sum(len(card.links) for card in cards),
    }


def people_waiting(run: BoardImport) -> QuerySet[ImportedPerson]:
    """Those whom the file names and who are no members, with how many parts they have."""
    return ImportedPerson.objects.filter(run=run, member=None).order_by("name", "pk")


def open_boards(workspace: Workspace) -> list[Board]:
    """Boards that cards can join, by name."""
    return list(Board.objects.filter(workspace=workspace, archived_at=None).order_by("name", "pk"))


def columns_of_board(board_id: int) -> list[Column]:
    """A board's columns in their order."""
    return list(Column.objects.filter(board_id=board_id).order_by("position"))


def cards_brought(run: BoardImport) -> QuerySet[Card]:
    """The cards that the run made and that are not in the trash."""
    return Card.objects.filter(imported_from__run=run, trashed_at=None)
