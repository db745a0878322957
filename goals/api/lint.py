from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import short
from goals.models import Goal
from goals.operations.waivers import LONGEST, take_up_finding, waive_finding
from goals.queries.catalogue import goals_of
from goals.queries.lint import Finding, findings_of
from goals.rules.lint import Code, Letter
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404

CODES = [code.value for code in Code]


class ReasonIn(StrictSerializer):
    reason = serializers.CharField(max_length=LONGEST)


class LintFindingOut(serializers.Serializer):
    code = serializers.ChoiceField(choices=CODES)
    letter = serializers.ChoiceField(choices=[letter.value for letter in Letter])
    message = serializers.CharField()
    evidence = serializers.DictField(
        child=serializers.CharField(), help_text="The numbers; growths are shares."
    )
    waived = serializers.CharField(allow_null=True, help_text="The reason, where it may stand.")


class LintView(WorkspaceView):
    """What the two endpoints share."""

    def told(self, pk: int) -> list[dict[str, Any]]:
        goal = goals_of(self.workspace).get(pk=pk)
        return [finding_out(found) for found in findings_of(self.workspace, goal, now())]

    def code(self, word: str) -> Code:
        if word not in CODES:
            raise Http404
        return Code(word)


class Lint(LintView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=LintFindingOut(many=True), operation_id="lint")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.told(find_or_404(Goal, pk, self).pk))


class LintWaiver(LintView):
    can = {"PUT": "goals.edit", "DELETE": "goals.edit"}

    @extend_schema(
        request=ReasonIn, responses=LintFindingOut(many=True), operation_id="waive_finding"
    )
    def put(self, request: Request, slug: str, pk: str, code: str) -> Response:
        goal, known = find_or_404(Goal, pk, self), self.code(code)
        fields = self.shape(ReasonIn, request.data)
        waive_finding(goal, code=known, **fields, by=self.member, at=now())
        return Response(self.told(goal.pk))

    @extend_schema(responses={204: None}, operation_id="take_up_finding")
    def delete(self, request: Request, slug: str, pk: str, code: str) -> Response:
        goal, known = find_or_404(Goal, pk, self), self.code(code)
        take_up_finding(goal, code=known, by=self.member, at=now())
        return Response(status=204)


def finding_out(found: Finding) -> dict[str, Any]:
    facts = found.fault.facts
    return {
        "code": found.code.value,
        "letter": found.letter.value,
        "message": found.message,
        "evidence": {
            name: value if isinstance(value, str) else short(value) for name, value in facts.items()
        },
        "waived": found.waiver.reason if found.waiver else None,
    }
