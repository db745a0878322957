"""Cycles with their figures; neither the number of cycles nor that of cards adds a query."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tasks.models import Board, Card, Cycle, CycleCard
from tasks.rules.cycles import (
    Day,
    Figures,
    Line,
    Outcome,
    State,
    burn_up,
    figures_of,
    first_day,
    state_of,
)
from workspaces.models import Workspace

OVERTIME = timedelta(days=28)  # for which the days of a cycle that is over are told


@dataclass(frozen=True)
class Entry:
    """A card of a cycle as it is told: of a closed cycle as it was then.

    `card` is None for one that was deleted since.
    """

    row: CycleCard
    card: Card | None
    line: Line
    was_planned: bool

    @property
    def title(self) -> str:
        """What it is called, or was when the cycle was closed."""
        return self.row.title or (self.card.title if self.card else "")

    @property
    def number(self) -> int:
        """Its number."""
        return self.row.number or (self.card.number if self.card else 0)


@dataclass(frozen=True)
class CycleView:
    """A cycle, its figures, its cards from planned to added."""

    cycle: Cycle
    figures: Figures
    entries: list[Entry] = field(default_factory=list)

    @property
    def state(self) -> State:
        """Planned, running or closed."""
        return state_of(self.cycle.begun_at, self.cycle.closed_at)

    @property
    def load(self) -> Decimal | None:
        """The planned hours as a share of the capacity, None where there is none."""
        capacity = self.cycle.capacity
        return self.figures.planned.hours / capacity if capacity else None

    @property
    def is_over(self) -> bool:
        """Whether more is in it than fits, in hours or in cards."""
        scope, cycle = self.figures.scope, self.cycle
        hours = cycle.capacity is not None and scope.hours > cycle.capacity
        return hours or (cycle.card_capacity is not None and scope.cards > cycle.card_capacity)

    def of(self, *words: str) -> list[Entry]:
        """The entries that were done, carried, left, open or removed."""
        return [entry for entry in self.entries if word_of(entry) in words]

    @property
    def done(self) -> list[Entry]:
        """What was done."""
        return self.of("done")

    @property
    def open(self) -> list[Entry]:
        """What is not done: still open, or carried over, or left."""
        return self.of("open", "carried", "left")

    @property
    def removed(self) -> list[Entry]:
        """What was planned and taken out."""
        return self.of("removed")


def word_of(entry: Entry) -> str:
    """What became of a card in its cycle, in a word."""
    if entry.line.left is not None:
        return "removed"
    if entry.line.done is not None:
        return "done"
    return entry.row.outcome or "open"


def cycles_of(workspace: Workspace, board: Board | None = None) -> QuerySet[Cycle]:
    """The cycles of the workspace, or those that the cards of a board can be in; newest first."""
    rows = Cycle.objects.filter(workspace=workspace).select_related("board", "carried_to")
    if board is not None:
        rows = rows.filter(Q(board=board) | Q(board=None))
    return rows.order_by("-starts_on", "-pk")


def cycles_to_choose(
    workspace: Workspace, board_id: int | None, kept: int | None
) -> QuerySet[Cycle]:
    """The cycles that take cards of the board, soonest first, and the one that a card has."""
    fits = Q(board=None) | Q(board=board_id) if board_id else Q(board=None)
    found = Cycle.objects.filter(Q(closed_at=None) & fits | Q(pk=kept), workspace=workspace)
    return found.order_by("starts_on", "pk")


def every_cycle(workspace: Workspace, kept: int | None) -> QuerySet[Cycle]:
    """The cycles that are not closed, of whatever board, and one that is kept."""
    found = Cycle.objects.filter(Q(closed_at=None) | Q(pk=kept), workspace=workspace)
    return found.order_by("starts_on", "pk")


def cards_in_cycles(workspace: Workspace, kept: int | None) -> QuerySet[Card]:
    """The cards of the cycles that are not closed, and one that is kept, by number."""
    there = Q(cycle__isnull=False, cycle__closed_at=None, archived_at=None)
    return Card.objects.filter(there | Q(pk=kept), workspace=workspace).order_by("number")


def viewed(cycles: Sequence[Cycle]) -> list[CycleView]:
    """The cycles with their figures, in their order; 1 query."""
    entries: dict[int, list[Entry]] = defaultdict(list)
    by_id = {cycle.pk: cycle for cycle in cycles}
    rows = CycleCard.objects.filter(cycle__in=by_id).select_related("card__assignee__user")
    for row in rows.order_by("came_at", "pk"):
        entries[row.cycle_id].append(_entry(row, by_id[row.cycle_id]))
    return [
        CycleView(
            cycle,
            figures_of((entry.line for entry in entries[cycle.pk]), cycle.begun_at),
            entries[cycle.pk],
        )
        for cycle in cycles
    ]


def days_of(view: CycleView, today: date) -> list[Day]:
    """Scope and done by day, from the first day until today or until it was closed."""
    cycle = view.cycle
    zone = cycle.workspace.timezone
    ended = cycle.workspace.day_of(cycle.closed_at) if cycle.closed_at else today
    last = min(ended, cycle.ends_on + OVERTIME)
    if last < cycle.starts_on:
        return []
    return burn_up([entry.line for entry in view.entries], cycle.starts_on, last, zone)


def next_days(workspace: Workspace, board: Board | None, today: date) -> dict[str, object]:
    """What a new cycle begins with: a name, and the week after the last one."""
    same = Cycle.objects.filter(workspace=workspace, board=board)
    latest = same.order_by("-ends_on").first()
    first = first_day(today, workspace.week_starts_on)
    if latest is not None and latest.ends_on >= first:
        first = latest.ends_on + timedelta(days=1)
    name = _("Cycle %(number)d") % {"number": same.count() + 1}
    return {"name": name, "starts_on": first, "weeks": latest.weeks if latest else 1}


def _entry(row: CycleCard, cycle: Cycle) -> Entry:
    card = row.card
    line = _closed_line(row) if cycle.closed_at is not None else _open_line(row, card)
    return Entry(row, card, line, line.was_planned(cycle.begun_at))


def _closed_line(row: CycleCard) -> Line:
    done = row.done_at if row.outcome == Outcome.DONE else None
    return Line(row.came_at, row.left_at, done, row.planned_hours, row.hours)


def _open_line(row: CycleCard, card: Card | None) -> Line:
    """As the card is now; one that was put away undone has left."""
    if card is None:
        return Line(row.came_at, row.left_at or row.came_at, None, row.planned_hours, None)
    left: datetime | None = row.left_at
    if left is None and card.archived_at is not None:
        left = None if card.done_at and not card.trashed_at else card.archived_at
    return Line(row.came_at, left, card.done_at, row.planned_hours, card.estimate)
