from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import SeenForm
from tasks.forms.templates import TemplateForm
from tasks.http import answer
from tasks.models import Board, Card, CardTemplate
from tasks.operations.templates import (
    change_template,
    draft_like,
    remove_template,
    save_template,
)
from tasks.queries.templates import templates_of
from workspaces.http import MemberRequest, find_or_404, go, page, tried


def templates_url(request: MemberRequest, board_id: int) -> str:
    return reverse("tasks:templates", kwargs={"slug": request.workspace.slug, "pk": board_id})


@page(can="workspace.view")
def templates(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    context = {"board": board, "templates": templates_of(board)}
    return render(request, "tasks/templates.html", context)


@page(can="work.edit", method="GET POST")
def new_template(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    form = TemplateForm(request.POST or None, workspace=request.workspace, board=board)
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(form, lambda: save_template(board, draft=form.draft(), by=by, at=at))
        if not status:
            return go(request, templates_url(request, board.pk), say=_("The template is saved."))
        return show_form(request, board, form, status=status)
    return show_form(request, board, form)


@page(can="work.edit", method="GET POST")
def edit_template(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(CardTemplate, pk, request)
    if request.method != "POST":
        return show_form(request, found.board, form_of(request, found), found)
    form = form_of(request, found, request.POST)
    by, at = request.member, now()
    status = tried(
        form,
        lambda: change_template(found, version=form.seen, changes=form.changes(), by=by, at=at),
        partial(form_of, request),
    )
    if not status:
        return go(request, templates_url(request, found.board_id), say=_("Saved."))
    return show_form(request, found.board, form, found, status=status)


def form_of(request: MemberRequest, found: CardTemplate, data: object = None) -> TemplateForm:
    values = TemplateForm.values_of(found)
    return TemplateForm(data, workspace=request.workspace, board=found.board, initial=values)


def show_form(
    request: MemberRequest,
    board: Board,
    form: TemplateForm,
    found: CardTemplate | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "board": board, "template": found}
    return render(request, "tasks/template.html", context, status=status)


@page(can="work.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(CardTemplate, pk, request)
    version = SeenForm(request.POST).said()["version"]
    remove_template(found, version=version, by=request.member, at=now())
    return go(request, templates_url(request, found.board_id), say=_("The template is removed."))


@page(can="work.edit", method="POST")
def from_card(request: MemberRequest, pk: int) -> HttpResponse:
    """Keep what a card says as a template of its board."""
    card = find_or_404(Card, pk, request)
    made = save_template(card.board, draft=draft_like(card), by=request.member, at=now())
    say = _("“%(title)s” is a template of this board now.") % {"title": made.title}
    return answer(request, card, say=say)
