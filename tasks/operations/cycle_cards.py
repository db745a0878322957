"""Taking cards into a cycle and out of it. A cycle is held before its cards, never after them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tasks.models import Card, Cycle, CycleCard
from tasks.operations.telling import tell_card, told
from tasks.rules.merging import touch
from tasks.verbs import CARD_CARRIED
from workspaces.models import Membership
from workspaces.rules.errors import Refused


def held_cycle(cycle: Cycle | None) -> Cycle | None:
    """The cycle as it is now, which nobody closes until the commit; None if it is gone."""
    if cycle is None:
        return None
    return Cycle.objects.select_for_update(no_key=True).filter(pk=cycle.pk).first()


def refuse_cycle(cycle: Cycle, board_id: int) -> None:
    """A card goes into an open cycle of its own board, or into one of all boards."""
    if cycle.closed_at is not None:
        message = _("“%(cycle)s” is closed: choose a cycle that is not.") % {"cycle": cycle.name}
        raise Refused(message, code="closed", field="cycle")
    if cycle.board_id not in {None, board_id}:
        message = _("“%(cycle)s” is a cycle of another board.") % {"cycle": cycle.name}
        raise Refused(message, code="other_board", field="cycle")


def change_cycle_of(card: Card, *, was: Cycle | None, at: datetime) -> None:
    """Write down that the held card, whose cycle is another now, has left one for the other."""
    if card.cycle is not None:
        refuse_cycle(card.cycle, card.board_id)
    if was is not None:
        leave_cycle(card, was, at=at)
    if card.cycle is not None:
        enter_cycle(card, card.cycle, at=at)


def enter_cycle(card: Card, cycle: Cycle, *, at: datetime) -> None:
    """The card is in the cycle from now on; one that comes back was there all the time."""
    back = CycleCard.objects.filter(cycle=cycle, card=card).update(left_at=None)
    if not back:
        CycleCard.objects.create(
            workspace_id=card.workspace_id,
            cycle=cycle,
            card=card,
            came_at=at,
            planned_hours=card.estimate,
        )


def leave_cycle(card: Card, cycle: Cycle, *, at: datetime) -> None:
    """The card is in the cycle no longer; a plan keeps no trace of it, nor does what is closed."""
    if cycle.closed_at is not None:
        return
    row = CycleCard.objects.filter(cycle=cycle, card=card, left_at=None)
    if cycle.begun_at is None:
        row.delete()
    else:
        row.update(left_at=at)


def held_cards(ids: Iterable[int | None]) -> dict[int, Card]:
    """These cards as they are now, which nobody else writes until the commit; 2 queries."""
    wanted = sorted({pk for pk in ids if pk is not None})
    locked = Card.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = [card.pk for card in locked]
    return Card.objects.select_related("board").in_bulk(found)


def shift(cards: Iterable[Card], to: Cycle | None, *, by: Membership, at: datetime) -> None:
    """Give held cards another cycle, each as its next version."""
    moved = list(cards)
    for card in moved:
        card.cycle, card.version = to, card.version + 1
        card.touched = touch(card.touched, ["cycle"], card.version)
    Card.objects.bulk_update(moved, ["cycle", "version", "touched"], batch_size=200)
    where = {"to": to.name} if to else {"state": "nowhere"}
    for card in moved:
        tell_card(CARD_CARRIED, card, by=by, at=at, **told(card), **where)
