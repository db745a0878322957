from datetime import date
from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.analysis import WHERE, WindowOut, span_out
from metrics.api.asking import KNOWN_AT
from metrics.api.imports import fetched_by
from metrics.api.metrics import MetricView
from metrics.forms.analysis import trace_asked
from metrics.queries.file_rows import NoRow, Row, rows_of_files
from metrics.queries.lineage import Fact, Lineage, facts_told, trace
from metrics.queries.questions import instant_of_view
from metrics.queries.tables import value_text
from workspaces.rest import Pages


class InputValueOut(serializers.Serializer):
    metric = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()
    series = serializers.IntegerField()


class RunPartOut(serializers.Serializer):
    source = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    file = serializers.CharField(allow_blank=True)
    connector = serializers.IntegerField(allow_null=True)
    fetch = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    observations = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """`import` is a word of Python, so it cannot be an attribute."""
        return {"import": serializers.IntegerField(), **super().get_fields()}


class TracedOut(serializers.Serializer):
    metric = serializers.CharField()
    day = serializers.DateField()
    dims = serializers.DictField(child=serializers.CharField())
    value = serializers.CharField()
    source = serializers.CharField()
    file = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField(allow_null=True, help_text="Row of the file, from 1.")
    no_row = serializers.ChoiceField(choices=[why.value for why in NoRow], allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`import` is a word of Python, so it cannot be an attribute."""
        return {**super().get_fields(), "import": serializers.IntegerField()}


class LineageOut(serializers.Serializer):
    count = serializers.IntegerField(help_text="Observations that are listed, at most 10,000.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    cut = serializers.BooleanField(help_text="There are more than are listed.")
    metric = serializers.CharField()
    window = WindowOut()
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()
    inputs = InputValueOut(many=True)
    imports = RunPartOut(many=True)
    results = TracedOut(many=True)


class TraceMetric(MetricView):
    can = {"GET": "workspace.view"}
    asks = [
        OpenApiParameter("period", str, description="2026-01-31, 2026-W05, 2026-01, 2026-Q1, 2026"),
        OpenApiParameter("from", date, description="First day, instead of a period."),
        OpenApiParameter("to", date, description="Last day, included."),
        WHERE,
        KNOWN_AT,
    ]
    pagination_class = Pages

    @extend_schema(responses=LineageOut, operation_id="metric_lineage")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        asked = trace_asked(request.query_params)
        known_at = instant_of_view(self.workspace, asked.known_at, self.workspace.day_of(now()))
        found = trace(metric, asked.span, where=asked.where, known_at=known_at)
        pages = Pages()
        rows = pages.paginate_queryset(found.facts, request, view=self)
        facts = facts_told(found, rows)
        listed = pages.get_paginated_response(
            [fact_out(*pair) for pair in zip(facts, rows_of_files(facts), strict=True)]
        )
        return Response({**listed.data, **lineage_out(found)})


def lineage_out(found: Lineage) -> dict[str, Any]:
    return {
        "cut": found.is_cut,
        "metric": found.metric.key,
        "window": span_out(found.span),
        "value": value_text(found.total.value, found.metric),
        "exact": found.total.exact,
        "inputs": [
            {
                "metric": one.metric.key,
                "value": value_text(one.total.value, one.metric),
                "exact": one.total.exact,
                "series": one.series,
            }
            for one in found.inputs
        ],
        "imports": [
            {
                "import": one.run.pk,
                "source": one.run.source.name if one.run.source else "",
                "kind": one.run.kind,
                "file": one.run.file_name,
                **fetched_by(one.run),
                "at": one.run.created_at,
                "by": one.run.by.user.display_name if one.run.by else None,
                "observations": one.facts,
            }
            for one in found.runs
        ],
    }


def fact_out(fact: Fact, row: Row) -> dict[str, Any]:
    return {
        "metric": fact.metric.key,
        "day": fact.day,
        "dims": fact.dims,
        "value": format(fact.value, "f"),
        "source": fact.source,
        "import": fact.import_id,
        "file": fact.run.file_name if fact.run else "",
        "row": None if isinstance(row, NoRow) else row,
        "no_row": row.value if isinstance(row, NoRow) else "",
    }
