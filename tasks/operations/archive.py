"""What leaves a board together, as all that is done in a column; what leaves the trash."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from tasks.models import Board, Card, Column
from tasks.operations.blocking import turn
from tasks.operations.limits import refuse_if_full
from tasks.operations.telling import told
from tasks.verbs import CARD_ARCHIVED, CARD_DELETED, CARD_RESTORED
from workspaces.models import Membership
from workspaces.operations.recording import record_many
from workspaces.rules.errors import Refused
from workspaces.rules.verbs import Verb


@transaction.atomic
def archive_done(column: Column, *, by: Membership, at: datetime) -> int:
    """Archive every card of a column for what is done; how many. The same instant brings all back.

    What is done holds up nobody, so that nothing follows from it.
    """
    if not column.is_done:
        message = _("Only a column for what is done is emptied at once.")
        raise Refused(message, code="not_done", field="column")
    cards = _held(Card.objects.filter(column=column, archived_at=None))
    return len(_write(cards, CARD_ARCHIVED, column, archived_at=at, by=by, at=at))


@transaction.atomic
def restore_done(column: Column, *, archived_at: datetime, by: Membership, at: datetime) -> int:
    """Bring back what was archived together at that instant; how many."""
    gone = Card.objects.filter(column=column, archived_at=archived_at, trashed_at=None)
    cards = _held(gone)
    if cards:
        refuse_if_full(column, more=len(cards))
    back = _write(cards, CARD_RESTORED, column, archived_at=None, by=by, at=at)
    for card in back:
        if not card.is_done:  # the column has another meaning now
            turn(card, by=by, at=at)
    return len(back)


@transaction.atomic
def delete_cards(cards: Collection[Card], board: Board, *, by: Membership, at: datetime) -> int:
    """Delete for good those of the board's cards that are in the trash; how many.

    The log keeps their names; their files go when the folder is tidied.
    """
    ids = [card.pk for card in cards]
    gone = _held(Card.objects.filter(board=board, pk__in=ids, trashed_at__isnull=False))
    if len(gone) < len(set(ids)):
        message = _("Only what is in the trash can be deleted for good.")
        raise Refused(message, code="not_in_trash", field="cards")
    names = [(card, {"number": card.number, "title": card.title}) for card in gone]
    record_many(board.stream_id, CARD_DELETED, names, by=by, at=at)
    Card.objects.filter(pk__in=ids).delete()
    return len(gone)


def _held(cards: QuerySet[Card]) -> list[Card]:
    """The rows as they are now, which nobody else writes until the commit."""
    ids = list(cards.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return list(Card.objects.filter(pk__in=ids).select_related("board").order_by("position"))


def _write(
    cards: list[Card],
    verb: Verb,
    column: Column,
    *,
    archived_at: datetime | None,
    by: Membership,
    at: datetime,
) -> list[Card]:
    ids = [card.pk for card in cards]
    same = Card.objects.filter(column=column, pk__in=ids)
    same.update(archived_at=archived_at, version=F("version") + 1)
    for card in cards:
        card.version, card.archived_at = card.version + 1, archived_at
    events = [(card, told(card)) for card in cards]
    record_many(column.board.stream_id, verb, events, by=by, at=at)
    return cards
