"""What a metric is read against, and how it stands against that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.models.definitions import Metric
from metrics.queries.answers import Window
from metrics.queries.freshness import Freshness, freshness_of
from metrics.queries.series import read_windows
from metrics.rules.freshness import State
from metrics.rules.periods import Grain, Period, label, period_of, previous
from metrics.rules.standing import (
    Against,
    Share,
    Trend,
    against,
    band_of,
    trend,
    trend_of_shares,
)
from workspaces.models import Workspace

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class BenchmarkRow:
    """A benchmark; `is_old` says that it is dated more than a year back."""

    benchmark: Benchmark
    is_old: bool


@dataclass(frozen=True)
class Standing:
    """How a metric stood in its last whole period; `state` is that of its data.

    With late data nothing is said but the state: `against` and `trend` are None.
    """

    period: str
    start: date
    end: date
    value: Decimal | None
    before: Decimal | None
    target: MetricTarget | None
    against: Against | None
    trend: Trend | None
    state: State
    is_past: bool = False  # late, and no newer data are expected


def benchmarks_of(metric: Metric, *, today: date) -> list[BenchmarkRow]:
    """The benchmarks of a metric, newest first; 1 query."""
    rows = Benchmark.objects.select_related("by__user").filter(metric=metric)
    return [benchmark_row(mark, today=today) for mark in rows.order_by("-dated", "-pk")]


def benchmark_row(benchmark: Benchmark, *, today: date) -> BenchmarkRow:
    """A benchmark, and whether it is old today."""
    return BenchmarkRow(benchmark, today - benchmark.dated > YEAR)


def annotations_of(
    workspace: Workspace,
    *,
    metric: Metric | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Annotation]:
    """Notes of a range by day, newest first: the workspace's, and those of a metric if given."""
    rows = Annotation.objects.select_related("metric", "by__user").filter(workspace=workspace)
    if metric is not None:
        rows = rows.filter(Q(metric=metric) | Q(metric=None))
    if first is not None:
        rows = rows.filter(day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    return rows.order_by("-day", "-pk")


def targets_of(metric: Metric, grain: Grain | None = None) -> QuerySet[MetricTarget]:
    """The targets of a metric, newest first, for one grain or all; 1 query."""
    rows = MetricTarget.objects.select_related("by__user").filter(metric=metric)
    rows = rows if grain is None else rows.filter(grain=grain.value)
    return rows.order_by("-first", "-pk")


def target_on(targets: Sequence[MetricTarget], day: date) -> MetricTarget | None:
    """The target in force on a day."""
    return next((target for target in targets if target.holds_on(day)), None)


def standing_of(metric: Metric, grain: Grain, *, at: datetime) -> Standing:
    """How the metric stood in its last whole period; a constant number of queries."""
    today = metric.workspace.day_of(at)
    fresh = freshness_of(metric.workspace, [metric.pk], today)[metric.pk]
    period, state = _last_whole(grain, today, fresh), fresh.state
    earlier = previous(period)
    now, before = _values(metric, period, earlier)
    target = target_on(list(targets_of(metric, grain)), period.end)
    late = state is not State.FRESH
    return Standing(
        label(period),
        period.start,
        period.end,
        now[0],
        before[0],
        target,
        None if late else _against(metric, now[0], target),
        None if late else _trend(metric, now, before),
        state,
        is_past=late and not fresh.is_expected,
    )


def _last_whole(grain: Grain, today: date, fresh: Freshness) -> Period:
    """The last period that has ended and of which all data that are due are in."""
    day = today if fresh.until is None else min(today, fresh.until + timedelta(days=fresh.gap))
    return previous(period_of(day, grain))


Parts = tuple[Decimal | None, Decimal | None, Decimal | None]  # value, numerator, denominator


def _values(metric: Metric, *wanted: Period) -> list[Parts]:
    """The value of each period with its parts, where it is a ratio; 3 queries."""
    ids = (metric.pk, metric.numerator_id or metric.pk, metric.denominator_id or metric.pk)
    windows = [Window(pk, period.start, period.end) for period in wanted for pk in ids]
    found = read_windows(metric.workspace, windows)
    return [(found[at], found[at + 1], found[at + 2]) for at in range(0, len(found), len(ids))]


def _against(metric: Metric, value: Decimal | None, target: MetricTarget | None) -> Against:
    up = metric.direction == "up"
    band = band_of(target.value, target.low, target.high, up=up) if target else None
    return against(value, band)


def _trend(metric: Metric, now: Parts, before: Parts) -> Trend:
    up = metric.direction == "up"
    top, below = metric.numerator, metric.denominator
    if not (metric.is_ratio and top and below and {top.unit, below.unit} == {"count"}):
        return trend(now[0], before[0], up=up)
    if now[0] is None or before[0] is None:
        return Trend.NO_COMPARISON
    return trend_of_shares(_share(now), _share(before), up=up)


def _share(parts: Parts) -> Share:
    return Share(float(parts[1] or 0), float(parts[2] or 0))
