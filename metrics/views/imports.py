from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.forms.imports import UploadForm
from metrics.http import (
    STEPS,
    csv_file,
    import_or_404,
    import_url,
    refuse_cut_upload,
    takes_file,
)
from metrics.operations.imports import Brought, cancel_import, confirm_import, start_import
from metrics.operations.leftovers import delete_leftovers
from metrics.operations.undoing import undo_finished
from metrics.queries.import_page import page_of
from metrics.queries.imports import listed_imports, rejected_rows
from metrics.rules.presets.catalogue import PRESETS
from workspaces.http import MemberRequest, fragment, go, page
from workspaces.rules.errors import Invalid, TooLarge
from workspaces.rules.roles import may

PER_PAGE = 25


@page(can="workspace.view")
def imports(request: MemberRequest) -> HttpResponse:
    pages = Paginator(listed_imports(request.workspace), PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "may_import": may(request.member.rank, "observations.write"),
    }
    return render(request, "metrics/imports.html", context)


@takes_file
@page(can="observations.write", method="GET POST")
def import_new(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return show_upload(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    try:
        refuse_cut_upload(request)
        if not form.is_valid():
            return show_upload(request, form, status=422)
        held, mapping = form.cleaned_data["file"], form.cleaned_data["mapping"]
        brought = Brought(held.name, held.chunks(), mapping=mapping)
        run = start_import(request.workspace, brought=brought, by=request.member, at=now())
    except TooLarge as refusal:
        return show_upload(request, UploadForm(), str(refusal), status=413)
    except Invalid as refusal:
        return show_upload(request, UploadForm(), str(refusal), status=400)
    return go(request, import_url(request, "import_map", run))


def show_upload(
    request: MemberRequest, form: UploadForm, problem: str = "", *, status: int = 200
) -> HttpResponse:
    """The first step, with what was wrong with the file that was sent."""
    limit = settings.MAX_IMPORT_BYTES
    presets = [preset for preset in PRESETS.values() if preset.detect]
    context = {
        "form": form, "problem": problem, "limit": limit, "steps": STEPS, "presets": presets,
    }  # fmt: skip
    return render(request, "metrics/import_new.html", context, status=status)


@page(can="workspace.view")
def import_check(request: MemberRequest, pk: int) -> HttpResponse:
    return show_run(request, pk, "import_check")


@page(can="workspace.view")
def import_run_page(request: MemberRequest, pk: int) -> HttpResponse:
    return show_run(request, pk, "import_run_page")


def show_run(request: MemberRequest, pk: int, place: str) -> HttpResponse:
    """The page of a run, or the one where it stands by now."""
    found = page_of(import_or_404(request, pk))
    if found.place != place:
        return go(request, import_url(request, found.place, found.run))
    may_import = may(request.member.rank, "observations.write")
    context = {
        "found": found,
        "run": found.run,
        "may_import": may_import,
        "may_delete": may(request.member.rank, "metrics.delete"),
        "steps": STEPS,
    }
    return render(request, f"metrics/{place}.html", context)


@page(can="workspace.view")
def import_progress(request: MemberRequest, pk: int) -> HttpResponse:
    found = page_of(import_or_404(request, pk))
    if not found.progress.is_active:
        return go(request, import_url(request, found.place, found.run))
    return fragment(request, "metrics/_import_progress.html", found=found, run=found.run)


@page(can="observations.write", method="POST")
def import_run(request: MemberRequest, pk: int) -> HttpResponse:
    run = confirm_import(
        import_or_404(request, pk),
        skip_bad_rows=request.POST.get("skip_bad_rows") == "1",
        by=request.member,
        at=now(),
    )
    return go(request, import_url(request, "import_run_page", run))


@page(can="observations.write", method="POST")
def import_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    run = cancel_import(import_or_404(request, pk), by=request.member, at=now())
    return go(request, import_url(request, "import_run_page", run), say=_("The import stops."))


@page(can="observations.write", method="POST")
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    run = undo_finished(import_or_404(request, pk), by=request.member, at=now())
    return go(request, import_url(request, "import_run_page", run), say=_("The import is undone."))


@page(can="metrics.delete", method="POST")
def import_sweep(request: MemberRequest, pk: int) -> HttpResponse:
    run = import_or_404(request, pk)
    swept = delete_leftovers(run, by=request.member, at=now())
    words = ngettext("%(n)s metric is deleted.", "%(n)s metrics are deleted.", len(swept.deleted))
    said = words % {"n": len(swept.deleted)}
    if swept.kept:
        names = ", ".join(metric.name for metric in swept.kept)
        said += " " + _("In use, and kept: %(names)s.") % {"names": names}
    return go(request, import_url(request, "import_run_page", run), say=said)


@page(can="workspace.view")
def import_rejects(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    run = import_or_404(request, pk)
    return csv_file(rejected_rows(run), name=f"rejected-rows-{run.pk}.csv")
