"""Boards as pages and the API show them; the number of cards adds no query."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from tasks.models import Board, Card, Column
from tasks.queries.faces import CardRow, Marks, marks_of, rows_of
from tasks.queries.lane_values import in_lane, lane_value
from tasks.rules.lanes import Lane
from workspaces.models import Membership, Workspace

PAGE = 30  # cards of a column that are shown at once


@dataclass(frozen=True)
class ColumnView:
    """One column with its topmost cards; `count` stand in it, `found` of them are looked for."""

    column: Column
    cards: list[CardRow]
    count: int
    found: int

    @property
    def is_over(self) -> bool:
        """Whether more cards stand here than the limit says."""
        limit = self.column.wip_limit
        return limit is not None and self.count > limit

    @property
    def more(self) -> int:
        """How many are looked for and not shown yet."""
        return max(self.found - len(self.cards), 0)


@dataclass(frozen=True)
class Facts:
    """A board in figures: how many cards stand on it, are looked for, are late.

    `by_column` has the first two of each column that has any, `by_cell` those of each column and
    swimlane where the board is grouped.
    """

    cards: int
    found: int
    late: int
    by_column: dict[int, tuple[int, int]]
    by_cell: Mapping[tuple[int, Lane], tuple[int, int]] = field(default_factory=dict)

    @property
    def cells(self) -> str:
        """How many cards stand in each column of each swimlane: column/lane:number."""
        return " ".join(
            f"{pk}/{lane.key}:{cards}" for (pk, lane), (cards, _found) in self.by_cell.items()
        )

    @property
    def counts(self) -> str:
        """How many cards stand in each column, as its id and the number."""
        return " ".join(f"{pk}:{cards}" for pk, (cards, _found) in self.by_column.items())


@dataclass(frozen=True)
class BoardView:
    """A board with the topmost cards of its columns; `busy` are those with a card to do."""

    board: Board
    columns: list[ColumnView]
    facts: Facts
    marks: Marks
    busy: list[Membership]
    today: date


@dataclass(frozen=True)
class Look:
    """What of a board is asked for: the cards that fit `only`, and so many of each column.

    `whole` is the id of a column that is shown to its end.
    """

    only: Q = field(default_factory=Q)
    page: int = PAGE
    whole: int | None = None


def board_view(board: Board, today: date, look: Look | None = None) -> BoardView:
    """The board as somebody looks at it, in ten queries at most."""
    look = look or Look()
    facts = facts_of(board, today, look.only)
    columns = list(_with_edges(board, look))
    by_column: dict[int, list[CardRow]] = defaultdict(list)
    for row in rows_of(_topmost(columns, look)):
        by_column[row.column_id].append(row)
    marks = marks_of(board, [row.id for rows in by_column.values() for row in rows])
    busy = _live(board).filter(done_at=None).order_by().values_list("assignee", flat=True)
    at_work = set(busy.distinct())
    return BoardView(
        board=board,
        columns=[
            ColumnView(c, by_column[c.pk], *facts.by_column.get(c.pk, (0, 0))) for c in columns
        ],
        facts=facts,
        marks=marks,
        busy=[member for pk, member in marks.members.items() if pk in at_work],
        today=today,
    )


def more_cards(column: Column, after: Card, look: Look, lane: Lane | None = None) -> ColumnView:
    """The next cards of a column, or of a lane of it, below one of them; 2 queries."""
    cards = Card.objects.filter(look.only, column=column, archived_at=None)
    if lane is not None:
        cards = in_lane(cards, lane)
    below = cards.filter(position__gt=after.position)
    left = below.count()
    last = below.order_by("position").values_list("position", flat=True)[: look.page]
    edge = max(last, default=after.position)
    return ColumnView(column, rows_of(below.filter(position__lte=edge)), left, left)


def _live(board: Board) -> QuerySet[Card]:
    return Card.objects.filter(board=board, archived_at=None)


def facts_of(board: Board, today: date, only: Q | None = None, by: str = "") -> Facts:
    """The board in figures, also by the swimlanes `by` something; 1 query."""
    late = Q(done_at=None, due_on__lt=today)
    found = Count("pk", filter=only) if only else Count("pk")
    grouped = _live(board).order_by().annotate(lane=lane_value(by)).values_list("column_id", "lane")
    rows = list(grouped.annotate(cards=Count("pk"), found=found, late=Count("pk", filter=late)))
    by_column: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for column_id, _lane, cards, shown, _late in rows:
        before = by_column[column_id]
        by_column[column_id] = (before[0] + cards, before[1] + shown)
    return Facts(
        cards=sum(row[2] for row in rows),
        found=sum(row[3] for row in rows),
        late=sum(row[4] for row in rows),
        by_column=dict(by_column),
        by_cell={(row[0], Lane(by, row[1])): (row[2], row[3]) for row in rows} if by else {},
    )


def _with_edges(board: Board, look: Look) -> QuerySet[Column]:
    """The columns, each with the place of the last card that is shown of it (None: all are)."""
    cards = Card.objects.filter(look.only, column=OuterRef("pk"), archived_at=None)
    places = cards.order_by("position").values("position")
    return columns_of(board).annotate(edge=Subquery(places[look.page - 1 : look.page]))


def _topmost(columns: Sequence[Column], look: Look) -> QuerySet[Card]:
    tops = Q(pk__in=())
    for column in columns:
        edge = None if column.pk == look.whole else column.edge  # type: ignore[attr-defined]
        top = Q(column=column) if edge is None else Q(column=column, position__lte=edge)
        tops |= top
    return Card.objects.filter(tops, look.only, archived_at=None)


def numbers_of(board: Board, card_ids: Collection[int]) -> dict[int, int]:
    """The numbers of those of the cards that are on this board, by id; 1 query."""
    cards = Card.objects.filter(board=board, pk__in=card_ids)
    return dict(cards.values_list("pk", "number"))


def last_card(column: Column, besides: Card) -> Card | None:
    """The card at the bottom of the column, archived ones included, other than the one given."""
    cards = Card.objects.filter(column=column).exclude(pk=besides.pk)
    return cards.order_by("-position").first()


def last_of(column: Column) -> Card | None:
    """The card at the bottom of the column, archived ones included."""
    return Card.objects.filter(column=column).order_by("-position").first()


def columns_of(board: Board) -> QuerySet[Column]:
    """The board's columns from first to last."""
    return Column.objects.filter(board=board).order_by("position")


def boards_of(workspace: Workspace) -> QuerySet[Board]:
    """The open boards by age, with columns; `open_cards` and `done_cards` are counted."""
    live = Q(cards__archived_at=None, cards__isnull=False)
    columns = Prefetch("columns", Column.objects.order_by("position"))
    return (
        Board.objects.filter(workspace=workspace, archived_at=None)
        .annotate(
            open_cards=Count("cards", filter=live & Q(cards__done_at=None)),
            done_cards=Count("cards", filter=live & Q(cards__done_at__isnull=False)),
        )
        .prefetch_related(columns)
        .order_by("opened_at", "pk")
    )


def open_boards(workspace: Workspace) -> QuerySet[Board]:
    """The boards to choose from, by name."""
    return Board.objects.filter(workspace=workspace, archived_at=None).order_by("name", "pk")


def archived_boards(workspace: Workspace) -> QuerySet[Board]:
    """The boards that were put away, latest first."""
    found = Board.objects.filter(workspace=workspace).exclude(archived_at=None)
    return found.order_by("-archived_at", "pk")


def first_column(workspace: Workspace, board: Board | None = None) -> Column | None:
    """Where a card goes that names no column: the first of its board, or of the oldest board."""
    columns = open_columns(workspace)
    return columns.filter(board=board).first() if board else columns.first()


def whole_board(board_id: int) -> Board:
    """One board with its columns; 2 queries."""
    columns = Prefetch("columns", Column.objects.order_by("position"))
    return Board.objects.prefetch_related(columns).get(pk=board_id)


def open_columns(workspace: Workspace) -> QuerySet[Column]:
    """Every column of every open board, in order; for choosing where a card goes."""
    return (
        Column.objects.select_related("board")
        .filter(workspace=workspace, board__archived_at=None)
        .order_by("board__opened_at", "board_id", "position")
    )
