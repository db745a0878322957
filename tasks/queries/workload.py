"""How much work the members have in the coming weeks; the number of cards adds no query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial

from django.db.models import Q

from tasks.models import Board, Capacity, Card
from tasks.queries.capacities import Capacities, capacities_of
from tasks.queries.cards import live_cards
from tasks.rules.workload import Job, Load, load_of, weeks_from
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.workdays import Workdays

UNKNOWN, UNPLANNED = "unknown", "unplanned"


@dataclass(frozen=True)
class Line:
    """A member, or nobody, with the work; `capacity` is what is said of the hours a week.

    `cards` are the ids of all their cards.
    """

    member: Membership | None
    load: Load
    hours: Decimal
    capacity: Capacity
    cards: list[int]

    @property
    def pk(self) -> int:
        """The member's id, 0 for nobody."""
        return self.member.pk if self.member else 0


@dataclass(frozen=True)
class Workload:
    """All members with their work; `weeks` are the first days of the weeks that are shown."""

    weeks: list[date]
    lines: list[Line]
    capacities: Capacities

    @property
    def over(self) -> list[Line]:
        """Who has too much in some week; nobody has no hours to have too much for."""
        return [line for line in self.lines if line.member and line.load.is_over]

    @property
    def unknown(self) -> int:
        """How many cards have no estimate."""
        return sum(len(line.load.unknown) for line in self.lines)


@dataclass(frozen=True)
class Share:
    """A card of somebody's with its hours in the week that is asked for, else all of them."""

    card: Card
    hours: Decimal | None


def workload_of(
    workspace: Workspace,
    today: date,
    weeks: int,
    *,
    board: Board | None = None,
    only: Q | None = None,
) -> Workload:
    """The open cards that fit `only`, of one board or of all; 7 queries at most.

    Everybody has a line; nobody has one where cards have no assignee.
    """
    on_board = Card.objects.filter(board=board, archived_at=None)
    cards = (on_board if board else live_cards(workspace)).filter(only or Q(), done_at=None)
    jobs: dict[int | None, list[Job]] = defaultdict(list)
    rows = cards.order_by("due_on", "pk").values_list(
        "pk", "assignee_id", "estimate", "start_on", "due_on"
    )
    for row in rows:
        jobs[row[1]].append(Job(*row))
    capacities, workdays = capacities_of(workspace), Workdays(workspace)
    starts = weeks_from(today, weeks, workspace.week_starts_on)
    members: list[Membership | None] = list(members_of(workspace))
    members += [None] if None in jobs else []
    lines = []
    for member in members:
        pk = member.pk if member else None
        works = cache(partial(workdays.works, pk))
        hours = capacities.hours(pk) if member else Decimal(0)
        load = load_of(pk, jobs[pk], (today, starts), (hours, workdays.usual(pk)), works)
        said = capacities.by_member.get(pk or 0) or Capacity(workspace=workspace, version=0)
        lines.append(Line(member, load, hours, said, [job.id for job in jobs[pk]]))
    return Workload(starts, lines, capacities)


def shares_of(line: Line, part: str) -> list[Share]:
    """The cards of a line: of a week by its first day, UNKNOWN, UNPLANNED, or all; 1 query."""
    cells = {cell.week.isoformat(): cell.jobs for cell in line.load.cells}
    hours: dict[int, Decimal] = cells.get(part, {})
    ids = {UNKNOWN: line.load.unknown, UNPLANNED: line.load.unplanned}.get(part, line.cards)
    cards = Card.objects.filter(pk__in=hours if part in cells else ids)
    rows = cards.select_related("board", "column").order_by("due_on", "pk")
    return [Share(card, hours.get(card.pk, card.estimate)) for card in rows]
