"""How pages answer a change of a card: the drawer to htmx, else the page that asked."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.handlers.asgi import ASGIRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now

from tasks.models import AttachmentVersion, Board, Card
from tasks.operations.files import path_of
from tasks.queries.approvals import approvals_of
from tasks.queries.boards import facts_of, numbers_of
from tasks.queries.cards import card_page
from tasks.queries.choices import choice_of
from tasks.queries.comments import CardTalk, card_talk
from tasks.queries.dependencies import ties_of, warning_of
from tasks.queries.filters import fits
from tasks.queries.requests import answers_of, request_of
from tasks.queries.series import words_on
from tasks.render import draw_card
from tasks.rules.files import disposition, served_type
from tasks.rules.filters import Wanted, read_wanted
from workspaces.http import MemberRequest, back, go
from workspaces.live.presence import people_at
from workspaces.models import Membership
from workspaces.queries.people import members_of
from workspaces.rules.sla import state_of

DRAWER = "tasks/_drawer.html"
BOARD_CHANGED = "board-changed"
PIECE = 64 * 1024


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at a board; `number` is that of the card they have open, or None."""

    member: Membership
    number: int | None
    editing: bool


def visitors(request: MemberRequest, board: Board) -> list[Visitor]:
    """Who looks at the board now, the one who asks left out; 3 queries."""
    people = people_at([board.stream_id])[board.stream_id]
    others = {p.member: p for p in people if p.member != request.member.pk}
    opened = {p.subject for p in others.values() if p.subject}
    numbers = numbers_of(board, opened) if opened else {}
    return [
        Visitor(member, numbers.get(others[member.pk].subject), others[member.pk].editing)
        for member in members_of(request.workspace)
        if member.pk in others
    ]


def board_url(board_id: int, request: MemberRequest) -> str:
    """Where a board is."""
    return reverse("tasks:board", kwargs={"slug": request.workspace.slug, "pk": board_id})


def card_url(card: Card, request: MemberRequest) -> str:
    """Where a card is."""
    return reverse("tasks:card", kwargs={"slug": request.workspace.slug, "pk": card.pk})


def feed_url(request: HttpRequest, token: str) -> str:
    """The address of a calendar, as whoever fetches it asks for it."""
    return request.build_absolute_uri(reverse("calendar_feed", kwargs={"token": token}))


def card_context(request: MemberRequest, card: Card) -> dict[str, object]:
    """What the page and the drawer of a card show."""
    at = now()
    shown, today = card_page(card.pk, request.member), request.workspace.day_of(at)
    clock = shown.card.clock
    state = state_of(clock.clock, at).value if clock else ""
    said, ties = card_talk(shown.card, request.member), ties_of(shown.card)
    context = {"page": shown, "card": shown.card, "ties": ties, "today": today, "state": state}
    asked = approvals_of(shown.card, request.member)
    sent = request_of(shown.card)
    came = {"sent_request": sent, "sent_answers": answers_of(sent) if sent else []}
    context |= {"approvals": asked, "repeats": words_on(shown.card)}
    return context | talking(said) | came


def talking(said: CardTalk) -> dict[str, object]:
    """What the page of a card needs beside the card, and a nonce for what is said next."""
    return {"said": said, "nonce": secrets.token_urlsafe(18)}


def wanted_of(request: MemberRequest) -> Wanted:
    """What the query of the address looks for; words that say nothing are passed over."""
    return read_wanted({name: request.GET.getlist(name) for name in request.GET})[0]


def only_of(request: MemberRequest, board: Board, today: date) -> Q:
    """What a card must be to be shown: the query of the address, as a condition."""
    return fits(wanted_of(request), board, member=request.member, today=today)


def drawn_again(request: MemberRequest, card: Card) -> dict[str, object]:
    """The card as the board shows it, and the board's figures."""
    today, board = request.workspace.day_of(now()), card.board
    board.workspace = request.workspace
    by = choice_of(board, request.member).by
    facts = facts_of(board, today, only_of(request, board, today), by)
    return {"drawn": draw_card(card, today), "facts": facts}


def warned(was: Card, now: Card, request: MemberRequest) -> dict[str, str]:
    """A toast that says that the card was finished while blocked, and offers to take it back."""
    text = warning_of(was, now)
    undo = reverse("tasks:tick", kwargs={"slug": request.workspace.slug, "pk": now.pk})
    return {"text": text, "tone": "warning", "undo": undo} if text else {}


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


def json_file(pieces: Iterable[str], *, name: str) -> StreamingHttpResponse:
    """JSON to keep, piece by piece."""
    response = StreamingHttpResponse(pieces, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sent_file(
    request: HttpRequest, path: Path, content_type: str, **headers: str
) -> StreamingHttpResponse:
    """A file of somebody's, piece by piece, as something that no browser runs; 404 without it.

    The name of a header is written with `_` for `-`.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError as missing:
        raise Http404 from missing
    pieces = _pieces_soon(path) if isinstance(request, ASGIRequest) else _pieces(path)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def sent_version(request: HttpRequest, version: AttachmentVersion) -> StreamingHttpResponse:
    """A file as it came, always to be kept and never to be shown."""
    kind, name = served_type(version.content_type), disposition(version.name)
    return sent_file(request, path_of(version.file), kind, Content_Disposition=name)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def _pieces_soon(path: Path) -> AsyncIterator[bytes]:
    """The same where one loop serves everybody: the disk is read beside it."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        await asyncio.to_thread(file.close)
