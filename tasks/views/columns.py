from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import VersionForm
from tasks.forms.boards import ColumnForm, PlaceColumnForm
from tasks.models import Board, Column
from tasks.operations.columns import add_column, change_column, place_column, remove_column
from tasks.views.board_settings import settings_url
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried


def settled(request: MemberRequest, board: Board, say: str) -> HttpResponse:
    return go(request, settings_url(board, request), say=say)


@page(can="boards.edit", method="POST")
def add(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    form, by, at = ColumnForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: add_column(board, draft=form.draft(), version=form.seen or None, by=by, at=at),
        lambda _board: ColumnForm(),
    )
    if status:
        back = settings_url(board, request)
        return kept(request, form, status, title=_("Add a column"), back=back)
    return settled(request, board, _("The column is added."))


@page(can="boards.edit", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    column = find_or_404(Column, pk, request)
    form, by, at = ColumnForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: change_column(column, changes=form.typed, version=form.seen or None, by=by, at=at),
        lambda _board: ColumnForm(initial=ColumnForm.values_of(as_it_is(column))),
    )
    if status:
        back = settings_url(column.board, request)
        return kept(request, form, status, title=_("Change the column"), back=back)
    return settled(request, column.board, _("The column is changed."))


def as_it_is(column: Column) -> Column:
    """What another has made of it; removed meanwhile, as it was."""
    return Column.objects.filter(pk=column.pk).first() or column


@page(can="boards.edit", method="POST")
def place(request: MemberRequest, pk: int) -> HttpResponse:
    column = find_or_404(Column, pk, request)
    said = PlaceColumnForm(request.POST, board=column.board).said()
    place_column(column, **said, by=request.member, at=now())
    return settled(request, column.board, _("The column is moved."))


@page(can="boards.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    column = find_or_404(Column, pk, request)
    board = column.board
    said = VersionForm(request.POST).said()
    remove_column(column, version=said["version"], by=request.member, at=now())
    return settled(request, board, _("The column is removed."))
