from typing import Any

from django.db import transaction
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.shapes import (
    BoardIn,
    BoardOut,
    BoardPatch,
    ColumnIn,
    ColumnOut,
    ColumnPatch,
    SeenIn,
    board_out,
    column_out,
)
from tasks.models import Board, Column
from tasks.operations.boards import (
    ColumnDraft,
    archive_board,
    change_board,
    open_board,
    restore_board,
)
from tasks.operations.columns import add_column, change_column, place_column, remove_column
from tasks.queries.boards import boards_of, whole_board
from workspaces.rest import Pages, WorkspaceView, find_or_404


class BoardView(WorkspaceView):
    def tell(self, board: Board) -> dict[str, Any]:
        return board_out(whole_board(board.pk))

    def render_current(self, current: Board) -> dict[str, Any]:
        return self.tell(current)


class Boards(BoardView):
    can = {"GET": "workspace.view", "POST": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=BoardOut(many=True), operation_id="list_boards")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(boards_of(self.workspace), request, view=self)
        return pages.get_paginated_response([board_out(board) for board in rows])

    @extend_schema(request=BoardIn, responses={201: BoardOut}, operation_id="open_board")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(BoardIn, request.data)
        name = fields.pop("name")
        columns = [ColumnDraft(**column) for column in fields.pop("columns", ())]
        board = open_board(
            self.workspace, name=name, columns=columns, settings=fields, by=self.member, at=now()
        )
        return Response(self.tell(board), status=201)


class BoardDetail(BoardView):
    can = {"GET": "workspace.view", "PATCH": "boards.edit"}

    @extend_schema(responses=BoardOut, operation_id="read_board")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Board, pk, self)))

    @extend_schema(request=BoardPatch, responses=BoardOut, operation_id="change_board")
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        board, at = find_or_404(Board, pk, self), now()
        fields = self.shape(BoardPatch, request.data)
        version, archived = fields.pop("version"), fields.pop("archived", None)
        board = change_board(board, changes=fields, version=version, by=self.member, at=at)
        if archived is not None:
            turn = archive_board if archived else restore_board
            board = turn(board, by=self.member, at=at)
        return Response(self.tell(board))


class BoardColumns(BoardView):
    can = {"POST": "boards.edit"}

    @extend_schema(request=ColumnIn, responses={201: ColumnOut}, operation_id="add_column")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        fields = self.shape(ColumnIn, request.data)
        version = fields.pop("version", None)
        column = add_column(
            board, draft=ColumnDraft(**fields), version=version, by=self.member, at=now()
        )
        return Response(column_out(column), status=201)


class ColumnDetail(BoardView):
    can = {"PATCH": "boards.edit", "DELETE": "boards.edit"}

    @extend_schema(request=ColumnPatch, responses=BoardOut, operation_id="change_column")
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        column, at = find_or_404(Column, pk, self), now()
        fields = self.shape(ColumnPatch, request.data)
        version, moves = fields.pop("version", None), "after" in fields
        after = fields.pop("after", None)
        if fields or not moves:
            column = change_column(column, changes=fields, version=version, by=self.member, at=at)
            version = None
        if moves:
            place_column(column, after=after, version=version, by=self.member, at=at)
        return Response(self.tell(column.board))

    @extend_schema(request=SeenIn, responses={204: None}, operation_id="remove_column")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        column = find_or_404(Column, pk, self)
        version = self.shape(SeenIn, request.data).get("version")
        remove_column(column, version=version, by=self.member, at=now())
        return Response(status=204)
