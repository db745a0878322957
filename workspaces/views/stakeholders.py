from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import StakeholderForm
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.models import Stakeholder
from workspaces.operations.stakeholders import (
    add_stakeholder,
    change_stakeholder,
    restore_stakeholder,
    retire_stakeholder,
)
from workspaces.queries.events import events_of
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.roles import may


def list_url(request: MemberRequest) -> str:
    return reverse("workspaces:stakeholders", kwargs={"slug": request.workspace.slug})


@page(can="workspace.view")
def stakeholders(request: MemberRequest) -> HttpResponse:
    return render(
        request,
        "workspaces/stakeholders.html",
        {
            "stakeholders": list(stakeholders_of(request.workspace)),
            "may_edit": may(request.member.rank, "stakeholders.edit"),
        },
    )


@page(can="stakeholders.edit", method="GET POST")
def new_stakeholder(request: MemberRequest) -> HttpResponse:
    form = StakeholderForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            add_stakeholder(request.workspace, form.cleaned_data, by=request.member, at=now())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return go(request, list_url(request), say=_("The stakeholder is added."))
    status = 422 if form.errors else 200
    return render(request, "workspaces/stakeholder_form.html", {"form": form}, status=status)


@page(can="workspace.view", method="GET POST")
def stakeholder(request: MemberRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return change(request, pk)
    found = find_or_404(Stakeholder, pk, request)
    form = StakeholderForm(initial=StakeholderForm.values_of(found), workspace=request.workspace)
    return show(request, found, form)


def show(
    request: MemberRequest, found: Stakeholder, form: StakeholderForm, *, status: int = 200
) -> HttpResponse:
    """One stakeholder: the form for those who may edit, the words for everybody, the history."""
    context = {
        "form": form,
        "stakeholder": found,
        "may_edit": may(request.member.rank, "stakeholders.edit"),
        "history": events_of(request.workspace, "workspaces.stakeholder", found.pk),
    }
    return render(request, "workspaces/stakeholder_form.html", context, status=status)


@page(can="stakeholders.edit", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Stakeholder, pk, request)
    form = StakeholderForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return show(request, found, form, status=422)
    fields = dict(form.cleaned_data)
    version = fields.pop("version") or 0
    try:
        change_stakeholder(found, fields, version=version, by=request.member, at=now())
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return show(request, found, form, status=422)
    except Stale as stale:
        form.add_error(None, stale.message)
        return show(request, stale.current, form, status=409)
    return go(request, list_url(request), say=_("Saved."))


@page(can="stakeholders.edit", method="POST")
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    retire_stakeholder(find_or_404(Stakeholder, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The stakeholder is retired."))


@page(can="stakeholders.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    restore_stakeholder(find_or_404(Stakeholder, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The stakeholder is back."))
