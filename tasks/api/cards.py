from datetime import date
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import (
    PRIORITIES,
    CardIn,
    CardOut,
    CardPatch,
    CardRowOut,
    MovedCardOut,
    MoveIn,
    TickIn,
    TransferIn,
    card_out,
    rows_out,
)
from tasks.api.filters import asked_cards, asked_order
from tasks.api.shapes import SeenIn
from tasks.models import Board, Card, Column, CustomField, Label
from tasks.operations.cards import CardDraft, add_card, archive_card, restore_card, trash_card
from tasks.operations.edits import edit_card, label_card, watch_card
from tasks.operations.lanes import Target, move_to_lane
from tasks.operations.moves import tick_card
from tasks.operations.transfers import transfer_card
from tasks.queries.boards import first_column
from tasks.queries.cards import whole_card
from tasks.queries.dependencies import warning_of
from tasks.queries.fields import fields_of
from tasks.queries.lines import CardLine, hung_on, lines_of
from tasks.queries.listing import in_order
from tasks.rules.due import Due
from workspaces.rest import Pages, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, Problem

FILTERS = [
    OpenApiParameter("board", int),
    OpenApiParameter("column", int),
    OpenApiParameter("goal", int),
    OpenApiParameter("cycle", int),
    OpenApiParameter("assignee", str, description="A member's e-mail address or id, or `me`."),
    OpenApiParameter("due", str, enum=[due.value for due in Due]),
    OpenApiParameter("done", bool),
    OpenApiParameter("due_from", date),
    OpenApiParameter("due_to", date),
    OpenApiParameter("q", str, description="Words of title or description, or #12."),
    OpenApiParameter("label", int),
    OpenApiParameter("priority", str, enum=list(PRIORITIES)),
    OpenApiParameter("sort", str, description="A column of lists, with - from its end."),
    OpenApiParameter("blocked", bool),
]


class CardView(WorkspaceView):
    def tell(self, card: Card) -> dict[str, Any]:
        return card_out(whole_card(card.pk), now())

    def render_current(self, current: Card) -> dict[str, Any]:
        return self.tell(current)

    def tell_moved(self, was: Card, now: Card) -> dict[str, Any]:
        """The card as it stands now, with what is to be said against it."""
        message = warning_of(was, now)
        warnings = [{"code": "blocked", "message": message}] if message else []
        return {**self.tell(now), "warnings": warnings}

    def values_of(self, board: Board, said: dict[str, Any]) -> dict[CustomField, Any]:
        """What is said by the ids of fields, by the fields."""
        known = {str(field.pk): field for field in fields_of(board)} if said else {}
        strange = [name for name in said if name not in known]
        if strange:
            message = _("Cards of this board have no such field.")
            raise Invalid(
                [Problem(message, "not_found", f"/fields/{n}", None, "fields") for n in strange]
            )
        return {known[name]: value for name, value in said.items()}


class Cards(CardView):
    can = {"GET": "workspace.view", "POST": "work.edit"}
    asks = FILTERS
    pagination_class = Pages

    @extend_schema(responses=CardRowOut(many=True), operation_id="list_cards")
    def get(self, request: Request, slug: str) -> Response:
        pages, today = Pages(), self.workspace.day_of(now())
        cards = asked_cards(self.member, request.query_params, today)
        order = asked_order(self.member, request.query_params, today)
        rows = pages.paginate_queryset(lines_of(in_order(cards, order)), request, view=self)
        found = list(map(CardLine._make, rows))
        hung = hung_on(self.workspace, [card.id for card in found])
        return pages.get_paginated_response(rows_out(found, hung))

    @extend_schema(request=CardIn, responses={201: CardOut}, operation_id="add_card")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(CardIn, request.data)
        column = self.column_of(fields)
        nonce, texts = fields.pop("nonce", ""), fields.pop("checklist", ())
        values = self.values_of(column.board, fields.pop("values", {}))
        draft = CardDraft(**fields, checklist=tuple(texts), values=values)
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
        if "values" in fields:
            fields["values"] = self.values_of(card.board, fields["values"])
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

    @extend_schema(request=MoveIn, responses=MovedCardOut, operation_id="move_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = self.shape(MoveIn, request.data)
        version, target = fields.pop("version"), Target(**fields)
        moved = move_to_lane(card, target=target, version=version, by=self.member, at=now())
        return Response(self.tell_moved(card, moved))


class TransferCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=TransferIn, responses=CardOut, operation_id="transfer_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = {"after": None, **self.shape(TransferIn, request.data)}
        return Response(self.tell(transfer_card(card, **fields, by=self.member, at=now())))


class TickCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=TickIn, responses=MovedCardOut, operation_id="tick_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        fields = self.shape(TickIn, request.data)
        ticked = tick_card(card, **fields, by=self.member, at=now())
        return Response(self.tell_moved(card, ticked))


class TrashCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=SeenIn, responses=CardOut, operation_id="trash_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        version = self.shape(SeenIn, request.data).get("version")
        return Response(self.tell(trash_card(card, version=version, by=self.member, at=now())))


class CardLabelView(CardView):
    can = {"PUT": "work.edit", "DELETE": "work.edit"}

    @extend_schema(request=None, responses=CardOut, operation_id="put_label_on_card")
    def put(self, request: Request, slug: str, pk: str, label: str) -> Response:
        return self.turn(pk, label, on=True)

    @extend_schema(responses=CardOut, operation_id="take_label_off_card")
    def delete(self, request: Request, slug: str, pk: str, label: str) -> Response:
        return self.turn(pk, label, on=False)

    def turn(self, pk: str, label: str, *, on: bool) -> Response:
        card, row = find_or_404(Card, pk, self), find_or_404(Label, label, self)
        return Response(self.tell(label_card(card, row, on=on, by=self.member, at=now())))


class WatchCard(CardView):
    can = {"PUT": "notifications.own", "DELETE": "notifications.own"}

    @extend_schema(request=None, responses=CardOut, operation_id="watch_card")
    def put(self, request: Request, slug: str, pk: str) -> Response:
        return self.turn(pk, on=True)

    @extend_schema(responses=CardOut, operation_id="unwatch_card")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        return self.turn(pk, on=False)

    def turn(self, pk: str, *, on: bool) -> Response:
        card = find_or_404(Card, pk, self)
        watch_card(card, on=on, by=self.member)
        return Response(self.tell(card))


class RestoreCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=None, responses=CardOut, operation_id="restore_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        return Response(self.tell(restore_card(card, by=self.member, at=now())))
