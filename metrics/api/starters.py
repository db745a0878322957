from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricOut, metric_out
from metrics.models.definitions import KIND_CHOICES
from metrics.operations.starters import define_starters
from metrics.queries.starters import CLASH, HERE, NEW, StarterRow, starter_rows
from metrics.rules.starters import GROUPS, STARTERS
from workspaces.rest import Pages, StrictSerializer, WorkspaceView


class StartersIn(StrictSerializer):
    """Which metrics to take; what they are made of comes with them."""

    keys = serializers.ListField(
        child=serializers.CharField(max_length=63), min_length=1, max_length=len(STARTERS)
    )
    currency = serializers.CharField(
        max_length=3, required=False, allow_blank=True,
        help_text="Of those that are money; left out, what most metrics of the workspace have.",
    )  # fmt: skip


class StarterOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    group = serializers.ChoiceField(choices=list(GROUPS.items()))
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    direction = serializers.CharField()
    stage = serializers.CharField()
    formula = serializers.CharField(help_text="Over keys; empty for what is measured.")
    inputs = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField()
    vendors = serializers.CharField(help_text="How tools differ in counting it.")
    state = serializers.ChoiceField(choices=[HERE, CLASH, NEW])
    here = serializers.CharField(
        help_text="How the workspace computes the metric of this key, over keys; else empty."
    )
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Keys that would be defined with it."
    )


def starter_out(row: StarterRow) -> dict[str, Any]:
    """One starter as JSON."""
    plain = ("key", "group", "kind", "unit", "decimals", "direction", "stage")
    return {name: getattr(row.starter, name) for name in plain} | {
        "name": row.name,
        "formula": row.formula,
        "inputs": [part.key for part in row.made_of],
        "description": row.description,
        "vendors": row.vendors,
        "state": row.state,
        "here": row.here,
        "missing": [part.key for part in row.missing],
    }


class Starters(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    pagination_class = Pages

    @extend_schema(responses=StarterOut(many=True), operation_id="starters")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(starter_rows(self.workspace), request, view=self)
        return pages.get_paginated_response([starter_out(row) for row in rows])

    @extend_schema(
        request=StartersIn, responses={201: MetricOut(many=True)}, operation_id="define_starters"
    )
    def post(self, request: Request, slug: str) -> Response:
        asked = self.shape(StartersIn, request.data)
        made = define_starters(self.workspace, **asked, by=self.member, at=now())
        return Response([metric_out(metric) for metric in made], status=201)
