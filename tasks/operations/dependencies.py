"""Which card comes first: adding and taking away what a card waits for; never in a circle."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Card, Dependency
from tasks.operations.blocking import start_waiting, stop_waiting
from tasks.operations.contents import refuse_foreign
from tasks.operations.telling import tell_card
from tasks.queries.dependencies import waits_above
from tasks.rules.dependencies import chain
from tasks.verbs import CARD_BLOCKS, CARD_BLOCKS_NOT, CARD_WAITS, CARD_WAITS_NOT
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Refused
from workspaces.rules.verbs import Verb

MOST = 50  # that a card waits for, or that wait for it


@transaction.atomic
def add_dependency(card: Card, *, waits_for: Card, by: Membership, at: datetime) -> Dependency:
    """Let a card wait for another; what is so already stays. Refused, naming it, if a circle.

    The workspace is held until the commit, so that two people cannot close a circle together.
    """
    refuse_foreign(card.workspace_id, waits_for)
    Workspace.objects.select_for_update(no_key=True).get(pk=card.workspace_id)
    both = Card.objects.filter(pk__in=[card.pk, waits_for.pk]).order_by("pk")
    list(both.select_for_update(no_key=True))  # alone: a join would lose a card that is moved
    held = {row.pk: row for row in both.select_related("board")}
    now, other = held.get(card.pk), held.get(waits_for.pk)
    if now is None or other is None:
        raise Refused(_("This card is gone."), code="gone", field="card")
    known = Dependency.objects.filter(card=now, waits_for=other).first()
    if known is not None:
        return known
    _refuse_circle(now, other)
    _refuse_many(now, other)
    edge = Dependency.objects.create(
        workspace_id=now.workspace_id, card=now, waits_for=other, added_by=by, added_at=at
    )
    if _is_open(now) and _is_open(other):
        start_waiting([edge], at=at)
    _tell_both((CARD_WAITS, CARD_BLOCKS), now, other, by=by, at=at)
    return edge


@transaction.atomic
def remove_dependency(card: Card, *, waits_for: Card, by: Membership, at: datetime) -> bool:
    """Let the card wait for that one no longer; whether it did."""
    edge = Dependency.objects.select_for_update().filter(card=card, waits_for=waits_for).first()
    if edge is None:
        return False
    stop_waiting(edge, at=at)
    edge.delete()
    _tell_both((CARD_WAITS_NOT, CARD_BLOCKS_NOT), card, waits_for, by=by, at=at)
    return True


def _refuse_circle(card: Card, other: Card) -> None:
    """Refuse where the other one waits for the card already, and say by which way."""
    if card.pk == other.pk:
        message = _("A card does not wait for itself.")
        raise Refused(message, code="itself", field="card")
    way = chain(waits_above(other), other.pk, card.pk)
    if not way:
        return
    cards = Card.objects.in_bulk(way)
    names = " → ".join(f"#{cards[pk].number} “{cards[pk].title}”" for pk in way)
    message = _("This would be a circle, for they wait already: %(chain)s.")
    raise Refused(message % {"chain": names}, code="circle", field="card")


def _refuse_many(card: Card, other: Card) -> None:
    count = Dependency.objects.filter(card=card).count()
    if max(count, Dependency.objects.filter(waits_for=other).count()) >= MOST:
        message = _("A card waits for at most %(count)d others, and holds up as many.")
        raise Refused(message % {"count": MOST}, code="too_many", field="card")


def _is_open(card: Card) -> bool:
    return card.done_at is None and card.archived_at is None


def _tell_both(
    verbs: tuple[Verb, Verb], card: Card, other: Card, *, by: Membership, at: datetime
) -> None:
    """Each side's board hears of it in the words of its card."""
    for verb, one, two in ((verbs[0], card, other), (verbs[1], other, card)):
        names = {"number": one.number, "title": one.title}
        tell_card(verb, one, by=by, at=at, **names, other=two.title, other_card=two.pk)
