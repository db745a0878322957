from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import FoldForm, FoldLaneForm, KeysForm, LookForm
from tasks.forms.boards import NewBoardForm
from tasks.http import board_url, only_of, wanted_of
from tasks.models import Board, BoardChoice, Card, Column
from tasks.models.boards import Lanes
from tasks.operations.board_plans import open_like
from tasks.operations.boards import archive_board, restore_board
from tasks.operations.choices import choose_keys, choose_look, fold_column, fold_lane
from tasks.operations.lanes import asked_lane
from tasks.queries.boards import PAGE, Look, archived_boards, board_view, boards_of, more_cards
from tasks.queries.choices import chips_of, choice_of, filters_of, has_letters, query_of
from tasks.queries.filters import fits
from tasks.queries.lanes import laned_view
from tasks.render import draw_columns, draw_lanes, draw_more
from tasks.rules.filters import Wanted
from tasks.views.kept_board import bulk_of, inside_of, seen_by
from workspaces.http import MemberRequest, back, find_or_404, fragment, go, page
from workspaces.live.answers import can_follow
from workspaces.queries.streams import last_seq_of
from workspaces.rules.errors import Refused

LONGEST_ID = 18  # digits
DEEPEST = 600  # cards of a column that a page which is fetched anew keeps


def boards_url(request: MemberRequest) -> str:
    return reverse("tasks:boards", kwargs={"slug": request.workspace.slug})


@page(can="workspace.view")
def boards(request: MemberRequest) -> HttpResponse:
    context = {
        "boards": boards_of(request.workspace),
        "archived": archived_boards(request.workspace),
    }
    return render(request, "tasks/boards.html", context)


@page(can="boards.edit", method="GET POST")
def new_board(request: MemberRequest) -> HttpResponse:
    form = NewBoardForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            name, plan = form.cleaned_data["name"], form.plan()
            made = open_like(request.workspace, name=name, plan=plan, by=request.member, at=now())
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            return go(request, board_url(made.pk, request), say=_("The board is open."))
    return render(
        request, "tasks/new_board.html", {"form": form}, status=422 if form.errors else 200
    )


@page(can="workspace.view")
def board(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Board, pk, request)
    found.workspace = request.workspace
    seq = last_seq_of(found.stream_id)  # before the rows: what is told twice does no harm
    wanted, today = wanted_of(request), request.workspace.day_of(now())
    only = fits(wanted, found, member=request.member, today=today)
    choice, saved = choice_of(found, request.member), list(filters_of(found, request.member))
    context = {
        "board": found,
        "choice": choice,
        "letters": has_letters(request.member),
        "wanted": wanted,
        "query": query_of(wanted),
        "saved": saved,
        "seq": seq,
        "streams": can_follow(request),
    }

    def drawn() -> dict[str, Any]:
        look = Look(only, page=depth_of(request), whole=whole_of(request))
        return context | _inside(request, found, choice, look, wanted)

    seen = seen_by(request, choice, saved, wanted, context["letters"])
    context["inside"] = inside_of(request, found, seen, today, drawn)
    return render(request, "tasks/board.html", context)


def _inside(
    request: MemberRequest, board: Board, choice: BoardChoice, look: Look, wanted: Wanted
) -> dict[str, Any]:
    """What the inside of a board is drawn of, beside what the page knows already."""
    today = request.workspace.day_of(now())
    laned = laned_view(board, today, choice.by, look) if choice.by else None
    view = laned.view if laned else board_view(board, today, look)
    return {
        "view": view,
        "facts": view.facts,
        "columns": draw_columns(view),
        "laned": laned,
        "lanes": draw_lanes(laned) if laned else [],
        "lane_choices": Lanes.choices,
        "chips": chips_of(wanted, board) if wanted else [],
        "bulk": bulk_of(request, board),
    }


def whole_of(request: MemberRequest) -> int | None:
    """The column that is shown to its end, by its id in ?all=."""
    word = request.GET.get("all", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= LONGEST_ID else None


def depth_of(request: MemberRequest) -> int:
    """How many cards of a column are shown: as many as the page had already, by its ?shown=."""
    word = request.GET.get("shown", "")
    shown = int(word) if word.isascii() and word.isdigit() and len(word) <= LONGEST_ID else PAGE
    return max(PAGE, min(shown, DEEPEST))


@page(can="workspace.view")
def more(request: MemberRequest, pk: int) -> HttpResponse:
    """The next cards of a column, below the card of ?after=."""
    column = find_or_404(Column, pk, request)
    after = find_or_404(Card, request.GET.get("after"), request)
    board, today = column.board, request.workspace.day_of(now())
    board.workspace = request.workspace
    lane = asked_lane(request.GET.get("lane", ""))
    view = more_cards(column, after, Look(only_of(request, board, today)), lane)
    drawn = draw_more(board, view, today)
    context = {"drawn": drawn, "board": board, "query": query_of(wanted_of(request))}
    context["lane_key"] = lane.key if lane else ""
    return fragment(request, "tasks/_cards.html", **context)


@page(can="looks.own", method="POST")
def look(request: MemberRequest, pk: int) -> HttpResponse:
    """How the member wants to see the board from now on."""
    found = find_or_404(Board, pk, request)
    choose_look(found, **LookForm(request.POST).looks(), by=request.member)
    return go(request, back(request, board_url(found.pk, request)))


@page(can="looks.own", method="POST")
def fold(request: MemberRequest, pk: int) -> HttpResponse:
    """Collapse a column for the member, or open it again."""
    column = find_or_404(Column, pk, request)
    fold_column(column, folded=FoldForm(request.POST).said()["folded"], by=request.member)
    if request.htmx:
        return HttpResponse(status=204)
    return go(request, back(request, board_url(column.board_id, request)))


@page(can="looks.own", method="POST")
def fold_row(request: MemberRequest, pk: int) -> HttpResponse:
    """Collapse a swimlane for the member, or open it again."""
    found, said = find_or_404(Board, pk, request), FoldLaneForm(request.POST).said()
    fold_lane(found, said["lane"], folded=said["folded"], by=request.member)
    if request.htmx:
        return HttpResponse(status=204)
    return go(request, back(request, board_url(found.pk, request)))


@page(can="looks.own", method="POST")
def keys(request: MemberRequest) -> HttpResponse:
    """Whether single letters are keys of boards for the member."""
    said = KeysForm(request.POST).said()
    choose_keys(has_letters=said["has_letters"], by=request.member)
    if request.htmx:
        return HttpResponse(status=204)
    return go(request, back(request, boards_url(request)))


@page(can="boards.edit", method="POST")
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    found = archive_board(find_or_404(Board, pk, request), by=request.member, at=now())
    say = _("“%(name)s” is archived. It can be brought back below.") % {"name": found.name}
    return go(request, boards_url(request), say=say)


@page(can="boards.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    found = restore_board(find_or_404(Board, pk, request), by=request.member, at=now())
    return go(request, board_url(found.pk, request), say=_("The board is back."))
