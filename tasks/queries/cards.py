"""Cards outside their board: one card's page, my work, the work of goals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from goals.models import Goal
from tasks.models import Card, ChecklistItem, Column
from tasks.queries.boards import columns_of
from tasks.rules.due import Due, due_of
from workspaces.models import Membership, Workspace
from workspaces.queries.events import Told, events_of

SUBJECT = "tasks.card"
CLOCK = "clock__promise__sla"
HISTORY = 15
RECENTLY_DONE = 10
SHOWN_LATE = 5


@dataclass(frozen=True)
class MyCard:
    """A card as lists of work show it."""

    id: int
    number: int
    title: str
    version: int
    due_on: date | None
    done_at: datetime | None
    board_id: int
    board_name: str
    column_id: int
    column_name: str
    goal_id: int | None
    goal_title: str
    stakeholder: str
    assignee: Membership | None
    items_done: int
    items: int


@dataclass(frozen=True)
class MyWork:
    """One member's cards by when they are due, and what was done last."""

    overdue: list[MyCard] = field(default_factory=list)
    today: list[MyCard] = field(default_factory=list)
    this_week: list[MyCard] = field(default_factory=list)
    later: list[MyCard] = field(default_factory=list)
    no_date: list[MyCard] = field(default_factory=list)
    done: list[MyCard] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many cards wait."""
        groups = (self.overdue, self.today, self.this_week, self.later, self.no_date)
        return sum(len(group) for group in groups)

    @property
    def waiting(self) -> int:
        """How many are due today or were before."""
        return len(self.overdue) + len(self.today)


@dataclass(frozen=True)
class GoalWork:
    """The cards of one goal in figures, with the latest of the late ones."""

    open: int
    late: int
    done: int
    late_cards: list[MyCard]


@dataclass(frozen=True)
class CardPage:
    """One card with everything around it."""

    card: Card
    columns: list[Column]
    items: list[ChecklistItem]
    history: list[Told]

    @property
    def items_done(self) -> int:
        """How many lines are ticked."""
        return sum(item.done_at is not None for item in self.items)


def live_cards(workspace: Workspace) -> QuerySet[Card]:
    """The cards that are neither archived nor on an archived board."""
    return Card.objects.filter(workspace=workspace, archived_at=None, board__archived_at=None)


def for_listing(cards: QuerySet[Card]) -> QuerySet[Card]:
    """The same cards with all that `listed` reads, still one query."""
    related = ("board", "column", "goal__stakeholder", "assignee__user")
    return cards.select_related(*related).annotate(
        items_done=_lines(done_at__isnull=False), items_all=_lines()
    )


def listed(cards: Iterable[Card]) -> Iterator[MyCard]:
    """Cards from `for_listing` as lists show them."""
    for card in cards:
        goal = card.goal
        yield MyCard(
            id=card.pk,
            number=card.number,
            title=card.title,
            version=card.version,
            due_on=card.due_on,
            done_at=card.done_at,
            board_id=card.board_id,
            board_name=card.board.name,
            column_id=card.column_id,
            column_name=card.column.name,
            goal_id=card.goal_id,
            goal_title=goal.title if goal else "",
            stakeholder=goal.stakeholder.name if goal and goal.stakeholder else "",
            assignee=card.assignee,
            items_done=card.items_done,  # type: ignore[attr-defined]
            items=card.items_all,  # type: ignore[attr-defined]
        )


def card_page(card_id: int) -> CardPage:
    """What the page of one card shows; 4 queries."""
    related = ("board", "column", "goal", "assignee__user", "assignee__reports_to__user", CLOCK)
    card = Card.objects.select_related(*related, "created_by__user").get(pk=card_id)
    return CardPage(
        card=card,
        columns=list(columns_of(card.board)),
        items=list(items_of(card)),
        history=events_of(card.workspace, SUBJECT, card.pk, HISTORY),
    )


def whole_card(card_id: int) -> tuple[Card, list[ChecklistItem]]:
    """One card and its checklist; 2 queries."""
    card = Card.objects.select_related("goal", "assignee__user", CLOCK).get(pk=card_id)
    return card, list(card.items.order_by("position"))


def items_of(card: Card) -> QuerySet[ChecklistItem]:
    """The checklist from top to bottom."""
    return card.items.select_related("done_by__user").order_by("position")


def my_cards(member: Membership, today: date) -> MyWork:
    """The member's cards by due day, soonest first, and the last ones done; 2 queries."""
    work = MyWork()
    mine = live_cards(member.workspace).filter(assignee=member)
    for card in listed(for_listing(mine.filter(done_at=None).order_by("due_on", "pk"))):
        due = due_of(card.due_on, today=today, week_starts_on=member.workspace.week_starts_on)
        _group(work, due).append(card)
    done = mine.exclude(done_at=None).order_by("-done_at", "-pk")
    work.done.extend(listed(for_listing(done)[:RECENTLY_DONE]))
    return work


def due_now(member: Membership, today: date) -> list[MyCard]:
    """What the member has to do today or should have done before; 1 query."""
    return list(listed(for_listing(_due(member, today).order_by("due_on", "pk"))))


def count_due(member: Membership, today: date) -> int:
    """How many cards of the member are due today or late; 1 query."""
    return _due(member, today).count()


def cards_of_goal(goal: Goal) -> list[MyCard]:
    """The goal's cards: open ones by due day, then the done ones; 1 query."""
    cards = live_cards(goal.workspace).filter(goal=goal)
    found = list(listed(for_listing(cards.order_by("due_on", "pk"))))
    still = [card for card in found if card.done_at is None]
    dated = [card for card in still if card.due_on is not None]
    undated = [card for card in still if card.due_on is None]
    return [*dated, *undated, *(card for card in found if card.done_at is not None)]


def work_of_goals(
    workspace: Workspace, goal_ids: Iterable[int], today: date
) -> dict[int, GoalWork]:
    """Open, late and done cards of each goal that has any; 2 queries."""
    cards = live_cards(workspace).filter(goal_id__in=list(goal_ids))
    late = Q(done_at=None, due_on__lt=today)
    counted = (
        cards.values_list("goal_id")
        .annotate(
            open=Count("pk", filter=Q(done_at=None)),
            late=Count("pk", filter=late),
            done=Count("pk", filter=Q(done_at__isnull=False)),
        )
        .order_by()
    )
    worst: dict[int, list[MyCard]] = {}
    for card in listed(for_listing(cards.filter(late).order_by("due_on", "pk"))):
        worst.setdefault(card.goal_id or 0, []).append(card)
    return {
        goal_id: GoalWork(still_open, behind, done, worst.get(goal_id, [])[:SHOWN_LATE])
        for goal_id, still_open, behind, done in counted
    }


def _lines(**asked: object) -> Coalesce:
    """How many lines of the card's checklist fit; counted apart, so that no join multiplies."""
    lines = ChecklistItem.objects.filter(card=OuterRef("pk"), **asked).order_by()
    counted = lines.values("card").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _due(member: Membership, today: date) -> QuerySet[Card]:
    mine = live_cards(member.workspace).filter(assignee=member, done_at=None)
    return mine.filter(due_on__lte=today)


def _group(work: MyWork, due: Due) -> list[MyCard]:
    group: list[MyCard] = getattr(work, due.value)
    return group
