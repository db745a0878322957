"""Cards that come back: which days are next, which cards are open, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tasks.models import Board, Card, CardSeries, SeriesDay
from tasks.queries.workdays import workdays
from tasks.rules.recurrence import LAST, Kind, OffDay, Pattern, Works

SHOWN = 5
LATEST_SHOWN = 20
MOST_OPEN = 200
PLACE_WORDS = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    LAST: gettext_lazy("last"),
}
KIND_WORDS = [
    (Kind.DAILY.value, gettext_lazy("Every day, or every few days")),
    (Kind.WEEKLY.value, gettext_lazy("Every week, on weekdays")),
    (Kind.MONTHLY_DAY.value, gettext_lazy("Every month, on a day")),
    (Kind.MONTHLY_WEEKDAY.value, gettext_lazy("Every month, on a weekday")),
    (Kind.YEARLY.value, gettext_lazy("Every year, on the day it begins")),
    (Kind.AFTER_DONE.value, gettext_lazy("Some days after it is done")),
]
OFF_DAY_WORDS = [
    (OffDay.KEEP.value, gettext_lazy("stay")),
    (OffDay.SKIP.value, gettext_lazy("are left out")),
    (OffDay.NEXT.value, gettext_lazy("move to the next working day")),
]
STATE_WORDS = {
    "running": pgettext_lazy("MOps", "Running"),
    "paused": gettext_lazy("Paused"),
    "stopped": gettext_lazy("Stopped"),
    "ended": gettext_lazy("At its end"),
}


@dataclass(frozen=True)
class Coming:
    """A coming day of a series, and whether its card is left out."""

    day: date
    skipped: bool


def series_of(board: Board) -> QuerySet[CardSeries]:
    """What comes back on a board: what runs first, then what has been stopped; 1 query."""
    rows = CardSeries.objects.filter(board=board)
    return rows.select_related("column", "assignee__user").order_by("stopped_at", "title", "pk")


def whole_series(pk: int) -> CardSeries:
    """One series with what its page shows of it; 2 queries."""
    seen = SeriesDay.objects.select_related("card__column").order_by("-day")
    rows = CardSeries.objects.select_related(
        "board", "workspace", "column", "assignee__user", "goal"
    )
    return rows.prefetch_related(Prefetch("seen", seen)).get(pk=pk)


def open_cards_of(series: CardSeries) -> list[Card]:
    """The cards of a series that are to be done, the oldest first; 1 query."""
    rows = Card.objects.filter(series=series, done_at=None, archived_at=None)
    return list(rows.select_related("board", "workspace", "column").order_by("pk")[:MOST_OPEN])


def skipped_days(series: CardSeries) -> set[date]:
    """The coming days whose cards are left out; 1 query."""
    rows = SeriesDay.objects.filter(series=series, day__gt=series.made_until)
    return set(rows.values_list("day", flat=True))


def next_of(series: CardSeries) -> date | None:
    """The next day whose card is to be made, None where none is known; at most 5 queries."""
    if not series.is_running:
        return None
    works, pattern = workdays(series.workspace), series.days
    if pattern.kind is Kind.AFTER_DONE:
        return next_after_done(series, works)
    left_out = skipped_days(series)
    coming = pattern.next_days(series.made_until, len(left_out) + 1, works)
    return next((day for day in coming if day not in left_out), None)


def next_after_done(series: CardSeries, works: Works) -> date | None:
    """The day of the next card: so long after the last one was done or put away."""
    pattern = series.days
    made = SeriesDay.objects.filter(series=series).select_related("card").order_by("-day")
    last = made.first()
    if last is None:
        day = pattern.fit(pattern.begins, works)
    elif pattern.count is not None and made.count() >= pattern.count:
        return None
    else:
        over = ended_on(series, last)
        day = _first_fit(pattern, over + timedelta(days=pattern.every), works) if over else None
    if day is None or (pattern.until is not None and day > pattern.until):
        return None
    return max(day, last.day + timedelta(days=1)) if last else day


def ended_on(series: CardSeries, last: SeriesDay) -> date | None:
    """The day on which the last card was done or put away, None while it is to be done."""
    if last.card is None:
        return last.day
    over = last.card.done_at or last.card.archived_at
    return series.workspace.day_of(over) if over else None


def _first_fit(pattern: Pattern, day: date, works: Works) -> date | None:
    """A day on which somebody works, where that is asked for."""
    moving = Pattern(pattern.kind, day, off_days=pattern.off_days)
    if moving.off_days is OffDay.SKIP:
        moving = Pattern(pattern.kind, day, off_days=OffDay.NEXT)
    return moving.fit(day, works)


def make_on_of(series: CardSeries) -> date | None:
    """When the next card is made: its days ahead before it is due."""
    return series.next_on - timedelta(days=series.lead_days) if series.next_on else None


def due_series(at: datetime) -> list[int]:
    """The ids of the series of which a card may be due now, wherever they are; 1 query."""
    latest = at.date() + timedelta(days=2)
    running = CardSeries.objects.filter(paused_at=None, stopped_at=None, board__archived_at=None)
    waits = Q(make_on=None, pattern__kind=Kind.AFTER_DONE.value)
    due = running.filter(Q(make_on__lte=latest) | waits).order_by("pk")
    return list(due.values_list("pk", flat=True))


def coming_days(series: CardSeries, most: int = SHOWN) -> list[Coming]:
    """The next days with those that are left out; at most 5 queries."""
    if not series.is_running:
        return []
    if series.days.kind is Kind.AFTER_DONE:
        return [Coming(series.next_on, skipped=False)] if series.next_on else []
    left_out = skipped_days(series)
    days = series.days.next_days(series.made_until, most, workdays(series.workspace))
    return [Coming(day, day in left_out) for day in days]


def preview_days(board: Board, pattern: Pattern, *, after: date) -> list[date]:
    """The first days of a pattern that is not saved yet; 2 queries."""
    return pattern.next_days(after, SHOWN, workdays(board.workspace))


def state_of_series(series: CardSeries) -> str:
    """The name of how it stands."""
    if series.stopped_at is not None:
        return "stopped"
    if series.paused_at is not None:
        return "paused"
    after_done = series.days.kind is Kind.AFTER_DONE
    return "running" if series.next_on or after_done else "ended"


def words_of(pattern: Pattern) -> str:
    """A pattern in the reader's words."""
    words = _begun(pattern)
    if pattern.off_days is OffDay.NEXT:
        words = _("%(when)s, else the next working day") % {"when": words}
    elif pattern.off_days is OffDay.SKIP:
        words = _("%(when)s, only on working days") % {"when": words}
    return words


def _begun(pattern: Pattern) -> str:
    every = {"count": pattern.every}
    if pattern.kind is Kind.DAILY:
        return ngettext("every day", "every %(count)d days", pattern.every) % every
    if pattern.kind is Kind.AFTER_DONE:
        return (
            ngettext(
                "%(count)d day after it is done",
                "%(count)d days after it is done",
                pattern.every,
            )
            % every
        )
    if pattern.kind is Kind.WEEKLY:
        said = ngettext("every week", "every %(count)d weeks", pattern.every) % every
        return _("%(every)s on %(days)s") % {"every": said, "days": _named(pattern)}
    if pattern.kind is Kind.YEARLY:
        return ngettext("every year", "every %(count)d years", pattern.every) % every
    return _monthly(pattern, every)


def _monthly(pattern: Pattern, every: dict[str, int]) -> str:
    said = ngettext("every month", "every %(count)d months", pattern.every) % every
    if pattern.kind is Kind.MONTHLY_DAY:
        return _("%(every)s on day %(day)d") % {"every": said, "day": pattern.day}
    place = {"every": said, "place": PLACE_WORDS[pattern.place], "day": _named(pattern)}
    return _("%(every)s on the %(place)s %(day)s") % place


def _named(pattern: Pattern) -> str:
    order = sorted(pattern.weekdays, key=lambda day: (day - pattern.weeks_begin) % 7)
    return ", ".join(str(WEEKDAYS[day]) for day in order)


def seen_of(series: CardSeries) -> Sequence[Any]:
    """What became of the latest days, newest first; asked already by whole_series."""
    return list(series.seen.all())[:LATEST_SHOWN]  # type: ignore[attr-defined]


def words_on(card: Card) -> str:
    """How the card comes back, "" for one that does not; at most 1 query."""
    series = CardSeries.objects.filter(pk=card.series_id).first() if card.series_id else None
    return words_of(series.days) if series else ""
