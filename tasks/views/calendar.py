from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tasks.forms.acts import ScheduleForm
from tasks.http import card_url
from tasks.models import Card
from tasks.operations.scheduling import reschedule_card
from tasks.queries.calendar import Span, calendar_view
from tasks.views.following import following
from tasks.views.looking import Sight, sight
from workspaces.http import MemberRequest, back, find_or_404, go, page
from workspaces.queries import formats
from workspaces.rules.days import is_plannable

SPANS = ("month", "week")
CALENDAR_OF = {"fa": "jalali"}  # by language; all others read the Gregorian one


@page(can="workspace.view")
def board_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, pk)


@page(can="workspace.view")
def whole_calendar(request: MemberRequest) -> HttpResponse:
    return show(request, None)


def show(request: MemberRequest, pk: int | None) -> HttpResponse:
    kept = [(name, word) for name in ("day", "span") if (word := request.GET.get(name))]
    seen = sight(request, pk, "calendar", kept)
    live, span = following(request, seen.place), span_of(request, seen)
    view = calendar_view(seen.cards(), span)
    context = seen.context() | {
        "view": view,
        "live": live,
        "span": span,
        "may_move": seen.board is None or seen.board.is_open,
    }
    return render(request, "tasks/calendar.html", context)


def span_of(request: MemberRequest, seen: Sight) -> Span:
    """The days that the address asks for; what says nothing is this month."""
    kind = request.GET.get("span", "")
    return Span(
        kind=kind if kind in SPANS else SPANS[0],
        day=day_in(request.GET.get("day", "")) or seen.today,
        today=seen.today,
        week_starts_on=request.workspace.week_starts_on,
        calendar=CALENDAR_OF.get((get_language() or "")[:2], "gregorian"),
    )


def day_in(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_plannable(day) else None


@page(can="work.edit", method="POST")
def schedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Another due day, or none; its start moves along."""
    card = find_or_404(Card, pk, request)
    said = ScheduleForm(request.POST).said()
    moved = reschedule_card(card, **said, by=request.member, at=now())
    if request.htmx:
        return HttpResponse(status=204)
    say = _("“%(title)s” is due on %(day)s.") % {
        "title": moved.title,
        "day": formats.day(moved.due_on),
    }
    say = say if moved.due_on else _("“%(title)s” is due on no day.") % {"title": moved.title}
    return go(request, back(request, card_url(moved, request)), say=say)
