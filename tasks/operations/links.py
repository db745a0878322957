"""What else a card works for: more goals, steps and metrics, each driven or evidenced by it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from metrics.models import Metric
from tasks.models import Card, CardLink
from tasks.operations.contents import refuse_foreign
from tasks.operations.edits import hold
from tasks.operations.telling import tell_card
from tasks.verbs import CARD_LINKED, CARD_UNLINKED
from workspaces.models import Membership
from workspaces.rules.errors import Refused
from workspaces.rules.verbs import Verb

MOST = 20


@transaction.atomic
def link_card(card: Card, *, to: Goal | Metric, part: str, by: Membership, at: datetime) -> Card:
    """Link the card to a goal or a metric, or say another part; its main goal needs no link."""
    refuse_foreign(card.workspace_id, to)
    now = hold(card)
    if part not in CardLink.Part.values:
        raise Refused(_("There is no such part."), code="invalid_choice", field="part")
    if isinstance(to, Goal) and now.goal_id == to.pk:
        raise Refused(_("This is the card's own goal already."), code="main_goal", field="to")
    end = _end(to)
    link = CardLink.objects.filter(card=now, **end).first()
    if link is not None and link.part == part:
        return now
    if link is None:
        _refuse_many(now)
        link = CardLink(workspace_id=now.workspace_id, card=now, added_by=by, added_at=at, **end)
    link.part = part
    link.save()
    _tell(CARD_LINKED, now, to, by=by, at=at)
    return now


@transaction.atomic
def unlink_card(card: Card, *, to: Goal | Metric, by: Membership, at: datetime) -> Card:
    """Take a link away; where there is none, nothing changes."""
    now = hold(card)
    gone, _each = CardLink.objects.filter(card=now, **_end(to)).delete()
    if gone:
        _tell(CARD_UNLINKED, now, to, by=by, at=at)
    return now


def _end(to: Goal | Metric) -> dict[str, Goal | Metric]:
    return {"goal" if isinstance(to, Goal) else "metric": to}


def _refuse_many(card: Card) -> None:
    if CardLink.objects.filter(card=card).count() >= MOST:
        message = _("A card has at most %(count)d links.") % {"count": MOST}
        raise Refused(message, code="too_many", field="to")


def _tell(verb: Verb, card: Card, to: Goal | Metric, *, by: Membership, at: datetime) -> None:
    name = to.title if isinstance(to, Goal) else to.name
    tell_card(verb, card, by=by, at=at, number=card.number, title=card.title, other=name)
