"""Optimisations with what they brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from metrics.queries.answers import Window
from metrics.queries.series import inputs_of, latest_of, read_windows
from metrics.rules.periods import Span
from reports.models import Optimisation
from reports.rules.effects import Effect, effect_of, spans_of
from tasks.models import Cycle
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day


@dataclass(frozen=True)
class Tried:
    """One optimisation, its effect, and the days that are compared."""

    row: Optimisation
    effect: Effect
    before: Span
    after: Span

    @property
    def known_on(self) -> date:
        """The first day on which all days are over."""
        return self.after.last + timedelta(days=1)

    @property
    def is_good(self) -> bool | None:
        """Whether the metric moved to its better side; None where it has none, or did not."""
        way, change = self.row.metric.direction, self.effect.change
        if not change or way not in {"up", "down"}:
            return None
        return (change > 0) == (way == "up")


def optimisations_of(workspace: Workspace, cycle: Cycle | None = None) -> QuerySet[Optimisation]:
    """All optimisations, or those of a cycle, the newest change first; 1 query."""
    rows = Optimisation.objects.filter(workspace=workspace)
    if cycle is not None:
        rows = rows.filter(cycle=cycle)
    related = ("metric", "goal", "card", "cycle", "written_by__user")
    return rows.select_related(*related).order_by("-started_on", "-pk")


def tried(workspace: Workspace, rows: Sequence[Optimisation], at: datetime) -> list[Tried]:
    """The rows with their effects, in their order; a constant number of queries.

    Each window is one question to the metric: ratios are ratios of sums, people are counted once.
    """
    if not rows:
        return []
    spans = [spans_of(row.started_on, row.days) for row in rows]
    windows = [
        Window(row.metric_id, span.first, span.last)
        for row, pair in zip(rows, spans, strict=True)
        for span in pair
    ]
    values = read_windows(workspace, windows)
    latest = latest_of(inputs_of(workspace, {row.metric_id for row in rows}))
    complete = last_complete_day(at, workspace.timezone)
    return [
        Tried(
            row,
            effect_of(
                after,
                (values[2 * n], values[2 * n + 1]),
                complete=complete,
                data_until=latest.get(row.metric_id),
            ),
            before,
            after,
        )
        for n, (row, (before, after)) in enumerate(zip(rows, spans, strict=True))
    ]
