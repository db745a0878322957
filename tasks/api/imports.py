import json
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.import_parts import yes_or_no
from metrics.api.imports import CsvRenderer
from metrics.http import LimitedUpload, csv_file, refuse_cut_upload
from metrics.operations.imports import refuse_size
from tasks.api.import_shapes import (
    BoardFileIn,
    BoardImportDetailOut,
    BoardImportOut,
    ChoicesIn,
    WaitingPersonOut,
    WhoIn,
    detail_out,
    import_out,
    person_out,
)
from tasks.http import json_file
from tasks.models import Board, BoardImport, ImportedPerson
from tasks.operations.import_runs import claim_board_import, run_board_import
from tasks.operations.imports import (
    Brought,
    Choices,
    cancel_board_import,
    check_board_import,
    choices_of,
    confirm_board_import,
    start_board_import,
    undo_board_import,
)
from tasks.operations.imports_people import say_who
from tasks.queries.exports import json_of, rows_of
from tasks.queries.import_words import left_table, why_failed
from tasks.queries.imports import board_imports
from workspaces.models import Membership
from workspaces.parsers import FilesParser
from workspaces.rest import Pages, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, Problem, at_field

AT_ONCE = 512 * 1024  # files up to this size are read while the request waits
FIELDS = ("file", "choices", "dry_run")
LARGEST_CHOICES = 1024 * 1024


class BoardImportView(WorkspaceView):
    def read(self, data: object) -> Choices:
        return Choices(**self.shape(ChoicesIn, data))

    def ran(self, run: BoardImport) -> Response:
        """The run, worked on at once where its file is small; 400 says why it failed."""
        if run.file_bytes <= AT_ONCE and claim_board_import(run, at=now()):
            run = run_board_import(run, clock=now)
        if run.error:
            where = str(run.error.get("where", ""))
            row = int(where) if where.isdigit() else None
            pointer = where if where.startswith("/") else "/file"
            raise Invalid([Problem(why_failed(run), str(run.error["code"]), pointer, row, "file")])
        status = 202 if run.is_at_work else 200
        return Response(detail_out(run), status=status)


class BoardImports(BoardImportView):
    can = {"GET": "boards.edit", "POST": "boards.edit"}
    parser_classes = [FilesParser]
    pagination_class = Pages

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Put the limit in place before anything reads the body."""
        request._request.upload_handlers = [LimitedUpload(request._request)]  # noqa: SLF001
        super().initial(request, *args, **kwargs)

    @extend_schema(responses=BoardImportOut(many=True), operation_id="list_board_imports")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(board_imports(self.workspace), request, view=self)
        return pages.get_paginated_response([import_out(run) for run in rows])

    @extend_schema(
        request={"multipart/form-data": BoardFileIn},
        responses={200: BoardImportDetailOut, 202: BoardImportDetailOut},
        operation_id="import_board",
    )
    def post(self, request: Request, slug: str) -> Response:
        brought = self.wish(request)
        run = start_board_import(self.workspace, brought=brought, by=self.member, at=now())
        answer = self.ran(run)
        answer["Location"] = f"{request.path}{run.pk}/"
        return answer

    def wish(self, request: Request) -> Brought:
        """What was sent; Invalid names what is missing or unknown."""
        data = request.data
        refuse_cut_upload(request._request)  # noqa: SLF001
        unknown = [name for name in data if name not in FIELDS]
        if unknown:
            message = _("There is no such field.")
            raise Invalid([at_field(name, "unknown_field", message) for name in unknown])
        held = data.get("file")
        if held is None or isinstance(held, str):
            message = _("Send the file as a part named “file”.")
            raise Invalid([at_field("file", "required", message)])
        refuse_size(held.size)
        choices = self.read(_json_of(data.get("choices")))
        is_trial = yes_or_no(data, "dry_run")
        return Brought(str(held.name), held.chunks(), choices, confirmed=not is_trial)


def _json_of(text: Any) -> Any:
    """A part of the form that is a JSON object, or nothing."""
    if not text:
        return {}
    try:
        found = json.loads(str(text)[:LARGEST_CHOICES])
    except (ValueError, RecursionError) as error:
        message = _("Send the choices as a JSON object.")
        raise Invalid([at_field("choices", "invalid", message)]) from error
    return found


class BoardImportDetail(BoardImportView):
    can = {"GET": "boards.edit"}

    @extend_schema(responses=BoardImportDetailOut, operation_id="read_board_import")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(detail_out(find_or_404(BoardImport, pk, self)))


class CheckBoardImport(BoardImportView):
    can = {"POST": "boards.edit"}

    @extend_schema(
        request=ChoicesIn,
        responses={200: BoardImportDetailOut, 202: BoardImportDetailOut},
        operation_id="check_board_import",
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = find_or_404(BoardImport, pk, self)
        choices = self.read(request.data)
        return self.ran(check_board_import(run, choices=choices, by=self.member, at=now()))


class ConfirmBoardImport(BoardImportView):
    can = {"POST": "boards.edit"}

    @extend_schema(
        request=ChoicesIn,
        responses={200: BoardImportDetailOut, 202: BoardImportDetailOut},
        operation_id="confirm_board_import",
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = find_or_404(BoardImport, pk, self)
        choices = self.read(request.data) if request.data else choices_of(run)
        return self.ran(confirm_board_import(run, choices=choices, by=self.member, at=now()))


class CancelBoardImport(BoardImportView):
    can = {"POST": "boards.edit"}

    @extend_schema(request=None, responses=BoardImportDetailOut, operation_id="cancel_board_import")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = find_or_404(BoardImport, pk, self)
        return Response(detail_out(cancel_board_import(run, by=self.member, at=now())))


class UndoBoardImport(BoardImportView):
    can = {"POST": "boards.edit"}

    @extend_schema(request=None, responses=BoardImportDetailOut, operation_id="undo_board_import")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        run = find_or_404(BoardImport, pk, self)
        return Response(detail_out(undo_board_import(run, by=self.member, at=now())))


class BoardImportLeft(BoardImportView):
    can = {"GET": "boards.edit"}
    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY}, operation_id="board_import_left"
    )
    def get(self, request: Request, slug: str, pk: str) -> StreamingHttpResponse:
        run = find_or_404(BoardImport, pk, self)
        return csv_file(left_table(run), name=f"not-imported-{run.pk}.csv")


class ImportedPersonDetail(BoardImportView):
    can = {"POST": "boards.edit"}

    @extend_schema(request=WhoIn, responses=WaitingPersonOut, operation_id="say_who_imported")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        person = find_or_404(ImportedPerson, pk, self)
        wanted = self.shape(WhoIn, request.data)["member"]
        member = Membership.objects.filter(workspace=self.workspace, pk=wanted).first()
        if member is None:
            raise Invalid([at_field("member", "no_such_member", _("This is no member."))])
        return Response(person_out(say_who(person, member=member, by=self.member, at=now())))


class BoardExport(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (
        OpenApiParameter("as", str, enum=["json", "csv"], description="json unless it is told"),
    )
    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        parameters=list(asks),
        responses={(200, "application/json"): OpenApiTypes.BINARY},
        operation_id="export_board",
    )
    def get(self, request: Request, slug: str, pk: str) -> StreamingHttpResponse:
        board = find_or_404(Board, pk, self)
        word = request.query_params.get("as", "json")
        if word == "csv":
            return csv_file(rows_of(board), name=f"board-{board.pk}.csv")
        if word != "json":
            raise Invalid([at_field("as", "invalid_choice", _("Write json or csv."))])
        return json_file(json_of(board), name=f"board-{board.pk}.json")
