"""How a stream is answered, and what is refused before it begins."""

import re
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from workspaces.live.hub import Hub, TooMany, hub
from workspaces.live.presence import people_at, told
from workspaces.live.seats import Seat
from workspaces.models import Membership
from workspaces.operations.streams import number_events, number_wholes
from workspaces.queries.passes import Pass
from workspaces.queries.streams import changes_after, heads_of
from workspaces.rules.errors import Invalid, at_field
from workspaces.rules.streams import MOST_BEHIND, must_begin_anew, place_in

AFTER = "after"
WHOLE = re.compile(r"-?[0-9]+")
STREAM = "text/event-stream"


def pass_of(request: HttpRequest, member: Membership, token: str = "") -> Pass:
    """How this member came in; `token` is the digest of a program's."""
    session = "" if token else str(request.session.session_key)
    seal = "" if token else member.user.get_session_auth_hash()
    return Pass(member.user_id, member.pk, seal, session, token)


def seen_by(request: HttpRequest) -> int | None:
    """What the follower has seen: Last-Event-ID before ?after=; None where it says nothing.

    Invalid for other parameters (a token does not belong there) and for what is no number.
    """
    message = _("There is no such parameter.")
    wrong = [at_field(name, "unknown_parameter", message) for name in request.GET if name != AFTER]
    said = request.GET.get(AFTER)
    if said is not None and not WHOLE.fullmatch(said):
        wrong.append(at_field(AFTER, "not_a_number", _("Write a whole number.")))
    if wrong:
        raise Invalid(wrong)
    said = request.headers.get("Last-Event-ID", said)
    return None if said is None else place_in(said)


def is_foreign(request: HttpRequest) -> bool:
    """Whether a page of another site asks."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def can_follow(request: HttpRequest) -> bool:
    """Whether a page that is answered now may follow a stream, or has to ask for changes."""
    return hasattr(request, "scope") or settings.STREAMS


def stream_answer(
    request: HttpRequest, stream_id: int, holder: Pass, *, workspace_id: int | None = None
) -> HttpResponseBase:
    """The endless answer; 403 to other sites, 429 after ten, 503 where the server cannot stream.

    With `workspace_id` (and no stream) it tells that something happened on any of its streams.
    """
    try:
        seen = seen_by(request)
    except Invalid as invalid:
        return _refusal(400, invalid.problems[0].code, str(invalid))
    if is_foreign(request):
        return _refusal(403, "foreign_origin", _("Only pages of this site may follow."))
    if not hasattr(request, "scope"):  # WSGI would give a thread to each follower
        return _refusal(503, "no_stream", _("This server does not stream: ask for the changes."))
    seat = Seat(holder, stream_id, seen, came=time.monotonic(), workspace_id=workspace_id)
    try:
        hub.join(seat)
    except TooMany:
        return _refusal(429, "too_many_streams", _("You follow too much at once."))
    if not connection.in_atomic_block:
        connection.close()  # the answer may last for hours; the hub has a connection for all
    response = StreamingHttpResponse(_told_to(hub, seat), content_type=STREAM)
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


def changes_answer(request: HttpRequest, stream_id: int) -> HttpResponse:
    """What a page asks for that cannot follow the stream."""
    try:
        seen = seen_by(request)
    except Invalid as invalid:
        return _refusal(400, invalid.problems[0].code, str(invalid))
    return JsonResponse(changes_since(stream_id, seen))


def whole_changes_answer(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The same for all streams of a workspace."""
    try:
        seen = seen_by(request)
    except Invalid as invalid:
        return _refusal(400, invalid.problems[0].code, str(invalid))
    return JsonResponse(whole_changes_since(workspace_id, seen))


def whole_changes_since(workspace_id: int, seen: int | None) -> dict[str, object]:
    """Whether anything happened on any stream of a workspace; 1 query, a few more for news."""
    seq = number_wholes([workspace_id])[workspace_id]
    return {"seq": seq, "reset": seen is not None and seen != seq, "changes": [], "people": []}


def changes_since(stream_id: int, seen: int | None) -> dict[str, object]:
    """What a stream would have told since, for who cannot follow it; 2 or 3 queries, +5 for news.

    `reset` says that too much happened: read everything anew and go on from `seq`. Without
    `seen` it tells where the stream is now.
    """
    head = heads_of([stream_id])[stream_id]
    last = number_events(stream_id) if head.waiting else head.last
    reset = seen is not None and must_begin_anew(seen, last)
    after = last if seen is None or reset else seen
    found = changes_after({stream_id: after}, MOST_BEHIND)[stream_id] if after < last else []
    seq = found[-1].seq if found else last
    changes = [change._asdict() for change in found]
    here = told(people_at([stream_id])[stream_id])
    return {"seq": seq, "reset": reset, "changes": changes, **here}


async def _told_to(house: Hub, seat: Seat) -> AsyncIterator[bytes]:
    try:
        async for words in seat.messages():
            yield words
    finally:
        house.leave(seat)


def _refusal(status: int, code: str, detail: str) -> HttpResponse:
    response = JsonResponse(
        {"type": "about:blank", "status": status, "code": code, "detail": detail}, status=status
    )
    response["Content-Type"] = "application/problem+json"
    return response
