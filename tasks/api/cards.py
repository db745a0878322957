from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.filters import asked_cards
from tasks.api.shapes import (
    CardIn,
    CardOut,
    CardPatch,
    CardRowOut,
    MoveIn,
    SeenIn,
    TickIn,
    card_out,
    row_out,
)
from tasks.models import Card, Column
from tasks.operations.cards import CardDraft, add_card, archive_card, edit_card, restore_card
from tasks.operations.moves import move_card, tick_card
from tasks.queries.boards import first_column
from tasks.queries.cards import for_listing, listed, whole_card
from tasks.rules.due import Due
from workspaces.rest import Pages, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, Problem

FILTERS = [
    OpenApiParameter("board", int),
    OpenApiParameter("column", int),
    OpenApiParameter("goal", int),
    OpenApiParameter("assignee", str, description="A member's e-mail address or id, or `me`."),
    OpenApiParameter("due", str, enum=[due.value for due in Due]),
    OpenApiParameter("done", bool),
]


class CardView(WorkspaceView):
    def tell(self, card: Card) -> dict[str, Any]:
        return card_out(*whole_card(card.pk), now())

    def render_current(self, current: Card) -> dict[str, Any]:
        return self.tell(current)


class Cards(CardView):
    can = {"GET": "workspace.view", "POST": "work.edit"}
    asks = FILTERS
    pagination_class = Pages

    @extend_schema(responses=CardRowOut(many=True), operation_id="list_cards")
    def get(self, request: Request, slug: str) -> Response:
        pages, today = Pages(), self.workspace.day_of(now())
        cards = asked_cards(self.member, request.query_params, today)
        rows = pages.paginate_queryset(for_listing(cards), request, view=self)
        return pages.get_paginated_response([row_out(card) for card in listed(rows)])

    @extend_schema(request=CardIn, responses={201: CardOut}, operation_id="add_card")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(CardIn, request.data)
        column = self.column_of(fields)
        nonce, texts = fields.pop("nonce", ""), fields.pop("checklist", ())
        draft = CardDraft(**fields, checklist=tuple(texts))
        card = add_card(column, draft=draft, nonce=nonce, by=self.member, at=now())
        return Response(self.tell(card), status=201)

    def column_of(self, fields: dict[str, Any]) -> Column:
        """Where the card goes; taken out of the fields."""
        board, column = fields.pop("board", None), fields.pop("column", None)
        if column is None:
            column = first_column(self.workspace, board)
        elif board is not None and column.board_id != board.pk:
            message = _("The column is not on this board.")
            raise Invalid([Problem(message, "other_board", "/column", None, "column")])
        if column is None:
            message = _("There is no open board to put a card on.")
            raise Invalid([Problem(message, "required", "/board", None, "board")])
        return column


class CardDetail(CardView):
    can = {"GET": "workspace.view", "PATCH": "work.edit", "DELETE": "work.edit"}

    @extend_schema(responses=CardOut, operation_id="read_card")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Card, pk, self)))

    @extend_schema(request=CardPatch, responses=CardOut, operation_id="change_card")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = self.shape(CardPatch, request.data)
        version = fields.pop("version")
        card = edit_card(card, version=version, changes=fields, by=self.member, at=now())
        return Response(self.tell(card))

    @extend_schema(request=SeenIn, responses={204: None}, operation_id="archive_card")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        version = self.shape(SeenIn, request.data).get("version")
        archive_card(card, version=version, by=self.member, at=now())
        return Response(status=204)


class MoveCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=MoveIn, responses=CardOut, operation_id="move_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = {"after": None, **self.shape(MoveIn, request.data)}
        return Response(self.tell(move_card(card, **fields, by=self.member, at=now())))


class TickCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=TickIn, responses=CardOut, operation_id="tick_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = self.shape(TickIn, request.data)
        return Response(self.tell(tick_card(card, **fields, by=self.member, at=now())))


class RestoreCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=None, responses=CardOut, operation_id="restore_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        return Response(self.tell(restore_card(card, by=self.member, at=now())))
