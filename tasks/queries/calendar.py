"""Cards in a calendar: by the day that they are due, and those without one beside; 3 queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from tasks.models import Card
from tasks.rules.months import CALENDARS, WEEK, Month, day_number, jalali_name, week_of, weeks_of
from workspaces.queries import formats

RELATED = ("board", "column", "assignee__user")
MOST_SHOWN = {"month": 3, "week": 15}  # of a day at once; the rest is unfolded
MOST_A_DAY = {"month": 30, "week": 200}
MOST_UNDATED = 50


@dataclass(frozen=True)
class Span:
    """Which days are shown: those of the month or of the week around a day, in some calendar."""

    kind: str
    day: date
    today: date
    week_starts_on: int
    calendar: str = "gregorian"

    @property
    def month(self) -> Month:
        """The month around the day."""
        return CALENDARS[self.calendar](self.day)

    @property
    def weeks(self) -> list[list[date]]:
        """The days, week by week."""
        if self.kind == "week":
            return [week_of(self.day, self.week_starts_on)]
        return weeks_of(self.month.first, self.month.last, self.week_starts_on)

    @property
    def before(self) -> date:
        """A day of the span before."""
        return self.month.before if self.kind == "month" else self.day - timedelta(days=WEEK)

    @property
    def after(self) -> date:
        """A day of the span after."""
        return self.month.after if self.kind == "month" else self.day + timedelta(days=WEEK)

    @property
    def title(self) -> str:
        """What the span is called."""
        if self.kind == "week":
            days = self.weeks[0]
            return formats.span(days[0], days[-1])
        if self.calendar == "jalali":
            return f"{jalali_name(self.month.number)} {formats.digits(self.month.year)}"
        return formats.day(self.day, "LLLL y")


@dataclass(frozen=True)
class DayView:
    """One day: its number in its month, whether it belongs to the month, and the cards due on it.

    `other` is what the calendar of all others calls it, "" where that is the same.
    """

    day: date
    number: str
    other: str
    is_inside: bool
    is_today: bool
    cards: list[Card] = field(default_factory=list)
    folded: list[Card] = field(default_factory=list)
    count: int = 0

    @property
    def left(self) -> int:
        """How many are not there at all, folded or not."""
        return self.count - len(self.cards) - len(self.folded)


@dataclass(frozen=True)
class CalendarView:
    """The days of a span with their cards, and cards that are due on no day."""

    span: Span
    weeks: list[list[DayView]]
    undated: list[Card]
    undated_count: int

    @property
    def days(self) -> list[DayView]:
        """All days in their order."""
        return [day for week in self.weeks for day in week]

    @property
    def heads(self) -> list[str]:
        """The names of the days of a week."""
        return [formats.day(one.day, "EEE") for one in self.weeks[0]]

    @property
    def count(self) -> int:
        """How many cards are due on these days."""
        return sum(day.count for day in self.days)


def calendar_view(cards: QuerySet[Card], span: Span) -> CalendarView:
    """The cards of these days; 3 queries, however many."""
    weeks = span.weeks
    by_day = _due(cards, weeks[0][0], weeks[-1][-1], MOST_A_DAY[span.kind])
    undated = cards.filter(due_on=None, done_at=None)
    return CalendarView(
        span=span,
        weeks=[[_day(day, by_day[day], span) for day in week] for week in weeks],
        undated=list(_in_order(undated)[:MOST_UNDATED]),
        undated_count=undated.order_by().count(),
    )


def _in_order(cards: QuerySet[Card]) -> QuerySet[Card]:
    """What is open and urgent first."""
    first = F("done_at").asc(nulls_first=True)
    return cards.select_related(*RELATED).order_by(first, "-priority", "number")


def _due(
    cards: QuerySet[Card], first: date, last: date, most: int
) -> dict[date | None, list[Card]]:
    """The first cards of each day; each knows how many are due `of_day`; 1 query."""
    order = [F("done_at").asc(nulls_first=True), F("priority").desc(), F("number").asc()]
    ranked = cards.filter(due_on__range=(first, last)).annotate(
        place=Window(RowNumber(), partition_by="due_on", order_by=order),
        of_day=Window(Count("pk"), partition_by="due_on"),
    )
    by_day: dict[date | None, list[Card]] = defaultdict(list)
    for card in _in_order(ranked.filter(Q(place__lte=most))):
        by_day[card.due_on].append(card)
    return by_day


def _day(day: date, cards: Iterable[Card], span: Span) -> DayView:
    month_of, found = CALENDARS[span.calendar], list(cards)
    shown = MOST_SHOWN[span.kind]
    shown = len(found) if len(found) == shown + 1 else shown  # "1 more" takes as much room
    return DayView(
        day=day,
        number=formats.digits(day_number(day, month_of)),
        other="" if span.calendar == "gregorian" else formats.daymonth(day),
        is_inside=span.kind == "week" or span.month.first <= day <= span.month.last,
        is_today=day == span.today,
        cards=found[:shown],
        folded=found[shown:],
        count=found[0].of_day if found else 0,  # type: ignore[attr-defined]
    )
