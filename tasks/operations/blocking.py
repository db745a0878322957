"""Work that is held up: marked by hand, or by cards that come first; freed when those are done."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tasks.models import Blocking, Board, Card, CardPerson, Dependency
from tasks.models.dependencies import REASON_LENGTH
from tasks.operations.edits import hold
from tasks.operations.telling import tell_board, tell_card
from tasks.queries.dependencies import count_holds
from tasks.verbs import (
    BLOCKED_RULE,
    CARD_BLOCKED,
    CARD_FREED,
    CARD_HELD,
    CARD_UNBLOCKED,
    NOTICE_UNBLOCKED,
)
from workspaces.models import Membership
from workspaces.operations.notifications import Notice, Telling, notify_all
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.letters import seen

OPEN = Q(done_at=None, archived_at=None)


@transaction.atomic
def block_card(card: Card, *, reason: str, by: Membership, at: datetime) -> Card:
    """Mark the card as blocked, or say another reason; what is done is not blocked."""
    now = hold(card)
    clean = " ".join(seen(reason).split())
    if not clean:
        raise Refused(_("Say what the card waits for."), code="required", field="reason")
    refuse_long(REASON_LENGTH, reason=clean)
    if now.is_done or now.archived_at is not None:
        message = _("Only a card that is to be done can be blocked.")
        raise Refused(message, code="not_open")
    mark = _mark(now)
    if mark is not None and mark.reason == clean:
        return now
    if mark is None:
        Blocking.objects.create(
            workspace_id=now.workspace_id, card=now, reason=clean, by=by, since=at
        )
    else:
        mark.reason, mark.by = clean, by
        mark.save(update_fields=["reason", "by"])
    tell_card(CARD_BLOCKED, now, by=by, at=at, **_named(now), reason=clean)
    return now


@transaction.atomic
def unblock_card(card: Card, *, by: Membership, at: datetime) -> Card:
    """Take the mark off; the card may still wait for others."""
    now = hold(card)
    mark = _mark(now)
    if mark is None:
        return now
    _end([mark.pk], at)
    tell_card(CARD_UNBLOCKED, now, by=by, at=at, **_named(now))
    if not count_holds(now):
        _tell_people([now], by=by, at=at)
    return now


@transaction.atomic
def rule_blocked(board: Board, *, hard: bool, version: int, by: Membership, at: datetime) -> Board:
    """Say whether the board refuses to finish what is blocked, or only warns."""
    same = Board.objects.filter(pk=board.pk, version=version)
    if hard == board.blocked_is_hard and same.exists():
        return board
    done = same.update(blocked_is_hard=hard, version=F("version") + 1)
    now = Board.objects.get(pk=board.pk)
    if not done:
        raise Stale(_("Somebody changed this board meanwhile."), current=now)
    tell_board(BLOCKED_RULE, now, by=by, at=at, name=now.name, version=now.version, hard=hard)
    return now


def refuse_blocked(card: Card) -> None:
    """Refuse to finish a card that is held up, where its board says so."""
    if card.board.blocked_is_hard and count_holds(card):
        message = _("“%(title)s” is blocked: this board finishes only what waits for nothing.")
        raise Refused(message % {"title": card.title}, code="blocked", field="to")


def turn(card: Card, *, by: Membership | None, at: datetime) -> None:
    """After the card was done, reopened, put away or brought back: hold up and free what follows.

    The people of those that nothing holds up any more are told.
    """
    if card.done_at is None and card.archived_at is None:
        _hold_up(card, by=by, at=at)
    else:
        _free(card, by=by, at=at)


def start_waiting(edges: Collection[Dependency], *, at: datetime) -> set[int]:
    """Begin to count the time of dependencies that hold; the ids of the cards held up."""
    known = Blocking.objects.filter(until=None, card__in=[edge.card_id for edge in edges])
    counted = set(known.values_list("card_id", "waits_for_id"))
    fresh = [edge for edge in edges if (edge.card_id, edge.waits_for_id) not in counted]
    Blocking.objects.bulk_create(
        [
            Blocking(
                workspace_id=edge.workspace_id,
                card_id=edge.card_id,
                waits_for_id=edge.waits_for_id,
                since=at,
            )
            for edge in fresh
        ],
        ignore_conflicts=True,
    )
    return {edge.card_id for edge in fresh}


def stop_waiting(edge: Dependency, *, at: datetime) -> None:
    """The dependency holds no longer."""
    rows = Blocking.objects.filter(card=edge.card_id, waits_for=edge.waits_for_id, until=None)
    _end(rows.values_list("pk", flat=True), at)


def _hold_up(card: Card, *, by: Membership | None, at: datetime) -> None:
    """A card is to be done again: it waits, and others wait for it."""
    edges = Dependency.objects.select_related("card__board")
    mine = edges.filter(card=card, waits_for__done_at=None, waits_for__archived_at=None)
    others = edges.filter(waits_for=card, card__done_at=None, card__archived_at=None)
    theirs = {edge.card_id: edge.card for edge in others.order_by("pk")}
    held = start_waiting([*mine, *others], at=at)
    for pk, other in theirs.items():
        if pk in held:
            tell_card(CARD_HELD, other, by=by, at=at, **_named(other), other=card.title)


def _free(card: Card, *, by: Membership | None, at: datetime) -> None:
    """A card is done or put away: nothing holds it up, and it holds up nobody."""
    _end(Blocking.objects.filter(card=card, until=None).values_list("pk", flat=True), at)
    rows = Blocking.objects.filter(waits_for=card, until=None)
    waited = dict(rows.values_list("pk", "card_id"))
    if not waited:
        return
    # Held, so that of two that are done at once the second sees that it was the last.
    waiting = Card.objects.filter(OPEN, pk__in=waited.values()).order_by("pk")
    list(waiting.select_for_update(no_key=True))  # alone: a join would lose a card that is moved
    cards = list(waiting.select_related("board", "workspace"))
    _end(waited, at)
    freed = [one for one in cards if not count_holds(one)]
    for one in freed:
        tell_card(CARD_FREED, one, by=by, at=at, **_named(one), other=card.title)
    _tell_people(freed, by=by, at=at, last=card)


def _tell_people(
    cards: Collection[Card], *, by: Membership | None, at: datetime, last: Card | None = None
) -> None:
    """Tell who does the work, helps or watches that it can go on."""
    people: dict[int, set[int]] = {card.pk: {card.assignee_id or 0} for card in cards}
    rows = CardPerson.objects.filter(card__in=people)
    for card_id, member_id in rows.values_list("card_id", "member_id"):
        people[card_id].add(member_id)
    tellings = [
        Telling(
            Notice(
                NOTICE_UNBLOCKED,
                CARD_FREED if last else CARD_UNBLOCKED,
                link=f"/w/{card.workspace.slug}/cards/{card.pk}/",
                data=_named(card) | ({"other": last.title} if last else {}),
            ),
            card,
            people[card.pk] - {0},
        )
        for card in cards
    ]
    if tellings:
        notify_all(tellings, by=by, at=at)


def _mark(card: Card) -> Blocking | None:
    return Blocking.objects.filter(card=card, until=None).exclude(reason="").first()


def _end(ids: Collection[int], at: datetime) -> None:
    """Blockings are over; none before it began, whatever the clocks of two machines say."""
    rows = Blocking.objects.filter(pk__in=list(ids))
    rows.filter(since__gt=at).update(until=F("since"))
    rows.filter(since__lte=at).update(until=at)


def _named(card: Card) -> dict[str, object]:
    return {"number": card.number, "title": card.title}
