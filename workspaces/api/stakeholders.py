from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Calendar, Membership, Stakeholder
from workspaces.operations.stakeholders import (
    add_stakeholder,
    change_stakeholder,
    restore_stakeholder,
    retire_stakeholder,
)
from workspaces.queries.stakeholders import Line, reporting_lines, stakeholders_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.stakes import Approach, Level

LEVELS = [level.name.lower() for level in Level]


class LevelField(serializers.ChoiceField):
    """A level by its word; null is "not judged yet"."""

    def __init__(self, **options: Any) -> None:
        options.pop("choices", None)
        super().__init__(choices=LEVELS, required=False, allow_null=True, **options)

    def to_internal_value(self, data: object) -> int:
        """The level's number."""
        return Level[super().to_internal_value(data).upper()].value


class StakeholderIn(StrictSerializer):
    name = serializers.CharField(max_length=120)
    role = serializers.CharField(max_length=120, required=False, allow_blank=True)
    need = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    unspoken = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="Needs found by asking."
    )
    outcome = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    influence = LevelField()
    interest = LevelField()
    reports_to = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    contact = serializers.EmailField(required=False, allow_blank=True)
    member = serializers.IntegerField(required=False, allow_null=True, min_value=1)

    calendar = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="By which they work."
    )

    def validate_calendar(self, pk: int | None) -> Calendar | None:
        """A calendar of this workspace."""
        if pk is None:
            return None
        workspace = self.context["view"].workspace
        found = Calendar.objects.filter(workspace=workspace, pk=min(pk, 2**63 - 1)).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such calendar."), code="not_found")
        return found

    def validate_member(self, pk: int | None) -> Membership | None:
        """A member of this workspace; another's does not exist."""
        if pk is None:
            return None
        workspace = self.context["view"].workspace
        member = Membership.objects.filter(workspace=workspace, pk=min(pk, 2**63 - 1)).first()
        if member is None:
            raise serializers.ValidationError(_("There is no such member."), code="not_found")
        return member

    def validate_reports_to(self, pk: int | None) -> Stakeholder | None:
        """A stakeholder of this workspace who is not retired."""
        if pk is None:
            return None
        workspace = self.context["view"].workspace
        found = stakeholders_of(workspace).filter(pk=min(pk, 2**63 - 1)).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such stakeholder."), code="not_found")
        return found


class StakeholderPatch(StakeholderIn):
    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=120, required=False)


class StakeholderOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    need = serializers.CharField()
    unspoken = serializers.CharField()
    outcome = serializers.CharField()
    influence = serializers.ChoiceField(choices=LEVELS, allow_null=True)
    interest = serializers.ChoiceField(choices=LEVELS, allow_null=True)
    approach = serializers.ChoiceField(
        choices=[approach.value for approach in Approach],
        allow_null=True,
        help_text="How to work with them, by influence and interest.",
    )
    reports_to = serializers.IntegerField(allow_null=True)
    calendar = serializers.IntegerField(allow_null=True)
    contact = serializers.CharField()
    member = serializers.IntegerField(allow_null=True)
    retired = serializers.BooleanField()


class ReportingLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    reports_to = serializers.IntegerField(allow_null=True)
    depth = serializers.IntegerField()
    below = serializers.IntegerField()


class ReportingLinesOut(serializers.Serializer):
    stakeholders = ReportingLineOut(many=True)
    members = ReportingLineOut(many=True)


def word_of(level: int | None) -> str | None:
    return None if level is None else Level(level).name.lower()


def stakeholder_out(stakeholder: Stakeholder) -> dict[str, Any]:
    return {
        "id": stakeholder.pk,
        "version": stakeholder.version,
        "name": stakeholder.name,
        "role": stakeholder.role,
        "need": stakeholder.need,
        "unspoken": stakeholder.unspoken,
        "outcome": stakeholder.outcome,
        "influence": word_of(stakeholder.influence),
        "interest": word_of(stakeholder.interest),
        "approach": stakeholder.approach,
        "reports_to": stakeholder.reports_to_id,
        "calendar": stakeholder.calendar_id,
        "contact": stakeholder.contact,
        "member": stakeholder.member_id,
        "retired": stakeholder.retired_at is not None,
    }


class Stakeholders(WorkspaceView):
    pagination_class = Pages

    can = {"GET": "workspace.view", "POST": "stakeholders.edit"}

    @extend_schema(responses=StakeholderOut(many=True), operation_id="stakeholders")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(stakeholders_of(self.workspace), request, view=self)
        return pages.get_paginated_response([stakeholder_out(s) for s in rows])

    @extend_schema(
        request=StakeholderIn, responses={201: StakeholderOut}, operation_id="add_stakeholder"
    )
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(StakeholderIn, request.data)
        made = add_stakeholder(self.workspace, fields, by=self.member, at=now())
        return Response(stakeholder_out(made), status=201)


class StakeholderDetail(WorkspaceView):
    can = {
        "GET": "workspace.view",
        "PATCH": "stakeholders.edit",
        "DELETE": "stakeholders.edit",
    }

    def render_current(self, stakeholder: object) -> dict[str, Any]:
        """The row as it stands, for a 409."""
        return stakeholder_out(stakeholder)

    @extend_schema(responses=StakeholderOut, operation_id="stakeholder")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(stakeholder_out(find_or_404(Stakeholder, pk, self)))

    @extend_schema(
        request=StakeholderPatch, responses=StakeholderOut, operation_id="change_stakeholder"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Stakeholder, pk, self)
        fields = self.shape(StakeholderPatch, request.data)
        version = fields.pop("version")
        changed = change_stakeholder(found, fields, version=version, by=self.member, at=now())
        return Response(stakeholder_out(changed))

    @extend_schema(responses={204: None}, operation_id="retire_stakeholder")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        retire_stakeholder(find_or_404(Stakeholder, pk, self), by=self.member, at=now())
        return Response(status=204)


class RestoreStakeholder(WorkspaceView):
    can = {"POST": "stakeholders.edit"}

    @extend_schema(request=None, responses=StakeholderOut, operation_id="restore_stakeholder")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Stakeholder, pk, self)
        return Response(stakeholder_out(restore_stakeholder(found, by=self.member, at=now())))


def line_out(line: Line) -> dict[str, Any]:
    person = line.person
    return {
        "id": person.pk,
        "name": str(getattr(person, "name", None) or person.user.display_name),
        "reports_to": person.reports_to_id,
        "depth": line.depth,
        "below": line.below,
    }


class ReportingLines(WorkspaceView):
    @extend_schema(responses=ReportingLinesOut, operation_id="reporting_lines")
    def get(self, request: Request, slug: str) -> Response:
        found = reporting_lines(self.workspace)
        return Response(
            {
                "stakeholders": [line_out(line) for line in found.stakeholders],
                "members": [line_out(line) for line in found.members],
            }
        )
