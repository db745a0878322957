from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.api.rows import MOST_ROWS, readings_of
from metrics.api.series import asked_of
from metrics.operations.observations import record_batch
from metrics.queries.facts import facts_of, source_names
from metrics.rules.amounts import unscale
from workspaces.rest import Pages
from workspaces.rules.errors import Invalid, Problem, TooLarge, at_field

ROW = {
    "type": "object",
    "required": ["metric", "day", "value"],
    "additionalProperties": False,
    "properties": {
        "metric": {"type": "string", "description": "Key of an additive metric."},
        "day": {"type": "string", "format": "date", "description": "Local to the workspace."},
        "value": {
            "oneOf": [{"type": "string"}, {"type": "number"}],
            "description": "A plain decimal in the metric's unit; more decimals than the metric "
            "has are rounded half up.",
        },
        "dims": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "source": {"type": "string", "maxLength": 80, "default": "api"},
        "key": {
            "type": ["string", "null"],
            "maxLength": 300,
            "description": "Identifies the observation within metric and source: sent again it is "
            "corrected. Without: day, dims and which such row of the body it is.",
        },
    },
}
ROWS = {"type": "array", "items": ROW, "maxItems": MOST_ROWS}
BODY = {
    "oneOf": [
        ROWS,
        {"type": "object", "required": ["observations"], "properties": {"observations": ROWS}},
    ]
}
PARAMETERS = [
    OpenApiParameter("metric", str, required=True, description="Key of an additive metric."),
    OpenApiParameter("from", date),
    OpenApiParameter("to", date),
]


class RecordedOut(serializers.Serializer):
    received = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    duplicates = serializers.IntegerField(
        help_text="Came again under the same key; the last counts."
    )


class ObservationOut(serializers.Serializer):
    metric = serializers.CharField()
    day = serializers.DateField()
    value = serializers.CharField()
    dims = serializers.DictField(child=serializers.CharField())
    source = serializers.CharField()


class WithImport(RecordedOut):
    def get_fields(self) -> dict[str, serializers.Field]:
        """`import` is a word of Python, so it cannot be an attribute."""
        return {**super().get_fields(), "import": serializers.IntegerField(allow_null=True)}


class Observations(MetricView):
    can = {"GET": "workspace.view", "POST": "observations.write"}
    asks = PARAMETERS
    pagination_class = Pages

    @extend_schema(responses=ObservationOut(many=True), operation_id="observations")
    def get(self, request: Request, slug: str) -> Response:
        asked = asked_of(request.query_params)
        key = request.query_params.get("metric", "")
        if not key:
            raise Invalid([at_field("metric", "required", _("Say which metric."))])
        metric = self.find(key)
        pages = Pages()
        rows = pages.paginate_queryset(
            facts_of(metric, asked.first, asked.last), request, view=self
        )
        sources = source_names(self.workspace)
        return pages.get_paginated_response(
            [
                {
                    "metric": metric.key,
                    "day": row.day,
                    "value": format(unscale(row.value, metric.decimals), "f"),
                    "dims": row.series.dims,
                    "source": sources.get(row.source, ""),
                }
                for row in rows
            ]
        )

    @extend_schema(
        request={"application/json": BODY}, responses=WithImport, operation_id="record_observations"
    )
    def post(self, request: Request, slug: str) -> Response:
        rows, prefix = rows_of(request.data)
        if not rows:
            return Response({**dict.fromkeys(COUNTS, 0), "import": None})
        batch = readings_of(self.workspace, rows, prefix)
        recorded = asdict(record_batch(self.workspace, batch=batch, by=self.member, at=now()))
        return Response(
            {name: recorded[name] for name in COUNTS} | {"import": recorded["import_id"]}
        )


COUNTS = ("received", "new", "changed", "unchanged", "duplicates")


def rows_of(body: object) -> tuple[Sequence[Any], str]:
    """The rows of a body of either form, and the pointer to them."""
    prefix = ""
    if isinstance(body, Mapping):
        unknown = sorted(set(body) - {"observations"})
        if unknown:
            raise Invalid(
                [
                    at_field(str(name), "unknown_field", _("There is no such field."))
                    for name in unknown
                ]
            )
        body, prefix = body.get("observations"), "/observations"
    if not isinstance(body, list):
        message = _("Send an array of observations, or {“observations”: [...]}.")
        raise Invalid([Problem(message, code="not_a_list", pointer=prefix)])
    if len(body) > MOST_ROWS:
        raise TooLarge(
            _("Send at most %(most)s observations at once; these are %(count)s.")
            % {"most": f"{MOST_ROWS:,}", "count": f"{len(body):,}"}
        )
    return body, prefix
