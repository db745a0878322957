"""Many questions about metrics, asked at once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from goals.rules.amounts import shared_out
from goals.rules.spans import Measure, Span
from metrics.models import Metric
from metrics.queries.answers import Window
from metrics.queries.series import read_value, read_windows
from workspaces.models import Workspace

Key = tuple[int, date, date]


@dataclass
class Questions:
    """Collects what is to be read, each window once, and reads it all in one go."""

    metrics: dict[int, Metric] = field(default_factory=dict)
    asked: dict[Key, None] = field(default_factory=dict)

    def ask(self, metric: Metric, span: Span) -> None:
        """Remember one window of one metric."""
        self.metrics[metric.pk] = metric
        self.asked[metric.pk, span.first, span.last] = None

    def answer(self, workspace: Workspace, *, fresh: bool = False) -> "Numbers":
        """Read every window: from rollups at once, or each from its observations when `fresh`."""
        keys = list(self.asked)
        if fresh:
            return Numbers({key: self._sum(key) for key in keys})
        found = read_windows(workspace, [Window(*key) for key in keys]) if keys else []
        return Numbers(dict(zip(keys, found, strict=True)))

    def _sum(self, key: Key) -> Decimal | None:
        metric_id, first, last = key
        return read_value(self.metrics[metric_id], first=first, last=last, fresh=True)


@dataclass(frozen=True)
class Numbers:
    """The answers, by metric and days."""

    values: dict[Key, Decimal | None]

    def over(self, metric_id: int, span: Span) -> Decimal | None:
        """The metric over the days of a span that was asked for."""
        return self.values.get((metric_id, span.first, span.last))

    def measured(self, metric_id: int, measure: Measure | None) -> Decimal | None:
        """The metric over a measure: its days, divided among its parts."""
        if measure is None:
            return None
        value = self.over(metric_id, measure.span)
        return None if value is None else shared_out(value, measure.parts)
