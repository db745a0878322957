from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.queries.search import find_goals
from metrics.models import Metric
from metrics.queries.search import find_metrics
from tasks.forms.ties import WAITS, BlockForm, LinkForm, WaitForm
from tasks.http import answer
from tasks.models import Card
from tasks.operations.blocking import block_card, unblock_card
from tasks.operations.dependencies import add_dependency, remove_dependency
from tasks.operations.links import link_card, unlink_card
from tasks.queries.dependencies import linked_to, ties_of
from tasks.queries.search import find_cards
from workspaces.http import MemberRequest, find_or_404, fragment, page

LONGEST_QUERY = 200
LINKED: dict[str, type[Goal] | type[Metric]] = {"goal": Goal, "metric": Metric}


@page(can="work.edit")
def find(request: MemberRequest, pk: int) -> HttpResponse:
    """What the card can be tied to: cards by title or #number, goals and metrics by name."""
    card = find_or_404(Card, pk, request)
    text = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    cards = find_cards(request.workspace, text) if text else []
    context = {
        "card": card,
        "q": text,
        "target": "#drawer" if request.htmx else "",
        "cards": [found for found in cards if found.pk != card.pk],
        "goals": find_goals(request.workspace, text) if text else [],
        "metrics": find_metrics(request.workspace, text) if text else [],
    }
    template = "tasks/_tie_hits.html" if request.htmx else "tasks/tie_card.html"
    return render(request, template, context)


@page(can="work.edit", method="POST")
def wait(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = WaitForm(request.POST, workspace=request.workspace).said()
    other, at = said["other"], now()
    one, two = (card, other) if said["way"] == WAITS else (other, card)
    if said["on"]:
        add_dependency(one, waits_for=two, by=request.member, at=at)
    else:
        remove_dependency(one, waits_for=two, by=request.member, at=at)
    words = (
        _("“%(card)s” waits for “%(other)s”.")
        if said["on"]
        else _("“%(card)s” waits for “%(other)s” no longer.")
    )
    return answer(request, card, say=words % {"card": one.title, "other": two.title})


@page(can="work.edit", method="POST")
def link(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = LinkForm(request.POST, workspace=request.workspace).said()
    to = said["goal"] or said["metric"]
    if to is None:
        raise Http404
    if said["part"]:
        link_card(card, to=to, part=said["part"], by=request.member, at=now())
        return answer(request, card, say=_("The card is linked."))
    unlink_card(card, to=to, by=request.member, at=now())
    return answer(request, card, say=_("The link is gone."))


@page(can="work.edit", method="POST")
def block(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    reason = BlockForm(request.POST).said()["reason"]
    if reason:
        block_card(card, reason=reason, by=request.member, at=now())
        return answer(request, card, say=_("The card is marked as blocked."))
    unblock_card(card, by=request.member, at=now())
    held = ties_of(card).held
    say = (
        _("The mark is gone; the card still waits for others.")
        if held
        else _("The card is not blocked any more.")
    )
    return answer(request, card, say=say)


@page(can="workspace.view")
def linked(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """The cards that are linked to a goal, beside those of its own, or to a metric."""
    if kind not in LINKED:
        raise Http404
    links = linked_to(find_or_404(LINKED[kind], pk, request))
    today = request.workspace.day_of(now())
    return fragment(request, "tasks/_linked_cards.html", links=links, today=today)
