from typing import Any

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.models import WorkCount
from tasks.operations.counts import switch_count
from tasks.queries.counts import Counted, counts_of
from workspaces.rest import StrictSerializer, WorkspaceView


class SwitchIn(StrictSerializer):
    on = serializers.BooleanField(help_text="Whether the work feeds the metric.")


class WorkCountOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=WorkCount.Kind.choices)
    on = serializers.BooleanField()
    metric = serializers.CharField(allow_null=True, help_text="Its key, once there is one.")


def count_out(counted: Counted) -> dict[str, Any]:
    metric = counted.metric
    return {
        "kind": counted.kind.value,
        "on": counted.is_on,
        "metric": metric.key if metric else None,
    }


class WorkCounts(WorkspaceView):
    can = {"GET": "workspace.view"}

    @extend_schema(responses=WorkCountOut(many=True), operation_id="list_work_counts")
    def get(self, request: Request, slug: str) -> Response:
        return Response([count_out(counted) for counted in counts_of(self.workspace)])


class WorkCountDetail(WorkspaceView):
    can = {"PUT": "boards.edit"}

    @extend_schema(request=SwitchIn, responses=WorkCountOut, operation_id="switch_work_count")
    def put(self, request: Request, slug: str, kind: str) -> Response:
        if kind not in WorkCount.Kind.values:
            raise Http404
        on = self.shape(SwitchIn, request.data)["on"]
        switch_count(self.workspace, kind=kind, on=on, by=self.member, at=now())
        counted = next(row for row in counts_of(self.workspace) if row.kind == kind)
        return Response(count_out(counted))
