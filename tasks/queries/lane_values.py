"""Which swimlane of its board a card stands in, as the database reads it."""

from collections.abc import Collection

from django.db.models import Expression, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable

from tasks.models import Card, CardLabel
from tasks.rules.lanes import Lane

NAMES = {"assignee": "assignee_id", "goal": "goal_id", "priority": "priority"}


def lane_value(by: str) -> Expression | Combinable:
    """What cards are grouped by; of labels the first by name, so that a card stands once."""
    if by in NAMES:
        return F(NAMES[by])
    if not by:
        return Value(0, output_field=IntegerField())
    on = CardLabel.objects.filter(card=OuterRef("pk")).order_by("label__name", "label_id")
    return Subquery(on.values("label_id")[:1])


def in_lane(cards: QuerySet[Card], lane: Lane) -> QuerySet[Card]:
    """Those of the cards that stand in the lane."""
    laned = cards.annotate(lane=lane_value(lane.by))
    return laned.filter(lane=lane.value) if lane.value is not None else laned.filter(lane=None)


def lanes_of_cards(ids: Collection[int], by: str) -> dict[int, str]:
    """The keys of the lanes that the cards stand in, by their ids; 1 query, none without lanes."""
    if not by:
        return {}
    cards = Card.objects.filter(pk__in=ids).order_by().annotate(lane=lane_value(by))
    return {pk: Lane(by, value).key for pk, value in cards.values_list("pk", "lane")}
