"""How pages answer a change of a card: the drawer to htmx, else the page that asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now

from tasks.models import Board, Card
from tasks.queries.boards import facts_of
from tasks.queries.cards import card_page
from tasks.render import draw_card
from workspaces.http import MemberRequest, back, go
from workspaces.rules.sla import state_of

DRAWER = "tasks/_drawer.html"
BOARD_CHANGED = "board-changed"


def board_url(board_id: int, request: MemberRequest) -> str:
    """Where a board is."""
    return reverse("tasks:board", kwargs={"slug": request.workspace.slug, "pk": board_id})


def card_url(card: Card, request: MemberRequest) -> str:
    """Where a card is."""
    return reverse("tasks:card", kwargs={"slug": request.workspace.slug, "pk": card.pk})


def card_context(request: MemberRequest, card: Card) -> dict[str, object]:
    """What the page and the drawer of a card show."""
    at = now()
    shown, today = card_page(card.pk), request.workspace.day_of(at)
    clock = shown.card.clock
    state = state_of(clock.clock, at).value if clock else ""
    return {"page": shown, "card": shown.card, "today": today, "state": state}


def drawn_again(request: MemberRequest, card: Card) -> dict[str, object]:
    """The card as the board shows it, and the board's figures."""
    today = request.workspace.day_of(now())
    return {"drawn": draw_card(card, today), "view": facts_of(card.board_id, today)}


def answer(
    request: MemberRequest, card: Card, *, say: str = "", moved: bool = False, status: int = 200
) -> HttpResponse:
    """After a change: the drawer again, with the card on the board behind it, or a redirect.

    `moved` says that the card stands elsewhere now, so that the board fetches its columns.
    """
    if not request.htmx:
        return go(request, back(request, card_url(card, request)), say=say)
    context = card_context(request, card) | {"say": say}
    if not moved:
        context |= drawn_again(request, card)
    response = render(request, DRAWER, context, status=status)
    if moved:
        response["HX-Trigger"] = BOARD_CHANGED
    return response


def closed(request: MemberRequest, board: Board, *, say: str, undo: str = "") -> HttpResponse:
    """After the card has left: close what is open and let the board fetch its columns."""
    if not request.htmx:
        return go(request, board_url(board.pk, request), say=say)
    response = render(request, "components/_say.html", {"text": say, "undo": undo})
    response["HX-Trigger"] = f"close-dialogs, {BOARD_CHANGED}"
    return response
