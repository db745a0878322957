"""Boards as pages and the API show them; the number of cards adds no query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet

from tasks.models import Board, Card, ChecklistItem, Column
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of


class CardRow(NamedTuple):
    """A card as a board shows it: plain values, no model."""

    id: int
    number: int
    title: str
    column_id: int
    version: int
    assignee_id: int | None
    due_on: date | None
    done_at: datetime | None
    goal_id: int | None
    goal_title: str | None


@dataclass(frozen=True)
class ColumnView:
    """One column with its cards, topmost first."""

    column: Column
    cards: list[CardRow]

    @property
    def is_over(self) -> bool:
        """Whether more cards stand here than the limit says."""
        limit = self.column.wip_limit
        return limit is not None and len(self.cards) > limit


@dataclass(frozen=True)
class Facts:
    """A board in two figures, named as in BoardView."""

    cards: int
    late: int


@dataclass(frozen=True)
class BoardView:
    """A board with everything on it; `checklists` holds (done, all) by card."""

    board: Board
    columns: list[ColumnView]
    checklists: dict[int, tuple[int, int]]
    members: dict[int, Membership]
    today: date

    @property
    def cards(self) -> int:
        """How many cards stand on it."""
        return sum(len(column.cards) for column in self.columns)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(
            card.done_at is None and card.due_on is not None and card.due_on < self.today
            for column in self.columns
            for card in column.cards
        )

    @property
    def people(self) -> list[Membership]:
        """Who has a card here that is not done."""
        busy = {c.assignee_id for column in self.columns for c in column.cards if not c.done_at}
        return [member for pk, member in self.members.items() if pk in busy]


def board_view(board: Board, today: date) -> BoardView:
    """The whole board, in four queries."""
    by_column: dict[int, list[CardRow]] = defaultdict(list)
    for row in map(CardRow._make, _rows(Card.objects.filter(board=board, archived_at=None))):
        by_column[row.column_id].append(row)
    return BoardView(
        board=board,
        columns=[ColumnView(c, by_column[c.pk]) for c in columns_of(board)],
        checklists=_checklists(board),
        members={member.pk: member for member in members_of(board.workspace)},
        today=today,
    )


def facts_of(board_id: int, today: date) -> Facts:
    """How many cards stand on the board and how many are late; 1 query."""
    late = Q(done_at=None, due_on__lt=today)
    cards = Card.objects.filter(board_id=board_id, archived_at=None)
    return Facts(**cards.aggregate(cards=Count("pk"), late=Count("pk", filter=late)))


def card_row(card: Card) -> CardRow:
    """One card as the board shows it; 1 query."""
    return CardRow._make(_rows(Card.objects.filter(pk=card.pk)).get())


def checklist_of(card: Card) -> tuple[int, int]:
    """How many lines of the card are done, and how many there are."""
    found = ChecklistItem.objects.filter(card=card).aggregate(
        done=Count("pk", filter=Q(done_at__isnull=False)), every=Count("pk")
    )
    return found["done"], found["every"]


def last_card(column: Column, besides: Card) -> Card | None:
    """The card at the bottom of the column, archived ones included, other than the one given."""
    cards = Card.objects.filter(column=column).exclude(pk=besides.pk)
    return cards.order_by("-position").first()


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


def _rows(cards: QuerySet[Card]) -> "QuerySet[Card, tuple[object, ...]]":
    names = [name for name in CardRow._fields if name != "goal_title"]
    return cards.order_by("column_id", "position").values_list(*names, F("goal__title"))


def _checklists(board: Board) -> dict[int, tuple[int, int]]:
    found = (
        ChecklistItem.objects.filter(card__board=board, card__archived_at=None)
        .values_list("card_id")
        .annotate(done=Count("done_at"), every=Count("pk"))
        .order_by()
    )
    return {card_id: (done, every) for card_id, done, every in found}
