from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.shapes import ItemOut, ItemPatch, NewItemIn, item_out
from tasks.models import Card, ChecklistItem
from tasks.operations.checklists import (
    add_item,
    assign_item,
    edit_item,
    place_item,
    remove_item,
    tick_item,
)
from workspaces.rest import WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, Problem


class ItemView(WorkspaceView):
    def render_current(self, current: ChecklistItem | None) -> dict[str, Any] | None:
        return item_out(current) if current else None


class CardItems(ItemView):
    can = {"POST": "work.edit"}

    @extend_schema(request=NewItemIn, responses={201: ItemOut}, operation_id="add_item")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        item = add_item(card, **self.shape(NewItemIn, request.data), by=self.member, at=now())
        return Response(item_out(item), status=201)


class ItemDetail(ItemView):
    can = {"PATCH": "work.edit", "DELETE": "work.edit"}

    @extend_schema(request=ItemPatch, responses=ItemOut, operation_id="change_item")
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        item, at = find_or_404(ChecklistItem, pk, self), now()
        fields = self.shape(ItemPatch, request.data)
        if "text" in fields:
            edit_item(item, text=fields["text"], was=seen(fields), by=self.member, at=at)
        item = assign_item(item, changes=fields, by=self.member, at=at)
        if "done" in fields:
            item = tick_item(item, done=fields["done"], by=self.member, at=at)
        if "after" in fields:
            item = place_item(item, after=fields["after"], by=self.member, at=at)
        return Response(item_out(item))

    @extend_schema(responses={204: None}, operation_id="remove_item")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_item(find_or_404(ChecklistItem, pk, self), by=self.member, at=now())
        return Response(status=204)


def seen(fields: dict[str, Any]) -> str:
    """The text that the caller saw: an item's version is what it says."""
    if "was" not in fields:
        message = _("Say also the text that you saw.")
        raise Invalid([Problem(message, "required", "/was", None, "was")])
    return fields["was"]
