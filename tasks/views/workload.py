from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.schedules import CapacityForm
from tasks.http import only_of
from tasks.models import Board, Capacity
from tasks.models.capacities import USUAL_HOURS
from tasks.operations.capacities import set_capacity
from tasks.queries.capacities import capacities_of
from tasks.queries.choices import all_boards
from tasks.queries.workload import Line, Workload, shares_of, workload_of
from tasks.views.following import following
from tasks.views.seeking import looked_for
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.models import Membership
from workspaces.queries.people import members_of

WEEKS = (4, 8, 13)
USUAL = 8


@page(can="workspace.view")
def board_workload(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    board.workspace = request.workspace
    return show(request, board)


@page(can="workspace.view")
def workload(request: MemberRequest) -> HttpResponse:
    return show(request, all_boards(request.workspace))


def show(request: MemberRequest, place: Board) -> HttpResponse:
    live = following(request, place)
    today, board = request.workspace.day_of(now()), place if place.pk else None
    weeks = next((n for n in WEEKS if str(n) == request.GET.get("weeks")), USUAL)
    only = only_of(request, place, today)
    found = workload_of(request.workspace, today, weeks, board=board, only=only)
    line, part = opened(request, found), request.GET.get("part", "")
    context = {
        "board": board,
        "live": live,
        "work": found,
        "today": today,
        "weeks": weeks,
        "every": WEEKS,
        "line": line,
        "part": part,
        "shares": shares_of(line, part) if line else [],
        "week": next((week for week in found.weeks if week.isoformat() == part), None),
        "members": members_of(request.workspace),
        "beside": [("weeks", weeks)],
        **looked_for(request, place),
    }
    return render(request, "tasks/workload.html", context)


def opened(request: MemberRequest, found: Workload) -> Line | None:
    """The line whose cards are asked for by ?who=, the member's id or 0."""
    who = request.GET.get("who", "")
    return next((line for line in found.lines if str(line.pk) == who), None)


@page(can="boards.edit", method="GET POST")
def capacity(request: MemberRequest) -> HttpResponse:
    """The hours a week of everybody, and of each member."""
    return change(request, None)


@page(can="boards.edit", method="POST")
def member_capacity(request: MemberRequest, pk: int) -> HttpResponse:
    return change(request, find_or_404(Membership, pk, request))


def change(request: MemberRequest, member: Membership | None) -> HttpResponse:
    if request.method != "POST":
        return show_capacities(request, None, None)
    form, by, at = CapacityForm(request.POST, auto_id=ids_of(member)), request.member, now()
    status = tried(
        form,
        lambda: set_capacity(
            request.workspace,
            member,
            hours=form.cleaned_data["hours"],
            version=form.seen,
            by=by,
            at=at,
        ),
        lambda row: form_of(row, member),
    )
    if status:
        return show_capacities(request, member, form, status=status)
    url = reverse("tasks:capacity", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("The hours are saved."))


def show_capacities(
    request: MemberRequest,
    member: Membership | None,
    form: CapacityForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    """All forms, one of them as it was sent."""
    said = capacities_of(request.workspace)
    nothing = Capacity(workspace=request.workspace, version=0)
    rows = [
        (one, form if form and one == member else form_of(said.by_member.get(one.pk, nothing), one))
        for one in members_of(request.workspace)
    ]
    everybody = form if form and member is None else form_of(said.everybody, None)
    context = {
        "everybody": everybody,
        "rows": rows,
        "usual": said.hours(None),
        "first": USUAL_HOURS,
    }
    return render(request, "tasks/capacity.html", context, status=status)


def form_of(row: Capacity, member: Membership | None) -> CapacityForm:
    return CapacityForm(initial=CapacityForm.values_of(row), auto_id=ids_of(member))


def ids_of(member: Membership | None) -> str:
    """Ids of a member's form, other than those of the forms beside it."""
    return f"capacity{member.pk if member else 0}_%s"
