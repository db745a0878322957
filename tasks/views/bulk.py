from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.forms.bulk import BulkForm, PlacesForm, place_word
from tasks.http import BOARD_CHANGED, board_url
from tasks.models import Board, Card
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
from tasks.views.transfers import take_back_url
from workspaces.http import MemberRequest, back, find_or_404, go, page
from workspaces.queries.formats import number

TOLD = 3  # refusals in a toast


@page(can="work.edit", method="POST")
def bulk(request: MemberRequest, pk: int) -> HttpResponse:
    """What to do with the cards that are selected; done to each by itself."""
    board = find_or_404(Board, pk, request)
    board.workspace = request.workspace
    form = BulkForm(request.POST, board=board)
    draft, cards = form.draft(), form.cards()
    by = draft.lane.by if draft.lane else ""
    leaves = draft.to is not None and draft.to.board_id != board.pk
    stood = places_of([card for card, _version in cards], by) if draft.to and not leaves else {}
    there = take_back_url(request, board, [card.pk for card, _seen in cards]) if leaves else ""
    outcomes = change_cards(cards, draft=draft, by=request.member, at=now())
    if stood and draft == BulkDraft(to=draft.to, after=draft.after, lane=draft.lane):
        return told(request, board, outcomes, undo=undo_url(request, pk), stood=stood)
    gone = ",".join(str(one.card.pk) for one in outcomes if one.result == DONE)
    undo = f"{undo_url(request, pk)}?cards={gone}" if draft.then and gone else ""
    return told(request, board, outcomes, undo=undo or (there if gone else ""))


@page(can="work.edit", method="POST")
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring the cards of ?cards=1,2 back; or move those back whose places the form says."""
    board = find_or_404(Board, pk, request)
    if "places" in request.POST:
        board.workspace = request.workspace
        cards_back = PlacesForm(request.POST, board=board).cards()
        outcomes = put_back(cards_back, by=request.member, at=now())
        return told(request, board, outcomes)
    ids = [int(word) for word in request.GET.get("cards", "").split(",") if word.isdecimal()]
    found = Card.objects.filter(board=board, pk__in=ids[:MOST_CARDS])
    cards = [(card, card.version) for card in found.select_related("board", "column")]
    draft = BulkDraft(then=RESTORE)
    outcomes = change_cards(cards, draft=draft, by=request.member, at=now())
    return told(request, board, outcomes)


def undo_url(request: MemberRequest, pk: int) -> str:
    return reverse("tasks:bulk_undo", kwargs={"slug": request.workspace.slug, "pk": pk})


def told(
    request: MemberRequest,
    board: Board,
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
        return go(request, back(request, board_url(board.pk, request)), say=text)
    context = {"text": text, "undo": undo, "tone": "warning" if left else "success"}
    context["soft"] = True
    if stood:
        moved = [one.card for one in outcomes if one.result == DONE]
        context["places"] = " ".join(place_word(card, stood[card.pk]) for card in moved)
        context["undo"] = undo if moved else ""
    response = render(request, "components/_say.html", context)
    response["HX-Trigger"] = BOARD_CHANGED
    return response
