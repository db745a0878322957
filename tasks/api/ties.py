from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.models import Goal
from metrics.models import Metric
from tasks.api.shapes import CardPersonOut, person_out
from tasks.models import Blocking, Card, CardLink
from tasks.models.dependencies import REASON_LENGTH
from tasks.operations.blocking import block_card, unblock_card
from tasks.operations.dependencies import add_dependency, remove_dependency
from tasks.operations.links import link_card, unlink_card
from tasks.queries.dependencies import Ties, ties_of
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404


class BlockIn(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_LENGTH)


class CardLinkIn(StrictSerializer):
    part = serializers.ChoiceField(
        choices=CardLink.Part.choices, help_text="Whether the work drives it or is evidence for it."
    )


class TiedCardOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    board = serializers.IntegerField()
    done = serializers.BooleanField()
    archived = serializers.BooleanField()


class BlockOut(serializers.Serializer):
    reason = serializers.CharField()
    since = serializers.DateTimeField()
    by = CardPersonOut(allow_null=True)


class CardLinkOut(serializers.Serializer):
    goal = serializers.IntegerField(allow_null=True)
    metric = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    part = serializers.ChoiceField(choices=CardLink.Part.choices)


class TiesOut(serializers.Serializer):
    blocked = serializers.BooleanField()
    waits_for = TiedCardOut(many=True)
    comes_before = TiedCardOut(many=True)
    block = BlockOut(allow_null=True)
    links = CardLinkOut(many=True)


def tied_out(card: Card) -> dict[str, Any]:
    return {
        "id": card.pk,
        "number": card.number,
        "title": card.title,
        "board": card.board_id,
        "done": card.is_done,
        "archived": card.archived_at is not None,
    }


def block_out(mark: Blocking | None) -> dict[str, Any] | None:
    """The mark that somebody has put on a card."""
    if mark is None:
        return None
    return {"reason": mark.reason, "since": mark.since, "by": person_out(mark.by)}


def link_out(link: CardLink) -> dict[str, Any]:
    metric = link.metric
    return {
        "goal": link.goal_id,
        "metric": metric.key if metric else None,
        "name": metric.name if metric else str(link.goal),
        "part": link.part,
    }


def ties_out(ties: Ties, card: Card) -> dict[str, Any]:
    return {
        "blocked": ties.held > 0 and not card.is_done,
        "waits_for": [tied_out(other) for other in ties.waits_for],
        "comes_before": [tied_out(other) for other in ties.blocks],
        "block": block_out(ties.by_hand),
        "links": [link_out(link) for link in ties.links],
    }


class TieView(WorkspaceView):
    can = {"PUT": "work.edit", "DELETE": "work.edit"}

    def tell(self, card: Card) -> Response:
        return Response(ties_out(ties_of(card), card))


class CardTies(TieView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=TiesOut, operation_id="read_ties_of_card")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return self.tell(find_or_404(Card, pk, self))


class CardWaits(TieView):
    @extend_schema(request=None, responses=TiesOut, operation_id="let_card_wait")
    def put(self, request: Request, slug: str, pk: str, other: str) -> Response:
        card, first = find_or_404(Card, pk, self), find_or_404(Card, other, self)
        add_dependency(card, waits_for=first, by=self.member, at=now())
        return self.tell(card)

    @extend_schema(responses=TiesOut, operation_id="let_card_wait_no_longer")
    def delete(self, request: Request, slug: str, pk: str, other: str) -> Response:
        card, first = find_or_404(Card, pk, self), find_or_404(Card, other, self)
        remove_dependency(card, waits_for=first, by=self.member, at=now())
        return self.tell(card)


class CardBlock(TieView):
    @extend_schema(request=BlockIn, responses=TiesOut, operation_id="block_card")
    def put(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        said = self.shape(BlockIn, request.data)
        return self.tell(block_card(card, reason=said["reason"], by=self.member, at=now()))

    @extend_schema(responses=TiesOut, operation_id="unblock_card")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        return self.tell(unblock_card(card, by=self.member, at=now()))


class CardGoalLink(TieView):
    @extend_schema(request=CardLinkIn, responses=TiesOut, operation_id="link_card_to_goal")
    def put(self, request: Request, slug: str, pk: str, goal: str) -> Response:
        return self.link(pk, find_or_404(Goal, goal, self))

    @extend_schema(responses=TiesOut, operation_id="unlink_card_from_goal")
    def delete(self, request: Request, slug: str, pk: str, goal: str) -> Response:
        return self.unlink(pk, find_or_404(Goal, goal, self))

    def link(self, pk: str, to: Goal | Metric) -> Response:
        card = find_or_404(Card, pk, self)
        part = self.shape(CardLinkIn, self.request.data)["part"]
        return self.tell(link_card(card, to=to, part=part, by=self.member, at=now()))

    def unlink(self, pk: str, to: Goal | Metric) -> Response:
        card = find_or_404(Card, pk, self)
        return self.tell(unlink_card(card, to=to, by=self.member, at=now()))


class CardMetricLink(CardGoalLink):
    @extend_schema(request=CardLinkIn, responses=TiesOut, operation_id="link_card_to_metric")
    def put(self, request: Request, slug: str, pk: str, metric: str) -> Response:
        return self.link(pk, self.metric(metric))

    @extend_schema(responses=TiesOut, operation_id="unlink_card_from_metric")
    def delete(self, request: Request, slug: str, pk: str, metric: str) -> Response:
        return self.unlink(pk, self.metric(metric))

    def metric(self, key: str) -> Metric:
        found = Metric.objects.filter(workspace=self.workspace, key=key).first()
        if found is None:
            raise Http404
        return found
