from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.models import Goal
from reports.forms import LearntForm, OptimisationForm
from reports.models import Optimisation
from reports.operations.optimisations import (
    begin_optimisation,
    change_optimisation,
    end_optimisation,
    remove_optimisation,
)
from reports.queries.optimisations import optimisations_of, tried
from tasks.models import Card, Cycle
from workspaces.http import M, MemberRequest, back, find_or_404, go, kept, page
from workspaces.http import tried as attempted

PAGE = 30


def list_url(request: MemberRequest) -> str:
    return reverse("reports:optimisations", kwargs={"slug": request.workspace.slug})


def sent(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@page(can="workspace.view")
def optimisations(request: MemberRequest) -> HttpResponse:
    found = Paginator(optimisations_of(request.workspace), PAGE)
    shown = found.get_page(request.GET.get("page"))
    context = {"page": shown, "tries": tried(request.workspace, list(shown.object_list), now())}
    return render(request, "reports/optimisations.html", context)


def named_row(request: MemberRequest, model: type[M]) -> M | None:
    """The row that the query names by the model's name, if any."""
    word = request.GET.get(model._meta.model_name or "", "")
    return find_or_404(model, word, request) if word else None


@page(can="review.run", method="GET POST")
def new(request: MemberRequest) -> HttpResponse:
    at = now()
    named = [named_row(request, model) for model in (Goal, Cycle, Card)]
    initial = OptimisationForm.values_for(request.workspace.day_of(at), *named)
    form = OptimisationForm(sent(request), workspace=request.workspace, initial=initial)
    if request.method != "POST":
        return show_form(request, form)
    no = attempted(
        form,
        lambda: begin_optimisation(request.workspace, draft=form.draft(), by=request.member, at=at),
    )
    if no:
        return show_form(request, form, status=no)
    return go(request, back(request, list_url(request)), say=_("It is written down."))


@page(can="review.run", method="GET POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Optimisation, pk, request)
    values = OptimisationForm.values_of(row)
    form = OptimisationForm(sent(request), workspace=request.workspace, row=row, initial=values)
    if request.method != "POST":
        return show_form(request, form, row)
    no = attempted(
        form,
        lambda: change_optimisation(
            row, draft=form.draft(), version=form.seen, by=request.member, at=now()
        ),
        lambda stands: OptimisationForm(
            workspace=request.workspace, row=stands, initial=OptimisationForm.values_of(stands)
        ),
    )
    if no:
        return show_form(request, form, row, status=no)
    return go(request, list_url(request), say=_("Saved."))


def show_form(
    request: MemberRequest,
    form: OptimisationForm,
    row: Optimisation | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "row": row, "next": request.GET.get("next", "")}
    return render(request, "reports/optimisation_form.html", context, status=status)


@page(can="review.run", method="POST")
def learn(request: MemberRequest, pk: int) -> HttpResponse:
    row, form = find_or_404(Optimisation, pk, request), LearntForm(request.POST)
    no = attempted(
        form,
        lambda: end_optimisation(row, **form.typed, version=form.seen, by=request.member, at=now()),
        lambda stands: LearntForm(initial={"learnt": stands.learnt}),
    )
    if no:
        return kept(request, form, no, title=_("What was learnt"), back=list_url(request))
    return go(request, list_url(request), say=_("Saved."))


@page(can="review.run", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    remove_optimisation(find_or_404(Optimisation, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("It is removed."))
