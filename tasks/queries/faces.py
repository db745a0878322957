"""Cards as a board shows them: their rows, and what hangs on them; their number adds no query."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from tasks.models import Board, Card, CardLabel, CardPerson, ChecklistItem, CustomField, Label
from tasks.queries.approvals import approvals_on
from tasks.queries.attachments import attachments_on
from tasks.queries.comments import comments_on
from tasks.queries.dependencies import holding
from tasks.queries.fields import fields_of
from tasks.rules.faces import Part, parts_shown
from workspaces.models import Membership
from workspaces.queries.people import members_of


class CardRow(NamedTuple):
    """A card as a board shows it: plain values, no model."""

    id: int
    number: int
    title: str
    column_id: int
    position: str
    version: int
    assignee_id: int | None
    priority: int
    estimate: Decimal | None
    due_on: date | None
    done_at: datetime | None
    column_since: datetime
    values: dict[str, object]
    series_id: int | None
    goal_id: int | None
    goal_title: str | None


@dataclass(frozen=True)
class Marks:
    """What hangs on some cards, by their ids; a part that the board hides is not fetched.

    `checklists` holds (done, all), `labels` labels by name, `helpers` ids of members. `blocked`
    says what a card waits for, `talk` how many comments and attachments it has, `approvals`
    how many have approved it of how many who must, where that is awaited.
    """

    shown: frozenset[Part]
    checklists: dict[int, tuple[int, int]]
    labels: dict[int, list[Label]]
    helpers: dict[int, list[int]]
    members: dict[int, Membership]
    fields: list[CustomField]
    blocked: Mapping[int, object] = field(default_factory=dict)
    talk: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    approvals: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class SomeCards:
    """A few cards of a board, in the order of their columns and places, and those not there.

    `lanes` are the keys of the swimlanes that they stand in, where the board is asked for by them.
    """

    board: Board
    rows: list[CardRow]
    gone: list[int]
    marks: Marks
    today: date
    lanes: Mapping[int, str] = field(default_factory=dict)


def rows_of(cards: QuerySet[Card]) -> list[CardRow]:
    """The cards as plain rows, by column and place; 1 query."""
    names = [name for name in CardRow._fields if name != "goal_title"]
    found = cards.order_by("column_id", "position").values_list(*names, F("goal__title"))
    return list(map(CardRow._make, found))


def rows_with(cards: QuerySet[Card], name: str) -> list[tuple[CardRow, Any]]:
    """The same, each with an annotation of the query; 1 query."""
    names = [name for name in CardRow._fields if name != "goal_title"]
    found = cards.order_by("column_id", "position").values_list(*names, F("goal__title"), name)
    return [(CardRow._make(values[:-1]), values[-1]) for values in found]


def marks_of(board: Board, card_ids: Collection[int]) -> Marks:
    """What hangs on these cards of the board; at most 9 queries."""
    shown = parts_shown(board.hides)
    return Marks(
        shown=shown,
        checklists=checklists_of(card_ids) if Part.CHECKLIST in shown else {},
        labels=_labels(card_ids) if Part.LABELS in shown else {},
        helpers=_helpers(card_ids) if Part.PEOPLE in shown else {},
        members={member.pk: member for member in members_of(board.workspace)},
        fields=list(fields_of(board).filter(on_card=True)) if Part.FIELDS in shown else [],
        blocked=_blocked(card_ids),
        talk=_talk(card_ids),
        approvals=approvals_on(card_ids),
    )


def some_cards(board: Board, ids: Collection[int], today: date, only: Q | None = None) -> SomeCards:
    """The cards of these ids that stand on the board and fit `only`; 10 queries."""
    cards = Card.objects.filter(board=board, archived_at=None, pk__in=ids)
    rows = rows_of(cards if only is None else cards.filter(only))
    there = {row.id for row in rows}
    return SomeCards(
        board=board,
        rows=rows,
        gone=[pk for pk in ids if pk not in there],
        marks=marks_of(board, there),
        today=today,
    )


def _blocked(card_ids: Collection[int]) -> dict[int, int]:
    """How many things hold up each of the cards that is held up; 1 query."""
    held = holding().filter(card__in=card_ids, card__done_at=None).order_by()
    return dict(held.values_list("card_id").annotate(count=Count("pk")))


def _talk(card_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many comments and attachments each card has that has any; 2 queries."""
    said, files = comments_on(card_ids), attachments_on(card_ids)
    return {pk: (said.get(pk, 0), files.get(pk, 0)) for pk in said.keys() | files.keys()}


def checklists_of(
    card_ids: Collection[int] | QuerySet[Card, int],
) -> dict[int, tuple[int, int]]:
    """How many lines are ticked of how many, for each card that has any; 1 query."""
    items = ChecklistItem.objects.filter(card__in=card_ids).order_by()
    found = items.values_list("card_id").annotate(done=Count("done_at"), every=Count("pk"))
    return {card_id: (done, every) for card_id, done, every in found}


def _labels(card_ids: Collection[int]) -> dict[int, list[Label]]:
    on: dict[int, list[Label]] = defaultdict(list)
    found = CardLabel.objects.filter(card__in=card_ids).select_related("label")
    for one in found.order_by("label__name", "label_id"):
        on[one.card_id].append(one.label)
    return on


def _helpers(card_ids: Collection[int]) -> dict[int, list[int]]:
    on: dict[int, list[int]] = defaultdict(list)
    found = CardPerson.objects.filter(card__in=card_ids, part=CardPerson.Part.HELPER)
    for card_id, member_id in found.order_by("pk").values_list("card_id", "member_id"):
        on[card_id].append(member_id)
    return on
