from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import CardOut
from tasks.api.cards import CardView
from tasks.api.fields import BoardField, VersionField
from tasks.http import feed_url
from tasks.models import Board, CalendarFeed, Card
from tasks.operations.choices import choose_columns
from tasks.operations.feeds import make_feed, withdraw_feed
from tasks.operations.scheduling import reschedule_card
from tasks.queries.feeds import feeds_of
from tasks.queries.fields import AllBoards
from tasks.queries.listing import own_parts, shown_parts
from tasks.rules.listing import ALWAYS, CHOSEN, OWN, Part
from workspaces.api.tokens import BrowserOnly
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404

MOST_COLUMNS = 200
COLUMN = rf"^(?:{'|'.join(CHOSEN)}|{OWN}[0-9]{{1,9}})$"


class ScheduleIn(StrictSerializer):
    due = serializers.DateField(source="due_on", allow_null=True, help_text="Null: no day.")
    version = VersionField(help_text="That you saw.")


class ListLookIn(StrictSerializer):
    columns = serializers.ListField(
        child=serializers.RegexField(COLUMN),
        max_length=MOST_COLUMNS,
        help_text="Beside number and title; `field_7` is a field of a team's own.",
    )


class ListLookOut(serializers.Serializer):
    columns = serializers.ListField(child=serializers.CharField())


class CalendarFeedIn(StrictSerializer):
    board = BoardField(
        required=False, allow_null=True, help_text="Left out: the cards that are one's own."
    )


class CalendarFeedOut(serializers.Serializer):
    id = serializers.IntegerField()
    board = serializers.IntegerField(allow_null=True)
    made_at = serializers.DateTimeField()
    address = serializers.CharField(required=False, help_text="Told only once.")


class ScheduleCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=ScheduleIn, responses=CardOut, operation_id="schedule_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        said = self.shape(ScheduleIn, request.data)
        return Response(self.tell(reschedule_card(card, **said, by=self.member, at=now())))


class ListLookView(WorkspaceView):
    can = {"GET": "workspace.view", "PUT": "looks.own"}

    def shown(self, board: Board | None) -> Response:
        place = board or AllBoards(self.workspace)
        parts = shown_parts(place, self.member)
        chosen = [part.value for part in parts if part not in {*ALWAYS, Part.BOARD}]
        own = [f"{OWN}{field.pk}" for field in own_parts(place, self.member)]
        return Response({"columns": [*chosen, *own]})

    def choose(self, request: Request, board: Board | None) -> Response:
        said = self.shape(ListLookIn, request.data)
        choose_columns(board, shows=said["columns"], by=self.member)
        return self.shown(board)


class BoardListLook(ListLookView):
    @extend_schema(responses=ListLookOut, operation_id="read_list_look_of_board")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return self.shown(find_or_404(Board, pk, self))

    @extend_schema(
        request=ListLookIn, responses=ListLookOut, operation_id="choose_list_look_of_board"
    )
    def put(self, request: Request, slug: str, pk: str) -> Response:
        return self.choose(request, find_or_404(Board, pk, self))


class CardListLook(ListLookView):
    @extend_schema(responses=ListLookOut, operation_id="read_list_look")
    def get(self, request: Request, slug: str) -> Response:
        return self.shown(None)

    @extend_schema(request=ListLookIn, responses=ListLookOut, operation_id="choose_list_look")
    def put(self, request: Request, slug: str) -> Response:
        return self.choose(request, None)


def feed_out(feed: CalendarFeed) -> dict[str, Any]:
    return {"id": feed.pk, "board": feed.board_id, "made_at": feed.made_at}


NO_TOKEN = _lazy("A token cannot manage addresses of calendars; sign in.")


class CalendarFeeds(BrowserOnly):
    only = NO_TOKEN
    can = {"GET": "tokens.own", "POST": "tokens.own"}
    keeps_receipts = False  # the address is told only once
    pagination_class = Pages

    @extend_schema(responses=CalendarFeedOut(many=True), operation_id="list_calendar_feeds")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(feeds_of(self.member), request, view=self)
        return pages.get_paginated_response([feed_out(row) for row in rows])

    @extend_schema(
        request=CalendarFeedIn, responses={201: CalendarFeedOut}, operation_id="make_calendar_feed"
    )
    def post(self, request: Request, slug: str) -> Response:
        said = self.shape(CalendarFeedIn, request.data)
        feed, token = make_feed(said.get("board"), by=self.member, at=now())
        return Response({**feed_out(feed), "address": feed_url(request, token)}, status=201)


class CalendarFeedDetail(BrowserOnly):
    only = NO_TOKEN
    can = {"DELETE": "tokens.own"}

    @extend_schema(responses={204: None}, operation_id="withdraw_calendar_feed")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        feed = find_or_404(CalendarFeed, pk, self)
        if feed.member_id != self.member.pk:
            raise Http404
        withdraw_feed(feed, by=self.member, at=now())
        return Response(status=204)
