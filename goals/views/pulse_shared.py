"""The pulse behind a stakeholder's link."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now

from goals.forms.pulse import ScoreForm
from goals.models import PulseTurn
from goals.operations.pulse import TOKENS, answer_by_link
from goals.queries.pulse import turn_by_hash
from goals.rules.pulse import last_day
from goals.views.links import LATER, guarded_by_link
from workspaces.models import Workspace
from workspaces.rules.errors import Refused

PAGE = "goals/pulse_shared.html"


def opened(token: str) -> tuple[Workspace, tuple[PulseTurn]]:
    digest = TOKENS.digest_of(token)
    turn = turn_by_hash(digest, at=now()) if digest else None
    if turn is None:
        raise Http404
    return turn.workspace, (turn,)


by_link = partial(guarded_by_link, opened=opened)


def show(request, token, turn, *, form=None, status=200) -> HttpResponse:
    context = {
        "token": token,
        "turn": turn,
        "round": turn.round,
        "until": last_day(turn.round.month),
        "form": None if turn.has_answered else form or ScoreForm(),
        "said": turn.has_answered or "said" in request.GET,
    }
    return render(request, PAGE, context, status=status)


@by_link("GET HEAD")
def shared(request: HttpRequest, token: str, turn: PulseTurn) -> HttpResponse:
    return show(request, token, turn)


def again(request: HttpRequest, token: str, turn: PulseTurn) -> HttpResponse:
    """The question with the chosen score, when it came too often."""
    form = ScoreForm(request.POST)
    form.add_error(None if form.is_valid() else "score", str(LATER))
    return show(request, token, turn, form=form)


@by_link("POST", again=again)
def answer(request: HttpRequest, token: str, turn: PulseTurn) -> HttpResponse:
    form = ScoreForm(request.POST)
    if form.trapped:
        return thanks(token)
    if not form.is_valid():
        return show(request, token, turn, form=form, status=422)
    try:
        answer_by_link(turn, score=form.cleaned_data["score"], at=now())
    except Refused as refusal:
        context = {"message": refusal.message}
        return render(request, "goals/shared_refused.html", context, status=422)
    return thanks(token)


def thanks(token: str) -> HttpResponse:
    """Back to the page, which says that it is counted; reloading sends nothing again."""
    response = HttpResponse(status=303)
    response["Location"] = reverse("shared_pulse", kwargs={"token": token}) + "?said=1"
    return response
