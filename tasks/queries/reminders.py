"""Whose cards are due, and who wants to know what happens to a card."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tasks.models import Card, CardPerson
from tasks.rules.reminders import LONGEST_OVERDUE, Step, step_of
from workspaces.rules.days import local_day

FARTHEST = timedelta(days=2)  # tomorrow, wherever somebody is
MOST = 5_000


@dataclass(frozen=True)
class Owed:
    """A card that its responsible is to be reminded of."""

    card: Card
    member_id: int
    due: date
    step: Step


def card_followers(card: Card) -> set[int]:
    """The members who are told what happens to a card; 1 query.

    They are who is responsible, who made it, who helps and who watches.
    """
    beside = CardPerson.objects.filter(card=card).values_list("member_id", flat=True)
    return {pk for pk in (card.assignee_id, card.created_by_id, *beside) if pk is not None}


def due_cards(at: datetime) -> list[Owed]:
    """The open cards of which somebody is to be reminded, each on their own local day; 1 query."""
    around = at.date()
    cards = (
        Card.objects.select_related("assignee__user", "board", "workspace")
        .filter(done_at=None, archived_at=None, board__archived_at=None)
        .filter(assignee__user__is_active=True)
        .filter(due_on__range=(around - LONGEST_OVERDUE - FARTHEST, around + FARTHEST))
        .order_by("workspace_id", "due_on", "pk")
    )
    found = []
    for card in cards[:MOST]:
        person = card.assignee
        if person is None or card.due_on is None:
            continue
        zone = person.user.timezone or card.workspace.timezone
        step = step_of(card.due_on, at=at, today=local_day(at, zone), zone=zone)
        if step is not None:
            found.append(Owed(card, person.pk, card.due_on, step))
    return found


def overtaken(ids: set[int]) -> set[int]:
    """Which of these cards are to be done no more; 1 query."""
    still = Card.objects.filter(pk__in=ids, done_at=None, archived_at=None, due_on__isnull=False)
    return ids - set(still.filter(board__archived_at=None).values_list("pk", flat=True))
