from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import GuardrailOut, guardrail_out
from goals.api.fields import AmountField, MetricField
from goals.models import Goal, Guardrail
from goals.models.goals import GRAIN_CHOICES
from goals.models.guardrails import SIDE_CHOICES
from goals.operations.guardrails import Bound, remove_guardrail, set_guardrail
from goals.queries import standings
from goals.queries.catalogue import goals_of
from goals.rules.aims import Aim
from metrics.rules.periods import Grain
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404


class GuardrailIn(StrictSerializer):
    metric = MetricField(help_text="The metric's key.")
    side = serializers.ChoiceField(choices=SIDE_CHOICES)
    bound = AmountField(help_text="The line, in the metric's unit.")
    grain = serializers.ChoiceField(
        choices=GRAIN_CHOICES, required=False, help_text="Whose last whole period is judged."
    )


class GuardrailView(WorkspaceView):
    """What the two endpoints share."""

    def told(self, goal: Goal) -> list[dict[str, Any]]:
        row = goals_of(self.workspace).get(pk=goal.pk)
        found = standings(self.workspace, [row], now(), curves=False)[row.pk]
        return [guardrail_out(guarded) for guarded in found.guardrails]


class Guardrails(GuardrailView):
    can = {"GET": "workspace.view", "POST": "goals.edit"}

    @extend_schema(responses=GuardrailOut(many=True), operation_id="guardrails")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.told(find_or_404(Goal, pk, self)))

    @extend_schema(request=GuardrailIn, responses={201: GuardrailOut}, operation_id="set_guardrail")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        goal = find_or_404(Goal, pk, self)
        fields = self.shape(GuardrailIn, request.data)
        bound = Bound(
            fields["metric"],
            Aim(fields["side"]),
            fields["bound"],
            Grain(fields.get("grain", Grain.MONTH)),
        )
        made = set_guardrail(goal, bound=bound, by=self.member, at=now())
        told = next(found for found in self.told(goal) if found["id"] == made.pk)
        return Response(told, status=201)


class GuardrailDetail(GuardrailView):
    can = {"DELETE": "goals.edit"}

    @extend_schema(responses={204: None}, operation_id="remove_guardrail")
    def delete(self, request: Request, slug: str, pk: str, guardrail: str) -> Response:
        goal, found = find_or_404(Goal, pk, self), find_or_404(Guardrail, guardrail, self)
        if found.goal_id != goal.pk:
            raise Http404
        remove_guardrail(found, by=self.member, at=now())
        return Response(status=204)
