from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.splits import INTO, WAYS, SplitForm
from goals.models import Goal
from goals.operations.splits import Done, Shape, split_goal
from goals.queries.catalogue import goals_of
from goals.queries.parts import GRAINS
from goals.queries.splits import Outcome, SplitPage, modes_of, split_of
from goals.views.goals import goal_url
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.queries.formats import number
from workspaces.rules.errors import Refused

PAGE, FRAGMENT = "goals/split.html", "goals/_split.html"


@page(can="goals.edit", method="GET POST")
def split(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    goal = goals_of(request.workspace).get(pk=found.pk)
    if request.method == "POST":
        return apply(request, goal)
    return show(request, goal, form_of(request, goal))


def show(request: MemberRequest, goal: Goal, form: SplitForm, *, status: int = 200) -> HttpResponse:
    shown = split_of(goal, form.asked(), now())
    template = FRAGMENT if request.htmx else PAGE
    context = {"split": shown, "goal": goal, "form": form, **choices(shown)}
    return render(request, template, context, status=status)


def form_of(request: MemberRequest, goal: Goal) -> SplitForm:
    data = request.POST if request.method == "POST" else request.GET
    form = SplitForm(data, goal=goal)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), code="invalid", field=name)
    return form


def apply(request: MemberRequest, goal: Goal) -> HttpResponse:
    form, by, at = form_of(request, goal), request.member, now()
    shape = Shape(form.cleaned_data["shape"] or Shape.STEPS)
    status = tried(
        form,
        lambda: split_goal(goal, asked=form.asked(), shape=shape, version=form.seen, by=by, at=at),
        lambda row: SplitForm({}, goal=row),
    )
    if status:
        goal.refresh_from_db()
        return show(request, goal, form, status=status)
    return go(request, goal_url(request, goal), say=said_of(form.made, shape))


def said_of(done: object, shape: Shape) -> str:
    """What was done, in one sentence with its numbers."""
    if shape is Shape.CHECKPOINTS or not isinstance(done, Done):
        return _("The parts stand on the course as checkpoints.")
    words = {
        Outcome.SET: _("%(count)s set"),
        Outcome.REVISED: _("%(count)s revised"),
        Outcome.KEPT: _("%(count)s kept as changed by hand"),
        Outcome.SAME: _("%(count)s the same"),
    }
    told = [
        word % {"count": number(done.outcomes[outcome], 0)}
        for outcome, word in words.items()
        if done.outcomes[outcome]
    ]
    return _("The goal is split. Steps: %(told)s.") % {"told": ", ".join(told)}


def choices(shown: SplitPage) -> dict[str, object]:
    """What the page lets one choose, with the words of the form."""
    return {
        "into": [(one.value, INTO[one]) for one in GRAINS],
        "modes": [(one.value, *WAYS[one]) for one in modes_of(shown.goal)],
        "ways": [(WAYS[way.mode][0], way) for way in shown.ways],
    }
