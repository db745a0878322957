"""What a board's page asks for while it is open: news, changed cards, who else is there."""

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.http import only_of, visitors
from tasks.models import Board
from tasks.queries.boards import facts_of
from tasks.queries.choices import choice_of
from tasks.queries.faces import some_cards
from tasks.queries.lane_values import lanes_of_cards
from tasks.render import draw_some
from workspaces.http import MemberRequest, find_or_404, fragment, page
from workspaces.live.answers import (
    changes_answer,
    pass_of,
    stream_answer,
    whole_changes_answer,
)
from workspaces.live.presence import Person, arrive, leave
from workspaces.live.seats import NO_STREAM
from workspaces.rules.errors import Refused

MOST_CARDS = 200
LONGEST_ID = 18  # digits


@page(can="workspace.view")
def stream(request: MemberRequest, pk: int) -> HttpResponseBase:
    found = find_or_404(Board, pk, request)
    return stream_answer(request, found.stream_id, pass_of(request, request.member))


@page(can="workspace.view")
def changes(request: MemberRequest, pk: int) -> HttpResponse:
    return changes_answer(request, find_or_404(Board, pk, request).stream_id)


@page(can="workspace.view")
def whole_stream(request: MemberRequest) -> HttpResponseBase:
    """Word that something happened on any board."""
    holder = pass_of(request, request.member)
    return stream_answer(request, NO_STREAM, holder, workspace_id=request.workspace.pk)


@page(can="workspace.view")
def whole_changes(request: MemberRequest) -> HttpResponse:
    return whole_changes_answer(request, request.workspace.pk)


@page(can="workspace.view")
def cards(request: MemberRequest, pk: int) -> HttpResponse:
    """The cards of ?ids=1,2,3 as the board shows them now, and which of them have left it."""
    found = find_or_404(Board, pk, request)
    found.workspace = request.workspace
    today = request.workspace.day_of(now())
    only = only_of(request, found, today)
    by = choice_of(found, request.member).by
    some = some_cards(found, ids_in(request.GET.get("ids", "")), today, only)
    some = replace(some, lanes=lanes_of_cards([row.id for row in some.rows], by))
    facts = facts_of(found, today, only, by)
    context = {"drawn": draw_some(some), "gone": some.gone, "facts": facts}
    return fragment(request, "tasks/_some_cards.html", **context)


@page(can="workspace.view", method="POST")
def here(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that one is there, with which card open; answered by who else is."""
    found, said = find_or_404(Board, pk, request), request.POST
    if "gone" in said:
        leave(found.stream_id, request.member.pk)
        return HttpResponse(status=204)
    opened = number_in(said.get("card", ""))
    arrive(found.stream_id, Person(request.member.pk, opened, bool(opened and "editing" in said)))
    return fragment(request, "tasks/_here.html", visitors=visitors(request, found))


def number_in(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return int(text) if fits else None


def ids_in(text: str) -> list[int]:
    """The ids of a list with commas, each once; Refused for anything else and for too many."""
    ids = [number_in(part) for part in text.split(",")]
    known = [pk for pk in dict.fromkeys(ids) if pk is not None]
    if None in ids or len(known) > MOST_CARDS:
        message = _("Name at most %(most)d cards by their ids, with commas between.")
        raise Refused(message % {"most": MOST_CARDS}, code="bad_ids", field="ids")
    return known
