from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.import_parts import (
    answers_of,
    document,
    pieces,
    preset_of,
    rates_of,
    under_mapping,
    yes_or_no,
)
from metrics.api.import_report import ReportOut
from metrics.http import LimitedUpload, csv_file, refuse_cut_upload
from metrics.models.imports import ImportRun
from metrics.operations.import_runs import import_file
from metrics.operations.imports import Brought, Plan, cancel_import, refuse_size
from metrics.operations.undoing import undo_finished
from metrics.queries.imports import (
    ACTIVE,
    defined_by,
    has_more_problems,
    listed_imports,
    mapping_of,
    metrics_named,
    problems_of,
    progress_of,
    rejected_rows,
    report_of,
    result_of,
)
from metrics.queries.ready import definitions_to_offer
from workspaces.parsers import FilesParser, spooled
from workspaces.rest import Pages, ProblemOut, WorkspaceView, as_json, find_or_404
from workspaces.rules.errors import Invalid, Problem, at_field
from workspaces.rules.roles import may

AT_ONCE = 512 * 1024  # files up to this size are imported while the request waits
FIELDS = ("file", "mapping", "preset", "answers", "rates", "dry_run", "skip_bad_rows")


class CsvParser(BaseParser):
    """A bare CSV as the body; mapping and options then stand in the address."""

    media_type = "text/csv"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        """Hand the body on unread, it may be large."""
        return DataAndFiles({}, {"file": stream})


class CsvRenderer(BaseRenderer):
    """Lets programs ask for a CSV, which is streamed; refusals are JSON under any name."""

    media_type, format = "text/csv", "csv"

    def render(self, data: Any, *_more: Any, **_named: Any) -> bytes:
        """A refusal, as the API words it."""
        return JSONRenderer().render(data)


class ProgressOut(serializers.Serializer):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    unit = serializers.ChoiceField(choices=["rows", "bytes"])


class ImportOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.CharField(
        help_text="uploaded, checking, checked (dry run), waiting, running, cancelling, undoing; "
        "done, refused (rows were rejected, nothing stored), failed, cancelled, undone; fetching"
    )
    file = serializers.CharField()
    source = serializers.CharField(allow_null=True)
    connector = serializers.IntegerField(allow_null=True, help_text="of a source that is fetched")
    fetch = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField(help_text="rows of the file below its header")
    new = serializers.IntegerField(help_text="observations: one per row and metric")
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField(help_text="rows")
    progress = ProgressOut()


class RateOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    currency = serializers.CharField()
    decimals = serializers.IntegerField()
    direction = serializers.CharField()
    numerator = serializers.CharField()
    denominator = serializers.CharField()
    scale = serializers.CharField()


class ImportDetailOut(ImportOut):
    rates = RateOut(
        many=True, help_text="can be computed from what the file brings, and are not defined yet"
    )
    defined = serializers.ListField(
        child=serializers.CharField(),
        help_text="keys of the metrics that it defined; they stay when it is undone",
    )
    report = ReportOut(help_text="what the file holds; empty until it has been read")
    problems = ProblemOut(many=True, help_text="the first hundred")
    has_more_problems = serializers.BooleanField()
    rejected_rows = serializers.CharField(help_text="where every problem is handed out as CSV")


class ImportIn(serializers.Serializer):
    file = serializers.FileField()
    mapping = serializers.CharField(
        required=False,
        help_text="the mapping document, as a part of JSON text or file; without it the file has "
        "to be an export that a preset knows",
    )
    preset = serializers.CharField(required=False, help_text="which preset; else it is recognised")
    answers = serializers.CharField(
        required=False,
        help_text="a JSON object of what the file does not say: encoding, section, sheet, day, "
        "span, day_format, year, currency",
    )
    rates = serializers.CharField(
        required=False,
        help_text="keys of rates to define over what is imported, with commas, or all; an answer's "
        "rates tell which there are",
    )
    dry_run = serializers.BooleanField(required=False)
    skip_bad_rows = serializers.BooleanField(required=False)


def fetched_by(run: ImportRun) -> dict[str, object]:
    """The connector and the fetch that a run belongs to, of a file none."""
    return {name: run.details.get(name) for name in ("connector", "fetch")}


def import_out(run: ImportRun) -> dict[str, object]:
    progress = progress_of(run)
    counts = result_of(run)
    del counts["import"]
    return {
        "id": run.pk,
        "state": run.state,
        "file": run.file_name,
        "source": run.source.name if run.source else None,
        **fetched_by(run),
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "by": run.by.user.display_name if run.by else None,
        **counts,
        "progress": {
            "done": progress.done,
            "total": progress.total,
            "unit": "rows" if progress.in_rows else "bytes",
        },
    }


def detail_out(run: ImportRun) -> dict[str, object]:
    mapping = mapping_of(run) if run.file else None
    metrics = metrics_named(run)
    rates = definitions_to_offer(run.workspace, mapping) if mapping else []
    return import_out(run) | {
        "rates": [{name: getattr(one, name) for name in RateOut().fields} for one in rates],
        "defined": defined_by(run, metrics),
        "report": report_of(run, metrics),
        "problems": [as_json(found) for found in problems_of(run)],
        "has_more_problems": has_more_problems(run),
        "rejected_rows": rejected_at(run),
    }


def rejected_at(run: ImportRun) -> str:
    return reverse("api:import_rejected", kwargs={"slug": run.workspace.slug, "pk": run.pk})


def why_refused(run: ImportRun) -> list[Problem]:
    """What was wrong; where that is more than an answer holds, the file that holds all of it."""
    found = problems_of(run)
    if has_more_problems(run):
        message = _("Rejected in all: %(rows)s rows. Every problem stands in the file %(file)s.")
        told = {"rows": run.rejected, "file": rejected_at(run)}
        found.append(Problem(message % told, "more_problems"))
    return found


class Imports(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "observations.write"}
    parser_classes = [FilesParser, CsvParser]
    pagination_class = Pages

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Put the limit in place before anything reads the body."""
        request._request.upload_handlers = [LimitedUpload(request._request)]  # noqa: SLF001
        super().initial(request, *args, **kwargs)

    def digest(self, request: Request) -> str:
        """A bare file is put aside while it is hashed: its stream can be read only once."""
        held = request.data.get("file")
        if not str(request.content_type).startswith("text/csv") or held is None:
            return super().digest(request)
        body = spooled(held, settings.MAX_IMPORT_BYTES)
        request.data["file"] = body.file
        return body.digest

    @extend_schema(responses=ImportOut(many=True), operation_id="imports")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(listed_imports(self.workspace), request, view=self)
        return pages.get_paginated_response([import_out(run) for run in found])

    @extend_schema(
        request={"multipart/form-data": ImportIn, "text/csv": OpenApiTypes.BINARY},
        parameters=[
            OpenApiParameter(name, str, description="beside a body of text/csv")
            for name in (
                "mapping",
                "preset",
                "answers",
                "rates",
                "name",
                "dry_run",
                "skip_bad_rows",
            )
        ],
        responses={200: ImportDetailOut, 202: ImportDetailOut},
        operation_id="import_file",
    )
    def post(self, request: Request, slug: str) -> Response:
        brought, plan, size = self.wish(request)
        may_define = may(self.member.rank, "metrics.edit")
        plan = replace(plan, run_here=size <= AT_ONCE, may_define=may_define)
        try:
            run = import_file(self.workspace, brought=brought, plan=plan, by=self.member, clock=now)
        except Invalid as refusal:
            raise under_mapping(refusal, nowhere="/file") from refusal
        if run.state in ("refused", "failed"):
            raise under_mapping(Invalid(why_refused(run)), nowhere="/file")
        headers = {"Location": f"{request.path}{run.pk}/"}
        return Response(
            detail_out(run), status=202 if run.state in ACTIVE else 200, headers=headers
        )

    def wish(self, request: Request) -> tuple[Brought, Plan, int]:
        """What was sent, of either form; Invalid names what is missing or unknown."""
        data = request.data
        refuse_cut_upload(request._request)  # noqa: SLF001
        held, raw = data.get("file"), str(request.content_type).startswith("text/csv")
        options = request.query_params if raw else data
        unknown = [name for name in options if name not in (*FIELDS, "name")]
        if unknown:
            raise Invalid(
                [at_field(name, "unknown_field", _("There is no such field.")) for name in unknown]
            )
        once = [name for name in options if len(options.getlist(name)) > 1]
        if once:
            raise Invalid([at_field(name, "repeated", _("Give this once.")) for name in once])
        if held is None or isinstance(held, str):
            message = _("Send the file as a part named “file”.")
            raise Invalid([at_field("file", "required", message)])
        size = int(request.META.get("CONTENT_LENGTH") or AT_ONCE + 1) if raw else held.size
        refuse_size(size)
        name = options.get("name") or getattr(held, "name", None) or "import.csv"
        chunks = pieces(held) if raw else held.chunks()
        plan = Plan(
            document(options.get("mapping")),
            preset=preset_of(options),
            answers=answers_of(options.get("answers")),
            rates=rates_of(options.get("rates")),
            check_only=yes_or_no(options, "dry_run"),
            skip_bad_rows=yes_or_no(options, "skip_bad_rows"),
        )
        return Brought(str(name), chunks, kind="rest"), plan, size


class ImportDetail(WorkspaceView):
    @extend_schema(responses=ImportDetailOut, operation_id="import")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(detail_out(find_import(pk, self)))


class RejectedRows(WorkspaceView):
    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY}, operation_id="import_rejected"
    )
    def get(self, request: Request, slug: str, pk: str) -> StreamingHttpResponse:
        run = find_import(pk, self)
        return csv_file(rejected_rows(run), name=f"rejected-rows-{run.pk}.csv")


class CancelImport(WorkspaceView):
    can = {"POST": "observations.write"}

    @extend_schema(request=None, responses=ImportDetailOut, operation_id="cancel_import")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = cancel_import(find_import(pk, self), by=self.member, at=now())
        return Response(detail_out(run))


class UndoImport(WorkspaceView):
    can = {"POST": "observations.write"}

    @extend_schema(request=None, responses={202: ImportDetailOut}, operation_id="undo_import")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = undo_finished(find_import(pk, self), by=self.member, at=now())
        return Response(detail_out(run), status=202)


def find_import(pk: str, view: WorkspaceView) -> ImportRun:
    """An import of a file or of a fetched source; other runs have no state to ask for."""
    run: ImportRun = find_or_404(ImportRun, pk, view)
    if not run.file and not run.is_fetched:
        raise Http404
    return run
