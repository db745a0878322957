from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from goals.models import Goal
from goals.queries.pulse import open_pulse
from goals.queries.reminders import owed_by
from goals.queries.strategy_asked import asked_of
from tasks.models import Card
from tasks.queries.approvals import asked_of_me
from tasks.queries.cards import cards_of_goal, my_cards
from workspaces.http import MemberRequest, find_or_404, fragment, page


@page(can="workspace.view")
def my_work(request: MemberRequest) -> HttpResponse:
    at = now()
    today = request.workspace.day_of(at)
    context = {
        **work_context(request),
        "asked": asked_of(request.member, today),
        "owed": owed_by(request.member, today),
        "approvals": asked_of_me(request.member),
        "pulse": open_pulse(request.member, at=at),
    }
    return render(request, "tasks/my_work.html", context)


def work_context(request: MemberRequest) -> dict[str, object]:
    today = request.workspace.day_of(now())
    return {"work": my_cards(request.member, today), "today": today}


def show_my_work(request: MemberRequest, _card: Card) -> HttpResponse:
    """The lists again after a tick."""
    return fragment(request, "tasks/_my_work.html", **work_context(request))


@page(can="workspace.view")
def goal_cards(request: MemberRequest, pk: int) -> HttpResponse:
    return goal_fragment(request, find_or_404(Goal, pk, request))


def show_goal_cards(request: MemberRequest, card: Card) -> HttpResponse:
    """The goal's list again after a tick."""
    return goal_fragment(request, card.goal) if card.goal else HttpResponse()


def goal_fragment(request: MemberRequest, goal: Goal) -> HttpResponse:
    goal.workspace = request.workspace
    today = request.workspace.day_of(now())
    cards = cards_of_goal(goal)
    context = {"goal": goal, "cards": cards, "today": today}
    return fragment(request, "tasks/_goal_cards.html", **context)
