from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.models import Goal
from tasks.forms.ties import CountForm, RuleForm
from tasks.models import Board, Label
from tasks.operations.blocking import rule_blocked
from tasks.operations.counts import switch_count
from tasks.queries.counts import counts_of
from tasks.queries.flow import Scope, choices_of, flow_of
from workspaces.http import M, MemberRequest, find_or_404, go, page

WEEKS = (4, 12, 26, 52)
USUAL = 12


@page(can="workspace.view")
def board_flow(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    return show(request, Scope(request.workspace, board=board))


@page(can="workspace.view")
def flow(request: MemberRequest) -> HttpResponse:
    goal, label = chosen(request, Goal), chosen(request, Label)
    return show(request, Scope(request.workspace, goal=goal, label=label))


def show(request: MemberRequest, scope: Scope) -> HttpResponse:
    at = now()
    weeks = next((n for n in WEEKS if str(n) == request.GET.get("weeks")), USUAL)
    today = request.workspace.day_of(at)
    first = today - timedelta(days=7 * weeks - 1)
    context = {
        "scope": scope,
        "board": scope.board,
        "flow": flow_of(scope, first, today, at=at),
        "weeks": weeks,
        "every": WEEKS,
        "choices": None if scope.board else choices_of(request.workspace),
        "counts": () if scope.board else counts_of(request.workspace),
    }
    return render(request, "tasks/flow.html", context)


def chosen(request: MemberRequest, model: type[M]) -> M | None:
    """The row that the query names by the model's name, if any."""
    pk = request.GET.get(model._meta.model_name or "")
    return find_or_404(model, pk, request) if pk else None


@page(can="boards.edit", method="POST")
def blocked_rule(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    said = RuleForm(request.POST).said()
    hard, version = said["blocked_is_hard"], said["version"]
    rule_blocked(board, hard=hard, version=version, by=request.member, at=now())
    url = reverse("tasks:board_flow", kwargs={"slug": request.workspace.slug, "pk": board.pk})
    return go(request, url, say=_("Saved."))


@page(can="boards.edit", method="POST")
def switch(request: MemberRequest) -> HttpResponse:
    said = CountForm(request.POST).said()
    switch_count(request.workspace, **said, by=request.member, at=now())
    url = reverse("tasks:flow", kwargs={"slug": request.workspace.slug})
    say = _("The work is counted from now on.") if said["on"] else _("The work is counted no more.")
    return go(request, url, say=say)
