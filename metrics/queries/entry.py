"""The grid in which values are entered by hand: periods down, metrics across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from metrics.models.definitions import MEASURED, UNIQUE, Metric
from metrics.models.imports import ImportRun, Source
from metrics.queries.beside import Beside, beside
from metrics.queries.facts import facts_at, source_names
from metrics.rules.amounts import plain, unscale
from metrics.rules.dims import Dims, as_text
from metrics.rules.keys import hash_key, plain_key
from metrics.rules.periods import (
    DAY,
    Grain,
    Period,
    bucket_start,
    label,
    next_start,
    period_of,
    previous,
)
from workspaces.models import Workspace

ROWS = {Grain.DAY: 14, Grain.WEEK: 8, Grain.MONTH: 12}
MOST_COLUMNS = 10
USUAL_COLUMNS = 4


@dataclass(frozen=True)
class Asked:
    """Which grid: how wide a row is, the last row's period, the columns and their dimensions."""

    grain: Grain
    until: date
    metrics: Sequence[Metric]
    dims: Dims = ()


@dataclass(frozen=True)
class Cell:
    """One value: where it belongs, what stands there, who entered it, what others brought.

    `version` and `amount` (scaled) are None where nothing stands; `beside` is what stands for the
    same metric, dimensions (and finer ones) and period under other keys.
    """

    metric: Metric
    period: Period
    key: str | None
    amount: int | None = None
    version: int | None = None
    by: str = ""
    beside: Sequence[Beside] = ()

    @property
    def name(self) -> str:
        """What the form's fields of this cell are called, behind their first letter."""
        return f"{self.metric.pk}-{self.period.end.isoformat()}"

    @property
    def text(self) -> str:
        """The value as a plain decimal."""
        if self.amount is None:
            return ""
        return plain(unscale(self.amount, self.metric.decimals)) or ""

    @property
    def adds_up(self) -> bool:
        """Whether a value entered here is added to what others have told."""
        return bool(self.beside) and self.metric.kind != UNIQUE

    @property
    def others(self) -> Decimal | None:
        """What others have told comes to; None of people."""
        known = [one.value for one in self.beside if one.value is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def tellers(self) -> list[str]:
        """The sources of what stands beside it."""
        return [one.source for one in self.beside]


@dataclass(frozen=True)
class Sheet:
    """The rows from top to bottom, and where the neighbouring grids end."""

    rows: Sequence[tuple[Period, Sequence[Cell]]]
    earlier: date
    later: date

    @property
    def cells(self) -> list[Cell]:
        """Every cell, row by row."""
        return [cell for _period, cells in self.rows for cell in cells]


def enterable(workspace: Workspace) -> QuerySet[Metric]:
    """The metrics in use that have values of their own, by name."""
    rows = Metric.objects.filter(workspace=workspace, kind__in=MEASURED, retired_at=None)
    return rows.order_by("name", "pk")


def read_sheet(workspace: Workspace, asked: Asked, *, source: str) -> Sheet:
    """The grid as it stands now; 6 queries, whatever its size."""
    periods = _periods(asked)
    keys = {period: _key(period, asked.dims) for period in periods}
    origin = Source.objects.filter(workspace=workspace, name=source).first()
    names = [
        (metric.pk, keys[period] or plain_key(period.end, asked.dims, 1))
        for metric in asked.metrics
        for period in periods
    ]
    facts = facts_at(origin.pk, names) if origin else {}
    people = _people({fact.import_id for fact in facts.values()})
    others = beside(
        asked.metrics,
        days=(periods[0].start, periods[-1].end),
        dims=asked.dims,
        grain=asked.grain,
        known={fact.khash for fact in facts.values()},
        names=source_names(workspace),
    )

    def cell(metric: Metric, period: Period) -> Cell:
        key = keys[period] or plain_key(period.end, asked.dims, 1)
        fact = facts.get((metric.pk, hash_key(origin.pk, key))) if origin else None
        told = others.get((metric.pk, period.start), ())
        if fact is None:
            return Cell(metric, period, keys[period], beside=told)
        by = people.get(fact.import_id, "")
        return Cell(metric, period, keys[period], fact.value, fact.import_id, by, told)

    rows = [(period, [cell(metric, period) for metric in asked.metrics]) for period in periods]
    later = asked.until
    for _row in periods:
        later = next_start(bucket_start(later, asked.grain), asked.grain)
    return Sheet(rows, periods[0].start - DAY, later)


def _periods(asked: Asked) -> list[Period]:
    """The periods of the rows; the last is that of the day that was asked for."""
    found = [period_of(asked.until, asked.grain)]
    while len(found) < ROWS[asked.grain]:
        found.insert(0, previous(found[0]))
    return found


def _key(period: Period, dims: Dims) -> str | None:
    """The key of a value: a day's is that of a row without one, a wider period's its own."""
    return None if period.grain is Grain.DAY else f"{label(period)}|{as_text(dims)}|1"


def _people(runs: set[int]) -> dict[int, str]:
    """Who brought the facts of these runs; 1 query."""
    rows = ImportRun.objects.filter(pk__in=runs, by__isnull=False).select_related("by__user")
    return {run.pk: run.by.user.display_name for run in rows if run.by}
