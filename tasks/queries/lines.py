"""Cards as lists for programs tell them: plain values, in a few queries however many cards."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, QuerySet

from tasks.models import Board, Card, CardLabel, CardPerson
from tasks.queries.dependencies import holding
from tasks.queries.faces import checklists_of
from workspaces.models import Membership, Workspace
from workspaces.models.people import name_shown
from workspaces.queries.events import newest_events

NEWEST = 200  # events; one that is committed late stands among them
Ids = QuerySet[Card, int] | Sequence[int]


class CardLine(NamedTuple):
    """The row of a card itself."""

    id: int
    number: int
    version: int
    title: str
    board_id: int
    column_id: int
    assignee_id: int | None
    start_on: date | None
    due_on: date | None
    estimate: Decimal | None
    priority: int
    goal_id: int | None
    cycle_id: int | None
    done_at: datetime | None
    values: dict[str, object]
    goal_title: str | None


@dataclass(frozen=True)
class Person:
    """A member by name."""

    id: int
    name: str
    email: str


@dataclass(frozen=True)
class LineLabel:
    """A label as it is told."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True)
class Hung:
    """What hangs on cards, by their ids; `checklists` holds (done, all), `people` is by member."""

    people: dict[int, Person]
    helpers: dict[int, list[Person]] = field(default_factory=dict)
    labels: dict[int, list[LineLabel]] = field(default_factory=dict)
    checklists: dict[int, tuple[int, int]] = field(default_factory=dict)
    held: frozenset[int] = frozenset()


def lines_of(cards: QuerySet[Card], *more: str) -> QuerySet[Card, tuple[object, ...]]:
    """The rows of cards, each to be made a CardLine, and `more` of each behind it; 1 query."""
    names = [name for name in CardLine._fields if name != "goal_title"]
    return cards.values_list(*names, F("goal__title"), *more)


def hung_on(workspace: Workspace, ids: Ids) -> Hung:
    """What hangs on the cards of these ids; 5 queries."""
    people = {
        pk: Person(pk, name_shown(name, email), email) for pk, name, email in _names(workspace)
    }
    return Hung(people, _helpers(ids, people), _labels(ids), checklists_of(ids), _held(ids))


def whole_lines(board: Board) -> tuple[list[CardLine], Hung]:
    """All cards that stand on the board, by column and place, and what hangs on them; 6 queries."""
    cards = Card.objects.filter(board=board, archived_at=None)
    rows = lines_of(cards.order_by("column__position", "position"))
    hung = hung_on(board.workspace, cards.order_by().values_list("pk", flat=True))
    return list(map(CardLine._make, rows)), hung


def stamp_of(board: Board) -> tuple[object, ...]:
    """Differs whenever a line of the board may differ; 2 queries.

    Every change of a workspace writes an event, but a person renames themselves without one.
    Read it before the cards: then it is never newer than they are.
    """
    return (board.pk, *newest_events(board.workspace, NEWEST), *_names(board.workspace))


def _names(workspace: Workspace) -> QuerySet[Membership, tuple[int, str, str]]:
    members = Membership.objects.filter(workspace=workspace).order_by("user__name", "pk")
    return members.values_list("pk", "user__name", "user__email")


def _helpers(ids: Ids, people: dict[int, Person]) -> dict[int, list[Person]]:
    on: dict[int, list[Person]] = defaultdict(list)
    found = CardPerson.objects.filter(card__in=ids, part=CardPerson.Part.HELPER)
    for card_id, member_id in found.order_by("member__user__name", "member_id").values_list(
        "card_id", "member_id"
    ):
        on[card_id].append(people[member_id])
    return on


def _labels(ids: Ids) -> dict[int, list[LineLabel]]:
    on: dict[int, list[LineLabel]] = defaultdict(list)
    known: dict[int, LineLabel] = {}
    found = CardLabel.objects.filter(card__in=ids).order_by("label__name", "label_id")
    rows = found.values_list("card_id", "label_id", "label__name", "label__colour")
    for card_id, label_id, name, colour in rows:
        on[card_id].append(known.setdefault(label_id, LineLabel(label_id, name, colour)))
    return on


def _held(ids: Ids) -> frozenset[int]:
    held = holding().filter(card__in=ids, card__done_at=None).order_by()
    return frozenset(held.values_list("card_id", flat=True))
