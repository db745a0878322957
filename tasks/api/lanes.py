from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.models import Board
from tasks.models.boards import Lanes
from tasks.queries.boards import columns_of, facts_of
from tasks.queries.lanes import lanes_of_board
from tasks.rules.lanes import KINDS
from workspaces.rest import WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field

BY = OpenApiParameter("by", str, enum=KINDS, description="Left out: what the board has chosen.")


class BoardLaneCellOut(serializers.Serializer):
    column = serializers.IntegerField()
    cards = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True)


class BoardLaneOut(serializers.Serializer):
    lane = serializers.CharField()
    name = serializers.CharField()
    cards = serializers.IntegerField()
    columns = BoardLaneCellOut(many=True)


class BoardLanesOut(serializers.Serializer):
    by = serializers.CharField(help_text="none, where the board has no swimlanes.")
    lanes = BoardLaneOut(many=True)


class BoardLanes(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = [BY]

    @extend_schema(responses=BoardLanesOut, operation_id="read_lanes")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        board.workspace = self.workspace
        asked = request.query_params.get("by", board.lanes)
        if asked == Lanes.NONE and "by" not in request.query_params:
            return Response({"by": asked, "lanes": []})
        if asked not in KINDS:
            raise Invalid([at_field("by", "invalid", _("There is no such swimlane."))])
        facts = facts_of(board, self.workspace.day_of(now()), by=asked)
        columns, lanes = list(columns_of(board)), []
        limited = asked == board.lanes
        for lane, name, _thing in lanes_of_board(board, asked, facts):
            cells: list[dict[str, Any]] = [
                {
                    "column": column.pk,
                    "cards": facts.by_cell.get((column.pk, lane), (0, 0))[0],
                    "limit": column.lane_limit if limited else None,
                }
                for column in columns
            ]
            count = sum(cell["cards"] for cell in cells)
            lanes.append({"lane": lane.key, "name": name, "cards": count, "columns": cells})
        return Response({"by": asked, "lanes": lanes})
