from datetime import date, datetime
from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.forms import CloseForm, GoalForm, GuardrailForm, TermsForm, VersionForm
from goals.forms.checkins import CheckInForm
from goals.models import Goal
from goals.operations.goals import close_goal, reopen_goal, revise_goal, set_goal
from goals.queries.catalogue import (
    counts_by_status,
    goal_lines,
    goals_of,
    metrics_to_choose,
    open_goals,
)
from goals.queries.charts import PER_PERIOD
from goals.queries.checkins import checkins_of
from goals.queries.lint import findings_of_terms
from goals.queries.pages import goal_page
from goals.queries.promises import promise_of
from goals.queries.strategy_goals import told_changes
from goals.queries.timelines import timeline_of
from goals.rules.status import WORST_FIRST
from goals.views.kept_rows import MANY, rows_of
from workspaces.http import MemberRequest, find_or_404, fragment, go, kept, page, tried
from workspaces.queries.people import members_of
from workspaces.rules.days import last_complete_day
from workspaces.rules.errors import Refused

FORM = "goals/goal_form.html"
CLOSED = "closed"
TREE, TABLE, TIMELINE = "tree", "table", "timeline"
VIEWS = {
    TREE: gettext_lazy("Tree"),
    TABLE: gettext_lazy("Table"),
    TIMELINE: gettext_lazy("Timeline"),
}


def goal_url(request: MemberRequest, goal: Goal) -> str:
    return reverse("goals:goal", kwargs={"slug": request.workspace.slug, "pk": goal.pk})


@page(can="workspace.view")
def index(request: MemberRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("status", "owner", "metric")}
    at, view = now(), request.GET.get("view", TREE)
    lines = partial(lines_of, request, asked, flat=view == TABLE or any(asked.values()), at=at)
    today = request.workspace.day_of(at)
    context = {
        "view": view if view in VIEWS else TREE,
        "views": list(VIEWS.items()),
        "timeline": None,
        "asked": asked,
        "filtered": any(asked.values()),
        "asked_words": urlencode({name: word for name, word in asked.items() if word}),
        "counts": counts_by_status(request.workspace),
        "statuses": [status.value for status in WORST_FIRST],
        "members": members_of(request.workspace),
        "metrics": metrics_to_choose(request.workspace),
    }
    if view == TIMELINE:
        found = lines()
        context |= {"lines": found, "timeline": timeline_of(found, today, since(request))}
    else:
        long = sum(context["counts"].values()) >= MANY and not any(asked.values())
        kind = f"goals-{context['view']}" if long else ""
        context["lines"] = rows_of(request, lines, kind=kind, today=today)
    return render(request, "goals/index.html", context)


def since(request: MemberRequest) -> date | None:
    """The day with which the timeline shall begin; what is no day is not asked."""
    try:
        return date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None


def lines_of(request: MemberRequest, asked: dict[str, str], *, flat: bool, at: datetime):
    """The goals that the filters ask for, each with how it stands."""
    rows = list(chosen(request, asked).order_by(*("end", "pk") if flat else ("start", "pk")))
    return goal_lines(request.workspace, rows, at, as_tree=not flat, curves=False)


def chosen(request: MemberRequest, asked: dict[str, str]):
    """The goals that the filters ask for; a word that names nothing finds nothing."""
    if asked["status"] == CLOSED:
        rows = goals_of(request.workspace).exclude(closed_at=None)
    else:
        rows = open_goals(request.workspace)
        rows = rows.filter(status=asked["status"]) if asked["status"] else rows
    if asked["owner"]:
        rows = rows.filter(owner_id=int(asked["owner"])) if is_id(asked["owner"]) else rows.none()
    return rows.filter(metric__key=asked["metric"]) if asked["metric"] else rows


def is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and int(word) < 2**63


@page(can="workspace.view")
def goal(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    view = request.GET.get("view", PER_PERIOD)
    shown = goal_page(request.workspace, found.pk, now(), view=view)
    said = checkins_of(request.workspace, shown.goal, request.member, now())
    context = {
        "page": shown,
        "checkins": said,
        "checkin_form": CheckInForm(initial=CheckInForm.values_of(said.draft)),
        "goal": shown.goal,
        "changes": told_changes(shown.goal, request.member),
        "standing": shown.standing,
        "close_form": CloseForm(initial={"version": shown.goal.version}),
        "guard_form": GuardrailForm(workspace=request.workspace, goal=shown.goal),
        "reopen_form": VersionForm(initial={"version": shown.goal.version}),
    }
    return render(request, "goals/goal.html", context)


@page(can="goals.edit", method="GET POST")
def new(request: MemberRequest) -> HttpResponse:
    at, workspace = now(), request.workspace
    fresh = GoalForm.values_for(request.member, workspace.day_of(at))
    fresh |= {
        name: request.GET[name] for name in ("metric", "parent", "title") if name in request.GET
    }
    form = GoalForm(request.POST or None, workspace=workspace, initial=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_goal(workspace, draft=form.draft(), by=request.member, at=at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go(request, goal_url(request, made), say=_("The goal is set."))
    return render(request, FORM, {"form": form}, status=422 if form.errors else 200)


@page(can="goals.edit", method="GET POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    if request.method == "POST":
        return revise(request, found)
    form = GoalForm(workspace=request.workspace, goal=found, initial=GoalForm.values_of(found))
    return render(request, FORM, {"form": form, "goal": found})


def revise(request: MemberRequest, found: Goal) -> HttpResponse:
    workspace, by, at = request.workspace, request.member, now()
    form = GoalForm(request.POST, workspace=workspace, goal=found)
    status = tried(
        form,
        lambda: revise_goal(found, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: GoalForm(workspace=workspace, goal=row, initial=GoalForm.values_of(row)),
    )
    if not status:
        return go(request, goal_url(request, found), say=_("The goal is revised."))
    return render(request, FORM, {"form": form, "goal": found}, status=status)


@page(can="goals.edit")
def baseline(request: MemberRequest) -> HttpResponse:
    form = TermsForm(request.GET, workspace=request.workspace)
    context = {"form": form, "promise": None, "metric": None}
    if form.is_valid():
        metric = form.cleaned_data["metric"]
        complete = last_complete_day(now(), request.workspace.timezone)
        promise = promise_of(metric, form.terms(), complete=complete)
        context |= {"promise": promise, "metric": metric}
        if promise.refusal is None:
            texts = (request.GET.get("title", ""), request.GET.get("specific", ""))
            found = findings_of_terms(request.workspace, metric, promise, texts, now())
            context["findings"] = found
    return fragment(request, "goals/_baseline.html", **context)


@page(can="goals.edit", method="POST")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    form, by, at = CloseForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: close_goal(found, **form.typed, version=form.seen, by=by, at=at),
        lambda row: CloseForm(initial=CloseForm.values_of(row)),
    )
    if status:
        back = goal_url(request, found)
        return kept(request, form, status, title=_("Close the goal"), back=back)
    return go(request, goal_url(request, found), say=_("The goal is closed."))


@page(can="goals.edit", method="POST")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    reopen_goal(found, version=version, by=request.member, at=now())
    return go(request, goal_url(request, found), say=_("The goal is open again."))
