from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import ngettext

from tasks.forms.archive import DELETE, AwayForm, InstantForm
from tasks.http import board_url, closed
from tasks.models import Board, Column
from tasks.operations.archive import archive_done, delete_cards, restore_done
from tasks.operations.bulk import DONE, BulkDraft, change_cards
from tasks.operations.cards import TRASH_LASTS
from tasks.queries.archive import ARCHIVED, TRASH, count_away, put_away
from tasks.queries.boards import columns_of
from tasks.rules.filters import LONGEST_TEXT
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.queries.formats import number
from workspaces.rules.roles import may

PER_PAGE = 50


def away_url(request: MemberRequest, board: Board, place: str) -> str:
    here = reverse("tasks:away", kwargs={"slug": request.workspace.slug, "pk": board.pk})
    return f"{here}?{urlencode({'in': place})}"


@page(can="workspace.view")
def away(request: MemberRequest, pk: int) -> HttpResponse:
    """Archived cards, or with ?in=trash those in the trash, by ?q= and pages."""
    board = find_or_404(Board, pk, request)
    place = TRASH if request.GET.get("in") == TRASH else ARCHIVED
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    cards = put_away(board, place=place, q=q).select_related("column", "assignee__user")
    shown = Paginator(cards, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (card, card.trashed_at + TRASH_LASTS if card.trashed_at else None)
        for card in shown.object_list
    ]
    context = {
        "board": board,
        "page": shown,
        "rows": rows,
        "place": place,
        "q": q,
        "counts": count_away(board),
        "done": [column for column in columns_of(board) if column.is_done and board.is_open],
    }
    return render(request, "tasks/away.html", context)


@page(can="work.edit", method="POST")
def act(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring cards back, put them in the trash, or delete them for good."""
    board = find_or_404(Board, pk, request)
    form = AwayForm(request.POST, board=board)
    then, cards = form.said()["then"], form.cards()
    place = TRASH if request.POST.get("in") == TRASH else ARCHIVED
    if then == DELETE:
        if not may(request.member.rank, "boards.edit"):
            raise PermissionDenied
        count = delete_cards(cards, board, by=request.member, at=now())
        say = ngettext("%(shown)s card is deleted.", "%(shown)s cards are deleted.", count)
        return go(request, away_url(request, board, TRASH), say=say % {"shown": number(count, 0)})
    seen = [(card, card.version) for card in cards]
    outcomes = change_cards(seen, draft=BulkDraft(then=then), by=request.member, at=now())
    count = sum(one.result == DONE for one in outcomes)
    say = ngettext("%(shown)s card changed.", "%(shown)s cards changed.", count)
    left = [f"#{one.card.number}: {one.message}" for one in outcomes if one.message]
    text = " ".join([say % {"shown": number(count, 0)}, *left[:3]])
    return go(request, away_url(request, board, place), say=text)


@page(can="work.edit", method="POST")
def archive_column(request: MemberRequest, pk: int) -> HttpResponse:
    """Archive all that is done in a column, with one undo."""
    column, at = find_or_404(Column, pk, request), now()
    count = archive_done(column, by=request.member, at=at)
    say = ngettext("%(shown)s card is archived.", "%(shown)s cards are archived.", count)
    undo = reverse("tasks:restore_done", kwargs={"slug": request.workspace.slug, "pk": pk})
    undo = f"{undo}?{urlencode({'at': at.isoformat()})}" if count else ""
    return closed(request, column.board, say=say % {"shown": number(count, 0)}, undo=undo)


@page(can="work.edit", method="POST")
def restore_column(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring back what was archived together at the instant ?at=."""
    column = find_or_404(Column, pk, request)
    archived_at = InstantForm(request.GET).said()["at"]
    count = restore_done(column, archived_at=archived_at, by=request.member, at=now())
    say = ngettext("%(shown)s card is back.", "%(shown)s cards are back.", count)
    url = board_url(column.board_id, request)
    return go(request, url, say=say % {"shown": number(count, 0)})
