from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.asking import KNOWN_AT
from metrics.api.metrics import MetricView
from metrics.forms.analysis import best_asked, why_asked
from metrics.models import Metric
from metrics.queries.best import Best, best_of
from metrics.queries.explain import Explanation, Row, explain
from metrics.queries.questions import instant_of_view
from metrics.queries.tables import value_text
from metrics.rules.amounts import plain
from metrics.rules.periods import Span
from metrics.rules.ranking import Ranked

DAYS = [
    OpenApiParameter("from", date, required=True, description="First day."),
    OpenApiParameter("to", date, required=True, description="Last day, included."),
]
WHERE = OpenApiParameter("where", str, many=True, description="DIM:VALUE, as for a series.")
PLACES = 6  # of an interval's ends


class WindowOut(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {"from": serializers.DateField(), "to": serializers.DateField()}


class SegmentOut(serializers.Serializer):
    value = serializers.CharField(allow_null=True, help_text="Of the dimension; null: missing.")
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    effect = serializers.CharField(help_text="What it did to the change.")
    mix = serializers.CharField(allow_null=True, help_text="By its share of the denominator.")
    rate = serializers.CharField(allow_null=True, help_text="By its own ratio.")
    unrated = serializers.CharField(allow_null=True, help_text="By a numerator without any.")
    share_before = serializers.CharField(allow_null=True)
    share_after = serializers.CharField(allow_null=True)


class InputOut(serializers.Serializer):
    metric = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class ExplanationOut(serializers.Serializer):
    metric = serializers.CharField()
    unit = serializers.CharField()
    window = WindowOut()
    against = WindowOut()
    by = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()
    redefined = serializers.BooleanField(help_text="The definition changed in between.")
    way = serializers.ChoiceField(choices=["ratio", "sum", "inputs", "none"])
    mix = serializers.CharField()
    rate = serializers.CharField()
    unrated = serializers.CharField()
    overlap = serializers.CharField(help_text="What segments that share people leave over.")
    segments = SegmentOut(many=True)
    inputs = InputOut(many=True)


class RankedOut(serializers.Serializer):
    value = serializers.CharField(allow_null=True, help_text="Of the dimension; null: missing.")
    place = serializers.IntegerField(allow_null=True, help_text="null: too few to rank.")
    result = serializers.CharField(allow_null=True)
    n = serializers.CharField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField(allow_null=True)


class BestOut(serializers.Serializer):
    metric = serializers.CharField()
    unit = serializers.CharField()
    by = serializers.CharField()
    window = WindowOut()
    min = serializers.CharField()
    total = serializers.CharField(allow_null=True)
    hidden = serializers.IntegerField()
    leaders = serializers.ListField(child=serializers.CharField(allow_null=True))
    results = RankedOut(many=True)


class ExplainMetric(MetricView):
    can = {"GET": "workspace.view"}
    asks = [
        *DAYS,
        OpenApiParameter("against_from", date, description="Default: as many days right before."),
        OpenApiParameter("against_to", date),
        OpenApiParameter("by", str, description="Split the change by this dimension."),
        WHERE,
        KNOWN_AT,
    ]

    @extend_schema(responses=ExplanationOut, operation_id="explain_metric")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        asked = why_asked(request.query_params)
        today = self.workspace.day_of(now())
        known_at = instant_of_view(self.workspace, asked.known_at, today)
        windows = replace(asked.windows, known_at=known_at)
        return Response(explanation_out(explain(metric, windows, by=asked.by, where=asked.where)))


class BestOfMetric(MetricView):
    can = {"GET": "workspace.view"}
    asks = [
        *DAYS,
        OpenApiParameter("by", str, required=True, description="The dimension that is ranked."),
        WHERE,
        KNOWN_AT,
        OpenApiParameter("min", str, description="Least volume to be ranked; default 30."),
    ]

    @extend_schema(responses=BestOut, operation_id="best_of_metric")
    def get(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        asked = best_asked(request.query_params)
        known_at = instant_of_view(self.workspace, asked.known_at, self.workspace.day_of(now()))
        found = best_of(
            metric, asked.span, by=asked.by, where=asked.where, least=asked.least, known_at=known_at
        )
        return Response(best_out(found))


def span_out(span: Span) -> dict[str, date]:
    return {"from": span.first, "to": span.last}


def explanation_out(told: Explanation) -> dict[str, Any]:
    metric = told.metric
    return {
        "metric": metric.key,
        "unit": metric.unit,
        "window": span_out(told.windows.now),
        "against": span_out(told.windows.against),
        "by": told.by,
        "before": value_text(told.before, metric),
        "after": value_text(told.after, metric),
        "change": plain(told.change),
        "exact": told.exact,
        "redefined": told.redefined,
        "way": told.way,
        "mix": plain(told.mix),
        "rate": plain(told.rate),
        "unrated": plain(told.unrated),
        "overlap": plain(told.overlap),
        "segments": [segment_out(row) for row in told.rows],
        "inputs": [
            {
                "metric": one.metric.key,
                "before": value_text(one.before, one.metric),
                "after": value_text(one.after, one.metric),
            }
            for one in told.inputs
        ],
    }


def segment_out(row: Row) -> dict[str, Any]:
    numbers = ("before", "after", "effect", "mix", "rate", "unrated", "share_before", "share_after")
    return {"value": row.name} | {name: plain(getattr(row, name)) for name in numbers}


def best_out(found: Best) -> dict[str, Any]:
    return {
        "metric": found.metric.key,
        "unit": found.metric.unit,
        "by": found.by,
        "window": span_out(found.span),
        "min": plain(found.least),
        "total": value_text(found.whole, found.metric),
        "hidden": found.hidden,
        "leaders": [row.candidate.name for row in found.leaders],
        "results": [ranked_out(row, found.metric) for row in found.rows],
    }


def ranked_out(row: Ranked, metric: Metric) -> dict[str, Any]:
    around = row.interval
    return {
        "value": row.candidate.name,
        "place": row.place,
        "result": value_text(row.candidate.value, metric),
        "n": plain(row.candidate.n),
        "low": None if around is None else round(around.low, PLACES),
        "high": None if around is None else round(around.high, PLACES),
        "method": None if around is None else around.method,
    }
