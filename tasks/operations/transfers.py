"""Cards that go to another board, and cards that are put back where they stood."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.models import Card, Column
from tasks.operations.blocking import refuse_blocked, turn
from tasks.operations.contents import refuse_foreign
from tasks.operations.edits import stale
from tasks.operations.limits import (
    refuse_if_busy,
    refuse_if_full,
    refuse_if_lane_full,
    refuse_unready,
)
from tasks.operations.moves import leave_column, move_card
from tasks.operations.notices import notify_moved
from tasks.operations.places import Gone, Spot, stand
from tasks.operations.telling import tell_board_of, tell_card, told
from tasks.queries.boards import last_of
from tasks.rules.stood import Stood
from tasks.verbs import CARD_CAME, CARD_LEFT
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Refused, Stale


@transaction.atomic
def transfer_card(
    card: Card, *, to: Column, after: Card | None, version: int, by: Membership, at: datetime
) -> Card:
    """Put the card into a column of another board, below a card of it or first.

    The other board's rules and limits are asked; number, labels, values, comments and files stay.
    What one of its own board's fields says is kept, too, and shown again where the field is.
    """
    was = card.column
    if to.board_id == was.board_id:
        return move_card(card, to=to, after=after, version=version, by=by, at=at)
    refuse_foreign(card.workspace_id, to)
    if card.archived_at is not None or not card.board.is_open:
        raise Refused(_("An archived card does not move."), code="archived")
    if not to.board.is_open:
        raise Refused(_("This board is archived."), code="archived", field="to")
    _refuse_arrival(card, to)
    same = Card.objects.filter(
        pk=card.pk, placed_in__lte=version, version__gte=version, column=was, archived_at=None
    )
    changes = {
        "board": to.board,
        "column": to,
        "came_from": None,
        "done_at": (card.done_at or at) if to.is_done else None,
        "version": F("version") + 1,
        "placed_in": F("version") + 1,
        "column_since": at,
    }
    spot = Spot(Card.objects.filter(column=to), after.pk if after else None)
    try:
        moved = stand(spot, lambda key: same.update(position=key, **changes))
    except Gone as gone:
        message = _("The card above has moved meanwhile.")
        raise Stale(message, current=_as_it_is(card)) from gone
    now = _as_it_is(card)
    if not moved:
        raise stale(now)
    leave_column(card, was, at=at)
    _tell(card, now, by=by, at=at)
    if was.is_done != to.is_done:
        turn(now, by=by, at=at)
    return now


def _refuse_arrival(card: Card, to: Column) -> None:
    """Whether the other board takes this card, now."""
    refuse_if_full(to)
    refuse_unready(to, card)
    arriving = copy(card)
    arriving.board = to.board
    if to.is_done and not card.is_done:
        refuse_blocked(arriving)
    refuse_if_lane_full(to, card)
    if not to.is_done:
        refuse_if_busy(to.board, card.assignee, besides=card)


def _tell(was: Card, now: Card, *, by: Membership, at: datetime) -> None:
    """The board that it leaves hears of it, and the one to which it comes; who follows it, too."""
    left = {"number": now.number, "title": now.title, "board": now.board.name}
    tell_board_of(was.board, CARD_LEFT, now, by=by, at=at, **left)
    came = {**told(now), "board": was.board.name, "to": now.column.name}
    tell_card(CARD_CAME, now, by=by, at=at, **came)
    notify_moved(now, verb=CARD_CAME, was=was.board.name, to=now.column.name, by=by, at=at)


def put_back(
    places: Sequence[Stood], *, workspace: Workspace, by: Membership, at: datetime
) -> tuple[list[Card], list[str]]:
    """Put cards back where they stood, as far as that is there; those put back, and why others not.

    4 queries to find them, then each card by its own operation.
    """
    cards = Card.objects.filter(workspace=workspace, pk__in=[one.card for one in places])
    columns = Column.objects.filter(workspace=workspace, pk__in=[one.column for one in places])
    there = columns.select_related("board").in_bulk()
    held = cards.select_related("board", "column", "assignee__user").in_bulk()
    back, refused = [], []
    for one in places:
        card, to = held.get(one.card), there.get(one.column)
        if card is None or to is None:
            continue
        above = Card.objects.filter(pk=one.after, column=to).first() if one.after else None
        after = above or (last_of(to) if one.after else None)
        version = card.version
        try:
            with transaction.atomic():
                back.append(transfer_card(card, to=to, after=after, version=version, by=by, at=at))
        except (Refused, Stale) as refusal:
            refused.append(f"#{card.number}: {refusal.message}")
    return back, refused


def _as_it_is(card: Card) -> Card:
    return Card.objects.select_related("column", "board").get(pk=card.pk)
