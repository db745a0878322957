"""What an import that was taken back leaves."""

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.imports import find_import
from metrics.operations.leftovers import delete_leftovers
from metrics.queries.leftovers import leftovers_of
from workspaces.rest import WorkspaceView


class LeftoversOut(serializers.Serializer):
    metrics = serializers.ListField(
        child=serializers.CharField(),
        help_text="Keys of metrics that the import made and that nothing else fills or uses.",
    )


class SweptOut(serializers.Serializer):
    deleted = serializers.ListField(child=serializers.CharField())
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="In use, by a goal for example."
    )


class ImportLeftovers(WorkspaceView):
    can = {"GET": "workspace.view", "DELETE": "metrics.delete"}

    @extend_schema(responses=LeftoversOut, operation_id="import_leftovers")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        found = leftovers_of(find_import(pk, self))
        return Response({"metrics": [metric.key for metric in found]})

    @extend_schema(responses=SweptOut, operation_id="delete_import_leftovers")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        swept = delete_leftovers(find_import(pk, self), by=self.member, at=now())
        told = {"deleted": swept.deleted, "kept": swept.kept}
        return Response({name: [one.key for one in metrics] for name, metrics in told.items()})
