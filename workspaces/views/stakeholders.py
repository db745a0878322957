from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import StakeholderForm
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.models import Stakeholder
from workspaces.operations.stakeholders import (
    add_stakeholder,
    change_stakeholder,
    restore_stakeholder,
    retire_stakeholder,
)
from workspaces.queries.stakeholders import (
    LEVELS,
    grid_of,
    reporting_lines,
    stakeholder_page,
    stakeholders_of,
)
from workspaces.rules.errors import Refused

FORM = "workspaces/stakeholder_form.html"


def list_url(request: MemberRequest) -> str:
    return reverse("workspaces:stakeholders", kwargs={"slug": request.workspace.slug})


def stakeholder_url(request: MemberRequest, pk: int) -> str:
    return reverse("workspaces:stakeholder", kwargs={"slug": request.workspace.slug, "pk": pk})


@page(can="workspace.view")
def stakeholders(request: MemberRequest) -> HttpResponse:
    found = list(stakeholders_of(request.workspace))
    context = {
        "stakeholders": found,
        "grid": grid_of(found),
        "levels": list(reversed(LEVELS)),
        "judged": sum(person.approach is not None for person in found),
    }
    return render(request, "workspaces/stakeholders.html", context)


@page(can="workspace.view")
def lines(request: MemberRequest) -> HttpResponse:
    context = {"lines": reporting_lines(request.workspace)}
    return render(request, "workspaces/reporting_lines.html", context)


@page(can="stakeholders.edit", method="GET POST")
def new_stakeholder(request: MemberRequest) -> HttpResponse:
    form = StakeholderForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_stakeholder(request.workspace, form.typed, by=request.member, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            where = stakeholder_url(request, made.pk)
            return go(request, where, say=_("The stakeholder is added."))
    return render(request, FORM, {"form": form}, status=422 if form.errors else 200)


@page(can="workspace.view")
def stakeholder(request: MemberRequest, pk: int) -> HttpResponse:
    shown = stakeholder_page(find_or_404(Stakeholder, pk, request))
    context = {"page": shown, "stakeholder": shown.stakeholder}
    return render(request, "workspaces/stakeholder.html", context)


@page(can="stakeholders.edit", method="GET POST")
def edit_stakeholder(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Stakeholder, pk, request)
    if request.method == "POST":
        return change(request, found)
    form = StakeholderForm(initial=StakeholderForm.values_of(found), workspace=request.workspace)
    return render(request, FORM, {"form": form, "stakeholder": found})


def change(request: MemberRequest, found: Stakeholder) -> HttpResponse:
    workspace, by, at = request.workspace, request.member, now()
    form = StakeholderForm(request.POST, workspace=workspace)
    status = tried(
        form,
        lambda: change_stakeholder(found, form.typed, version=form.seen, by=by, at=at),
        lambda row: StakeholderForm(initial=StakeholderForm.values_of(row), workspace=workspace),
    )
    if not status:
        return go(request, stakeholder_url(request, found.pk), say=_("Saved."))
    return render(request, FORM, {"form": form, "stakeholder": found}, status=status)


@page(can="stakeholders.edit", method="POST")
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    retire_stakeholder(find_or_404(Stakeholder, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The stakeholder is retired."))


@page(can="stakeholders.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    restore_stakeholder(find_or_404(Stakeholder, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The stakeholder is back."))
