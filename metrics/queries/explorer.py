"""Several metrics asked at once: series with comparison, the largest lines, recomputed totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries import sums
from metrics.queries.answers import Answer, Line, Point, Total
from metrics.queries.catalogue import metrics_of
from metrics.queries.questions import SeriesQuestion, day_of_view
from metrics.queries.recipes import Book, book_of
from metrics.queries.series import ask, inputs_of, latest_days
from metrics.rules.instants import known_instant
from metrics.rules.periods import Calendar, Grain
from metrics.rules.questions import FISCAL, Question, range_of
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

CHARTED = 8


@dataclass(frozen=True)
class MetricAnswer:
    """What one metric says, and its lines as a chart takes them."""

    metric: Metric
    answer: Answer

    @property
    def charted(self) -> list[Line]:
        """The lines that a chart can show, the largest first and the others last."""
        return sorted(self.answer.series, key=_weight)[:CHARTED]

    @property
    def hidden(self) -> int:
        """How many lines the chart leaves out."""
        return max(0, len(self.answer.series) - CHARTED)

    @property
    def rows(self) -> list[tuple[Point, list[Point], Point | None]]:
        """The charted lines side by side, and what one line alone is compared with."""
        columns = [line.points for line in self.charted]
        past = self.charted[0].pairs if len(self.charted) == 1 else []
        return [
            (cells[0], list(cells), past[place][1] if past else None)
            for place, cells in enumerate(zip(*columns, strict=True))
        ]

    @property
    def unmatched(self) -> int:
        """How many periods have a value and no value before, where anything is compared."""
        if self.answer.before_total is None:
            return 0
        seen: dict[date, tuple[bool, bool]] = {}
        for line in self.answer.series:
            for point, before in line.pairs:
                has, had = seen.get(point.start, (False, False))
                known = before is not None and _is_known(before)
                seen[point.start] = (has or _is_known(point), had or known)
        return sum(has and not had for has, had in seen.values())

    @property
    def is_compared(self) -> bool:
        """Whether one line is drawn with what it is compared with."""
        return self.answer.before_total is not None and len(self.charted) == 1


def _is_known(point: Point) -> bool:
    return point.value is not None or point.lower is not None


def _weight(line: Line) -> tuple[bool, bool, Decimal]:
    value = line.total.value
    return line.others is not None, value is None, -abs(value or Decimal(0))


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
    """All metrics over one range; 4 queries and for each metric those of its series.

    No number of queries depends on the range, the lines or what is compared.
    """
    asked = metrics_asked(workspace, question)
    ids = [metric.pk for metric in asked]
    newest = max(latest_days(workspace, ids).values(), default=None)
    newest, today = then_or_now(workspace, question, newest, today)
    span = range_of(question, newest, today)
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
    book = book_of(workspace, ids)
    answers = [_named(metric, settled, book) for metric in asked]
    return Answered(question, span[0], span[1], _compared(answers), answers)


def then_or_now(
    workspace: Workspace, question: Question, newest: date | None, today: date
) -> tuple[date | None, date]:
    """The last day with data and today; of a past view none lies behind its own day."""
    known_at = known_instant(question.known_at, workspace.timezone)
    if known_at is None:
        return newest, today
    then = day_of_view(workspace, known_at, today)
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


def _compared(answers: Sequence[MetricAnswer]) -> tuple[date, date] | None:
    """The days that the answers are compared with."""
    points = [point for one in answers for line in one.answer.series[:1] for point in line.before]
    if not points:
        return None
    return min(point.start for point in points), max(point.end for point in points)


def usual_days(metric: Metric, *, today: date) -> tuple[date, date]:
    """The last 90 days with data, or before today where there are none; 2 queries."""
    last = latest_days(metric.workspace, [metric.pk]).get(metric.pk, today)
    return last - timedelta(days=USUAL - 1), last


USUAL = 90
