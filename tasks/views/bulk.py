from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.forms.bulk import BulkForm, PlacesForm, cards_of, place_word
from tasks.http import BOARD_CHANGED
from tasks.models import Card
from tasks.operations.bulk import (
    DONE,
    MOST_CARDS,
    RESTORE,
    BulkDraft,
    Outcome,
    Place,
    change_cards,
    places_of,
    put_back,
)
from tasks.views.looking import Place as Boards
from tasks.views.looking import place_of, way_url
from tasks.views.transfers import take_back_url
from workspaces.http import MemberRequest, back, go, page
from workspaces.queries.formats import number

TOLD = 3  # refusals in a toast


@page(can="work.edit", method="POST")
def bulk(request: MemberRequest, pk: int) -> HttpResponse:
    """What to do with the cards that are selected; done to each by itself."""
    return change(request, place_of(request, pk))


@page(can="work.edit", method="POST")
def bulk_all(request: MemberRequest) -> HttpResponse:
    """The same for cards of any boards."""
    return change(request, place_of(request, None))


def change(request: MemberRequest, place: Boards) -> HttpResponse:
    form = BulkForm(request.POST, board=place)
    draft, cards = form.draft(), form.cards()
    by = draft.lane.by if draft.lane else ""
    stays, leaves = stay_or_leave([card for card, _seen in cards], draft)
    stood = places_of(stays, by) if not leaves else {}
    there = take_back_url(request, cards[0][0].board, leaves) if leaves and not stays else ""
    outcomes = change_cards(cards, draft=draft, by=request.member, at=now())
    undo = undo_url(request, place)
    if stood and draft == BulkDraft(to=draft.to, after=draft.after, lane=draft.lane):
        return told(request, place, outcomes, undo=undo, stood=stood)
    gone = ",".join(str(one.card.pk) for one in outcomes if one.result == DONE)
    undo = f"{undo}?cards={gone}" if draft.then and gone else ""
    return told(request, place, outcomes, undo=undo or (there if gone else ""))


def stay_or_leave(cards: Sequence[Card], draft: BulkDraft) -> tuple[list[Card], list[int]]:
    """The cards that a move keeps on their board, and the ids of those that it takes elsewhere."""
    if draft.to is None:
        return [], []
    here = draft.to.board_id
    stays = [card for card in cards if card.board_id == here]
    return stays, [card.pk for card in cards if card.board_id != here]


@page(can="work.edit", method="POST")
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring the cards of ?cards=1,2 back; or move those back whose places the form says."""
    return bring_back(request, place_of(request, pk))


@page(can="work.edit", method="POST")
def undo_all(request: MemberRequest) -> HttpResponse:
    """The same for cards of any boards."""
    return bring_back(request, place_of(request, None))


def bring_back(request: MemberRequest, place: Boards) -> HttpResponse:
    if "places" in request.POST:
        cards_back = PlacesForm(request.POST, board=place).cards()
        outcomes = put_back(cards_back, by=request.member, at=now())
        return told(request, place, outcomes)
    ids = [int(word) for word in request.GET.get("cards", "").split(",") if word.isdecimal()]
    found = cards_of(place).filter(pk__in=ids[:MOST_CARDS])
    cards = [(card, card.version) for card in found.select_related("board", "column")]
    draft = BulkDraft(then=RESTORE)
    outcomes = change_cards(cards, draft=draft, by=request.member, at=now())
    return told(request, place, outcomes)


def undo_url(request: MemberRequest, place: Boards) -> str:
    slug = request.workspace.slug
    if place.pk is None:
        return reverse("tasks:bulk_undo_all", kwargs={"slug": slug})
    return reverse("tasks:bulk_undo", kwargs={"slug": slug, "pk": place.pk})


def told(
    request: MemberRequest,
    place: Boards,
    outcomes: Sequence[Outcome],
    *,
    undo: str = "",
    stood: Mapping[int, Place] | None = None,
) -> HttpResponse:
    """How many were changed, and why the others were not; `stood` is where an undo brings them."""
    done = sum(one.result == DONE for one in outcomes)
    say = ngettext("%(shown)s card changed.", "%(shown)s cards changed.", done)
    say %= {"shown": number(done, 0)}
    left = [one for one in outcomes if one.message]
    reasons = [f"#{one.card.number}: {one.message}" for one in left[:TOLD]]
    if len(left) > TOLD:
        more = _("and %(shown)s more.") % {"shown": number(len(left) - TOLD, 0)}
        reasons.append(more)
    text = " ".join([say, *reasons])
    if not request.htmx:
        home = way_url(request, place, "board")
        return go(request, back(request, home), say=text)
    context = {"text": text, "undo": undo, "tone": "warning" if left else "success"}
    context["soft"] = True
    if stood:
        moved = [one.card for one in outcomes if one.result == DONE]
        context["places"] = " ".join(place_word(card, stood[card.pk]) for card in moved)
        context["undo"] = undo if moved else ""
    response = render(request, "components/_say.html", context)
    response["HX-Trigger"] = BOARD_CHANGED
    return response
