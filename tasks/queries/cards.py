"""Cards outside their board: one card's page, my work, the work of goals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from goals.models import Goal
from tasks.models import (
    Blocking,
    Card,
    CardLabel,
    CardLink,
    CardPerson,
    ChecklistItem,
    Column,
    CustomField,
    Label,
)
from tasks.queries.boards import columns_of
from tasks.queries.dependencies import held_by, holds
from tasks.queries.fields import fields_of
from tasks.rules.due import Due, due_of
from tasks.verbs import COMMENT_SIGNED
from workspaces.models import Membership, Workspace
from workspaces.queries.events import Told, events_of
from workspaces.queries.people import members_of

SUBJECT = "tasks.card"
CLOCK = "clock__promise__sla"
PEOPLE = ("assignee__user", "reports_to__user")
HISTORY = 15
UNTOLD = (COMMENT_SIGNED.name,)  # many, and seen on the comments themselves
RECENTLY_DONE = 10
SHOWN_LATE = 5


@dataclass(frozen=True)
class MyCard:
    """A card as lists of work show it; `held` says how many things hold it up."""

    id: int
    number: int
    title: str
    version: int
    start_on: date | None
    due_on: date | None
    estimate: Decimal | None
    priority: int
    values: dict[str, object]
    done_at: datetime | None
    board_id: int
    board_name: str
    column_id: int
    column_name: str
    goal_id: int | None
    goal_title: str
    cycle_id: int | None
    stakeholder: str
    assignee: Membership | None
    items_done: int
    items: int
    held: int


@dataclass(frozen=True)
class HeldCard:
    """A card that is held up, and by what."""

    card: MyCard
    by: list[Blocking]


@dataclass(frozen=True)
class MyWork:
    """One member's cards by when they are due, those held up apart, and what was done last."""

    overdue: list[MyCard] = field(default_factory=list)
    today: list[MyCard] = field(default_factory=list)
    this_week: list[MyCard] = field(default_factory=list)
    later: list[MyCard] = field(default_factory=list)
    no_date: list[MyCard] = field(default_factory=list)
    blocked: list[HeldCard] = field(default_factory=list)
    done: list[MyCard] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many cards wait."""
        groups = (self.overdue, self.today, self.this_week, self.later, self.no_date)
        return sum(len(group) for group in groups) + len(self.blocked)

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
class Extras:
    """What hangs on a card: labels and people by name."""

    labels: list[Label] = field(default_factory=list)
    helpers: list[Membership] = field(default_factory=list)
    watchers: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class WholeCard:
    """One card as the API tells it."""

    card: Card
    items: list[ChecklistItem]
    extras: Extras
    held: int


@dataclass(frozen=True)
class Value:
    """What a card says in a custom field; `person` is who a PERSON is."""

    field: CustomField
    value: object
    person: Membership | None = None

    @property
    def day(self) -> date:
        """The value of a DAY."""
        return date.fromisoformat(str(self.value))

    @property
    def number(self) -> Decimal:
        """The value of a NUMBER."""
        return Decimal(str(self.value))


@dataclass(frozen=True)
class CardPage:
    """One card with everything around it."""

    card: Card
    columns: list[Column]
    items: list[ChecklistItem]
    history: list[Told]
    extras: Extras
    values: list[Value]
    members: list[Membership]
    watches: bool

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
        items_done=_lines(done_at__isnull=False), items_all=_lines(), held=holds()
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
            start_on=card.start_on,
            due_on=card.due_on,
            estimate=card.estimate,
            priority=card.priority,
            values=card.values,
            done_at=card.done_at,
            board_id=card.board_id,
            board_name=card.board.name,
            column_id=card.column_id,
            column_name=card.column.name,
            goal_id=card.goal_id,
            goal_title=goal.title if goal else "",
            cycle_id=card.cycle_id,
            stakeholder=goal.stakeholder.name if goal and goal.stakeholder else "",
            assignee=card.assignee,
            items_done=card.items_done,  # type: ignore[attr-defined]
            items=card.items_all,  # type: ignore[attr-defined]
            held=card.held,  # type: ignore[attr-defined]
        )


def card_page(card_id: int, reader: Membership) -> CardPage:
    """What the page of one card shows its reader; 9 queries, one more where fields name people."""
    related = ("board", "column", "goal", *PEOPLE, "assignee__reports_to__user", CLOCK, "cycle")
    card = Card.objects.select_related(*related, "created_by__user").get(pk=card_id)
    extras = extras_of([card.pk])[card.pk]
    return CardPage(
        card=card,
        columns=list(columns_of(card.board)),
        items=list(items_of(card)),
        history=events_of(card.workspace, SUBJECT, card.pk, HISTORY, besides=UNTOLD),
        extras=extras,
        values=values_of(card),
        members=list(members_of(card.workspace)),
        watches=reader in extras.watchers,
    )


def whole_card(card_id: int) -> WholeCard:
    """One card, its checklist and what hangs on it; 4 queries."""
    rows = Card.objects.select_related("goal", *PEOPLE, CLOCK).annotate(held=holds())
    card = rows.get(pk=card_id)
    return WholeCard(card, list(items_of(card)), extras_of([card.pk])[card.pk], card.held)


def extras_of(card_ids: Iterable[int]) -> dict[int, Extras]:
    """Labels and people of cards, by name; 2 queries, however many cards."""
    found = {pk: Extras() for pk in card_ids}
    labels = CardLabel.objects.filter(card_id__in=found).select_related("label")
    for one in labels.order_by("label__name", "label_id"):
        found[one.card_id].labels.append(one.label)
    people = CardPerson.objects.filter(card_id__in=found).select_related("member__user")
    for person in people.order_by("member__user__name", "member_id"):
        extras = found[person.card_id]
        helps = person.part == CardPerson.Part.HELPER
        (extras.helpers if helps else extras.watchers).append(person.member)
    return found


def values_of(card: Card) -> list[Value]:
    """What the card says in the custom fields of its board; 1 query, 2 where one is a person."""
    fields = list(fields_of(card.board))
    said = {field: card.values.get(str(field.pk)) for field in fields}
    ids = {pk for field, pk in said.items() if field.kind == CustomField.Kind.PERSON and pk}
    people = Membership.objects.filter(pk__in=ids).select_related("user").in_bulk() if ids else {}
    return [
        Value(field, value, people.get(value) if field.kind == CustomField.Kind.PERSON else None)
        for field, value in said.items()
    ]


def items_of(card: Card) -> QuerySet[ChecklistItem]:
    """The checklist from top to bottom."""
    return card.items.select_related("done_by__user", "assignee__user").order_by("position")


def my_cards(member: Membership, today: date) -> MyWork:
    """The member's cards by due day, soonest first, and the last ones done; 3 queries."""
    work = MyWork()
    mine = live_cards(member.workspace).filter(assignee=member)
    waiting = list(listed(for_listing(mine.filter(done_at=None).order_by("due_on", "pk"))))
    held = held_by(card.id for card in waiting if card.held)
    work.blocked.extend(HeldCard(card, held[card.id]) for card in waiting if card.id in held)
    for card in waiting:
        if card.id in held:
            continue
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
    """Open, late and done cards of each goal that has any; 3 queries.

    A card counts for its own goal and for those that it is linked to as driving them, for each
    once.
    """
    ids = list(goal_ids)
    late = Q(done_at=None, due_on__lt=today)
    live = live_cards(workspace)
    own = live.filter(goal_id__in=ids).values_list("goal_id").order_by()
    counted = own.annotate(
        open=Count("pk", filter=Q(done_at=None)),
        late=Count("pk", filter=late),
        done=Count("pk", filter=Q(done_at__isnull=False)),
    )
    work = {goal_id: GoalWork(still, behind, done, []) for goal_id, still, behind, done in counted}
    driven: dict[int, list[int]] = {}
    for goal_id, card_id, done_at, due_on in _driven(workspace, ids):
        behind = done_at is None and due_on is not None and due_on < today
        been = work.get(goal_id, GoalWork(0, 0, 0, []))
        work[goal_id] = replace(
            been,
            open=been.open + (done_at is None),
            late=been.late + behind,
            done=been.done + (done_at is not None),
        )
        driven.setdefault(card_id, []).append(goal_id)
    named = live.filter(late).filter(Q(goal_id__in=ids) | Q(pk__in=driven))
    for card in listed(for_listing(named.order_by("due_on", "pk"))):
        for goal_id in {card.goal_id, *driven.get(card.id, ())} & work.keys():
            if len(work[goal_id].late_cards) < SHOWN_LATE:
                work[goal_id].late_cards.append(card)
    return work


def _driven(
    workspace: Workspace, goal_ids: list[int]
) -> "QuerySet[CardLink, tuple[int, int, datetime | None, date | None]]":
    """(goal, card, done, due) of live cards that drive one of these goals beside their own."""
    links = CardLink.objects.filter(workspace=workspace, goal__in=goal_ids)
    live = links.filter(card__archived_at=None, card__board__archived_at=None)
    other = live.filter(part=CardLink.Part.DRIVES).exclude(card__goal=F("goal"))
    return other.order_by("pk").values_list("goal_id", "card_id", "card__done_at", "card__due_on")


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
