"""The list of metrics: what each says now, how it moved, and whether its data are fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from metrics.models.definitions import ADDITIVE, Metric
from metrics.queries import sums
from metrics.queries.freshness import Freshness, freshness_of
from metrics.queries.series import Window, read_windows
from metrics.rules.aggregation import share
from metrics.rules.periods import WEEK, Grain, bucket_start, period_of, previous
from workspaces.models import Workspace

WEEKS = 26  # of the sparkline
RECENT = timedelta(days=28)
SPARSE = 20  # days between data; from here on whole months are compared


@dataclass(frozen=True)
class MetricRow:
    """One metric of the catalogue.

    `value` is that of the days `first` to `last`; `before` of as many days (or the month) right
    before; `change` is the share between them and `compared` says with what; `points` holds one
    value a week, None for a week without.
    """

    metric: Metric
    value: Decimal | None
    before: Decimal | None
    change: Decimal | None
    compared: str
    first: date | None
    last: date | None
    points: list[Decimal | None]
    data_until: date | None
    is_late: bool

    @property
    def by_month(self) -> bool:
        """Whether whole months are compared, because the data come so seldom."""
        return self.first is not None and self.last is not None and self.last - self.first >= RECENT


def metrics_of(workspace: Workspace, *, retired: bool = False) -> QuerySet[Metric]:
    """The metrics in use (or the retired ones) by name, with what they divide; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, retired_at__isnull=not retired)
    return rows.select_related("numerator", "denominator", "owner__user").order_by("name", "pk")


def find_metric(workspace: Workspace, key: str) -> Metric | None:
    """The metric of that key with what it divides and its owner, retired ones too; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, key=key)
    return rows.select_related("workspace", "numerator", "denominator", "owner__user").first()


def additive_metrics(workspace: Workspace) -> QuerySet[Metric]:
    """The metrics in use that take observations and can be parts of a ratio, by name; 1 query."""
    return metrics_of(workspace).filter(kind=ADDITIVE)


def catalogue(
    workspace: Workspace, *, at: datetime, metrics: Sequence[Metric] | None = None
) -> list[MetricRow]:
    """Every metric in use, or those given, with what they say now; a constant number of queries."""
    rows = list(metrics_of(workspace)) if metrics is None else metrics
    today = workspace.day_of(at)
    fresh = freshness_of(workspace, [metric.pk for metric in rows], today)
    pairs = [_windows(metric, fresh[metric.pk]) for metric in rows]
    values = iter(read_windows(workspace, [window for pair in pairs for window in pair]))
    points = _weekly(rows, [fresh[metric.pk].until for metric in rows])
    return [
        _row(metric, fresh[metric.pk], pair, [next(values) for _window in pair], points[metric.pk])
        for metric, pair in zip(rows, pairs, strict=True)
    ]


def _windows(metric: Metric, fresh: Freshness) -> list[Window]:
    """The latest four weeks with data and the four before; for sparse data two months."""
    if fresh.until is None:
        return []
    if fresh.gap >= SPARSE:
        month = period_of(fresh.until, Grain.MONTH)
        before = previous(month)
        return [
            Window(metric.pk, month.start, month.end),
            Window(metric.pk, before.start, before.end),
        ]
    start = fresh.until - RECENT + timedelta(days=1)
    return [
        Window(metric.pk, start, fresh.until),
        Window(metric.pk, start - RECENT, start - timedelta(days=1)),
    ]


def _row(
    metric: Metric,
    fresh: Freshness,
    pair: Sequence[Window],
    values: Sequence[Decimal | None],
    points: list[Decimal | None],
) -> MetricRow:
    value, before = values or (None, None)
    return MetricRow(
        metric=metric,
        value=value,
        before=before,
        change=share(value, before),
        compared=_("vs the month before") if fresh.gap >= SPARSE else _("vs the 4 weeks before"),
        first=pair[0].first if pair else None,
        last=min(pair[0].last, fresh.until or pair[0].last) if pair else None,
        points=points,
        data_until=fresh.until,
        is_late=fresh.is_late,
    )


def _weekly(
    metrics: Sequence[Metric], until: Sequence[date | None]
) -> dict[int, list[Decimal | None]]:
    """The last half year of each metric by whole ISO weeks, from the rollups; 1 query."""
    ends = [day for day in until if day is not None]
    if not ends:
        return {metric.pk: [] for metric in metrics}
    inputs = {pk for metric in metrics for pk in metric.recipe.inputs}
    first = bucket_start(min(ends), Grain.WEEK) - WEEK * WEEKS
    stored = sums.metric_rollups(inputs, [Grain.WEEK], first, max(ends))
    return {
        metric.pk: _line(metric, last, stored) for metric, last in zip(metrics, until, strict=True)
    }


def _line(
    metric: Metric, until: date | None, stored: dict[tuple[int, int, date], int]
) -> list[Decimal | None]:
    """One value a week up to the last week that has ended with data in it."""
    if until is None:
        return []
    last = bucket_start(until + timedelta(days=1), Grain.WEEK) - WEEK
    starts = [last - WEEK * place for place in reversed(range(WEEKS))]
    recipe, code = metric.recipe, Grain.WEEK.code
    values = [
        recipe.value(
            {pk: stored[pk, code, week] for pk in recipe.inputs if (pk, code, week) in stored}
        )
        for week in starts
    ]
    while values and values[0] is None:
        values.pop(0)
    return values
