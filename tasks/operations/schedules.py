"""Moving cards in time, together."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card
from tasks.operations.bulk import MOST_CARDS
from tasks.operations.edits import edit_card
from workspaces.models import Membership
from workspaces.rules.errors import Refused

MOST_DAYS = 3650


@transaction.atomic
def shift_cards(
    cards: Sequence[tuple[Card, int]], *, days: int, by: Membership, at: datetime
) -> list[Card]:
    """Move start and due of each card, given with the version that was seen; all of them or none.

    Stale, with the card as it is, where somebody else has moved one of them.
    """
    if not 0 < abs(days) <= MOST_DAYS:
        message = _("Say 1 to %(most)d days, forward or back.") % {"most": MOST_DAYS}
        raise Refused(message, code="out_of_range", field="days")
    if not 0 < len(cards) <= MOST_CARDS:
        message = _("At most %(count)d cards are changed at once.") % {"count": MOST_CARDS}
        raise Refused(message, code="too_many", field="cards")
    moved = []
    for card, version in sorted(cards, key=lambda pair: pair[0].pk):
        changes = {"start_on": _later(card.start_on, days), "due_on": _later(card.due_on, days)}
        moved.append(edit_card(card, version=version, changes=changes, by=by, at=at))
    return moved


def _later(day: date | None, days: int) -> date | None:
    """The day so much later; one that no calendar has is refused."""
    try:
        return day + timedelta(days=days) if day else None
    except OverflowError as error:
        message = _("This day is too far away.")
        raise Refused(message, code="out_of_range", field="days") from error
