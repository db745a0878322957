from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import ApiToken
from workspaces.queries.people import workspaces_of
from workspaces.rest import SignedInView


class MyWorkspaceOut(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()


class MyWorkspaces(SignedInView):
    """The workspaces that the caller is in; a token sees its own one."""

    @extend_schema(responses=MyWorkspaceOut(many=True), operation_id="my_workspaces")
    def get(self, request: Request) -> Response:
        found = workspaces_of(request.user)
        if isinstance(request.auth, ApiToken):
            found = found.filter(workspace_id=request.auth.workspace_id)
        rows = [
            {"slug": m.workspace.slug, "name": m.workspace.name, "role": m.rank.word} for m in found
        ]
        return Response(rows)
