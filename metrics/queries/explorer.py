"""Several metrics asked at once: series with comparison, the largest lines, recomputed totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries import sums
from metrics.queries.answers import Answer, Line, Point, Total
from metrics.queries.catalogue import metrics_of
from metrics.queries.questions import Question as Reading
from metrics.queries.recipes import Book, book_of
from metrics.queries.series import ask, inputs_of, latest_days
from metrics.rules.aggregation import share
from metrics.rules.periods import Calendar
from metrics.rules.questions import FISCAL, Question, range_of
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem


@dataclass(frozen=True)
class Shown:
    """One line: its points, those before that each is compared with, and both totals.

    `rest` says how many lines were put together in it; 0 is an ordinary line.
    """

    dims: dict[str, str | None]
    points: list[Point]
    total: Total
    before: list[Point]
    total_before: Total | None
    rest: int = 0

    @property
    def change(self) -> Decimal | None:
        """From the compared total to this one, as a share."""
        return share(self.total.value, self.total_before.value if self.total_before else None)

    @property
    def pairs(self) -> list[tuple[Point, Point | None]]:
        """Each point with the one that it is compared with."""
        return [
            (point, self.before[place] if place < len(self.before) else None)
            for place, point in enumerate(self.points)
        ]


@dataclass(frozen=True)
class MetricAnswer:
    """What one metric says: its lines and what they are together, never summed from them.

    `breaks` are the days from which another version of its definition is in force.
    """

    metric: Metric
    pending: bool
    lines: list[Shown]
    total: Total
    total_before: Total | None
    breaks: tuple[date, ...] = ()

    @property
    def change(self) -> Decimal | None:
        """From the compared total to this one, as a share."""
        return share(self.total.value, self.total_before.value if self.total_before else None)

    @property
    def charted(self) -> list[Shown]:
        """The lines that a chart can show, the largest first and the others last."""
        return sorted(self.lines, key=_weight)[:CHARTED]

    @property
    def hidden(self) -> int:
        """How many lines the chart leaves out."""
        return max(0, len(self.lines) - CHARTED)

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
        if self.total_before is None:
            return 0
        seen: dict[date, tuple[bool, bool]] = {}
        for line in self.lines:
            for point, before in line.pairs:
                has, had = seen.get(point.start, (False, False))
                known = before is not None and _is_known(before)
                seen[point.start] = (has or _is_known(point), had or known)
        return sum(has and not had for has, had in seen.values())

    @property
    def is_compared(self) -> bool:
        """Whether one line is drawn with what it is compared with."""
        return self.total_before is not None and len(self.charted) == 1


CHARTED = 8


def _is_known(point: Point) -> bool:
    return point.value is not None or point.lower is not None


def _weight(line: Shown) -> tuple[bool, bool, Decimal]:
    value = line.total.value
    return line.rest > 0, value is None, -abs(value or Decimal(0))


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
    known = sums.series_of({pk for parts in inputs.values() for pk in parts})
    names = sorted({name for _pk, _metric, dims in known for name in dims})
    found: dict[str, list[str | None]] = {}
    for name in names:
        values = {dims.get(name) for _pk, _metric, dims in known}
        found[name] = sorted(values, key=lambda v: (v is None, v or ""))[:LISTED]
    return found


LISTED = 100


def answer_question(
    workspace: Workspace, question: Question, *, today: date, metrics: Sequence[Metric] = ()
) -> Answered:
    """All metrics over one range; 4 queries and for each metric those of its series.

    No number of queries depends on the range, the lines or what is compared.
    """
    asked = list(metrics) or metrics_asked(workspace, question)
    ids = [metric.pk for metric in asked]
    newest = latest_days(workspace, ids)
    span = range_of(question, max(newest.values(), default=None), today)
    if span is None:
        return Answered(question, None, None, None, [_nothing(metric) for metric in asked])
    month = workspace.fiscal_year_starts_in if question.calendar == FISCAL else 1
    reading = _reading(question, span, today, Calendar(workspace.week_starts_on, month))
    book = book_of(workspace, ids)
    answers = [_named(metric, reading, book) for metric in asked]
    return Answered(question, span[0], span[1], _compared(answers), answers)


def _nothing(metric: Metric) -> MetricAnswer:
    none = Total(None, exact=True, reason="no_data")
    return MetricAnswer(metric, pending=False, lines=[], total=none, total_before=None)


def _reading(
    question: Question, span: tuple[date, date], today: date, calendar: Calendar
) -> Reading:
    """The question as every metric answers it."""
    return Reading(
        grain=question.grain,
        first=span[0],
        last=span[1],
        by=question.by,
        where=question.where,
        today=today,
        calendar=calendar,
        top=question.top or None,
        compare=question.compare,
        running=question.cumulative,
        window=question.window,
    )


def _named(metric: Metric, reading: Reading, book: Book) -> MetricAnswer:
    """The answer of one metric; a refusal says which metric it is about."""
    try:
        return _shown(metric, ask(metric, reading, book))
    except Invalid as refusal:
        told = [replace(one, message=f"{metric.name}: {one.message}") for one in refusal.problems]
        raise Invalid(told) from refusal


def _shown(metric: Metric, answer: Answer) -> MetricAnswer:
    lines = [_line(line) for line in answer.series]
    return MetricAnswer(
        metric,
        answer.pending,
        lines,
        answer.total,
        answer.before_total,
        tuple(one.day for one in answer.breaks),
    )


def _line(line: Line) -> Shown:
    return Shown(
        line.dims, line.points, line.total, line.before, line.before_total, line.others or 0
    )


def _compared(answers: Sequence[MetricAnswer]) -> tuple[date, date] | None:
    """The days that the answers are compared with."""
    points = [point for one in answers for line in one.lines[:1] for point in line.before]
    if not points:
        return None
    return min(point.start for point in points), max(point.end for point in points)


def usual_days(metric: Metric, *, today: date) -> tuple[date, date]:
    """The last 90 days with data, or before today where there are none; 2 queries."""
    last = latest_days(metric.workspace, [metric.pk]).get(metric.pk, today)
    return last - timedelta(days=USUAL - 1), last


USUAL = 90
