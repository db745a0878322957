from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import WorkspaceForm
from workspaces.http import MemberRequest, go, page
from workspaces.operations.workspaces import CHANGEABLE, change_workspace
from workspaces.rules.errors import Refused
from workspaces.rules.roles import may


@page(can="workspace.view", method="GET POST")
def settings(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        return change(request)
    workspace = request.workspace
    form = WorkspaceForm(initial={name: getattr(workspace, name) for name in CHANGEABLE})
    if not may(request.member.rank, "workspace.edit"):
        for field in form.fields.values():
            field.disabled = True
    return render(request, "workspaces/settings.html", {"form": form})


@page(can="workspace.edit", method="POST")
def change(request: MemberRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST)
    if form.is_valid():
        try:
            change_workspace(request.workspace, form.cleaned_data, by=request.member, at=now())
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            url = reverse("workspaces:settings", kwargs={"slug": request.workspace.slug})
            return go(request, url, say=_("Settings saved."))
    return render(request, "workspaces/settings.html", {"form": form}, status=422)
