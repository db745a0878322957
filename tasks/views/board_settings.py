from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.boards import BoardForm, ColumnForm
from tasks.models import Board, Column
from tasks.operations.boards import change_board
from tasks.queries.boards import columns_of
from workspaces.http import MemberRequest, find_or_404, go, page, tried


def settings_url(board: Board, request: MemberRequest) -> str:
    return reverse("tasks:board_settings", kwargs={"slug": request.workspace.slug, "pk": board.pk})


@page(can="boards.edit", method="GET POST")
def board_settings(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Board, pk, request)
    if request.method == "POST":
        return change(request, found)
    return show_settings(request, found, BoardForm(initial=BoardForm.values_of(found)))


def change(request: MemberRequest, found: Board) -> HttpResponse:
    form, by, at = BoardForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: change_board(
            found, changes=form.changes(), version=form.seen or found.version, by=by, at=at
        ),
        lambda row: BoardForm(initial=BoardForm.values_of(row)),
    )
    if not status:
        return go(request, settings_url(found, request), say=_("The board is changed."))
    return show_settings(request, found, form, status=status)


def show_settings(
    request: MemberRequest, found: Board, form: BoardForm, *, status: int = 200
) -> HttpResponse:
    columns = [(column, form_of(column, found)) for column in columns_of(found)]
    context = {
        "board": found,
        "form": form,
        "columns": columns,
        "new_column": ColumnForm(auto_id="new_%s"),
    }
    return render(request, "tasks/board_settings.html", context, status=status)


def form_of(column: Column, board: Board) -> ColumnForm:
    """The form of a column, with ids of its own on the page."""
    values = ColumnForm.values_of(column) | {"version": board.version}
    return ColumnForm(initial=values, auto_id=f"column{column.pk}_%s")
