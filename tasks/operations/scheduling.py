"""Giving a card another day."""

from datetime import date, datetime

from django.db import transaction

from tasks.models import Card
from tasks.operations.edits import edit_card, hold
from tasks.rules.months import moved
from workspaces.models import Membership


@transaction.atomic
def reschedule_card(
    card: Card, *, due_on: date | None, version: int, by: Membership, at: datetime
) -> Card:
    """Let the card be due on another day, or on none; its start moves along where both are set."""
    now = hold(card)
    start_on, due_on = moved(now.start_on, now.due_on, due_on)
    changes = {"due_on": due_on, **({"start_on": start_on} if start_on != now.start_on else {})}
    return edit_card(now, version=version, changes=changes, by=by, at=at)
