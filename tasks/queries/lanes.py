"""A board in swimlanes: the same cards in rows; the number of cards and of lanes adds no query."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from goals.models import Goal
from tasks.models import Board, Card, Column, Label, Priority
from tasks.queries.boards import BoardView, ColumnView, Facts, Look, columns_of, facts_of
from tasks.queries.faces import CardRow, marks_of, rows_with
from tasks.queries.lane_values import lane_value
from tasks.rules.filters import PRIORITIES
from tasks.rules.lanes import Lane
from workspaces.models import Membership
from workspaces.queries.people import members_of

FEW = 10  # lanes that show as many cards a cell as a board without lanes does a column
SHORT_PAGE = 10  # cards a cell where there are more lanes
MOST_LANES = 100


@dataclass(frozen=True)
class LaneView:
    """One row of a board: its cards by column, how many stand in it, what it is called.

    `thing` is the member, goal or label that it is by, or None.
    """

    lane: Lane
    name: str
    thing: Membership | Goal | Label | None
    cells: list[ColumnView]
    limited: bool

    @property
    def key(self) -> str:
        """How it is named in addresses."""
        return self.lane.key

    @property
    def count(self) -> int:
        """How many cards stand in it."""
        return sum(cell.count for cell in self.cells)

    @property
    def is_over(self) -> bool:
        """Whether one of its cells holds more than the limit of a swimlane."""
        return self.limited and any(over_lane_limit(cell) for cell in self.cells)


@dataclass(frozen=True)
class LanedBoard:
    """A board in rows; `left` is how many lanes more there are than a page shows."""

    view: BoardView
    lanes: list[LaneView]
    by: str
    left: int


def over_lane_limit(cell: ColumnView) -> bool:
    """Whether more cards stand in the cell than its column takes a lane."""
    limit = cell.column.lane_limit
    return limit is not None and cell.count > limit


def laned_view(board: Board, today: date, by: str, look: Look | None = None) -> LanedBoard:
    """The board as somebody looks at it in lanes, in ten queries at most."""
    look = look or Look()
    facts = facts_of(board, today, look.only, by)
    columns, members = list(columns_of(board)), list(members_of(board.workspace))
    lanes = _lanes(board, by, facts, members)
    shown = lanes[:MOST_LANES]
    cards = _cards(by, shown, look, board)
    marks = marks_of(board, [row.id for rows in cards.values() for row in rows])
    at_work = set(
        Card.objects.filter(board=board, archived_at=None, done_at=None)
        .order_by()
        .values_list("assignee", flat=True)
        .distinct()
    )
    view = BoardView(
        board=board,
        columns=[
            ColumnView(column, [], *facts.by_column.get(column.pk, (0, 0))) for column in columns
        ],
        facts=facts,
        marks=marks,
        busy=[member for member in members if member.pk in at_work],
        today=today,
    )
    rows = [
        LaneView(lane, name, thing, _cells(columns, lane, facts, cards), board.lanes == by)
        for lane, name, thing in shown
    ]
    return LanedBoard(view, rows, by, len(lanes) - len(shown))


Named = tuple[Lane, str, Membership | Goal | Label | None]


def lanes_of_board(board: Board, by: str, facts: Facts) -> list[Named]:
    """The lanes that a board has now, with what they are called; 1 query, none by priority."""
    members = list(members_of(board.workspace)) if by == "assignee" else []
    return _lanes(board, by, facts, members)


def _lanes(board: Board, by: str, facts: Facts, members: Sequence[Membership]) -> list[Named]:
    """Those in which something is found, by name, and last the one of cards without any."""
    if by == "priority":
        words = dict(Priority.choices)
        return [
            (Lane(by, n), str(words[n]) if n else _("No priority"), None)
            for n in reversed(range(len(PRIORITIES)))
        ]
    found = {
        lane.value
        for (_pk, lane), (_cards, shown) in facts.by_cell.items()
        if shown and lane.value is not None
    }
    ours = {"workspace": board.workspace_id, "pk__in": found}
    named: list[Named]
    if by == "assignee":
        named = [(Lane(by, m.pk), m.user.display_name, m) for m in members if m.pk in found]
    elif by == "goal":
        goals = Goal.objects.filter(**ours).order_by("title", "pk")
        named = [(Lane(by, goal.pk), goal.title, goal) for goal in goals]
    else:
        labels = Label.objects.filter(**ours).order_by("name", "pk")
        named = [(Lane(by, label.pk), label.name, label) for label in labels]
    gone = found - {lane.value for lane, _name, _thing in named}
    left = [(Lane(by, value), _("somebody who has left"), None) for value in sorted(gone)]
    return [*named, *left, (Lane(by, None), _nothing(by), None)]


def _nothing(by: str) -> str:
    words = {
        "assignee": pgettext("MOps", "Nobody"),
        "goal": _("No goal"),
        "label": _("No label"),
    }
    return words[by]


def _cards(
    by: str, lanes: Sequence[Named], look: Look, board: Board
) -> Mapping[tuple[int, int | None], list[CardRow]]:
    """The topmost cards of every cell; 1 query."""
    page = look.page if len(lanes) <= FEW else min(look.page, SHORT_PAGE)
    values = {lane.value for lane, _name, _thing in lanes}
    wanted = Q(lane__in=values - {None})
    if None in values:
        wanted |= Q(lane=None)
    cards = Card.objects.filter(look.only, board=board, archived_at=None)
    laned = cards.annotate(lane=lane_value(by)).filter(wanted)
    place = Window(RowNumber(), partition_by=[F("column_id"), F("lane")], order_by="position")
    tops = Q(place__lte=page) | Q(column_id=look.whole or 0)
    found: dict[tuple[int, int | None], list[CardRow]] = defaultdict(list)
    ids = laned.annotate(place=place).filter(tops).values("pk")
    topmost = Card.objects.filter(pk__in=ids).annotate(lane=lane_value(by))
    for row, value in rows_with(topmost, "lane"):
        found[row.column_id, value].append(row)
    return found


def _cells(
    columns: Sequence[Column],
    lane: Lane,
    facts: Facts,
    cards: Mapping[tuple[int, int | None], list[CardRow]],
) -> list[ColumnView]:
    return [
        ColumnView(
            column,
            cards.get((column.pk, lane.value), []),
            *facts.by_cell.get((column.pk, lane), (0, 0)),
        )
        for column in columns
    ]
