from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms import BoardForm, ColumnForm
from tasks.http import board_url
from tasks.models import Board
from tasks.operations.boards import archive_board, open_board, rename_board, restore_board
from tasks.queries.boards import archived_boards, board_view, boards_of, columns_of
from tasks.render import draw_columns
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.rules.errors import Refused


def boards_url(request: MemberRequest) -> str:
    return reverse("tasks:boards", kwargs={"slug": request.workspace.slug})


def settings_url(board: Board, request: MemberRequest) -> str:
    return reverse("tasks:board_settings", kwargs={"slug": request.workspace.slug, "pk": board.pk})


@page(can="workspace.view")
def boards(request: MemberRequest) -> HttpResponse:
    context = {
        "boards": boards_of(request.workspace),
        "archived": archived_boards(request.workspace),
    }
    return render(request, "tasks/boards.html", context)


@page(can="boards.edit", method="GET POST")
def new_board(request: MemberRequest) -> HttpResponse:
    form = BoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            made = open_board(request.workspace, name=name, by=request.member, at=now())
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            return go(request, board_url(made.pk, request), say=_("The board is open."))
    return render(
        request, "tasks/new_board.html", {"form": form}, status=422 if form.errors else 200
    )


@page(can="workspace.view")
def board(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Board, pk, request)
    found.workspace = request.workspace
    view = board_view(found, request.workspace.day_of(now()))
    context = {"board": found, "view": view, "columns": draw_columns(view)}
    return render(request, "tasks/board.html", context)


@page(can="boards.edit", method="GET POST")
def board_settings(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Board, pk, request)
    if request.method == "POST":
        return rename(request, found)
    return show_settings(request, found, BoardForm(initial=BoardForm.values_of(found)))


def rename(request: MemberRequest, found: Board) -> HttpResponse:
    form, by, at = BoardForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: rename_board(
            found, name=form.typed["name"], version=form.seen or found.version, by=by, at=at
        ),
        lambda row: BoardForm(initial=BoardForm.values_of(row)),
    )
    if not status:
        return go(request, settings_url(found, request), say=_("The board is renamed."))
    return show_settings(request, found, form, status=status)


def show_settings(
    request: MemberRequest, found: Board, form: BoardForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "board": found,
        "form": form,
        "columns": columns_of(found),
        "new_column": ColumnForm(),
    }
    return render(request, "tasks/board_settings.html", context, status=status)


@page(can="boards.edit", method="POST")
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    found = archive_board(find_or_404(Board, pk, request), by=request.member, at=now())
    say = _("“%(name)s” is archived. It can be brought back below.") % {"name": found.name}
    return go(request, boards_url(request), say=say)


@page(can="boards.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    found = restore_board(find_or_404(Board, pk, request), by=request.member, at=now())
    return go(request, board_url(found.pk, request), say=_("The board is back."))
