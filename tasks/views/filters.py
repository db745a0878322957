from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import SeenForm
from tasks.forms.filters import FilterForm, WantedForm
from tasks.http import board_url
from tasks.models import Board, SavedFilter
from tasks.operations.choices import change_filter, remove_filter, save_filter
from tasks.queries.choices import filters_of, may_change, query_of
from tasks.views.looking import WAYS, sight
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried
from workspaces.rules.roles import Role

KEPT = ("sort", "group", "day", "span")  # how other ways are arranged


@page(can="workspace.view")
def choose(request: MemberRequest, pk: int) -> HttpResponse:
    """What to look for on a board, and the filters that have a name."""
    return show(request, pk)


@page(can="workspace.view")
def choose_everywhere(request: MemberRequest) -> HttpResponse:
    """What to look for on all boards."""
    return show(request, None)


def show(request: MemberRequest, pk: int | None) -> HttpResponse:
    """The forms; ?way= says where what is chosen leads to, its other words are kept."""
    asked = request.GET.get("way", "")
    way = asked if asked in WAYS else "board"
    kept = [(name, word) for name in KEPT if (word := request.GET.get(name))]
    seen = sight(request, pk, way, kept)
    board, wanted = seen.board, seen.wanted
    saved = filters_of(board, request.member) if board else []
    context = {
        "board": board,
        "way_url": seen.here,
        "kept": seen.kept,
        "form": WantedForm(initial=WantedForm.values_of(wanted), board=seen.place),
        "query": query_of(wanted),
        "save": FilterForm(initial={"query": query_of(wanted)}, may_share=may_share(request)),
        "saved": [(row, changing(request, row)) for row in saved],
    }
    template = "tasks/_filter.html" if request.htmx else "tasks/filter.html"
    return render(request, template, context)


def may_share(request: MemberRequest) -> bool:
    return request.member.rank >= Role.MANAGER


def changing(request: MemberRequest, saved: SavedFilter) -> FilterForm | None:
    """The form of a filter for who may change it."""
    if not may_change(saved, request.member):
        return None
    values, ids = FilterForm.values_of(saved), f"filter{saved.pk}_%s"
    return FilterForm(initial=values, auto_id=ids, may_share=may_share(request))


def own_filter(request: MemberRequest, pk: int) -> SavedFilter:
    """A filter that the member may change; somebody else's that is not shared does not exist."""
    saved = find_or_404(SavedFilter, pk, request)
    if not saved.is_shared and saved.owner_id != request.member.pk:
        raise Http404
    if not may_change(saved, request.member):
        raise PermissionDenied
    return saved


def shown_at(request: MemberRequest, board_id: int, query: str) -> str:
    url = board_url(board_id, request)
    return f"{url}?{query}" if query else url


@page(can="looks.own", method="POST")
def save(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    form, by, at = FilterForm(request.POST, may_share=may_share(request)), request.member, now()
    status = tried(form, lambda: save_filter(board, draft=form.draft(), by=by, at=at))
    url = shown_at(request, board.pk, request.POST.get("query", ""))
    if status:
        return kept(request, form, status, title=_("Save the filter"), back=url)
    return go(request, url, say=_("The filter is saved."))


@page(can="looks.own", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    saved = own_filter(request, pk)
    share, by, at = may_share(request), request.member, now()
    form = FilterForm(request.POST, may_share=share)
    status = tried(
        form,
        lambda: change_filter(
            saved, version=form.seen or saved.version, changes=form.changes(), by=by, at=at
        ),
        lambda row: FilterForm(initial=FilterForm.values_of(row), may_share=share),
    )
    url = shown_at(request, saved.board_id, query_of(form.wanted()) if not status else "")
    if status:
        return kept(request, form, status, title=_("Change the filter"), back=url)
    return go(request, url, say=_("The filter is changed."))


@page(can="looks.own", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    saved = own_filter(request, pk)
    said = SeenForm(request.POST).said()
    remove_filter(saved, version=said["version"], by=request.member, at=now())
    return go(request, board_url(saved.board_id, request), say=_("The filter is removed."))
