from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.pulse import PulseForm, ScoreForm
from goals.operations.pulse import answer_pulse, make_links, set_pulse
from goals.queries.pulse import linkable_in, open_pulse, pulse_months, pulse_of, taking_part
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.models import Stakeholder
from workspaces.rules.errors import Refused

PAGE, FORM, LINKS = "goals/pulse.html", "goals/pulse_form.html", "goals/pulse_links.html"


def pulse_url(request: MemberRequest) -> str:
    return reverse("goals:pulse", kwargs={"slug": request.workspace.slug})


def link_to(token: str) -> str:
    """The address that a stakeholder is sent."""
    return settings.BASE_URL + reverse("shared_pulse", kwargs={"token": token})


@page(can="workspace.view")
def pulse(request: MemberRequest) -> HttpResponse:
    return show(request, ScoreForm())


def show(request: MemberRequest, form: ScoreForm, *, status: int = 200) -> HttpResponse:
    found = open_pulse(request.member, at=now())
    context = {
        "pulse": pulse_of(request.workspace),
        "open": found,
        "taking": taking_part(found.round) if found else [],
        "months": pulse_months(request.workspace),
        "form": form,
    }
    return render(request, PAGE, context, status=status)


@page(can="pulse.answer", method="POST")
def answer(request: MemberRequest) -> HttpResponse:
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    answer_pulse(request.member, score=form.cleaned_data["score"], at=now())
    return go(request, pulse_url(request), say=_("Thank you: your answer is counted."))


@page(can="pulse.edit", method="GET POST")
def edit(request: MemberRequest) -> HttpResponse:
    found, status = pulse_of(request.workspace), 200
    form = PulseForm(request.POST or None, initial=PulseForm.values_of(found) if found else None)
    if request.method == "POST":
        space, by, at = request.workspace, request.member, now()
        status = tried(
            form,
            lambda: set_pulse(space, draft=form.draft(), version=form.seen, by=by, at=at),
            lambda row: PulseForm(initial=PulseForm.values_of(row)),
        )
        if not status:
            return go(request, pulse_url(request), say=_("The pulse is set up."))
    return render(request, FORM, {"form": form, "pulse": found}, status=status)


@page(can="pulse.edit", method="GET POST")
def links(request: MemberRequest) -> HttpResponse:
    found = open_pulse(request.member, at=now())
    if found is None or not found.round.asks_stakeholders:
        raise Refused(_("Stakeholders are asked while a pulse is open."))
    made = []
    if request.method == "POST":
        asked = wanted(request, found.round)
        links = make_links(request.workspace, stakeholders=asked, by=request.member, at=now())
        made = [(one, link_to(token)) for one, token in links]
    rows = linkable_in(found.round)
    missing = any(one.turn is None for one in rows)
    context = {"open": found, "made": made, "rows": rows, "missing": missing}
    return render(request, LINKS, context)


def wanted(request: MemberRequest, row) -> list[Stakeholder]:
    """The one whose button was pressed, or all who have no link yet."""
    if "stakeholder" in request.POST:
        return [find_or_404(Stakeholder, request.POST["stakeholder"], request)]
    return [one.stakeholder for one in linkable_in(row) if one.turn is None]
