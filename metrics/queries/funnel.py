"""The journey as steps: how many at each, and which share of one step reaches the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.models.definitions import LAST, STAGE_CHOICES
from metrics.queries.answers import Total
from metrics.queries.explorer import metrics_asked, newest_of, oldest_of, then_or_now
from metrics.queries.recipes import book_of
from metrics.queries.totals import Totals, read_totals
from metrics.rules.aggregation import divide
from metrics.rules.instants import known_instant
from metrics.rules.periods import Span
from metrics.rules.questions import Question, range_of
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

PERCENT = Decimal(100)
STAGES = [stage for stage, _word in STAGE_CHOICES]


@dataclass(frozen=True)
class Step:
    """One step: its value, the percentage of the step before, and of the first, that it is.

    A level is no share of what came in some days, and nothing is a share of it: the next step is
    held against the one before it. `size` is its value as a share of the largest, for a bar.
    """

    metric: Metric
    value: Decimal | None
    exact: bool
    from_before: Decimal | None
    from_first: Decimal | None
    size: float

    @property
    def is_level(self) -> bool:
        """Whether it is a stock and not what came in these days."""
        return self.metric.kind == LAST

    @property
    def is_more(self) -> bool:
        """Whether it is more than the step before, so that the two do not count the same way."""
        return self.from_before is not None and self.from_before > PERCENT


@dataclass(frozen=True)
class Channel:
    """The steps of one value of the dimension; a metric without the dimension is not split."""

    name: str | None
    steps: list[Step]


@dataclass(frozen=True)
class Funnel:
    """The steps in their order, the same by channel, and the metrics that could not be split."""

    question: Question
    first: date | None
    last: date | None
    steps: list[Step]
    channels: list[Channel]
    whole: list[Metric]

    @property
    def has_more(self) -> bool:
        """Whether some step is more than the one before it."""
        return any(step.is_more for step in self.steps)

    @property
    def by(self) -> str:
        """The dimension that splits it, or nothing."""
        return self.question.by[0] if self.question.by else ""


def suggested(metrics: Sequence[Metric]) -> list[Metric]:
    """Those with a stage that count something, in the order of the journey."""
    staged = [m for m in metrics if m.stage and not m.is_computed]
    return sorted(staged, key=lambda m: (STAGES.index(m.stage), m.name))


def read_funnel(workspace: Workspace, question: Question, *, today: date) -> Funnel:
    """The funnel of a question's metrics; 4 to 5 queries and for each step those of its series."""
    metrics = metrics_asked(workspace, question)
    _refuse_computed(metrics)
    ids = [metric.pk for metric in metrics]
    book = book_of(workspace, ids)
    newest, today = then_or_now(workspace, question, newest_of(book, ids), today)
    days = range_of(question, newest, today, oldest=oldest_of(question, book, ids))
    if days is None:
        empty = [_step(metric, Total(None, exact=True), None, None, None) for metric in metrics]
        return Funnel(question, None, None, empty, [], [])
    by = question.by[0] if question.by else ""
    found = [_totals(metric, Span(*days), by, question) for metric in metrics]
    steps = _steps(metrics, [totals.whole for totals, _split in found])
    whole = [m for m, (_t, split) in zip(metrics, found, strict=True) if by and not split]
    names = {name for totals, _split in found for name in totals.by}
    channels = [
        Channel(name, _steps(metrics, [totals.by.get(name, NOTHING) for totals, _s in found]))
        for name in names
    ]
    channels.sort(key=lambda one: (-(_largest(one.steps)), one.name is None, one.name or ""))
    if by and len(whole) == len(metrics) and any(step.value is not None for step in steps):
        raise Invalid([_no_dimension(by)])
    return Funnel(question, *days, steps, channels, whole)


NOTHING = Total(None, exact=True)


def _refuse_computed(metrics: Sequence[Metric]) -> None:
    """A rate is no number of people or things, so nothing can be converted from it."""
    problems = [
        Problem(
            _("“%(name)s” is computed; a step of a funnel is counted.") % {"name": metric.name},
            code="computed",
            pointer=f"/metrics/{place}",
            column="metrics",
        )
        for place, metric in enumerate(metrics)
        if metric.is_computed
    ]
    if problems:
        raise Invalid(problems)


def _no_dimension(by: str) -> Problem:
    message = _("None of these metrics has a dimension “%(name)s”.") % {"name": by}
    return Problem(message, code="unknown_dimension", pointer="/by", column="by")


def _totals(metric: Metric, span: Span, by: str, question: Question) -> tuple[Totals, bool]:
    """The totals, and whether they could be split: not every tool knows every dimension."""
    known_at = known_instant(question.known_at, metric.workspace.timezone)
    try:
        return read_totals(metric, span, by=by, where=question.where, known_at=known_at), True
    except Invalid as refusal:
        if not by or any(one.column != "by" for one in refusal.problems):
            raise
        return read_totals(metric, span, where=question.where, known_at=known_at), False


def _steps(metrics: Sequence[Metric], totals: Sequence[Total]) -> list[Step]:
    values = [total.value for total in totals]
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    passed: list[Decimal | None] = []  # what came so far, levels left out
    found: list[Step] = []
    for metric, total in zip(metrics, totals, strict=True):
        counts = metric.kind != LAST
        before, first = (passed[-1], passed[0]) if passed and counts else (None, None)
        found.append(_step(metric, total, before, first, largest))
        if counts:
            passed.append(total.value)
    return found


def _step(
    metric: Metric,
    total: Total,
    before: Decimal | None,
    first: Decimal | None,
    largest: Decimal | None,
) -> Step:
    size = float(abs(total.value) / largest) if largest and total.value is not None else 0.0
    return Step(
        metric, total.value, total.exact, _share(total.value, before),
        _share(total.value, first), size,
    )  # fmt: skip


def _share(value: Decimal | None, of: Decimal | None) -> Decimal | None:
    """A percentage of two sums; None where there is nothing to be a share of."""
    return None if value is None or of is None else divide(value, of, PERCENT)


def _largest(steps: Sequence[Step]) -> Decimal:
    return max((abs(step.value) for step in steps if step.value is not None), default=Decimal(0))
