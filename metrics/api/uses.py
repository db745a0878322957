from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.queries.uses import uses_of


class UsesOut(serializers.Serializer):
    alerts = serializers.ListField(child=serializers.CharField(), help_text="Names; they go.")
    views = serializers.ListField(
        child=serializers.CharField(), help_text="Names of those that you see; they stay, without."
    )
    targets = serializers.IntegerField()
    benchmarks = serializers.IntegerField()
    notes = serializers.IntegerField()
    exclusions = serializers.IntegerField()


class MetricUses(MetricView):
    """What goes with a metric when it is deleted; goals and formulas keep it from that."""

    can = {"GET": "workspace.view"}

    @extend_schema(responses=UsesOut, operation_id="metric_uses")
    def get(self, request: Request, slug: str, key: str) -> Response:
        return Response(asdict(uses_of(self.find(key), member=self.member)))
