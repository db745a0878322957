from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import SeenForm
from tasks.forms.series import PauseSeriesForm, SeriesForm, SkipForm, first_values
from tasks.models import Board, Card, CardSeries
from tasks.operations.series import (
    add_series,
    change_series,
    pause_series,
    skip_day,
    stop_series,
)
from tasks.queries.series import (
    STATE_WORDS,
    coming_days,
    preview_days,
    seen_of,
    series_of,
    state_of_series,
    whole_series,
    words_of,
)
from tasks.rules.recurrence import Kind, Pattern, Unfit, checked
from workspaces.http import MemberRequest, find_or_404, fragment, go, page, tried

PREVIEW = "preview"


def series_url(series: CardSeries, request: MemberRequest) -> str:
    return reverse("tasks:one_series", kwargs={"slug": request.workspace.slug, "pk": series.pk})


@page(can="workspace.view")
def series(request: MemberRequest, pk: int) -> HttpResponse:
    board = find_or_404(Board, pk, request)
    rows = [(row, words_of(row.days), state_of_series(row)) for row in series_of(board)]
    context = {"board": board, "rows": rows, "states": STATE_WORDS}
    return render(request, "tasks/series.html", context)


@page(can="work.edit", method="GET POST")
def new_series(request: MemberRequest, pk: int) -> HttpResponse:
    board, at = find_or_404(Board, pk, request), now()
    asked = request.POST.get("card") or request.GET.get("card")
    card = find_or_404(Card, asked, request) if asked else None
    if request.method == "POST":
        form, by = SeriesForm(request.POST, board=board), request.member
        if PREVIEW in request.POST:
            return show_new(request, board, form, card)
        status = tried(form, lambda: add_series(board, draft=form.draft(), card=card, by=by, at=at))
        if not status:
            return go(request, series_url(form.made, request), say=_("The card comes back."))
        return show_new(request, board, form, card, status=status)
    today = request.workspace.day_of(at)
    day = card.due_on if card and card.due_on else today
    like = SeriesForm.values_like(card) if card else {}
    form = SeriesForm(initial={**first_values(board, day), **like}, board=board)
    return show_new(request, board, form, card, day=day)


def show_new(
    request: MemberRequest,
    board: Board,
    form: SeriesForm,
    card: Card | None,
    *,
    day: date | None = None,
    status: int = 200,
) -> HttpResponse:
    first = Pattern(Kind.WEEKLY, day, weekdays=(day.weekday(),)) if day else None
    days, fault = dates_of(form, board, first)
    context = {"board": board, "form": form, "card": card, "days": days, "fault": fault}
    return render(request, "tasks/new_series.html", context, status=status)


def dates_of(
    form: SeriesForm, board: Board, first: Pattern | None = None
) -> tuple[list[date], bool]:
    """The next dates of what was typed, else of `first`, and whether it makes none."""
    form.full_clean()
    try:
        pattern = checked(form.pattern()) if form.is_bound else first
    except (KeyError, ValueError, TypeError, Unfit):
        return [], True
    if pattern is None:
        return [], False
    yesterday = board.workspace.day_of(now()) - timedelta(days=1)
    return preview_days(board, pattern, after=yesterday), False


@page(can="work.edit", method="POST")
def dates(request: MemberRequest, pk: int) -> HttpResponse:
    """The next dates while somebody types."""
    board = find_or_404(Board, pk, request)
    days, fault = dates_of(SeriesForm(request.POST, board=board), board)
    return fragment(request, "tasks/_series_dates.html", days=days, fault=fault)


@page(can="workspace.view", method="GET")
def one_series(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, whole_series(find_or_404(CardSeries, pk, request).pk))


@page(can="work.edit", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    row = whole_series(find_or_404(CardSeries, pk, request).pk)
    form, by, at = SeriesForm(request.POST, board=row.board), request.member, now()
    if PREVIEW in request.POST:
        return show(request, row, form)
    status = tried(
        form,
        lambda: change_series(
            row,
            version=form.seen or row.version,
            changes=form.changes(),
            open_too=form.cleaned_data["open_too"],
            by=by,
            at=at,
        ),
        lambda fresh: SeriesForm(initial=SeriesForm.values_of(fresh), board=row.board),
    )
    if status:
        return show(request, row, form, status=status)
    return go(request, series_url(row, request), say=_("The series is changed."))


def show(
    request: MemberRequest, row: CardSeries, form: SeriesForm | None = None, *, status: int = 200
) -> HttpResponse:
    form = form or SeriesForm(initial=SeriesForm.values_of(row), board=row.board)
    days, fault = dates_of(form, row.board, row.days)
    context = {
        "series": row,
        "board": row.board,
        "form": form,
        "words": words_of(row.days),
        "state": state_of_series(row),
        "states": STATE_WORDS,
        "coming": coming_days(row),
        "seen": seen_of(row),
        "days": days,
        "fault": fault,
    }
    return render(request, "tasks/one_series.html", context, status=status)


@page(can="work.edit", method="POST")
def skip(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(CardSeries, pk, request), SkipForm(request.POST).said()
    skip_day(row, day=said["day"], on=said["on"], by=request.member, at=now())
    say = _("The day is left out.") if said["on"] else _("The day is back.")
    return go(request, series_url(row, request), say=say)


@page(can="work.edit", method="POST")
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(CardSeries, pk, request), PauseSeriesForm(request.POST).said()
    pause_series(row, on=said["on"], version=said["version"], by=request.member, at=now())
    say = _("The series pauses.") if said["on"] else _("The series goes on.")
    return go(request, series_url(row, request), say=say)


@page(can="work.edit", method="POST")
def stop(request: MemberRequest, pk: int) -> HttpResponse:
    row, said = find_or_404(CardSeries, pk, request), SeenForm(request.POST).said()
    stop_series(row, version=said["version"], by=request.member, at=now())
    return go(request, series_url(row, request), say=_("The series is stopped; its cards stay."))
