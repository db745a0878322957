from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Workspace
from workspaces.models.workspaces import WEEKDAY_CHOICES
from workspaces.operations.workspaces import change_workspace
from workspaces.rest import StrictSerializer, WorkspaceView


class WorkspaceOut(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    week_starts_on = serializers.IntegerField(
        help_text="ISO weekday: 1 Monday, 6 Saturday, 7 Sunday"
    )
    fiscal_year_starts_in = serializers.IntegerField(help_text="Month: 1 January to 12 December")
    today = serializers.DateField()
    role = serializers.CharField(help_text="the caller's role")


class WorkspaceIn(StrictSerializer):
    name = serializers.CharField(max_length=80, required=False)
    timezone = serializers.CharField(max_length=64, required=False)
    week_starts_on = serializers.ChoiceField(
        choices=[d for d, _ in WEEKDAY_CHOICES], required=False
    )
    fiscal_year_starts_in = serializers.IntegerField(min_value=1, max_value=12, required=False)


class WorkspaceDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PATCH": "workspace.edit"}

    @extend_schema(responses=WorkspaceOut, operation_id="workspace")
    def get(self, request: Request, slug: str) -> Response:
        return Response(self.render(self.workspace))

    @extend_schema(request=WorkspaceIn, responses=WorkspaceOut, operation_id="change_workspace")
    def patch(self, request: Request, slug: str) -> Response:
        changes = self.shape(WorkspaceIn, request.data)
        return Response(
            self.render(change_workspace(self.workspace, changes, by=self.member, at=now()))
        )

    def render(self, workspace: Workspace) -> dict[str, object]:
        return {
            "slug": workspace.slug,
            "name": workspace.name,
            "timezone": workspace.timezone,
            "week_starts_on": workspace.week_starts_on,
            "fiscal_year_starts_in": workspace.fiscal_year_starts_in,
            "today": workspace.day_of(now()).isoformat(),
            "role": self.member.rank.word,
        }
