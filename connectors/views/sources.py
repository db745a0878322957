from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from connectors.forms.connectors import ConnectorForm
from connectors.models import Connector
from connectors.operations.connectors import (
    add_connector,
    ask_fetch,
    change_connector,
    pause_connector,
    remove_connector,
    start_connector,
)
from connectors.operations.trying import Trial, try_connector
from connectors.queries.connectors import (
    connectors_of,
    fetches_of,
    line_of,
    lines_of,
    run_page,
)
from connectors.sources.kinds import KINDS
from metrics.models.imports import ImportRun
from metrics.operations.undoing import undo_finished
from workspaces.http import MemberRequest, find_or_404, fragment, go, page, tried
from workspaces.rules.roles import may

PER_PAGE = 25


def url_of(request: MemberRequest, name: str, **more: object) -> str:
    return reverse(f"connectors:{name}", kwargs={"slug": request.workspace.slug, **more})


def connector_or_404(request: MemberRequest, pk: int) -> Connector:
    """A connector of this workspace that has not been removed."""
    connector = find_or_404(Connector, pk, request)
    if connector.removed_at is not None:
        raise Http404
    return connector


@page(can="workspace.view")
def sources(request: MemberRequest) -> HttpResponse:
    pages = Paginator(connectors_of(request.workspace), PER_PAGE)
    found = pages.get_page(request.GET.get("page"))
    lines = lines_of(list(found.object_list), at=now())
    return render(request, "connectors/sources.html", {"page": found, "lines": lines})


@page(can="sources.edit")
def source_kinds(request: MemberRequest) -> HttpResponse:
    return render(request, "connectors/kinds.html", {"kinds": KINDS.values()})


@page(can="sources.edit", method="GET POST")
def source_new(request: MemberRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    form = ConnectorForm(request.POST or None, kind=kind)
    if request.method != "POST":
        return show_form(request, form, kind)
    by, at = request.member, now()
    status = tried(form, lambda: add_connector(request.workspace, draft=form.draft(), by=by, at=at))
    if status:
        return show_form(request, form, kind, status=status)
    said = _("Kept, and not connected yet: test it, then start it.")
    return go(request, url_of(request, "source", pk=form.made.pk), say=said)


@page(can="sources.edit", method="GET POST")
def source_edit(request: MemberRequest, pk: int) -> HttpResponse:
    connector = connector_or_404(request, pk)
    kind, by, at = connector.kind, request.member, now()
    form = ConnectorForm(request.POST or None, kind=kind, connector=connector)
    if request.method != "POST":
        return show_form(request, form, kind, connector)
    status = tried(
        form,
        lambda: change_connector(connector, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: ConnectorForm(kind=kind, connector=row),
    )
    if status:
        return show_form(request, form, kind, connector, status=status)
    return go(request, url_of(request, "source", pk=pk), say=_("Saved."))


def show_form(
    request: MemberRequest,
    form: ConnectorForm,
    kind: str,
    connector: Connector | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "kind": KINDS[kind], "connector": connector}
    return render(request, "connectors/source_form.html", context, status=status)


@page(can="workspace.view")
def source(request: MemberRequest, pk: int) -> HttpResponse:
    return show_source(request, connector_or_404(request, pk))


def show_source(
    request: MemberRequest, connector: Connector, trial: Trial | None = None
) -> HttpResponse:
    """The page of one source, with what a test has shown if there was one."""
    fetches = Paginator(fetches_of(connector), PER_PAGE)
    context = {
        "line": line_of(connector, at=now()),
        "page": fetches.get_page(request.GET.get("page")),
        "trial": trial,
        "may_edit": may(request.member.rank, "sources.edit"),
    }
    return render(request, "connectors/source.html", context)


@page(can="sources.edit", method="POST")
def source_test(request: MemberRequest, pk: int) -> HttpResponse:
    connector = connector_or_404(request, pk)
    trial = try_connector(connector, clock=now)
    if request.htmx:
        return fragment(request, "connectors/_trial.html", trial=trial)
    return show_source(request, connector, trial)


@page(can="sources.edit", method="POST")
def source_start(request: MemberRequest, pk: int) -> HttpResponse:
    start_connector(connector_or_404(request, pk), by=request.member, at=now())
    return go(request, url_of(request, "source", pk=pk), say=_("Started; it is fetched now."))


@page(can="sources.edit", method="POST")
def source_pause(request: MemberRequest, pk: int) -> HttpResponse:
    pause_connector(connector_or_404(request, pk), by=request.member, at=now())
    return go(request, url_of(request, "source", pk=pk), say=_("Paused."))


@page(can="sources.edit", method="POST")
def source_fetch(request: MemberRequest, pk: int) -> HttpResponse:
    ask_fetch(connector_or_404(request, pk), by=request.member, at=now())
    return go(request, url_of(request, "source", pk=pk), say=_("It is fetched now."))


@page(can="sources.edit", method="POST")
def source_remove(request: MemberRequest, pk: int) -> HttpResponse:
    remove_connector(connector_or_404(request, pk), by=request.member, at=now())
    said = _("Removed; the numbers that it brought are kept.")
    return go(request, url_of(request, "sources"), say=said)


def run_or_404(request: MemberRequest, pk: int) -> ImportRun:
    """What a fetch brought; the imports of files have their own pages."""
    run = find_or_404(ImportRun, pk, request)
    if not run.is_fetched:
        raise Http404
    return run


@page(can="workspace.view")
def source_run(request: MemberRequest, pk: int) -> HttpResponse:
    context = {
        "found": run_page(run_or_404(request, pk)),
        "may_edit": may(request.member.rank, "sources.edit"),
        "may_undo": may(request.member.rank, "observations.write"),
    }
    return render(request, "connectors/run.html", context)


@page(can="observations.write", method="POST")
def source_run_undo(request: MemberRequest, pk: int) -> HttpResponse:
    run = undo_finished(run_or_404(request, pk), by=request.member, at=now())
    return go(request, url_of(request, "source_run", pk=run.pk), say=_("The import is undone."))
