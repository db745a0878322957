"""Beginning a cycle, closing it with what is not done, taking it up again."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from tasks.models import Card, Cycle, CycleCard
from tasks.models.cycles import NOTES_LENGTH
from tasks.operations.cycle_cards import enter_cycle, held_cards, shift
from tasks.operations.cycles import CycleDraft, hold_cycle, open_cycle
from tasks.rules.cycles import Outcome
from tasks.verbs import CYCLE_BEGUN, CYCLE_CLOSED, CYCLE_REOPENED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused

FROZEN = ["outcome", "hours", "done_at", "left_at", "number", "title"]


class Rest(StrEnum):
    """What becomes of the cards that are not done when a cycle is closed."""

    CARRY = "carry"
    LEAVE = "leave"


@transaction.atomic
def begin_cycle(cycle: Cycle, *, version: int, by: Membership, at: datetime) -> Cycle:
    """What is in it now is planned; one cycle of a board runs at a time."""
    now = hold_cycle(cycle, version)
    if now.begun_at is not None:
        return now
    running = _beside(now).filter(begun_at__isnull=False, closed_at=None).first()
    if running is not None:
        message = _("“%(cycle)s” is still running: close it first.") % {"cycle": running.name}
        raise Refused(message, code="running")
    estimate = Card.objects.filter(pk=OuterRef("card_id")).values("estimate")
    now.cards.update(planned_hours=Subquery(estimate))
    now.begun_at, now.version = at, now.version + 1
    now.save(update_fields=["begun_at", "version"])
    count = now.cards.filter(left_at=None).count()
    record(CYCLE_BEGUN, now, by=by, at=at, name=now.name, count=count)
    return now


@transaction.atomic
def close_cycle(
    cycle: Cycle, *, rest: str, notes: str | None = None, version: int, by: Membership, at: datetime
) -> Cycle:
    """Freeze what became of its cards; what is not done goes to the next cycle, or out of any.

    The next is the first planned one after it; where there is none, one of as many weeks is made.
    """
    if rest not in set(Rest):
        raise Refused(_("Say what becomes of the rest."), code="invalid_choice", field="rest")
    refuse_long(NOTES_LENGTH, notes=notes or "")
    following = _following(cycle)
    _hold_both(cycle, following)
    now = hold_cycle(cycle, version)
    if not now.is_running:
        raise Refused(_("Only a cycle that is running is closed."), code="not_running")
    rows = list(now.cards.filter(left_at=None))
    cards = held_cards(row.card_id for row in rows)
    rest_of = [card for card in cards.values() if card.done_at is None and card.archived_at is None]
    if rest == Rest.CARRY and rest_of:
        now.carried_to = _next(now, following, by=by, at=at)
    freeze(rows, cards, carried=now.carried_to is not None)
    _carry(now, rest_of, by=by, at=at)
    now.closed_at, now.closed_by, now.version = at, by, now.version + 1
    if notes is not None:
        now.notes = notes.strip()
    now.save(update_fields=["closed_at", "closed_by", "notes", "carried_to", "version"])
    done = sum(row.outcome == Outcome.DONE for row in rows)
    record(CYCLE_CLOSED, now, by=by, at=at, name=now.name, done=done, open=len(rest_of))
    return now


@transaction.atomic
def reopen_cycle(cycle: Cycle, *, version: int, by: Membership, at: datetime) -> Cycle:
    """Take back that it was closed, until another has begun: its cards return.

    A card that has gone elsewhere meanwhile stays there.
    """
    _hold_both(cycle, cycle.carried_to)
    now = hold_cycle(cycle, version)
    if now.closed_at is None:
        return now
    later = Q(begun_at__gt=now.begun_at) | Q(closed_at=None, begun_at__isnull=False)
    begun = _beside(now).filter(later).first()
    if begun is not None:
        message = _("“%(cycle)s” has begun since.") % {"cycle": begun.name}
        raise Refused(message, code="begun")
    rows = list(now.cards.filter(left_at=None))
    cards, back = held_cards(row.card_id for row in rows), []
    for row in rows:
        card = cards.get(row.card_id or 0)
        if row.outcome != Outcome.DONE and card is not None:
            returns = card.cycle_id == now.carried_to_id
            back += [card] if returns else []
            row.left_at = None if returns else now.closed_at
        row.outcome, row.done_at, row.hours = "", None, None
    CycleCard.objects.bulk_update(rows, FROZEN, batch_size=200)
    if now.carried_to is not None:
        CycleCard.objects.filter(cycle=now.carried_to, card__in=back).delete()
    shift(back, now, by=by, at=at)
    now.closed_at, now.closed_by, now.carried_to = None, None, None
    now.version += 1
    now.save(update_fields=["closed_at", "closed_by", "carried_to", "version"])
    record(CYCLE_REOPENED, now, by=by, at=at, name=now.name)
    return now


def freeze(rows: Collection[CycleCard], cards: Mapping[int, Card], *, carried: bool) -> None:
    """Write on each row what its card is now; one that was put away undone has left the cycle."""
    for row in rows:
        card = cards.get(row.card_id or 0)
        if card is None:
            continue
        row.number, row.title = card.number, card.title
        row.hours, row.done_at = card.estimate, card.done_at
        if card.trashed_at is not None or (card.archived_at is not None and card.done_at is None):
            row.left_at = card.archived_at
        elif card.done_at is not None:
            row.outcome = Outcome.DONE
        else:
            row.outcome = Outcome.CARRIED if carried else Outcome.LEFT
    CycleCard.objects.bulk_update(rows, FROZEN, batch_size=200)


def _carry(cycle: Cycle, cards: Iterable[Card], *, by: Membership, at: datetime) -> None:
    """Put the cards that are not done into the cycle that follows, or out of any."""
    moved = list(cards)
    shift(moved, cycle.carried_to, by=by, at=at)
    if cycle.carried_to is None:
        return
    for card in moved:
        enter_cycle(card, cycle.carried_to, at=at)
    ours = CycleCard.objects.filter(cycle=cycle.carried_to, card__in=moved)
    ours.update(carried_from=cycle)


def _beside(cycle: Cycle) -> QuerySet[Cycle]:
    """The other cycles of the same board, or of all boards."""
    same = Cycle.objects.filter(workspace_id=cycle.workspace_id, board=cycle.board)
    return same.exclude(pk=cycle.pk)


def _following(cycle: Cycle) -> Cycle | None:
    planned = _beside(cycle).filter(starts_on__gt=cycle.starts_on, begun_at=None, closed_at=None)
    return planned.order_by("starts_on").first()


def _hold_both(one: Cycle, two: Cycle | None) -> None:
    """Hold two cycles in one order, so that two who close them do not wait for each other."""
    ids = [cycle.pk for cycle in (one, two) if cycle is not None]
    list(Cycle.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _next(cycle: Cycle, following: Cycle | None, *, by: Membership, at: datetime) -> Cycle:
    """The planned cycle after this one, or a new one that begins as this one ends."""
    if following is not None and Cycle.objects.filter(pk=following.pk).exists():
        return following
    latest = _beside(cycle).order_by("-ends_on").first()
    last = max(cycle.ends_on, latest.ends_on) if latest else cycle.ends_on
    number = _beside(cycle).count() + 2
    draft = CycleDraft(
        name=_("Cycle %(number)d") % {"number": number},
        starts_on=last + timedelta(days=1),
        weeks=cycle.weeks,
        capacity=cycle.capacity,
        card_capacity=cycle.card_capacity,
    )
    return open_cycle(cycle.workspace, cycle.board, draft=draft, by=by, at=at)
