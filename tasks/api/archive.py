from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import RowOut, rows_out
from tasks.models import Board, Card, Column
from tasks.operations.archive import archive_done, delete_cards, restore_done
from tasks.queries.archive import ARCHIVED, TRASH, put_away
from tasks.queries.lines import CardLine, hung_on, lines_of
from tasks.rules.filters import LONGEST_TEXT
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field


class ArchivedCardOut(RowOut):
    archived_at = serializers.DateTimeField()
    trashed_at = serializers.DateTimeField(allow_null=True)


class ArchivedDoneOut(serializers.Serializer):
    archived = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="What brings them back together.")


class RestoreDoneIn(StrictSerializer):
    at = serializers.DateTimeField(help_text="That `archive-done/` has told.")


class RestoredDoneOut(serializers.Serializer):
    restored = serializers.IntegerField()


class ArchivedCards(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = (
        OpenApiParameter("in", str, enum=[ARCHIVED, TRASH], description="archived unless told"),
        OpenApiParameter("q", str, description="words in title or description, or #12"),
    )
    pagination_class = Pages

    @extend_schema(responses=ArchivedCardOut(many=True), operation_id="list_archived_cards")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        board, pages = find_or_404(Board, pk, self), Pages()
        place = request.query_params.get("in", ARCHIVED)
        q = request.query_params.get("q", "")
        if place not in {ARCHIVED, TRASH}:
            raise Invalid([at_field("in", "invalid_choice", _("Write archived or trash."))])
        if len(q) > LONGEST_TEXT or "\0" in q:
            raise Invalid([at_field("q", "invalid", _("This is too long to be looked for."))])
        cards = lines_of(put_away(board, place=place, q=q), "archived_at", "trashed_at")
        rows = list(pages.paginate_queryset(cards, request, view=self) or ())
        lines = [CardLine._make(row[:-2]) for row in rows]
        told = rows_out(lines, hung_on(self.workspace, [line.id for line in lines]))
        found = [
            line | {"archived_at": row[-2], "trashed_at": row[-1]}
            for line, row in zip(told, rows, strict=True)
        ]
        return pages.get_paginated_response(found)


class DeleteForGood(WorkspaceView):
    can = {"DELETE": "boards.edit"}

    @extend_schema(responses={204: None}, operation_id="delete_card_for_good")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        delete_cards([card], card.board, by=self.member, at=now())
        return Response(status=204)


class ArchiveDone(WorkspaceView):
    can = {"POST": "work.edit"}

    @extend_schema(request=None, responses=ArchivedDoneOut, operation_id="archive_done_cards")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        column, at = find_or_404(Column, pk, self), now()
        count = archive_done(column, by=self.member, at=at)
        return Response({"archived": count, "at": at.isoformat()})


class RestoreDone(WorkspaceView):
    can = {"POST": "work.edit"}

    @extend_schema(
        request=RestoreDoneIn, responses=RestoredDoneOut, operation_id="restore_done_cards"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        column, when = find_or_404(Column, pk, self), self.shape(RestoreDoneIn, request.data)["at"]
        count = restore_done(column, archived_at=when, by=self.member, at=now())
        return Response({"restored": count})
