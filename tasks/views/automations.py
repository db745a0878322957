from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import SeenForm
from tasks.forms.automations import AutomationForm
from tasks.models import Automation, Board
from tasks.operations.automations import add_automation, change_automation, remove_automation
from tasks.queries.automations import (
    automations_of,
    did_words,
    runs_of,
    words_for,
    would_have_met,
)
from workspaces.http import MemberRequest, find_or_404, go, page, tried

PAGE = 30


def rule_url(rule: Automation, request: MemberRequest) -> str:
    return reverse("tasks:automation", kwargs={"slug": request.workspace.slug, "pk": rule.pk})


@page(can="boards.edit")
def automations(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    words = words_for(board)
    rows = [(rule, words.when(rule), words.then(rule)) for rule in automations_of(board)]
    return render(request, "tasks/automations.html", {"board": board, "rows": rows})


@page(can="boards.edit", method="GET POST")
def new_automation(request: MemberRequest, pk: int) -> HttpResponse:
    board, status = find_or_404(Board, pk, request), 200
    form, by, at = AutomationForm(request.POST or None, board=board), request.member, now()
    if request.method == "POST":
        status = tried(form, lambda: add_automation(board, draft=form.draft(), by=by, at=at))
        if not status:
            return go(request, rule_url(form.made, request), say=_("The rule is made."))
    context = {"board": board, "form": form}
    return render(request, "tasks/new_automation.html", context, status=status)


@page(can="boards.edit", method="GET POST")
def automation(request: MemberRequest, pk: int) -> HttpResponse:
    rule = find_or_404(Automation, pk, request)
    if request.method == "POST":
        return change(request, rule)
    return show(request, rule, form_of(rule))


def form_of(rule: Automation) -> AutomationForm:
    return AutomationForm(initial=AutomationForm.values_of(rule), board=rule.board)


def change(request: MemberRequest, rule: Automation) -> HttpResponse:
    form, by, at = AutomationForm(request.POST, board=rule.board), request.member, now()
    status = tried(
        form,
        lambda: change_automation(
            rule, version=form.seen or rule.version, changes=form.changes(), by=by, at=at
        ),
        form_of,
    )
    if status:
        return show(request, rule, form, status=status)
    return go(request, rule_url(rule, request), say=_("The rule is changed."))


def show(
    request: MemberRequest, rule: Automation, form: AutomationForm, *, status: int = 200
) -> HttpResponse:
    words, runs = words_for(rule.board), Paginator(runs_of(rule), PAGE)
    pages = runs.get_page(request.GET.get("page"))
    context = {
        "rule": rule,
        "board": rule.board,
        "form": form,
        "when": words.when(rule),
        "then": words.then(rule),
        "runs": [(run, did_words(run)) for run in pages],
        "page": pages,
        "met": would_have_met(rule, now()),
    }
    return render(request, "tasks/automation.html", context, status=status)


@page(can="boards.edit", method="POST")
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    rule, said = find_or_404(Automation, pk, request), SeenForm(request.POST).said()
    on, at = not rule.is_on, now()
    version = said["version"]
    change_automation(rule, version=version, changes={"is_on": on}, by=request.member, at=at)
    say = _("The rule is on.") if on else _("The rule is off.")
    return go(request, rule_url(rule, request), say=say)


@page(can="boards.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    rule, said = find_or_404(Automation, pk, request), SeenForm(request.POST).said()
    board, slug = rule.board_id, request.workspace.slug
    remove_automation(rule, version=said["version"], by=request.member, at=now())
    url = reverse("tasks:automations", kwargs={"slug": slug, "pk": board})
    return go(request, url, say=_("The rule is removed."))
