from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reports.queries.optimisations import optimisations_of, tried
from tasks.forms.acts import VersionForm
from tasks.forms.cycles import CloseForm, CycleForm, NotesForm
from tasks.models import Board, Cycle
from tasks.operations.cycle_turns import begin_cycle, close_cycle, reopen_cycle
from tasks.operations.cycles import change_cycle, open_cycle, remove_cycle
from tasks.queries.cycles import cycles_of, days_of, next_days, viewed
from tasks.queries.texts import shown
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.http import tried as attempted

PAGE = 20


def list_url(request: MemberRequest) -> str:
    return reverse("reports:cycles", kwargs={"slug": request.workspace.slug})


def cycle_url(request: MemberRequest, cycle: Cycle) -> str:
    return reverse("reports:cycle", kwargs={"slug": request.workspace.slug, "pk": cycle.pk})


def board_in(request: MemberRequest) -> Board | None:
    """The board that the query names, if any."""
    word = request.GET.get("board", "")
    return find_or_404(Board, word, request) if word else None


@page(can="workspace.view")
def cycles(request: MemberRequest) -> HttpResponse:
    board = board_in(request)
    found = Paginator(cycles_of(request.workspace, board), PAGE)
    part = found.get_page(request.GET.get("page"))
    views = viewed(list(part.object_list))
    context = {"page": part, "views": views, "board": board}
    return render(request, "reports/cycles.html", context)


@page(can="workspace.view")
def cycle(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, find_or_404(Cycle, pk, request))


def show(request: MemberRequest, row: Cycle, *, status: int = 200, **forms: Any) -> HttpResponse:
    """A cycle with its figures, its days, its cards and what it was to bring."""
    at, row.workspace = now(), request.workspace
    view = viewed([row])[0]
    said = {"version": row.version, "notes": row.notes}
    context = {
        "view": view,
        "cycle": row,
        "days": days_of(view, request.workspace.day_of(at)),
        "tries": tried(request.workspace, list(optimisations_of(request.workspace, row)), at),
        "notes": shown(request.workspace, [row.notes])[0],
        "noting": NotesForm(initial=said),
        "closing": CloseForm(initial=said),
        **forms,
    }
    return render(request, "reports/cycle.html", context, status=status)


@page(can="boards.edit", method="GET POST")
def new(request: MemberRequest) -> HttpResponse:
    board, at = board_in(request), now()
    first = next_days(request.workspace, board, request.workspace.day_of(at))
    initial = {**first, "board": board}
    form = CycleForm(request.POST or None, workspace=request.workspace, initial=initial)
    if request.method != "POST":
        return show_form(request, form)
    no = attempted(
        form,
        lambda: open_cycle(
            request.workspace,
            form.cleaned_data["board"],
            draft=form.draft(),
            by=request.member,
            at=at,
        ),
    )
    if no:
        return show_form(request, form, status=no)
    return go(request, cycle_url(request, form.made), say=_("The cycle is planned."))


@page(can="boards.edit", method="GET POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Cycle, pk, request)
    form = CycleForm(
        request.POST or None,
        workspace=request.workspace,
        cycle=row,
        initial=CycleForm.values_of(row),
    )
    if request.method != "POST":
        return show_form(request, form, row)
    no = attempted(
        form,
        lambda: change_cycle(
            row, changes=form.typed, version=form.seen, by=request.member, at=now()
        ),
        lambda stands: CycleForm(
            workspace=request.workspace, cycle=stands, initial=CycleForm.values_of(stands)
        ),
    )
    if no:
        return show_form(request, form, row, status=no)
    return go(request, cycle_url(request, row), say=_("Saved."))


def show_form(
    request: MemberRequest, form: CycleForm, row: Cycle | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "reports/cycle_form.html", {"form": form, "row": row}, status=status)


@page(can="boards.edit", method="POST")
def begin(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(Cycle, pk, request), VersionForm(request.POST).said()
    begin_cycle(row, version=said["version"] or 0, by=request.member, at=now())
    return go(request, cycle_url(request, row), say=_("The cycle has begun."))


@page(can="boards.edit", method="POST")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    row, form = find_or_404(Cycle, pk, request), CloseForm(request.POST)
    no = attempted(
        form,
        lambda: close_cycle(row, **form.typed, version=form.seen, by=request.member, at=now()),
        lambda stands: CloseForm(initial={"notes": stands.notes}),
    )
    if no:
        return show(request, Cycle.objects.get(pk=row.pk), status=no, closing=form)
    return go(request, cycle_url(request, row), say=_("The cycle is closed."))


@page(can="boards.edit", method="POST")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(Cycle, pk, request), VersionForm(request.POST).said()
    reopen_cycle(row, version=said["version"] or 0, by=request.member, at=now())
    return go(request, cycle_url(request, row), say=_("The cycle runs again, with its cards."))


@page(can="boards.edit", method="POST")
def notes(request: MemberRequest, pk: int) -> HttpResponse:
    row, form = find_or_404(Cycle, pk, request), NotesForm(request.POST)
    no = attempted(
        form,
        lambda: change_cycle(
            row, changes=form.typed, version=form.seen, by=request.member, at=now()
        ),
        lambda stands: NotesForm(initial={"notes": stands.notes}),
    )
    if no:
        return show(request, Cycle.objects.get(pk=row.pk), status=no, noting=form)
    return go(request, cycle_url(request, row), say=_("Saved."))


@page(can="boards.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(Cycle, pk, request), VersionForm(request.POST).said()
    remove_cycle(row, version=said["version"] or 0, by=request.member, at=now())
    return go(request, list_url(request), say=_("It is removed."))
