from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.slas import ReasonForm, SlaForm
from goals.queries.slas import attainment, sla_lines, sla_page
from workspaces.http import MemberRequest, find_or_404, fragment, go, page, tried
from workspaces.models import Assurance, Sla, Stakeholder
from workspaces.operations.sla import agree_sla, assure, change_sla, end_sla
from workspaces.queries.sla import agreements_of, months_back
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.errors import Refused

FORM = "goals/sla_form.html"
SHOWN_MONTHS = 6


def sla_url(request: MemberRequest, pk: int) -> str:
    return reverse("goals:sla", kwargs={"slug": request.workspace.slug, "pk": pk})


@page(can="workspace.view")
def slas(request: MemberRequest) -> HttpResponse:
    at = now()
    lines = sla_lines(request.workspace, at)
    agreed = [line.sla for line in lines]
    context = {
        "lines": lines,
        "kept": attainment(request.workspace, agreed, at, count=SHOWN_MONTHS) if lines else [],
        "days": months_back(request.workspace.day_of(at), SHOWN_MONTHS),
        "month": request.workspace.day_of(at).replace(day=1),
        "parties": stakeholders_of(request.workspace).count(),
    }
    return render(request, "goals/slas.html", context)


@page(can="workspace.view")
def sla(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Sla, pk, request)
    shown = sla_page(request.workspace, found.pk, now())
    context = {"page": shown, "sla": shown.sla, "form": ReasonForm()}
    return render(request, "goals/sla.html", context)


@page(can="sla.edit", method="GET POST")
def new_sla(request: MemberRequest) -> HttpResponse:
    at, workspace = now(), request.workspace
    fresh = {"starts_on": workspace.day_of(at).replace(day=1)}
    form = SlaForm(request.POST or None, workspace=workspace, initial=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            made = agree_sla(workspace, draft=form.draft(), by=request.member, at=at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = _("The agreement is written down. Say now what each side promises.")
            return go(request, sla_url(request, made.pk), say=said)
    return render(request, FORM, {"form": form}, status=422 if form.errors else 200)


@page(can="sla.edit", method="GET POST")
def edit_sla(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Sla, pk, request)
    if request.method == "POST":
        return change(request, found)
    form = SlaForm(workspace=request.workspace, initial=SlaForm.values_of(found))
    return render(request, FORM, {"form": form, "sla": found})


def change(request: MemberRequest, found: Sla) -> HttpResponse:
    workspace, by, at = request.workspace, request.member, now()
    form = SlaForm(request.POST, workspace=workspace)
    status = tried(
        form,
        lambda: change_sla(found, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: SlaForm(workspace=workspace, initial=SlaForm.values_of(row)),
    )
    if not status:
        return go(request, sla_url(request, found.pk), say=_("The agreement is changed."))
    return render(request, FORM, {"form": form, "sla": found}, status=status)


@page(can="sla.edit", method="POST")
def end(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Sla, pk, request)
    word = request.POST.get("version", "")
    version = int(word) if word.isascii() and word.isdigit() else 0
    end_sla(found, version=version, by=request.member, at=now())
    return go(request, sla_url(request, pk), say=_("The agreement has ended."))


@page(can="sla.run", method="POST")
def set_assured(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Assurance, pk, request)
    wanted = request.POST.get("assured") == "1"
    assure(found, is_assured=wanted, by=request.member, at=now())
    where = sla_url(request, found.sla_id) + "#assurances"
    return go(request, where, say=_("Assured.") if wanted else _("Open again."))


@page(can="workspace.view")
def promises_of_stakeholder(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Stakeholder, pk, request)
    context = {"stakeholder": found, "promises": agreements_of(found)}
    if getattr(request, "htmx", False):
        return fragment(request, "goals/_promises_of.html", **context)
    return render(request, "goals/promises_of.html", context)
