from typing import ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.models import Board
from workspaces.live.answers import (
    STREAM,
    changes_since,
    pass_of,
    seen_by,
    stream_answer,
    whole_changes_since,
)
from workspaces.live.seats import NO_STREAM
from workspaces.models import ApiToken
from workspaces.queries.passes import Pass
from workspaces.rest import WorkspaceView, find_or_404

AFTER = OpenApiParameter("after", int, description="The last number that you have seen.")


class BoardChangeOut(serializers.Serializer):
    seq = serializers.IntegerField(help_text="Counts up by one on each board.")
    verb = serializers.CharField()
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    by = serializers.IntegerField(allow_null=True, help_text="Id of a member; null: the clock.")
    version = serializers.IntegerField(allow_null=True, help_text="Of the subject; null: kept.")


class VisitorOut(serializers.Serializer):
    member = serializers.IntegerField()
    subject = serializers.IntegerField(allow_null=True, help_text="Id of the card that is open.")
    editing = serializers.BooleanField()


class BoardChangesOut(serializers.Serializer):
    seq = serializers.IntegerField(help_text="Ask for what comes after it next time.")
    reset = serializers.BooleanField(help_text="Too much was missed: read everything anew.")
    changes = BoardChangeOut(many=True)
    people = VisitorOut(many=True)


class CardChangesOut(serializers.Serializer):
    seq = serializers.IntegerField(help_text="The numbers of all boards, added up.")
    reset = serializers.BooleanField(help_text="Something happened on some board since `after`.")


class EventStream(JSONRenderer):
    """What a stream is asked for as; refusals are JSON all the same."""

    media_type = STREAM
    format = "stream"


class BoardChanges(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (AFTER,)

    @extend_schema(responses=BoardChangesOut, operation_id="list_board_changes")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        return Response(changes_since(board.stream_id, seen_by(request)))


class BoardStream(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (AFTER,)
    renderer_classes: ClassVar = [JSONRenderer, EventStream]

    @extend_schema(responses={(200, STREAM): OpenApiTypes.STR}, operation_id="follow_board_stream")
    def get(self, request: Request, slug: str, pk: str) -> HttpResponseBase:
        board = find_or_404(Board, pk, self)
        return stream_answer(request, board.stream_id, holder_of(self, request))


def holder_of(view: WorkspaceView, request: Request) -> Pass:
    """How the program that asks came in."""
    token = request.auth
    digest = token.digest if isinstance(token, ApiToken) else ""
    return pass_of(request, view.member, digest)


class CardChanges(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (AFTER,)

    @extend_schema(responses=CardChangesOut, operation_id="read_card_changes")
    def get(self, request: Request, slug: str) -> Response:
        told = whole_changes_since(self.workspace.pk, seen_by(request))
        return Response({"seq": told["seq"], "reset": told["reset"]})


class CardStream(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (AFTER,)
    renderer_classes: ClassVar = [JSONRenderer, EventStream]

    @extend_schema(responses={(200, STREAM): OpenApiTypes.STR}, operation_id="follow_card_stream")
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        holder, workspace_id = holder_of(self, request), self.workspace.pk
        return stream_answer(request, NO_STREAM, holder, workspace_id=workspace_id)
