from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import BOTTOM, MoveToForm
from tasks.forms.bulk import BulkForm
from tasks.forms.cards import EditCardForm
from tasks.forms.listing import FIELDS, GROUP_WORDS, PART_WORDS, CellForm, ShowsForm
from tasks.models import Card, CustomField
from tasks.operations.choices import choose_columns
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card
from tasks.queries.boards import last_card
from tasks.queries.fields import fields_of
from tasks.queries.listing import (
    Order,
    card_list,
    list_row,
    own_parts,
    shown_parts,
    with_own,
)
from tasks.rules.listing import CHOSEN, OWN, Arranged, Group, Part, read_arranged
from tasks.views.following import following
from tasks.views.looking import place_of, sight, way_url
from workspaces.http import MemberRequest, back, find_or_404, fragment, go, page, tried
from workspaces.rules.roles import may

WRITTEN = {*FIELDS, Part.COLUMN}


@page(can="workspace.view")
def board_list(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, pk)


@page(can="workspace.view")
def all_cards(request: MemberRequest) -> HttpResponse:
    return show(request, None)


def show(request: MemberRequest, pk: int | None) -> HttpResponse:
    usual = Part.COLUMN if pk else Part.DUE
    asked = {name: request.GET.getlist(name) for name in ("sort", "group")}
    arranged, _strange = read_arranged(asked, usual)
    seen = sight(request, pk, "list", arranged.words(usual))
    live = following(request, seen.place)
    order = Order(arranged, seen.today, request.workspace.week_starts_on)
    parts = shown_parts(seen.place, request.member)
    number = request.GET.get("page")
    found = card_list(seen.cards(), order, parts=parts, number=number)
    fields = list(fields_of(seen.place))
    own = own_parts(seen.place, request.member, fields)
    may_write = writes(request, seen.board)
    context = seen.context() | {
        "list": replace(found, rows=with_own(found.rows, own)),
        "own": own,
        "wide": len(parts) + len(own),
        "live": live,
        "parts": parts,
        "writes": may_write,
        "bulk": BulkForm(board=seen.place) if may_write else None,
        "heads": [(part, PART_WORDS[part], arranged.sorted_by(part)) for part in parts],
        "arranged": arranged,
        "sorts": [(part, PART_WORDS[part], Arranged(part, group=arranged.group)) for part in parts],
        "groups": [(group, GROUP_WORDS[group]) for group in Group],
        "choices": choices_of(parts, fields, own),
    }
    return render(request, "tasks/list.html", context)


def choices_of(
    parts: Sequence[Part], fields: Sequence[CustomField], own: Sequence[CustomField]
) -> list[tuple[str, object, bool]]:
    """The columns to choose from, each with its name and whether it is shown."""
    ours = [(part.value, PART_WORDS[part], part in parts) for part in CHOSEN]
    return ours + [(f"{OWN}{field.pk}", field.name, field in own) for field in fields]


def writes(request: MemberRequest, board: object) -> set[Part]:
    """The columns that this member may write in."""
    is_open = board is None or board.is_open
    return WRITTEN if is_open and may(request.member.rank, "work.edit") else set()


@page(can="looks.own", method="POST")
def board_shows(request: MemberRequest, pk: int) -> HttpResponse:
    """Which columns the member's list of a board shows from now on."""
    return choose(request, pk)


@page(can="looks.own", method="POST")
def all_shows(request: MemberRequest) -> HttpResponse:
    return choose(request, None)


def choose(request: MemberRequest, pk: int | None) -> HttpResponse:
    place = place_of(request, pk)
    said = ShowsForm(request.POST, fields=fields_of(place)).said()
    choose_columns(place if pk else None, shows=said["shows"], by=request.member)
    return go(request, back(request, way_url(request, place, "list")))


@page(can="work.edit", method="GET POST")
def cell(request: MemberRequest, pk: int, part: str) -> HttpResponse:
    """One field of a card, in the cell of a list; ?all=1 is that of all boards."""
    card = find_or_404(Card, pk, request)
    if part not in WRITTEN:
        raise Http404
    if "row" in request.GET:
        return row_again(request, card)
    if part == Part.COLUMN:
        return column_cell(request, card)
    return field_cell(request, card, Part(part))


def field_cell(request: MemberRequest, card: Card, part: Part) -> HttpResponse:
    present = partial(cell_form, request, part)
    form = cell_form(request, part, card)
    if request.method != "POST":
        return show_cell(request, card, part, form)
    by, at = request.member, now()
    status = tried(
        form,
        lambda: edit_card(card, version=form.seen, changes=form.changes(), by=by, at=at),
        partial(present, bound=False),
    )
    if status:
        return show_cell(request, card, part, form, status=status)
    return saved(request, form.made)


def cell_form(request: MemberRequest, part: Part, card: Card, *, bound: bool = True) -> CellForm:
    values, sent = EditCardForm.values_of(card), request.POST or None
    return CellForm(
        sent if bound else None, part=part, workspace=request.workspace, card=card, initial=values
    )


def column_cell(request: MemberRequest, card: Card) -> HttpResponse:
    if request.method != "POST":
        first = {"to": card.column_id, "version": card.version, "place": BOTTOM}
        form = MoveToForm(initial=first, board=card.board)
        return show_cell(request, card, Part.COLUMN, form)
    said = MoveToForm(request.POST, board=card.board).said()
    to, version = said["to"], said["version"]
    if to.pk != card.column_id:
        after = last_card(to, card)
        card = move_card(card, to=to, after=after, version=version, by=request.member, at=now())
    return saved(request, card)


def show_cell(
    request: MemberRequest, card: Card, part: Part, form: object, *, status: int = 200
) -> HttpResponse:
    context = row_context(request, card) | {"editing": part, "form": form, "status": status}
    context["label"] = PART_WORDS[part]
    template = "tasks/_list_row.html" if request.htmx else "tasks/cell.html"
    return render(request, template, context, status=status)


def row_context(request: MemberRequest, card: Card) -> dict[str, object]:
    everywhere = request.GET.get("all") == "1"
    place = place_of(request, None if everywhere else card.board_id)
    return {
        "board": None if everywhere else place,
        "card_board": card.board,
        "row": with_own([list_row(card)], own_parts(place, request.member))[0],
        "parts": shown_parts(place, request.member),
        "writes": writes(request, card.board),
        "today": request.workspace.day_of(now()),
        "way_url": way_url(request, place, "list"),
    }


def row_again(request: MemberRequest, card: Card) -> HttpResponse:
    return fragment(request, "tasks/_list_row.html", **row_context(request, card))


def saved(request: MemberRequest, card: Card) -> HttpResponse:
    if request.htmx:
        return row_again(request, card)
    everywhere = request.GET.get("all") == "1"
    place = place_of(request, None if everywhere else card.board_id)
    return go(request, way_url(request, place, "list"), say=_("Saved."))
