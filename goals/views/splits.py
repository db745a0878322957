from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.splits import INTO, WAYS, SplitForm
from goals.models import Goal
from goals.operations.splits import Shape, split_goal
from goals.queries.catalogue import goals_of
from goals.queries.splits import GRAINS, MODES, SplitPage, split_of
from goals.rules.progress import Basis
from goals.views.goals import goal_url
from workspaces.http import MemberRequest, find_or_404, go, page, tried
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
    return go(request, goal_url(request, goal), say=_("The goal is split."))


def choices(shown: SplitPage) -> dict[str, object]:
    """What the page lets one choose, with the words of the form."""
    modes = MODES[Basis(shown.goal.basis)]
    return {
        "into": [(one.value, INTO[one]) for one in GRAINS],
        "modes": [(one.value, *WAYS[one]) for one in modes],
        "ways": [(WAYS[way.mode][0], way) for way in shown.ways],
    }
