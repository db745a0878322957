"""Many questions about metrics, asked at once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from goals.models import ForecastRecord, Goal, Guardrail
from goals.rules.amounts import shared_out
from goals.rules.spans import Measure
from metrics.models import Metric
from metrics.queries.answers import Window
from metrics.queries.series import read_value, read_windows
from metrics.rules.periods import Span
from workspaces.models import Workspace

Key = tuple[int, date, date, int]  # metric, first, last, version of its definition
Asking = Goal | Guardrail | ForecastRecord


@dataclass
class Questions:
    """Collects what is to be read, each window once, and reads it all in one go.

    A goal is read by the version of its metric's definition that it was set on.
    """

    metrics: dict[int, Metric] = field(default_factory=dict)
    asked: dict[Key, None] = field(default_factory=dict)

    def ask(self, goal: Asking, span: Span) -> None:
        """Remember one window of the metric of a goal or whatever else names one."""
        self.metrics[goal.metric.pk] = goal.metric
        self.asked[goal.metric.pk, span.first, span.last, goal.definition_revision] = None

    def answer(self, workspace: Workspace, *, fresh: bool = False) -> "Numbers":
        """Read every window: from rollups at once, or each from its observations when `fresh`."""
        keys = list(self.asked)
        if fresh:
            return Numbers({key: self._sum(key) for key in keys})
        found = read_windows(workspace, [Window(*key) for key in keys]) if keys else []
        return Numbers(dict(zip(keys, found, strict=True)))

    def _sum(self, key: Key) -> Decimal | None:
        metric_id, first, last, version = key
        metric = self.metrics[metric_id]
        return read_value(metric, first=first, last=last, fresh=True, version=version)


@dataclass(frozen=True)
class Numbers:
    """The answers, by metric and days."""

    values: dict[Key, Decimal | None]

    def over(self, goal: Asking, span: Span) -> Decimal | None:
        """The metric of a goal or a guardrail over the days of a span that was asked for."""
        key = (goal.metric.pk, span.first, span.last, goal.definition_revision)
        return self.values.get(key)

    def measured(self, goal: Asking, measure: Measure | None) -> Decimal | None:
        """The goal's metric over a measure: its days, divided among its parts."""
        if measure is None:
            return None
        value = self.over(goal, measure.span)
        return None if value is None else shared_out(value, measure.parts)
