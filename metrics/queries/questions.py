"""A question about a metric over time, and the spans of days that it takes to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from metrics.rules.instants import known_instant
from metrics.rules.periods import (
    FIRST_DAY,
    ISO,
    Calendar,
    Grain,
    Period,
    Span,
    count_periods,
    label,
    period_of,
    periods,
    previous,
    year_before,
)
from metrics.rules.questions import YEAR_BEFORE
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem, at_field

MOST_POINTS = 10_000  # of all lines of an answer together
WEEKS_OF_YEAR = timedelta(days=364)
Filters = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class SeriesQuestion:
    """What is asked of one metric, with everything settled that a reader may leave open.

    `by` splits into lines; `where` keeps series by dimension value (None: without one; several
    values of one dimension are alternatives); `today` marks what still runs as incomplete; `top`
    keeps that many lines and adds up the rest as one; `compare` is "", "previous" (the buckets
    right before) or "year"; `running` accumulates from the start of the range; `window` moves over
    so many buckets; `version` pins the metric's own definition; `known_at` asks for what was
    known at an instant.
    """

    grain: Grain = Grain.MONTH
    first: date | None = None
    last: date | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str | None], ...] = ()
    today: date | None = None
    calendar: Calendar = ISO
    top: int | None = None
    compare: str = ""
    running: bool = False
    window: int = 1
    version: int | None = None
    known_at: datetime | None = None


def instant_of_view(
    workspace: Workspace, known_at: date | datetime | None, today: date
) -> datetime | None:
    """The instant of a past view; a day stands for its end in the workspace.

    Invalid where its day lies ahead, for what will be known nobody knows.
    """
    instant = known_instant(known_at, workspace.timezone)
    if instant is not None and workspace.day_of(instant) > today:
        message = _("What will be known on a day to come nobody knows yet: today is the last one.")
        raise Invalid([at_field("known_at", "in_future", message)])
    return instant


class Cell(NamedTuple):
    """One bucket of the range: its name, its days inside, and whether no other has data."""

    name: str
    start: date
    end: date
    complete: bool

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.start, self.end)


class Reach(NamedTuple):
    """How far the data of a metric go: their first and last day, and the days that they stand for.

    Without a stated cadence they stand for their own days alone. None: there are none.
    """

    first: date | None = None
    last: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Plan:
    """What has to be read: the cells that are answered and those of the comparison.

    `lead` and `before_lead` are the buckets before them that moving windows reach into.
    """

    cells: list[Cell]
    lead: list[Cell]
    before: list[Cell]
    before_lead: list[Cell]

    @property
    def spans(self) -> list[Span]:
        """Every span that has to be read, each once."""
        every = (*self.lead, *self.cells, *self.before_lead, *self.before)
        return list(dict.fromkeys(cell.span for cell in every))


def plan_of(question: SeriesQuestion, first: date, last: date, reach: Reach) -> Plan:
    """The cells of a question whose range is known."""
    cells = [
        _cell(question, bucket, bucket.cut(first, last), reach)
        for bucket in periods(question.grain, first, last, question.calendar)
    ]
    lead = _lead(question, cells[0])
    if not question.compare:
        return Plan(cells, lead, [], [])
    before = _before(question, cells)
    return Plan(cells, lead, before, _lead(question, before[0]) if before else [])


def _cell(
    question: SeriesQuestion, bucket: Period, inside: Period, reach: Reach | None = None
) -> Cell:
    """The days of a bucket that are read; whole if no day is left out that has or may get data."""
    reach = reach or Reach()
    over = question.today is None or bucket.end < question.today
    due = reach.until is not None and bucket.end > reach.until
    starts = inside.start == bucket.start or (reach.first and inside.start <= reach.first)
    ends = inside.end == bucket.end or (reach.last and inside.end >= reach.last)
    whole = bool(starts and ends and over and not due)
    return Cell(label(bucket, question.calendar), inside.start, inside.end, whole)


def _lead(question: SeriesQuestion, cell: Cell) -> list[Cell]:
    """The whole buckets before a cell that its moving window reaches into, in order."""
    found: list[Cell] = []
    bucket = period_of(cell.start, question.grain, question.calendar)
    for _step in range(question.window - 1):
        if bucket.start <= FIRST_DAY:
            break
        bucket = previous(bucket, question.calendar)
        found.append(_cell(question, bucket, bucket))
    return found[::-1]


def _before(question: SeriesQuestion, cells: Sequence[Cell]) -> list[Cell]:
    """The cells that these are compared with, one for each."""
    if question.compare == YEAR_BEFORE:
        return [_year_before(question, cell) for cell in cells]
    if cells[0].start == _bucket(question, cells[0]).start:
        return _buckets_before(question, cells)
    days = (cells[-1].end - cells[0].start).days + 1
    return [_moved(cell, timedelta(days=days)) for cell in cells]


def _bucket(question: SeriesQuestion, cell: Cell) -> Period:
    return period_of(cell.start, question.grain, question.calendar)


def _buckets_before(question: SeriesQuestion, cells: Sequence[Cell]) -> list[Cell]:
    """As many whole buckets right before; one that is cut at its end is cut alike."""
    bucket = _bucket(question, cells[0])
    found: list[Period] = []
    while len(found) < len(cells):
        bucket = previous(bucket, question.calendar)
        found.append(bucket)
    pairs = zip(found[::-1], cells, strict=True)
    return [_cut_alike(question, before, cell) for before, cell in pairs]


def _cut_alike(question: SeriesQuestion, before: Period, cell: Cell) -> Cell:
    whole = _bucket(question, cell)
    if cell.complete or cell.end == whole.end:
        return _cell(question, before, before)
    end = min(before.end, before.start + (cell.end - cell.start))
    return _cell(question, before, Period(before.grain, before.start, end))


def _moved(cell: Cell, by: timedelta) -> Cell:
    start, end = max(cell.start - by, FIRST_DAY), max(cell.end - by, FIRST_DAY)
    return Cell(f"{start.isoformat()}/{end.isoformat()}", start, end, cell.complete)


def _year_before(question: SeriesQuestion, cell: Cell) -> Cell:
    """The same bucket of the year before; weeks are 52 weeks earlier, so that weekdays agree."""
    if question.grain is Grain.WEEK:
        start, end = cell.start - WEEKS_OF_YEAR, cell.end - WEEKS_OF_YEAR
    else:
        whole = cell.complete or cell.end == _bucket(question, cell).end
        start, end = year_before(cell.start), year_before(cell.end)
        if whole and question.grain is not Grain.DAY:
            end = period_of(end, question.grain, question.calendar).end
    bucket = period_of(start, question.grain, question.calendar)
    return _cell(question, bucket, Period(bucket.grain, start, end))


def refuse_too_many(question: SeriesQuestion, first: date, last: date, lines: int) -> None:
    """An answer has a size that a browser can draw and a program can hold."""
    buckets = count_periods(question.grain, first, last, question.calendar)
    points = buckets * lines * (2 if question.compare else 1)
    if points <= MOST_POINTS:
        return
    message = _(
        "That would be %(points)s points in %(lines)s lines; an answer has at most %(most)s. "
        "Ask for a wider grain, a shorter range or fewer dimensions."
    ) % {"points": f"{points:,}", "lines": f"{lines:,}", "most": f"{MOST_POINTS:,}"}
    raise Invalid([Problem(message, "too_many_points", "/grain", None, "grain")])
