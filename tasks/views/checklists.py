from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import AssignItemForm, EditItemForm, ItemForm, PlaceItemForm, TickForm
from tasks.http import answer
from tasks.models import Card, ChecklistItem
from tasks.operations.checklists import (
    add_item,
    assign_item,
    edit_item,
    place_item,
    remove_item,
    tick_item,
)
from workspaces.http import MemberRequest, find_or_404, page


@page(can="work.edit", method="POST")
def add(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    add_item(card, text=ItemForm(request.POST).said()["text"], by=request.member, at=now())
    return answer(request, card)


@page(can="work.edit", method="POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    item = find_or_404(ChecklistItem, pk, request)
    edit_item(item, **EditItemForm(request.POST).said(), by=request.member, at=now())
    return answer(request, item.card)


@page(can="work.edit", method="POST")
def tick(request: MemberRequest, pk: int) -> HttpResponse:
    item = find_or_404(ChecklistItem, pk, request)
    done = TickForm(request.POST).said()["done"]
    tick_item(item, done=done, by=request.member, at=now())
    return answer(request, item.card)


@page(can="work.edit", method="POST")
def assign(request: MemberRequest, pk: int) -> HttpResponse:
    item = find_or_404(ChecklistItem, pk, request)
    said = AssignItemForm(request.POST, workspace=request.workspace).said()
    assign_item(item, changes=said, by=request.member, at=now())
    return answer(request, item.card)


@page(can="work.edit", method="POST")
def place(request: MemberRequest, pk: int) -> HttpResponse:
    item = find_or_404(ChecklistItem, pk, request)
    said = PlaceItemForm(request.POST, card=item.card).said()
    place_item(item, **said, by=request.member, at=now())
    return answer(request, item.card)


@page(can="work.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    item = find_or_404(ChecklistItem, pk, request)
    remove_item(item, by=request.member, at=now())
    return answer(request, item.card, say=_("The step is removed."))
