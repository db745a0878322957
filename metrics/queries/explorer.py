"""Several metrics asked at once: series with comparison, the largest lines, recomputed totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries import sums
from metrics.queries.answers import Answer, Line, Point, Total
from metrics.queries.catalogue import metrics_of
from metrics.queries.questions import SeriesQuestion, instant_of_view
from metrics.queries.recipes import Book, book_of
from metrics.queries.series import ask, inputs_of, latest_days, latest_of
from metrics.rules.instants import known_instant
from metrics.rules.legend import colours_of
from metrics.rules.periods import Calendar, Grain
from metrics.rules.questions import FISCAL, Question, range_of
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

CHARTED = 8


class Drawn(NamedTuple):
    """A line on a chart; its colour, from 1 on, is that of the same values on the whole page."""

    line: Line
    colour: int


@dataclass(frozen=True)
class MetricAnswer:
    """What one metric says; its lines in the order of the page, and those that a chart takes."""

    metric: Metric
    answer: Answer
    lines: Sequence[Line] = ()
    drawn: Sequence[Drawn] = ()

    @property
    def hidden(self) -> int:
        """How many lines the chart leaves out."""
        return len(self.lines) - len(self.drawn)

    @property
    def rows(self) -> list[tuple[Point, list[tuple[Line, Point]], Point | None]]:
        """The drawn lines side by side, and what one line alone is compared with."""
        lines = [drawn.line for drawn in self.drawn]
        past = lines[0].pairs if len(lines) == 1 else []
        return [
            (cells[0], list(zip(lines, cells, strict=True)), past[place][1] if past else None)
            for place, cells in enumerate(zip(*(line.points for line in lines), strict=True))
        ]

    @property
    def is_compared(self) -> bool:
        """Whether one line is drawn with what it is compared with."""
        return self.answer.before_total is not None and len(self.drawn) == 1


LineKey = tuple[tuple[str | None, ...], bool]


def _key(line: Line) -> LineKey:
    """What the same line of another metric has, too."""
    return tuple(line.dims.values()), line.others is not None


def _weight(line: Line) -> tuple[bool, bool, Decimal]:
    """Largest first, without a value later, the others last."""
    value = line.total.value
    return line.others is not None, value is None, -abs(value or Decimal(0))


def laid_out(answers: Sequence[MetricAnswer]) -> list[MetricAnswer]:
    """With lines in one order and one colour for the same values: those of the first, by size."""
    sorted_lines = [sorted(one.answer.series, key=_weight) for one in answers]
    every = (line for lines in sorted_lines for line in lines)
    order = {key: place for place, key in enumerate(dict.fromkeys(map(_key, every)))}

    def place(line: Line) -> tuple[bool, int]:
        return line.others is not None, order[_key(line)]

    charts = [sorted(lines[:CHARTED], key=place) for lines in sorted_lines]
    colours = colours_of([[_key(line) for line in lines] for lines in charts], CHARTED)
    return [
        replace(
            one,
            lines=sorted(lines, key=place),
            drawn=[Drawn(*pair) for pair in zip(chart, own, strict=True)],
        )
        for one, lines, chart, own in zip(answers, sorted_lines, charts, colours, strict=True)
    ]


@dataclass(frozen=True)
class Answered:
    """The answer to a question; the days are None where no metric has data."""

    question: Question
    first: date | None
    last: date | None
    before: tuple[date, date] | None
    metrics: list[MetricAnswer]


def metrics_asked(workspace: Workspace, question: Question) -> list[Metric]:
    """The metrics in the order of the question; one that is not there is Invalid. 1 query."""
    rows = metrics_of(workspace).filter(key__in=question.metrics).select_related("workspace")
    found = {metric.key: metric for metric in rows}
    problems = [
        Problem(
            _("There is no metric “%(key)s”.") % {"key": key},
            code="unknown_metric",
            pointer=f"/metrics/{place}",
            column="metrics",
        )
        for place, key in enumerate(question.metrics)
        if key not in found
    ]
    if problems:
        raise Invalid(problems)
    return [found[key] for key in question.metrics]


def dimensions_of(workspace: Workspace, metrics: Sequence[Metric]) -> dict[str, list[str | None]]:
    """The dimensions of these metrics with some of their values, missing last; 2 queries."""
    if not metrics:
        return {}
    inputs = inputs_of(workspace, [metric.pk for metric in metrics])
    series = sums.series_of({pk for parts in inputs.values() for pk in parts})
    return values_by_dim(series, list(inputs.values()))


def values_by_dim(
    series: Sequence[tuple[int, int, Mapping[str, str]]], inputs: Sequence[Collection[int]]
) -> dict[str, list[str | None]]:
    """Some of the values of each dimension of (series, metric, dims), missing last.

    A metric is split by what all of its inputs have: of the others no line would have a value.
    """
    names: dict[int, set[str]] = {}
    for _pk, metric_id, dims in series:
        names.setdefault(metric_id, set()).update(dims)
    shared = [
        set.intersection(*some)
        for parts in inputs
        if (some := [names[pk] for pk in parts if pk in names])
    ]
    found: dict[str, list[str | None]] = {}
    for name in sorted(set[str]().union(*shared)):
        values = {dims.get(name) for _pk, _metric, dims in series}
        found[name] = sorted(values, key=lambda v: (v is None, v or ""))[:LISTED]
    return found


LISTED = 200


def answer_question(workspace: Workspace, question: Question, *, today: date) -> Answered:
    """All metrics over one range; 4 to 5 queries and for each metric those of its series.

    No number of queries depends on the range, the lines or what is compared.
    """
    asked = metrics_asked(workspace, question)
    ids = [metric.pk for metric in asked]
    book = book_of(workspace, ids)
    newest, today = then_or_now(workspace, question, newest_of(book, ids), today)
    span = range_of(question, newest, today, oldest=oldest_of(question, book, ids))
    if span is None:
        empty = [_nothing(metric, question.grain) for metric in asked]
        return Answered(question, None, None, None, empty)
    month = workspace.fiscal_year_starts_in if question.calendar == FISCAL else 1
    settled = SeriesQuestion(
        grain=question.grain,
        first=span[0],
        last=span[1],
        by=question.by,
        where=question.where,
        today=today,
        calendar=Calendar(workspace.week_starts_on, month),
        top=question.top or None,
        compare=question.compare,
        running=question.cumulative,
        window=question.window,
        version=question.version,
        known_at=known_instant(question.known_at, workspace.timezone),
    )
    answers = laid_out([_named(metric, settled, book) for metric in asked])
    compared = next((one.answer.compared_days for one in answers if one.answer.series), None)
    return Answered(question, span[0], span[1], compared, answers)


def newest_of(book: Book, metric_ids: Sequence[int]) -> date | None:
    """The last day on which any of the metrics has data; 1 query."""
    return max(latest_of({pk: book.leaves_of(pk) for pk in metric_ids}).values(), default=None)


def oldest_of(question: Question, book: Book, metric_ids: Sequence[int]) -> date | None:
    """The day on which data begin, where a question leaves its first day open; 1-2 queries."""
    if question.first is not None or question.days:
        return None
    inputs = {leaf for pk in metric_ids for leaf in book.leaves_of(pk)}
    found = sums.extent(sums.states_of(inputs, extents=True).values())
    return found[0] if found else None


def then_or_now(
    workspace: Workspace, question: Question, newest: date | None, today: date
) -> tuple[date | None, date]:
    """The last day with data and today; of a past view none lies behind its own day."""
    known_at = instant_of_view(workspace, question.known_at, today)
    if known_at is None:
        return newest, today
    then = workspace.day_of(known_at)
    return newest and min(newest, then), then


def _nothing(metric: Metric, grain: Grain) -> MetricAnswer:
    none = Total(None, exact=True, reason="no_data")
    answer = Answer(metric.key, metric.unit, grain.value, pending=False, series=[], total=none)
    return MetricAnswer(metric, answer)


def _named(metric: Metric, asked: SeriesQuestion, book: Book) -> MetricAnswer:
    """The answer of one metric; a refusal says which metric it is about."""
    try:
        return MetricAnswer(metric, ask(metric, asked, book))
    except Invalid as refusal:
        told = [replace(one, message=f"{metric.name}: {one.message}") for one in refusal.problems]
        raise Invalid(told) from refusal


def usual_days(metric: Metric, *, today: date) -> tuple[date, date]:
    """The last 90 days with data, or before today where there are none; 2 queries."""
    last = min(latest_days(metric.workspace, [metric.pk]).get(metric.pk, today), today)
    return last - timedelta(days=USUAL - 1), last


USUAL = 90
