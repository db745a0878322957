"""Moving a card to another swimlane: what the lane is by, and the place, in one change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.models import Card, Column, Label
from tasks.operations.contents import several_of
from tasks.operations.edits import edit_card, hold, stale
from tasks.operations.limits import refuse_if_lane_full
from tasks.operations.moves import move_card
from tasks.rules.lanes import Lane, read_lane
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused


@dataclass(frozen=True)
class Target:
    """Where a card goes: a column, right below a card or first, and a swimlane if one is meant."""

    to: Column
    after: Card | None = None
    lane: Lane | None = None


def move_to_lane(card: Card, *, target: Target, version: int, by: Membership, at: datetime) -> Card:
    """Move the card as move_card does, and give it what the lane's cards share; all or nothing."""
    to, after, lane = target.to, target.after, target.lane
    if lane is None:
        return move_card(card, to=to, after=after, version=version, by=by, at=at)
    return _into(lane, card, target, version=version, by=by, at=at)


@transaction.atomic
def _into(
    lane: Lane, card: Card, target: Target, *, version: int, by: Membership, at: datetime
) -> Card:
    to = target.to
    now = hold(card)
    if now.placed_in > version or version > now.version or now.column_id != card.column_id:
        raise stale(now)
    changes = lane_changes(now, lane)
    edited = edit_card(now, version=version, changes=changes, by=by, at=at)
    if edited.version != now.version and to.pk == now.column_id:
        refuse_if_lane_full(to, edited)
    return move_card(edited, to=to, after=target.after, version=edited.version, by=by, at=at)


def asked_lane(text: str) -> Lane | None:
    """The lane that somebody names, None for none; Refused for what is no lane."""
    lane = read_lane(text) if text else None
    if text and lane is None:
        raise Refused(_("There is no such swimlane."), code="not_found", field="lane")
    return lane


def lane_changes(card: Card, lane: Lane) -> dict[str, object]:
    """What must be written on the card so that it stands in the lane."""
    if lane.by == "priority":
        return {"priority": lane.value}
    thing = lane_thing(card.workspace, lane)
    if lane.by != "label":
        return {lane.by: thing}
    rows = Label.objects.filter(pk__in=several_of(card, "labels"))
    labels = list(rows.order_by("name", "pk"))
    kept = [label for label in labels[1:] if label != thing]
    if labels and labels[0] == thing:
        return {}
    wanted = [*kept, thing] if isinstance(thing, Label) else kept
    ids = [label.pk for label in wanted]
    first = Label.objects.filter(pk__in=ids).order_by("name", "pk").first()
    if first != thing and first is not None:
        message = _("“%(title)s” also has the label “%(label)s” and would stand in that swimlane.")
        words = {"title": card.title, "label": first.name}
        raise Refused(message % words, code="other_lane", field="lane")
    return {"labels": wanted}


def lane_thing(workspace: Workspace, lane: Lane) -> Membership | Goal | Label | None:
    """The member, goal or label of a lane; None for the lane of cards without, and priorities."""
    if lane.value is None or lane.by == "priority":
        return None
    rows: dict[str, QuerySet[Any]] = {
        "assignee": members_of(workspace),
        "goal": Goal.objects.filter(workspace=workspace),
        "label": Label.objects.filter(workspace=workspace),
    }
    found: Membership | Goal | Label | None = rows[lane.by].filter(pk=lane.value).first()
    if found is None:
        raise Refused(_("There is no such swimlane."), code="not_found", field="lane")
    return found
