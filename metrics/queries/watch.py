"""What stands beside a metric's chart: how it stands, alerts, targets, benchmarks, notes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from metrics.models.alerts import Alert
from metrics.models.context import Annotation, MetricTarget
from metrics.models.definitions import Metric
from metrics.queries.alerts import RuleRow, alerts_of, rule_row, rules_of
from metrics.queries.context import (
    BenchmarkRow,
    Standing,
    annotations_of,
    benchmarks_of,
    standing_of,
    targets_of,
)
from metrics.rules.periods import Grain, bucket_start, periods
from metrics.rules.standing import Against, Trend

NOTES = 30
HISTORY = 10
MOST_STEPS = 400  # periods that a target's line is drawn through


@dataclass(frozen=True)
class Pin:
    """A note, and the first day of the period of the chart that its day lies in."""

    note: Annotation
    start: date


@dataclass(frozen=True)
class Level:
    """A target and the first days of the chart's periods that it holds for."""

    target: MetricTarget
    starts: list[date]


@dataclass(frozen=True)
class WatchPage:
    """Everything that is read beside the numbers of a metric."""

    grain: Grain
    standing: Standing
    verdict: str
    rules: list[RuleRow]
    history: list[Alert]
    targets: list[MetricTarget]
    levels: list[Level]
    benchmarks: list[BenchmarkRow]
    pins: list[Pin]


def watch_page(metric: Metric, grain: Grain, *, at: datetime) -> WatchPage:
    """Read it all, for a chart of that grain; a constant number of queries."""
    today = metric.workspace.day_of(at)
    standing = standing_of(metric, grain, at=at)
    targets = list(targets_of(metric))
    notes = annotations_of(metric.workspace, metric=metric)[:NOTES]
    return WatchPage(
        grain,
        standing,
        _verdict(standing),
        [rule_row(rule, at) for rule in rules_of(metric.workspace, metric)],
        list(alerts_of(metric.workspace, metric=metric)[:HISTORY]),
        targets,
        [_level(target) for target in targets if target.grain == grain.value],
        benchmarks_of(metric, today=today),
        [Pin(note, bucket_start(note.day, grain)) for note in notes],
    )


def _level(target: MetricTarget) -> Level:
    steps = periods(Grain(target.grain), target.first, target.last)
    whole = [step for step in steps if target.holds_on(step.end) or step is steps[-1]]
    return Level(target, [step.start for step in whole[-MOST_STEPS:]])


def _verdict(standing: Standing) -> str:
    """How the metric stands, in a sentence; late data are no verdict."""
    if standing.is_past:
        return _("These are past data, newer ones are not expected: nothing is said of now.")
    if standing.against is None or standing.trend is None:
        return _("The data are late, so nothing is said about how it stands.")
    first = {
        Against.ON_TARGET: _("On target."),
        Against.OFF_TARGET: _("Off target."),
        Against.NO_TARGET: _("No target is set for this period."),
        Against.NO_DATA: _("No data in this period."),
    }[standing.against]
    then = {
        Trend.BETTER: _("Better than the period before."),
        Trend.WORSE: _("Worse than the period before."),
        Trend.UNCLEAR: _("No clear change from the period before."),
        Trend.NO_COMPARISON: _("Nothing to compare it with."),
    }[standing.trend]
    return f"{first} {then}"
