"""Several metrics asked at once: series with comparison, the largest lines, recomputed totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.queries import sums
from metrics.queries.catalogue import metrics_of
from metrics.queries.series import Answer, Line, Point, Total, inputs_of, latest_days, read_series
from metrics.rules.aggregation import share
from metrics.rules.questions import Question, earlier, range_of
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
    """What one metric says: its lines and what they are together, never summed from them."""

    metric: Metric
    pending: bool
    lines: list[Shown]
    total: Total
    total_before: Total | None

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
    def is_compared(self) -> bool:
        """Whether one line is drawn with what it is compared with."""
        return self.total_before is not None and len(self.charted) == 1


CHARTED = 8


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
    """All metrics over one range; 3 queries and for each metric those of its series.

    With a comparison or the largest lines a metric is read once or twice more; no number of
    queries depends on the range or on how many lines there are.
    """
    asked = list(metrics) or metrics_asked(workspace, question)
    newest = latest_days(workspace, [metric.pk for metric in asked])
    span = range_of(question, max(newest.values(), default=None), today)
    if span is None:
        none = Total(None, exact=True)
        return Answered(
            question,
            None,
            None,
            None,
            [MetricAnswer(metric, pending=False, lines=[], total=none, total_before=None)
             for metric in asked],
        )  # fmt: skip
    before = earlier(*span, question.grain, question.compare) if question.compare else None
    answers = [_named(metric, question, span, before, today) for metric in asked]
    return Answered(question, span[0], span[1], before, answers)


Days = tuple[date, date]


def _named(
    metric: Metric, question: Question, span: Days, before: Days | None, today: date
) -> MetricAnswer:
    """The answer of one metric; a refusal says which metric it is about."""
    try:
        return _answer(metric, question, span, before, today)
    except Invalid as refusal:
        told = [replace(one, message=f"{metric.name}: {one.message}") for one in refusal.problems]
        raise Invalid(told) from refusal


def _answer(
    metric: Metric, question: Question, span: Days, before: Days | None, today: date
) -> MetricAnswer:
    found = _read(metric, question, span, today)
    past = _read(metric, question, before, today) if before else None
    lines = found.series
    rest: list[Shown] = []
    if question.top and len(lines) > question.top and len(question.by) == 1:
        lines = sorted(lines, key=_size, reverse=True)
        lines, others = lines[: question.top], lines[question.top :]
        rest = [_together(metric, question, others, (span, before), today)]
    old = {tuple(line.dims.items()): line for line in past.series} if past else {}
    shown = [_shown(line, old.get(tuple(line.dims.items())), past) for line in lines]
    return MetricAnswer(
        metric, found.pending, shown + rest, found.total, past.total if past else None
    )


def _read(metric: Metric, question: Question, span: Days, today: date) -> Answer:
    return read_series(
        metric,
        grain=question.grain,
        first=span[0],
        last=span[1],
        by=question.by,
        where=question.where,
        today=today,
    )


def _size(line: Line) -> Decimal:
    return Decimal(-1) if line.total.value is None else abs(line.total.value)


def _together(
    metric: Metric,
    question: Question,
    others: Sequence[Line],
    spans: tuple[Days, Days | None],
    today: date,
) -> Shown:
    """All other lines as one, read as a filter, so that ratios and people are right."""
    name = question.by[0]
    values = [(name, line.dims.get(name)) for line in others]
    kept = [pair for pair in question.where if pair[0] != name]
    narrow = question.changed(by=(), where=(*kept, *values))
    found = _read(metric, narrow, spans[0], today)
    past = _read(metric, narrow, spans[1], today) if spans[1] else None
    line = _shown(found.series[0], past.series[0] if past else None, past)
    return replace(line, dims={name: None}, rest=len(others))


def _shown(line: Line, old: Line | None, past: Answer | None) -> Shown:
    none = Total(None, exact=True) if past else None
    return Shown(
        line.dims,
        line.points,
        line.total,
        old.points if old else [],
        old.total if old else none,
    )


def usual_days(metric: Metric, *, today: date) -> tuple[date, date]:
    """The last 90 days with data, or before today where there are none; 2 queries."""
    last = latest_days(metric.workspace, [metric.pk]).get(metric.pk, today)
    return last - timedelta(days=USUAL - 1), last


USUAL = 90
