"""Where the columns of a file are on the board: a new board's, or those of one that is there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tasks.models import Board, BoardImport, Card, Column
from tasks.models.boards import LARGEST_LIMIT, Lanes
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.columns import MOST_COLUMNS, add_column
from tasks.operations.imports import Choices
from tasks.rules.entry import Need
from tasks.rules.faces import Part
from tasks.rules.imports.fitting import NAME, cut
from tasks.rules.imports.tree import BoardFound, CardFound, ColumnFound
from workspaces.models import Membership
from workspaces.rules.errors import Refused

WITH, ID = "with:", "id:"
SMALLEST_LIMIT = 1
BROUGHT = ["lanes", "person_limit", "person_limit_is_hard", "blocked_is_hard", "hides"]


@dataclass(frozen=True)
class Place:
    """Where the cards of a column go; of one that was put away they are archived there."""

    column: Column
    is_archive: bool = False


def place_columns(
    run: BoardImport, found: BoardFound, choices: Choices, *, at: datetime
) -> tuple[Board, dict[str, Place]]:
    """The board, new or chosen, and the place of each of the file's columns by its key."""
    said = _said(found, choices)
    own = [column for column in found.columns if column.key not in said and not column.is_archived]
    if choices.board is None:
        board, places = _new_board(run, found, own, choices, at=at)
    else:
        board, places = _there(run, own, choices.board, at=at)
    there = {column.pk: column for column in board.columns.order_by("position")}
    for column in there.values():
        column.board = board
    first = next((one for one in there.values() if not one.is_done), next(iter(there.values())))
    for key, wanted in said.items():
        if wanted.startswith(ID):
            places[key] = Place(_chosen(there, wanted))
    for key, wanted in said.items():
        if wanted.startswith(WITH):
            places[key] = places.get(wanted.removeprefix(WITH)) or Place(first)
    _place_archived(found, places, list(there.values()), first)
    return board, places


def _said(found: BoardFound, choices: Choices) -> dict[str, str]:
    keys = {column.key for column in found.columns}
    return {key: wanted for key, wanted in choices.columns.items() if key in keys and wanted}


def _new_board(
    run: BoardImport,
    found: BoardFound,
    own: list[ColumnFound],
    choices: Choices,
    *,
    at: datetime,
) -> tuple[Board, dict[str, Place]]:
    _refuse_too_many(len(own))
    name = cut(choices.name.strip() or found.name, NAME)
    drafts = [_draft(column) for column in own]
    board = open_board(run.workspace, name=name, columns=drafts, by=_by(run), at=at)
    lanes = found.lanes if found.lanes in Lanes.values else Lanes.NONE
    limit = _limit(found.person_limit)
    board.lanes, board.person_limit = lanes, limit
    board.person_limit_is_hard = found.person_limit_is_hard
    board.blocked_is_hard = found.blocked_is_hard
    board.hides = [part.value for part in Part if part in found.hides]
    board.save(update_fields=BROUGHT)
    columns = {column.name: column for column in board.columns.all()}
    return board, {one.key: Place(columns[one.name]) for one in own if one.name in columns}


def _there(
    run: BoardImport, own: list[ColumnFound], board_id: int, *, at: datetime
) -> tuple[Board, dict[str, Place]]:
    """Columns of the same name are the same; the others are added."""
    held = Board.objects.select_for_update(no_key=True)  # two imports of one file: one waits
    board = held.filter(pk=board_id, workspace_id=run.workspace_id, archived_at=None).first()
    if board is None:
        raise Refused(_("There is no such open board."), code="no_such_board", field="board")
    names = {column.name.casefold(): column for column in board.columns.all()}
    fresh = [one for one in own if one.name.casefold() not in names]
    _refuse_too_many(len(names) + len(fresh))
    for one in fresh:
        draft = _draft(one)
        names[one.name.casefold()] = add_column(board, draft=draft, by=_by(run), at=at)
    board.refresh_from_db()
    return board, {one.key: Place(names[one.name.casefold()]) for one in own}


def _draft(one: ColumnFound) -> ColumnDraft:
    needs = set(Need)
    return ColumnDraft(
        one.name,
        wip_limit=_limit(one.wip_limit),
        is_done=one.is_done,
        wip_limit_is_hard=one.wip_limit_is_hard,
        lane_limit=_limit(one.lane_limit),
        lane_limit_is_hard=one.lane_limit_is_hard,
        entry=[need for need in one.entry if need in needs],
    )


def _limit(number: int | None) -> int | None:
    return number if number and SMALLEST_LIMIT <= number <= LARGEST_LIMIT else None


def _by(run: BoardImport) -> Membership:
    if run.by is None:
        raise Refused(_("Whoever brought this file is no member any more."), code="nobody")
    return run.by


def _chosen(there: dict[int, Column], wanted: str) -> Column:
    text = wanted.removeprefix(ID)
    column = there.get(int(text)) if text.isascii() and text.isdigit() else None
    if column is None:
        raise Refused(_("The board has no such column."), code="no_such_column", field="columns")
    return column


def _refuse_too_many(count: int) -> None:
    if count > MOST_COLUMNS:
        message = _(
            "There would be %(count)d columns, and a board takes at most %(most)d. Say which of "
            "them go together."
        )
        told = {"count": count, "most": MOST_COLUMNS}
        raise Refused(message % told, code="too_many_columns", field="columns")


def _place_archived(
    found: BoardFound, places: dict[str, Place], columns: list[Column], first: Column
) -> None:
    """A column that was put away has none here: its cards are archived in the first or a done."""
    done = next((column for column in columns if column.is_done), first)
    cards = Counter(card.column for card in found.cards)
    for one in found.columns:
        if one.key in places:
            continue
        column = done if one.is_done else first
        places[one.key] = Place(column, is_archive=True)
        if cards[one.key]:
            told = f"{one.name} → {column.name}: {cards[one.key]}"
            found.leave("column_archived", what=told)


def refuse_overfull(cards: Sequence[CardFound], places: Mapping[str, Place]) -> None:
    """A hard limit of a column that was there counts for those who come by import too."""
    more = Counter(
        places[card.column].column.pk
        for card in cards
        if not card.is_archived and not places[card.column].is_archive
    )
    for column in {place.column.pk: place.column for place in places.values()}.values():
        if not (column.wip_limit and column.wip_limit_is_hard and more[column.pk]):
            continue
        count = Card.objects.filter(column=column, archived_at=None).count() + more[column.pk]
        if count > column.wip_limit:
            message = _("“%(column)s” takes %(limit)d cards and would hold %(count)d.")
            told = {"column": column.name, "limit": column.wip_limit, "count": count}
            raise Refused(message % told, code="full", field="columns")
