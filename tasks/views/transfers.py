from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.forms.acts import BOTTOM
from tasks.forms.transfers import TransferForm
from tasks.http import BOARD_CHANGED, board_url, card_url, closed
from tasks.models import Board, Card
from tasks.operations.bulk import MOST_CARDS
from tasks.operations.transfers import put_back, transfer_card
from tasks.queries.boards import last_of
from tasks.queries.transfers import hidden_fields, places_of
from tasks.rules.stood import read_places, written
from workspaces.http import MemberRequest, back, find_or_404, go, page, tried
from workspaces.queries.formats import number


@page(can="work.edit", method="GET POST")
def transfer(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a card to another board, by a form that names its columns."""
    found = find_or_404(Card, pk, request)
    form = TransferForm(request.POST or None, card=found)
    if request.method != "POST":
        return show_form(request, found, form)
    undo = take_back_url(request, found.board, [found.pk])
    status = tried(form, lambda: moved(request, found, form), lambda row: TransferForm(card=row))
    if status:
        return show_form(request, found, form, status=status)
    made = form.made
    words = {"title": made.title, "board": made.board.name, "column": made.column.name}
    say = _("“%(title)s” is on “%(board)s” now, in %(column)s.") % words
    kept = ", ".join(hidden_fields(made))
    if kept:
        say += " " + _("Kept, but not shown there: %(fields)s.") % {"fields": kept}
    if request.htmx:
        return closed(request, found.board, say=say, undo=undo)
    return go(request, card_url(made, request), say=say)


def moved(request: MemberRequest, card: Card, form: TransferForm) -> Card:
    said = form.cleaned_data
    after = last_of(said["to"]) if said["place"] == BOTTOM else None
    by, at = request.member, now()
    return transfer_card(card, to=said["to"], after=after, version=form.seen, by=by, at=at)


def show_form(
    request: MemberRequest, found: Card, form: TransferForm, *, status: int = 200
) -> HttpResponse:
    template = "tasks/_transfer.html" if request.htmx else "tasks/transfer.html"
    return render(request, template, {"form": form, "card": found}, status=status)


def take_back_url(request: MemberRequest, board: Board, ids: list[int]) -> str:
    """What puts these cards back where they stand now."""
    url = reverse("tasks:take_back", kwargs={"slug": request.workspace.slug, "pk": board.pk})
    return f"{url}?cards={written(places_of(ids))}"


@page(can="work.edit", method="POST")
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Put the cards of ?cards= back where they stood on this board."""
    board = find_or_404(Board, pk, request)
    places = read_places(request.GET.get("cards", ""), MOST_CARDS)
    done, refused = put_back(places, workspace=request.workspace, by=request.member, at=now())
    say = ngettext("%(shown)s card is back.", "%(shown)s cards are back.", len(done))
    text = " ".join([say % {"shown": number(len(done), 0)}, *refused[:3]])
    if not request.htmx:
        return go(request, back(request, board_url(board.pk, request)), say=text)
    tone = "warning" if refused else "success"
    response = render(request, "components/_say.html", {"text": text, "undo": "", "tone": tone})
    response["HX-Trigger"] = BOARD_CHANGED
    return response
