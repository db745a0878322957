from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.raci import RaciForm
from goals.models import Goal
from goals.operations.raci import set_raci
from goals.queries.raci import parts_of, raci_with_steps
from workspaces.http import MemberRequest, find_or_404, fragment, go, page, tried
from workspaces.models import Stakeholder


@page(can="workspace.view")
def raci(request: MemberRequest, pk: int) -> HttpResponse:
    goal = find_or_404(Goal, pk, request)
    own, steps = raci_with_steps(request.workspace, goal)
    context = {"goal": own.goal, "raci": own, "steps": steps}
    if getattr(request, "htmx", False):
        return fragment(request, "goals/_raci.html", **context)
    return render(request, "goals/raci.html", context)


@page(can="goals.edit", method="GET POST")
def edit_raci(request: MemberRequest, pk: int) -> HttpResponse:
    goal = find_or_404(Goal, pk, request)
    own, _steps = raci_with_steps(request.workspace, goal)
    form, status = RaciForm(request.POST or None, raci=own, goal=own.goal), 200
    if request.method == "POST":
        status = tried(
            form,
            lambda: set_raci(
                goal, seats=form.seats(), version=form.seen, by=request.member, at=now()
            ),
            lambda row: RaciForm(raci=raci_with_steps(request.workspace, row)[0], goal=row),
        )
        if not status:
            where = reverse("goals:raci", kwargs={"slug": request.workspace.slug, "pk": pk})
            return go(request, where, say=_("The roles are set."))
    return render(request, "goals/raci_form.html", {"form": form, "goal": own.goal}, status=status)


@page(can="workspace.view")
def of_stakeholder(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Stakeholder, pk, request)
    context = {"stakeholder": found, "parts": parts_of(found)}
    if getattr(request, "htmx", False):
        return fragment(request, "goals/_of_stakeholder.html", **context)
    return render(request, "goals/of_stakeholder.html", context)
