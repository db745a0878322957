"""Where a card stands: moving it, ticking it off."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from tasks.models import Card, Column, Stay
from tasks.operations.blocking import refuse_blocked, turn
from tasks.operations.edits import stale
from tasks.operations.limits import (
    refuse_if_busy,
    refuse_if_full,
    refuse_if_lane_full,
    refuse_unready,
)
from tasks.operations.notices import notify_moved
from tasks.operations.places import Gone, Spot, stand
from tasks.operations.telling import tell_card, told
from tasks.verbs import CARD_DONE, CARD_MOVED, CARD_PLACED, CARD_REOPENED
from workspaces.models import Membership
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.verbs import Verb


@transaction.atomic
def move_card(
    card: Card, *, to: Column, after: Card | None, version: int, by: Membership, at: datetime
) -> Card:
    """Put the card right below another card or first, if it stands where the mover saw it.

    What else was changed on it since `version` does not matter. Stale, with the card as it is, if
    somebody has moved it, or the card to stand below.
    """
    was = card.column
    _check_move(card, to, after)
    siblings = Card.objects.filter(column=to).exclude(pk=card.pk)
    same = Card.objects.filter(
        pk=card.pk, placed_in__lte=version, version__gte=version, column=was, archived_at=None
    )
    changes = {
        "column": to,
        **_doneness(card, to, at),
        "version": F("version") + 1,
        "placed_in": F("version") + 1,
    }
    if to.pk != was.pk:
        changes["column_since"] = at
    try:
        moved = stand(
            Spot(siblings, after.pk if after else None),
            lambda key: same.update(position=key, **changes),
        )
    except Gone as gone:
        now = _as_it_is(card)
        raise Stale(_("The card above has moved meanwhile."), current=now) from gone
    now = _as_it_is(card)
    if not moved:
        raise stale(now)
    if to.pk != was.pk:
        leave_column(card, was, at=at)
    verb = _verb(was, to)
    places = {"was": was.name, "to": to.name, "left": was.pk, "column": to.pk}
    tell_card(verb, now, by=by, at=at, **told(now), **places)
    notify_moved(now, verb=verb, was=was.name, to=to.name, by=by, at=at)
    if was.is_done != to.is_done:
        turn(now, by=by, at=at)
    return now


@transaction.atomic
def tick_card(
    card: Card, *, done: bool, version: int | None = None, by: Membership, at: datetime
) -> Card:
    """Tick a card off, or take the tick back; what is so already stays so, whatever the version.

    Done is the board's first done column; back is where it came from, else the first other column.
    """
    if card.is_done == done:
        return card
    to = _done_column(card) if done else _open_column(card)
    return move_card(card, to=to, after=None, version=version or card.version, by=by, at=at)


def _check_move(card: Card, to: Column, after: Card | None) -> None:
    """Whether this card can stand there at all, and whether the column takes it now."""
    if card.archived_at is not None or not card.board.is_open:
        raise Refused(_("An archived card does not move."), code="archived")
    if to.board_id != card.board_id:
        raise Refused(_("A card moves only on its own board."), code="other_board", field="to")
    if after is not None and after.pk == card.pk:
        raise Refused(_("A card cannot stand below itself."), code="itself", field="after")
    if to.pk != card.column_id:
        _refuse_arrival(card, to)


def leave_column(card: Card, was: Column, *, at: datetime) -> None:
    """Keep how long the card stood in a column; `card` is the row from before it left."""
    Stay.objects.create(
        workspace_id=card.workspace_id,
        card=card,
        column=was,
        column_name=was.name,
        came_at=card.column_since,
        left_at=at,
    )


def _refuse_arrival(card: Card, to: Column) -> None:
    """Whether the column takes this card, now."""
    refuse_if_full(to)
    refuse_unready(to, card)
    if to.is_done and not card.is_done:
        refuse_blocked(card)
    refuse_if_lane_full(to, card)
    if card.is_done and not to.is_done:
        refuse_if_busy(to.board, card.assignee, besides=card)


def _doneness(card: Card, to: Column, at: datetime) -> dict[str, object]:
    """Entering a done column says when and whence; leaving it takes that back."""
    if not to.is_done:
        return {"done_at": None, "came_from": None}
    return {} if card.is_done else {"done_at": at, "came_from": card.column}


def _verb(was: Column, to: Column) -> Verb:
    if was.pk == to.pk:
        return CARD_PLACED
    if was.is_done == to.is_done:
        return CARD_MOVED
    return CARD_DONE if to.is_done else CARD_REOPENED


def _as_it_is(card: Card) -> Card:
    return Card.objects.select_related("column", "board").get(pk=card.pk)


def _done_column(card: Card) -> Column:
    found = _columns(card).filter(is_done=True).first()
    if found is None:
        raise Refused(_("This board has no column for what is done."), code="no_done_column")
    return found


def _open_column(card: Card) -> Column:
    came_from = card.came_from
    if came_from is not None and came_from.board_id == card.board_id and not came_from.is_done:
        return came_from
    found = _columns(card).filter(is_done=False).first()
    if found is None:
        raise Refused(_("This board has no column for what is not done."), code="no_open_column")
    return found


def _columns(card: Card) -> QuerySet[Column]:
    return Column.objects.filter(board_id=card.board_id).order_by("position")
