"""Cards as a list: one board's or all of them, in any order, in groups; their number adds none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    F,
    OrderBy,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tasks.models import Board, Card, CardLabel, CustomField, ListChoice, Priority
from tasks.queries.cards import Extras, MyCard, extras_of, for_listing, listed, live_cards
from tasks.queries.cards import Value as Said
from tasks.queries.choices import DUE_WORDS
from tasks.queries.fields import AllBoards, fields_of
from tasks.queries.filters import due_within
from tasks.rules.due import Due, due_of
from tasks.rules.listing import Arranged, Group, Part, own_ids, parts_of
from workspaces.models import Membership

PAGE = 50
DUE_ORDER = tuple(Due)
DONE = len(DUE_ORDER)  # the rank of what is done, whenever it was due
NAME = Lower(Coalesce(NullIf("assignee__user__name", Value("")), "assignee__user__email"))
PLACE = ("board__opened_at", "board_id", "column__position", "position")
ORDERS: Mapping[Part, tuple[str | Combinable, ...]] = {
    Part.NUMBER: ("number",),
    Part.TITLE: (Lower("title"),),
    Part.BOARD: (Lower("board__name"), "board_id"),
    Part.COLUMN: PLACE,
    Part.ASSIGNEE: (NAME,),
    Part.DUE: ("due_on",),
    Part.START: ("start_on",),
    Part.PRIORITY: ("priority",),
    Part.ESTIMATE: ("estimate",),
    Part.LABELS: (Lower("label_name"),),
    Part.GOAL: (Lower("goal__title"), "goal_id"),
    Part.CHECKLIST: ("items_all", "items_done"),
}
GROUPS: Mapping[Group, tuple[str, tuple[str | Combinable, ...]]] = {
    Group.COLUMN: ("column_id", PLACE[:-1]),
    Group.ASSIGNEE: ("assignee_id", (NAME, "assignee_id")),
    Group.GOAL: ("goal_id", (Lower("goal__title"), "goal_id")),
    Group.LABEL: ("label_id", (Lower("label_name"), "label_id")),
    Group.PRIORITY: ("priority", ("priority",)),
    Group.DUE: ("due_rank", ("due_rank",)),
}


@dataclass(frozen=True)
class Order:
    """How a list is arranged, seen from a day of a workspace whose weeks begin somewhere."""

    arranged: Arranged
    today: date
    week_starts_on: int


@dataclass(frozen=True)
class Heading:
    """Where a group begins: what its cards have in common, and how many they are."""

    name: str
    count: int


@dataclass(frozen=True)
class ListRow:
    """A card as a list shows it; `opens` is the group that begins with it.

    `own` is what it says in each field of a team's own that the list shows.
    """

    card: MyCard
    extras: Extras
    opens: Heading | None = None
    own: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class CardList:
    """A page of a list: the columns that it shows, its rows, the page among the others."""

    parts: list[Part]
    rows: list[ListRow]
    page: "Page[Card]"

    @property
    def count(self) -> int:
        """How many cards are in the whole list."""
        return self.page.paginator.count


class _Pages(Paginator):  # type: ignore[type-arg]
    """Counts the plain cards: how many they are needs nothing that rows show."""

    def __init__(self, rows: QuerySet[Card], cards: QuerySet[Card]) -> None:
        super().__init__(rows, PAGE)
        self.cards = cards

    @cached_property
    def count(self) -> int:
        return self.cards.order_by().count()


def shown_parts(place: Board | AllBoards, member: Membership) -> list[Part]:
    """The columns that the member's list shows; 1 query."""
    rows = ListChoice.objects.filter(member=member, board=place.pk)
    chosen = rows.values_list("shows", flat=True).first()
    return parts_of(chosen, everywhere=place.pk is None)


def own_parts(
    place: Board | AllBoards, member: Membership, fields: Iterable[CustomField] | None = None
) -> list[CustomField]:
    """Those of the fields of a team's own that the member's list shows; 1 query, 2 without them."""
    rows = ListChoice.objects.filter(member=member, board=place.pk)
    chosen = set(own_ids(rows.values_list("shows", flat=True).first()))
    fields = fields_of(place) if fields is None else fields
    return [one for one in fields if one.pk in chosen]


def with_own(rows: list[ListRow], fields: Iterable[CustomField]) -> list[ListRow]:
    """The rows with what they say in these fields; 1 query where one of them is a person."""
    fields = list(fields)
    asked = {f"{one.pk}" for one in fields if one.kind == CustomField.Kind.PERSON}
    said = (row.card.values.get(name) for row in rows for name in asked)
    ids = {pk for pk in said if isinstance(pk, int)}
    people = Membership.objects.filter(pk__in=ids).select_related("user").in_bulk() if ids else {}
    return [replace(row, own=[_own(row.card, one, people) for one in fields]) for row in rows]


def _own(card: MyCard, one: CustomField, people: Mapping[int, Membership]) -> Said:
    value = card.values.get(str(one.pk))
    person = people.get(value) if isinstance(value, int) else None
    return Said(one, value, person)


def cards_on(place: Board | AllBoards) -> QuerySet[Card]:
    """The cards of a board that are not archived, or of all open boards."""
    if place.pk is None:
        return live_cards(place.workspace)
    return Card.objects.filter(board=place.pk, archived_at=None)


def card_list(
    cards: QuerySet[Card], order: Order, *, parts: list[Part], number: object
) -> CardList:
    """One page of the cards; 4 queries, one more for groups."""
    page = _Pages(in_order(for_listing(cards), order), cards).get_page(str(number or 1))
    rows = _rows(list(page.object_list))
    return CardList(parts, _grouped(rows, cards, order) if order.arranged.group else rows, page)


def list_row(card: Card) -> ListRow:
    """One card as a list shows it; 3 queries."""
    return _rows(list(for_listing(Card.objects.filter(pk=card.pk))))[0]


def in_order(cards: QuerySet[Card], order: Order) -> QuerySet[Card]:
    """The cards of `for_listing` in that order, always the same; what says nothing is last."""
    arranged = order.arranged
    found = _keyed(cards, order)
    if arranged.group == Group.LABEL or arranged.sort == Part.LABELS:
        found = found.annotate(label_name=_first_label("label__name"))
    by = _by(ORDERS[arranged.sort], descending=arranged.descending)
    if arranged.group:
        urgent_first = arranged.group == Group.PRIORITY
        by = [*_by(GROUPS[arranged.group][1], descending=urgent_first), *by]
    return found.order_by(*by, "pk")


def _rows(cards: list[Card]) -> list[ListRow]:
    extras = extras_of([card.pk for card in cards])
    return [ListRow(card, extras[card.id]) for card in listed(cards)]


def _by(words: tuple[str | Combinable, ...], *, descending: bool) -> list[OrderBy]:
    values = (F(word) if isinstance(word, str) else word for word in words)
    return [
        OrderBy(value, descending=descending, nulls_last=True)  # type: ignore[arg-type]
        for value in values
    ]


def _keyed(cards: QuerySet[Card], order: Order) -> QuerySet[Card]:
    """The cards with the key of their group, where that is no field of theirs."""
    if order.arranged.group == Group.LABEL:
        return cards.annotate(label_id=_first_label("label_id"))
    if order.arranged.group == Group.DUE:
        spans = [
            When(due_within(due, order.today, order.week_starts_on), then=Value(rank))
            for rank, due in enumerate(DUE_ORDER)
        ]
        done = When(done_at__isnull=False, then=Value(DONE))
        return cards.annotate(due_rank=Case(done, *spans))
    return cards


def _first_label(field: str) -> Subquery:
    """Of the first label by name: under that stands a card of several."""
    on = CardLabel.objects.filter(card=OuterRef("pk")).order_by("label__name", "label_id")
    return Subquery(on.values(field)[:1])


def _grouped(rows: list[ListRow], cards: QuerySet[Card], order: Order) -> list[ListRow]:
    """The rows, of which the first of each group opens it; 1 query, which counts the groups."""
    keys = _keyed(cards, order).order_by().values_list(GROUPS[order.arranged.group][0])
    counts = dict(keys.annotate(count=Count("pk")))
    found: list[ListRow] = []
    last: object = rows
    for row in rows:
        key, name = _group_of(row, order)
        opens = None if key == last else Heading(name, counts.get(key, 0))
        found.append(replace(row, opens=opens))
        last = key
    return found


def _group_of(row: ListRow, order: Order) -> tuple[object, str]:
    """The key of the group that a row is in, and its name."""
    card, group = row.card, order.arranged.group
    if group == Group.COLUMN:
        return card.column_id, card.column_name
    if group == Group.PRIORITY:
        word = Priority(card.priority).label if card.priority else _("No priority")
        return card.priority, str(word)
    return _due_group(card, order) if group == Group.DUE else _named_group(row, group)


def _named_group(row: ListRow, group: Group) -> tuple[object, str]:
    """The same where the group is a row of its own, or nothing."""
    who, label = row.card.assignee, next(iter(row.extras.labels), None)
    if group == Group.ASSIGNEE:
        return (who.pk, who.user.display_name) if who else (None, pgettext("MOps", "Nobody"))
    if group == Group.LABEL:
        return (label.pk, label.name) if label else (None, _("No label"))
    return row.card.goal_id, row.card.goal_title or _("No goal")


def _due_group(card: MyCard, order: Order) -> tuple[int, str]:
    if card.done_at is not None:
        return DONE, pgettext("MOps", "Done")
    due = due_of(card.due_on, today=order.today, week_starts_on=order.week_starts_on)
    return DUE_ORDER.index(due), str(DUE_WORDS[due.value])
