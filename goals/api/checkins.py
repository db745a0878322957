from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.answers import PersonOut
from goals.api.fields import AmountField
from goals.models import CheckIn, Goal
from goals.models.checkins import NOTE_LENGTH
from goals.models.goals import STATUS_CHOICES
from goals.operations.checkins import Said, acknowledge, check_in, drop_draft, save_draft
from goals.queries.checkins import checkins_of
from workspaces.models import Membership
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404


class CheckInIn(StrictSerializer):
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True)
    value_note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    confidence = AmountField(
        required=False, help_text="How sure the owner is that it will be met, from 0 to 1."
    )
    draft = serializers.BooleanField(required=False, help_text="Keep it for the caller alone.")


class CheckInOut(serializers.Serializer):
    id = serializers.IntegerField()
    author = PersonOut(allow_null=True)
    note = serializers.CharField()
    value_note = serializers.CharField()
    confidence = serializers.CharField(allow_null=True)
    draft = serializers.BooleanField()
    told_at = serializers.DateTimeField(allow_null=True)
    value = serializers.CharField(allow_null=True, help_text="The goal's numbers of the day.")
    progress = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUS_CHOICES, allow_null=True)
    until = serializers.DateField(allow_null=True)
    acknowledged_by = PersonOut(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class CheckInsOut(serializers.Serializer):
    due = serializers.DateField(allow_null=True, help_text="When the next one is owed.")
    results = CheckInOut(many=True)


class CheckIns(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "goals.edit"}

    @extend_schema(responses=CheckInsOut, operation_id="checkins")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        goal = find_or_404(Goal, pk, self)
        found = checkins_of(self.workspace, goal, self.member, now())
        mine = [found.draft] if found.draft else []
        told = [checkin_out(row) for row in [*mine, *found.told]]
        return Response({"due": found.due, "results": told})

    @extend_schema(request=CheckInIn, responses={201: CheckInOut}, operation_id="check_in")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        goal = find_or_404(Goal, pk, self)
        fields = self.shape(CheckInIn, request.data)
        say = save_draft if fields.pop("draft", False) else check_in
        row = say(goal, said=Said(**fields), by=self.member, at=now())
        return Response(checkin_out(row), status=201)


class CheckInView(WorkspaceView):
    """One check-in of a goal; another member's draft does not exist."""

    def found(self, pk: str, checkin: str) -> CheckIn:
        goal, row = find_or_404(Goal, pk, self), find_or_404(CheckIn, checkin, self)
        if row.goal_id != goal.pk or (row.is_draft and row.author_id != self.member.pk):
            raise Http404
        return row


class CheckInDetail(CheckInView):
    can = {"DELETE": "goals.edit"}

    @extend_schema(responses={204: None}, operation_id="drop_draft")
    def delete(self, request: Request, slug: str, pk: str, checkin: str) -> Response:
        drop_draft(self.found(pk, checkin), by=self.member)
        return Response(status=204)


class CheckInRead(CheckInView):
    can = {"POST": "goals.edit"}

    @extend_schema(request=None, responses=CheckInOut, operation_id="acknowledge_checkin")
    def post(self, request: Request, slug: str, pk: str, checkin: str) -> Response:
        row = acknowledge(self.found(pk, checkin), by=self.member, at=now())
        return Response(checkin_out(row))


def checkin_out(row: CheckIn) -> dict[str, Any]:
    return {
        "id": row.pk,
        "author": person(row.author),
        "note": row.note,
        "value_note": row.value_note,
        "confidence": row.confidence_value or None,
        "draft": row.is_draft,
        "told_at": row.told_at,
        "value": row.value or None,
        "progress": row.progress or None,
        "status": row.status or None,
        "until": row.until,
        "acknowledged_by": person(row.acknowledged_by),
        "acknowledged_at": row.acknowledged_at,
    }


def person(member: Membership | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {"id": member.pk, "name": member.user.display_name, "email": member.user.email}
