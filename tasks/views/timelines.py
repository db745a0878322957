from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.forms.schedules import RescheduleForm, ShiftForm
from tasks.http import board_url, only_of
from tasks.models import Board, Card
from tasks.operations.edits import edit_card
from tasks.operations.schedules import shift_cards
from tasks.queries.choices import all_boards
from tasks.queries.timelines import Asked, By, followers_of, timeline_of
from tasks.rules.timelines import Zoom
from tasks.views.following import following
from tasks.views.seeking import looked_for
from workspaces.http import MemberRequest, back, find_or_404, go, page
from workspaces.queries.formats import number, span

CHANGED = "timeline-changed"


@page(can="workspace.view")
def board_timeline(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    board.workspace = request.workspace
    return show(request, board)


@page(can="workspace.view")
def timeline(request: MemberRequest) -> HttpResponse:
    return show(request, all_boards(request.workspace))


def show(request: MemberRequest, place: Board) -> HttpResponse:
    live = following(request, place)
    today, board = request.workspace.day_of(now()), place if place.pk else None
    by, zoom = chosen(request, "by", By, By.NONE), chosen(request, "zoom", Zoom, Zoom.WEEKS)
    only, looked = only_of(request, place, today), looked_for(request, place)
    done = looked["wanted"].done != ""  # type: ignore[attr-defined]
    asked = Asked(request.workspace, today, board, only, By(by), Zoom(zoom), done=done)
    context = {
        "board": board,
        "live": live,
        "timeline": timeline_of(asked),
        "today": today,
        "by": by,
        "zoom": zoom,
        "zooms": {Zoom.DAYS: _("Days"), Zoom.WEEKS: _("Weeks"), Zoom.MONTHS: _("Months")},
        "lanes": lane_words(),
        "beside": [(name, word) for name, word in (("by", by), ("zoom", zoom)) if word],
        **looked,
    }
    return render(request, "tasks/timeline.html", context)


def lane_words() -> dict[By, str]:
    return {
        By.NONE: _("No swimlanes"),
        By.COLUMN: _("Column"),
        By.ASSIGNEE: _("Assignee"),
        By.GOAL: _("Goal"),
        By.LABEL: _("Label"),
    }


def chosen(request: MemberRequest, name: str, words: type[By | Zoom], otherwise: str) -> str:
    """A word of the query, if it is one that is known."""
    word = request.GET.get(name, "")
    return word if word in set(words) else otherwise


@page(can="work.edit", method="POST")
def reschedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Another start or due day, in the form or (to undo it) in the address."""
    card = find_or_404(Card, pk, request)
    said = RescheduleForm(request.POST if "version" in request.POST else request.GET).said()
    version, was = said.pop("version"), card.due_on or card.start_on
    moved = edit_card(card, version=version, changes=said, by=request.member, at=now())
    days = (ends_on(moved, was) - was).days if was else 0
    back_to = {"start_on": card.start_on or "", "due_on": card.due_on or ""}
    undo = reverse("tasks:reschedule", kwargs={"slug": request.workspace.slug, "pk": card.pk})
    undo = f"{undo}?{urlencode({**back_to, 'version': moved.version})}"
    context = {"text": told(moved), "undo": undo if moved.version > version else ""}
    behind = followers_of(moved) if days and "version" in request.POST else []
    if behind:
        context |= {"count": len(behind), "along": shift_url(request, behind, days)}
    return answered(request, moved, context)


def ends_on(card: Card, otherwise: date) -> date:
    return card.due_on or card.start_on or otherwise


def told(card: Card) -> str:
    """When the card is done now, in a sentence."""
    days = [day for day in (card.start_on, card.due_on) if day]
    if not days:
        return _("“%(title)s” has no days any more.") % {"title": card.title}
    when = {"title": card.title, "days": span(days[0], days[-1])}
    return _("“%(title)s”: %(days)s") % when


def shift_url(request: MemberRequest, cards: Sequence[Card], days: int) -> str:
    """Where cards are moved by days, as they are now."""
    seen = ",".join(f"{card.pk}:{card.version}" for card in cards)
    url = reverse("tasks:shift_cards", kwargs={"slug": request.workspace.slug})
    return f"{url}?{urlencode({'cards': seen, 'days': days}, safe=':,')}"


@page(can="work.edit", method="POST")
def shift(request: MemberRequest) -> HttpResponse:
    """Move the cards of ?cards=1:4,2:7 by ?days=3, all of them or none."""
    form = ShiftForm(request.POST if "cards" in request.POST else request.GET)
    rows, days = form.rows(request.workspace), form.said()["days"]
    moved = shift_cards(rows, days=days, by=request.member, at=now())
    say = ngettext("%(shown)s card moved along.", "%(shown)s cards moved along.", len(moved))
    context = {"text": say % {"shown": number(len(moved), 0)}}
    return answered(request, moved[0], context | {"undo": shift_url(request, moved, -days)})


def answered(request: MemberRequest, card: Card, context: dict[str, object]) -> HttpResponse:
    """A toast and a new timeline, or the page that asked."""
    if not request.htmx:
        return go(request, back(request, board_url(card.board_id, request)), say=context["text"])  # type: ignore[arg-type]
    response = render(request, "tasks/_rescheduled.html", context)
    response["HX-Trigger"] = CHANGED
    return response
