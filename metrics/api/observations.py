from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.api.rows import COLUMNS, MOST_ROWS, Rows, read_rows
from metrics.forms.asking import Asking
from metrics.operations.observations import Reading, Recorded, prepare_series, record_batch
from metrics.queries.facts import Wanted, facts_of, source_names, told_facts
from metrics.sources.bodies import READERS, Sent, csv_rows
from workspaces.parsers import Spooled, spooled
from workspaces.rest import Pages, ProblemOut, as_json
from workspaces.rules.errors import Invalid, at_field

ROW = {
    "type": "object",
    "required": ["metric"],
    "additionalProperties": False,
    "properties": {
        "metric": {"type": "string", "description": "Key of a metric that is not computed."},
        "day": {"type": "string", "format": "date", "description": "Local to the workspace."},
        "at": {
            "type": "string",
            "format": "date-time",
            "description": "Instead of the day: an instant with its offset.",
        },
        "value": {
            "oneOf": [{"type": "string"}, {"type": "number"}],
            "description": "A plain decimal in the metric's unit; more decimals than the metric "
            "has are rounded half up.",
        },
        "id": {
            "type": "string",
            "maxLength": 200,
            "description": "Instead of the value, for a unique metric: who it was.",
        },
        "days": {
            "type": "integer",
            "minimum": 1,
            "maximum": 366,
            "default": 1,
            "description": "How many days the value covers, the last of them is the day.",
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
BODIES = {
    "application/json": BODY,
    "application/x-ndjson": OpenApiTypes.BINARY,
    "text/csv": OpenApiTypes.BINARY,
}
PARAMETERS = [
    OpenApiParameter("metric", str, required=True, description="Key of a metric."),
    OpenApiParameter("from", date),
    OpenApiParameter("to", date),
    OpenApiParameter("source", str, description="Name of a source."),
    OpenApiParameter("key", str, description="Key of the observation."),
    OpenApiParameter(
        "where", str, many=True, description="DIM:VALUE keeps these only, DIM: those without."
    ),
]
PARTIAL = OpenApiParameter(
    "partial", str, enum=["0", "1"], default="0", description="1: store the rows that are good."
)
COUNTS = ("received", "new", "changed", "unchanged", "duplicates")
WORDS = {"0": False, "1": True}


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
    key = serializers.CharField(
        allow_null=True, help_text="null: a key of its own, of which only a hash is stored."
    )
    version = serializers.IntegerField(help_text="Another one with each change.")


class WithImport(RecordedOut):
    warnings = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Sentences about what was stored and is probably meant otherwise, if any.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """`import` is a word of Python, so it cannot be an attribute."""
        return {**super().get_fields(), "import": serializers.IntegerField(allow_null=True)}


class PartlyOut(WithImport):
    rejected = serializers.IntegerField(help_text="Rows that were not stored.")
    errors = ProblemOut(many=True)


class Observations(MetricView):
    can = {"GET": "workspace.view", "POST": "observations.write"}
    asks = PARAMETERS
    pagination_class = Pages
    body: Spooled | None = None  # put aside by `digest`
    rows: Rows | None = None  # read by `prepare`

    @extend_schema(responses=ObservationOut(many=True), operation_id="observations")
    def get(self, request: Request, slug: str) -> Response:
        query = request.query_params
        asking = Asking(query)
        key = asking.word("metric", needed=_("Say which metric."))
        days, where = asking.days(), asking.filters()
        asking.done()
        metric = self.find(key)
        pages = Pages()
        wanted = Wanted(*days, query.get("source"), query.get("key"), where)
        rows = pages.paginate_queryset(facts_of(metric, wanted), request, view=self)
        found = told_facts(metric, rows, source_names(self.workspace))
        return pages.get_paginated_response([asdict(fact) for fact in found])

    @extend_schema(
        request=BODIES,
        parameters=[PARTIAL],
        responses={200: WithImport, 207: PartlyOut},
        operation_id="record_observations",
    )
    def post(self, request: Request, slug: str) -> Response:
        if self.rows is None:
            self.prepare(request)
        rows = self.rows or Rows()
        recorded, at = None, now()
        if rows.batch:
            recorded = record_batch(self.workspace, batch=rows.batch, by=self.member, at=at)
        answer = counts_of(recorded) | warned(rows.good, today=self.workspace.day_of(at))
        if not wants_partial(request):
            return Response(answer)
        answer |= {"rejected": rows.rejected, "errors": [as_json(p) for p in rows.problems]}
        return Response(answer, status=207 if rows.rejected else 200)

    def digest(self, request: Request) -> str:
        """The hash of the body, which is put aside for `prepare`."""
        reader_of(request)
        self.body = spooled(request, settings.MAX_OBSERVATIONS_BYTES)
        return self.body.digest

    def prepare(self, request: Request) -> None:
        """Read the rows and make their series: in the transaction they would hold others up."""
        is_partial, read = wants_partial(request), reader_of(request)
        body = self.body or spooled(request, settings.MAX_OBSERVATIONS_BYTES)
        with body.file:
            rows = read_rows(self.workspace, read(body.file), partial=is_partial)
        self.rows = rows
        if request.headers.get("Idempotency-Key"):
            prepare_series(rows.good)


def counts_of(recorded: Recorded | None) -> dict[str, Any]:
    """The counts as they are answered; nothing was stored where nothing was sent."""
    if recorded is None:
        return {**dict.fromkeys(COUNTS, 0), "import": None}
    counts = asdict(recorded)
    return {name: counts[name] for name in COUNTS} | {"import": counts["import_id"]}


def warned(readings: Iterable[Reading], *, today: date) -> dict[str, list[str]]:
    """Words of warning about what was stored, where there are any."""
    ahead = [reading.day for reading in readings if reading.day > today]
    if not ahead:
        return {}
    text = ngettext(
        "%(count)s observation is dated after today, on %(day)s: it counts from its day on.",
        "%(count)s observations are dated after today, the last on %(day)s: each counts from its "
        "day on.",
        len(ahead),
    )
    return {"warnings": [text % {"count": len(ahead), "day": max(ahead).isoformat()}]}


def reader_of(request: Request) -> Callable[[IO[bytes]], Iterator[Sent]]:
    """How the body's media type is read; 415 for another."""
    media_type = str(request.content_type).partition(";")[0].strip().lower()
    if media_type == "text/csv":
        return partial(csv_rows, columns=COLUMNS)
    if media_type not in READERS:
        raise exceptions.UnsupportedMediaType(media_type)
    return READERS[media_type]


def wants_partial(request: Request) -> bool:
    """What the address says beside its path; anything that it does not know is a 400."""
    problems = [
        at_field(name, "unknown_parameter", _("There is no such parameter."))
        for name in request.query_params
        if name != "partial"
    ]
    word = request.query_params.get("partial", "0")
    if word not in WORDS:
        problems.append(at_field("partial", "invalid_choice", _("Write 0 or 1.")))
    if problems:
        raise Invalid(problems)
    return WORDS[word]
