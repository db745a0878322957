from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.cycle_shapes import (
    CycleCloseIn,
    CycleIn,
    CycleOut,
    CyclePatch,
    WholeCycleOut,
    cycle_out,
    whole_cycle_out,
)
from tasks.api.filters import asked_board
from tasks.api.shapes import SawIn
from tasks.models import Cycle
from tasks.operations.cycle_turns import begin_cycle, close_cycle, reopen_cycle
from tasks.operations.cycles import CycleDraft, change_cycle, open_cycle, remove_cycle
from tasks.queries.cycles import cycles_of, days_of, viewed
from workspaces.rest import Pages, WorkspaceView, find_or_404


class CycleAnswer(WorkspaceView):
    def tell(self, cycle: Cycle) -> dict[str, Any]:
        fresh = cycles_of(self.workspace).get(pk=cycle.pk)
        fresh.workspace = self.workspace
        view = viewed([fresh])[0]
        return whole_cycle_out(view, days_of(view, self.workspace.day_of(now())))

    def render_current(self, current: Cycle) -> dict[str, Any]:
        return self.tell(current)


class Cycles(CycleAnswer):
    """The cycles, the newest first; of a board those that its cards can be in."""

    can = {"GET": "workspace.view", "POST": "boards.edit"}
    asks = [OpenApiParameter("board", int)]
    pagination_class = Pages

    @extend_schema(responses=CycleOut(many=True), operation_id="list_cycles")
    def get(self, request: Request, slug: str) -> Response:
        pages, board = Pages(), asked_board(self.workspace, request.query_params)
        found = cycles_of(self.workspace, board)
        rows = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([cycle_out(view) for view in viewed(list(rows))])

    @extend_schema(request=CycleIn, responses={201: WholeCycleOut}, operation_id="open_cycle")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(CycleIn, request.data)
        board = fields.pop("board", None)
        draft = CycleDraft(**fields)
        cycle = open_cycle(self.workspace, board, draft=draft, by=self.member, at=now())
        return Response(self.tell(cycle), status=201)


class CycleDetail(CycleAnswer):
    can = {"GET": "workspace.view", "PATCH": "boards.edit", "DELETE": "boards.edit"}

    @extend_schema(responses=WholeCycleOut, operation_id="read_cycle")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Cycle, pk, self)))

    @extend_schema(request=CyclePatch, responses=WholeCycleOut, operation_id="change_cycle")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        cycle = find_or_404(Cycle, pk, self)
        changes = self.shape(CyclePatch, request.data)
        version = changes.pop("version")
        changed = change_cycle(cycle, changes=changes, version=version, by=self.member, at=now())
        return Response(self.tell(changed))

    @extend_schema(request=SawIn, responses={204: None}, operation_id="remove_cycle")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        cycle = find_or_404(Cycle, pk, self)
        version = self.shape(SawIn, request.data)["version"]
        remove_cycle(cycle, version=version, by=self.member, at=now())
        return Response(status=204)


class BeginCycle(CycleAnswer):
    can = {"POST": "boards.edit"}

    @extend_schema(request=SawIn, responses=WholeCycleOut, operation_id="begin_cycle")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        cycle, said = find_or_404(Cycle, pk, self), self.shape(SawIn, request.data)
        return Response(self.tell(begin_cycle(cycle, **said, by=self.member, at=now())))


class CloseCycle(CycleAnswer):
    can = {"POST": "boards.edit"}

    @extend_schema(request=CycleCloseIn, responses=WholeCycleOut, operation_id="close_cycle")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        cycle, said = find_or_404(Cycle, pk, self), self.shape(CycleCloseIn, request.data)
        return Response(self.tell(close_cycle(cycle, **said, by=self.member, at=now())))


class ReopenCycle(CycleAnswer):
    can = {"POST": "boards.edit"}

    @extend_schema(request=SawIn, responses=WholeCycleOut, operation_id="reopen_cycle")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        cycle, said = find_or_404(Cycle, pk, self), self.shape(SawIn, request.data)
        return Response(self.tell(reopen_cycle(cycle, **said, by=self.member, at=now())))
