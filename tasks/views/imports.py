from collections.abc import Mapping

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.http import csv_file, refuse_cut_upload, takes_file
from tasks.models import BoardImport, ImportedPerson
from tasks.operations.imports import (
    Brought,
    Choices,
    cancel_board_import,
    check_board_import,
    confirm_board_import,
    start_board_import,
    undo_board_import,
)
from tasks.operations.imports_people import say_who
from tasks.operations.imports_progress import progress_of
from tasks.queries.import_words import left_groups, left_table, why_failed
from tasks.queries.imports import board_imports, people_waiting, same_before
from tasks.rules.imports.reading import TOOLS
from tasks.views.import_forms import BoardUploadForm, ChoicesForm, WhoForm
from workspaces.http import MemberRequest, find_or_404, fragment, go, page
from workspaces.queries.access import open_invitations
from workspaces.queries.people import members_of
from workspaces.rules.errors import Invalid, TooLarge

PER_PAGE = 25


def import_url(request: MemberRequest, run: BoardImport) -> str:
    return reverse("tasks:board_import", kwargs={"slug": request.workspace.slug, "pk": run.pk})


@page(can="boards.edit")
def imports(request: MemberRequest) -> HttpResponse:
    pages = Paginator(board_imports(request.workspace), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return render(request, "tasks/imports.html", {"page": shown, "tools": TOOLS})


@takes_file
@page(can="boards.edit", method="GET POST")
def import_new(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return show_upload(request, BoardUploadForm())
    form = BoardUploadForm(request.POST, request.FILES)
    try:
        refuse_cut_upload(request)
        if not form.is_valid():
            return show_upload(request, form, status=422)
        held = form.cleaned_data["file"]
        choices = Choices(encoding=form.cleaned_data["encoding"])
        brought = Brought(held.name, held.chunks(), choices)
        run = start_board_import(request.workspace, brought=brought, by=request.member, at=now())
    except TooLarge as refusal:
        return show_upload(request, BoardUploadForm(), str(refusal), status=413)
    return go(request, import_url(request, run))


def show_upload(
    request: MemberRequest, form: BoardUploadForm, problem: str = "", *, status: int = 200
) -> HttpResponse:
    limit = settings.MAX_IMPORT_BYTES
    context = {"form": form, "problem": problem, "limit": limit}
    return render(request, "tasks/import_new.html", context, status=status)


@page(can="boards.edit")
def import_page(request: MemberRequest, pk: int) -> HttpResponse:
    run = find_or_404(BoardImport, pk, request)
    return show_run(request, run, ChoicesForm(run))


def show_run(
    request: MemberRequest,
    run: BoardImport,
    form: ChoicesForm,
    problem: str = "",
    status: int = 200,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """One page for each state: at work, ready to be imported, failed, imported."""
    context = {
        "run": run,
        "form": form,
        "problem": problem,
        "tool": TOOLS.get(run.found.get("format", ""), ""),
        "left": left_groups(run),
        "why": why_failed(run) if run.error else "",
        "same": same_before(run) if run.state == "ready" else None,
        "progress": progress_of(run),
        "asked": addresses_asked(request),
        **(more or {}),
    }
    if run.state == "done":
        context |= {"waiting": people_waiting(run), "members": members_of(request.workspace)}
    return render(request, "tasks/import.html", context, status=status)


def addresses_asked(request: MemberRequest) -> set[str]:
    """The addresses that have an open invitation."""
    asked = open_invitations(request.workspace, at=now())
    return {invitation.email for invitation in asked}


@page(can="boards.edit")
def import_progress(request: MemberRequest, pk: int) -> HttpResponse:
    run = find_or_404(BoardImport, pk, request)
    if not run.is_at_work:
        return go(request, import_url(request, run))
    told = {"run": run, "progress": progress_of(run)}
    return fragment(request, "tasks/_import_progress.html", **told)


@page(can="boards.edit", method="POST")
def import_check(request: MemberRequest, pk: int) -> HttpResponse:
    run = find_or_404(BoardImport, pk, request)
    form = ChoicesForm(run, request.POST)
    if not form.is_valid():
        return show_run(request, run, form, status=422)
    turn = confirm_board_import if "go" in request.POST else check_board_import
    try:
        turn(run, choices=form.choices(), by=request.member, at=now())
    except Invalid as refusal:
        return show_run(request, run, form, str(refusal), status=400)
    return go(request, import_url(request, run))


@page(can="boards.edit", method="POST")
def import_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    run = cancel_board_import(find_or_404(BoardImport, pk, request), by=request.member, at=now())
    return go(request, import_url(request, run), say=_("Nothing was imported."))


@page(can="boards.edit", method="POST")
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    run = undo_board_import(find_or_404(BoardImport, pk, request), by=request.member, at=now())
    return go(request, import_url(request, run), say=_("The import is undone."))


@page(can="boards.edit")
def import_left(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    run = find_or_404(BoardImport, pk, request)
    return csv_file(left_table(run), name=f"not-imported-{run.pk}.csv")


@page(can="boards.edit", method="POST")
def import_person(request: MemberRequest, pk: int) -> HttpResponse:
    person = find_or_404(ImportedPerson, pk, request)
    form = WhoForm(person.run, request.POST)
    if not form.is_valid():
        return go(request, import_url(request, person.run))
    member = form.cleaned_data["member"]
    say_who(person, member=member, by=request.member, at=now())
    told = _("The cards of %(name)s are handed over.") % {"name": person.name}
    return go(request, import_url(request, person.run), say=told)
