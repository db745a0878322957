from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import TickForm, VersionForm
from tasks.forms.cards import EditCardForm, NewCardForm
from tasks.http import DRAWER, answer, board_url, card_context, card_url, closed
from tasks.models import Board, Card, CardTemplate
from tasks.operations.cards import add_card, archive_card, restore_card, trash_card
from tasks.operations.edits import edit_card, watch_card
from tasks.queries.boards import open_columns
from tasks.queries.templates import begun_with, names_of
from workspaces.http import MemberRequest, back, find_or_404, go, page, tried
from workspaces.rules.errors import Refused

CHOSEN = ("goal", "clock", "cycle", "column", "assignee", "due_on", "title")


@page(can="workspace.view")
def card(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Card, pk, request)
    template = DRAWER if request.htmx else "tasks/card.html"
    return render(request, template, card_context(request, found))


@page(can="work.edit", method="GET POST")
def new_card(request: MemberRequest) -> HttpResponse:
    form = new_form(request)
    if request.method == "POST" and form.is_valid():
        column, nonce = form.cleaned_data["column"], form.cleaned_data["nonce"]
        try:
            made = add_card(column, draft=form.draft(), nonce=nonce, by=request.member, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return added(request, made)
    template = "tasks/_new_card.html" if request.htmx else "tasks/new_card.html"
    context = {
        "form": form,
        "columns": open_columns(request.workspace).exists(),
        "templates": names_of(form.board) if form.board else (),
        "begin": f"?{urlencode({'column': form.initial['column'] or ''})}",
    }
    return render(request, template, context, status=422 if form.errors else 200)


@page(can="work.edit", method="POST")
def quick_card(request: MemberRequest) -> HttpResponse:
    """One click on another page: a card of mine in the first column, once for a nonce."""
    first = chosen(request)
    if first["column"] is None:
        raise Refused(_("Open a board first: there is no column for the card."), code="no_column")
    sent = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    form = NewCardForm({**first, **sent}, workspace=request.workspace)
    for field, problems in form.errors.items():
        raise Refused(str(problems[0]), code="invalid", field=field)
    column, nonce = form.cleaned_data["column"], form.cleaned_data["nonce"]
    made = add_card(column, draft=form.draft(), nonce=nonce, by=request.member, at=now())
    say = _("“%(title)s” is added.") % {"title": made.title}
    return go(request, back(request, card_url(made, request)), say=say)


def new_form(request: MemberRequest) -> NewCardForm:
    """The form of a new card, with the fields that the cards of its board have."""
    first = chosen(request)
    column = str(request.POST.get("column", first["column"]))
    known = column.isascii() and column.isdigit()
    columns = open_columns(request.workspace).filter(pk=int(column[:18]) if known else 0)
    board = next((found.board for found in columns), None)
    if board is not None:
        first |= begun(request, board)
    form = NewCardForm(
        request.POST or None, workspace=request.workspace, board=board, initial=first
    )
    form.board = board
    return form


def begun(request: MemberRequest, board: Board) -> dict[str, object]:
    """What the template of ?template= says, if it is one of the board."""
    word = request.GET.get("template", "")
    if not (word.isascii() and word.isdigit()):
        return {}
    found = CardTemplate.objects.filter(board=board, pk=int(word[:18])).first()
    return begun_with(found, request.workspace.day_of(now())) if found else {}


def chosen(request: MemberRequest) -> dict[str, object]:
    """What the link to the form has chosen already; a board means its first column."""
    found = {name: request.GET[name] for name in CHOSEN if name in request.GET}
    board = request.GET.get("board", "")
    columns = open_columns(request.workspace)
    if board.isascii() and board.isdigit() and "column" not in found:
        columns = columns.filter(board_id=int(board[:18]))
    first = columns.first()
    return {"column": first.pk if first else None, "assignee": request.member.pk, **found}


def added(request: MemberRequest, made: Card) -> HttpResponse:
    say = _("“%(title)s” is added.") % {"title": made.title}
    if request.htmx:
        return closed(request, made.board, say=say)
    return go(request, back(request, board_url(made.board_id, request)), say=say)


@page(can="work.edit", method="GET POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Card, pk, request)
    values = EditCardForm.values_of(found)
    form = EditCardForm(
        request.POST or None, workspace=request.workspace, card=found, initial=values
    )
    if request.method != "POST":
        return show_form(request, found, form)
    by, at = request.member, now()
    status = tried(
        form,
        lambda: edit_card(found, version=form.seen, changes=form.changes(), by=by, at=at),
        partial(present, request),
    )
    if status:
        return show_form(request, found, form, status=status)
    return answer(request, form.made, say=_("Saved."))


def present(request: MemberRequest, card: Card) -> EditCardForm:
    values = EditCardForm.values_of(card)
    return EditCardForm(workspace=request.workspace, card=card, initial=values)


def show_form(
    request: MemberRequest, found: Card, form: EditCardForm, *, status: int = 200
) -> HttpResponse:
    template = "tasks/_edit_card.html" if request.htmx else "tasks/edit_card.html"
    return render(request, template, {"form": form, "card": found}, status=status)


@page(can="notifications.own", method="POST")
def watch(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Card, pk, request)
    on = TickForm(request.POST).said()["done"]
    watch_card(found, on=on, by=request.member)
    say = _("You are told what happens on this card.") if on else _("You are told no longer.")
    return answer(request, found, say=say)


@page(can="work.edit", method="POST")
def trash(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Card, pk, request)
    said = VersionForm(request.POST).said()
    gone = trash_card(found, version=said["version"], by=request.member, at=now())
    undo = reverse("tasks:restore_card", kwargs={"slug": request.workspace.slug, "pk": gone.pk})
    say = _("“%(title)s” is in the trash.") % {"title": gone.title}
    if request.htmx:
        return closed(request, gone.board, say=say, undo=undo)
    return go(request, card_url(gone, request), say=say)


@page(can="work.edit", method="POST")
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Card, pk, request)
    said = VersionForm(request.POST).said()
    gone = archive_card(found, version=said["version"], by=request.member, at=now())
    undo = reverse("tasks:restore_card", kwargs={"slug": request.workspace.slug, "pk": gone.pk})
    say = _("“%(title)s” is archived.") % {"title": gone.title}
    if request.htmx:
        return closed(request, gone.board, say=say, undo=undo)
    return go(request, card_url(gone, request), say=say)


@page(can="work.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    found = restore_card(find_or_404(Card, pk, request), by=request.member, at=now())
    say = _("“%(title)s” is back on its board.") % {"title": found.title}
    return go(request, board_url(found.board_id, request), say=say)
