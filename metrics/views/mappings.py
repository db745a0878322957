from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now

from metrics.forms.map_page import MapPage, UploadMappingForm
from metrics.forms.mappings import pretty
from metrics.http import STEPS, import_or_404, import_url, refuse_new_metrics
from metrics.models.imports import ImportRun
from metrics.operations.imports import Plan, map_import
from metrics.queries.imports import read_preview
from metrics.rules.faults import Unreadable
from metrics.sources.wording import invalid
from workspaces.http import MemberRequest, fragment, go, page
from workspaces.rules.errors import Invalid

BAD_REQUEST = 400


@page(can="observations.write", method="GET POST")
def import_map(request: MemberRequest, pk: int) -> HttpResponse:
    run = import_or_404(request, pk)
    found = MapPage(run, request.POST or None, request.GET)
    if request.POST.get("more"):
        return show_mapping(request, run, found, UploadMappingForm(), status=200)
    if request.method == "POST" and (mapping := found.mapping()):
        refuse_new_metrics(request.member, mapping)
        try:
            map_import(run, plan=Plan(mapping), by=request.member, at=now())
        except Invalid as refusal:
            found.tell(refusal.problems)
        else:
            return go(request, import_url(request, "import_check", run))
    status = BAD_REQUEST if request.method == "POST" else 200
    return show_mapping(request, run, found, UploadMappingForm(), status=status)


def show_mapping(
    request: MemberRequest,
    run: ImportRun,
    found: MapPage,
    upload: UploadMappingForm,
    *,
    status: int,
) -> HttpResponse:
    """The second step: what each column is."""
    context = {"run": run, "found": found, "upload": upload, "steps": STEPS}
    return render(request, "metrics/import_map.html", context, status=status)


@page(can="observations.write", method="POST")
def import_preview(request: MemberRequest, pk: int) -> HttpResponse:
    run = import_or_404(request, pk)
    found = MapPage(run, request.POST, request.GET)
    mapping, rows = found.mapping(), []
    if mapping:
        try:
            rows = read_preview(run, mapping)
        except Unreadable as refusal:
            found.tell(invalid(refusal.faults).problems)
    document = pretty(mapping.as_json()) if mapping else ""
    context = {"rows": rows, "mapping": mapping, "problems": found.told, "document": document}
    context["heads"] = found.heads(mapping) if mapping else []
    return fragment(request, "metrics/_import_preview.html", **context)


@page(can="observations.write", method="POST")
def import_document(request: MemberRequest, pk: int) -> HttpResponse:
    run = import_or_404(request, pk)
    found, form = MapPage(run, None, request.GET), UploadMappingForm(request.POST, request.FILES)
    if form.is_valid():
        mapping = form.cleaned_data["mapping"]
        refuse_new_metrics(request.member, mapping)
        try:
            map_import(run, plan=Plan(mapping), by=request.member, at=now())
        except Invalid as refusal:
            found.problems = refusal.problems
        else:
            return go(request, import_url(request, "import_check", run))
    return show_mapping(request, run, found, form, status=BAD_REQUEST)


@page(can="workspace.view")
def import_mapping(request: MemberRequest, pk: int) -> HttpResponse:
    run = import_or_404(request, pk)
    response = JsonResponse(run.mapping, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="mapping-{run.pk}.json"'
    return response
