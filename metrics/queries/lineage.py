"""Where a value comes from: its inputs, the imports, the facts, and the rows of their files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, Series
from metrics.queries import sums
from metrics.queries.answers import Total
from metrics.queries.known import places_as_known
from metrics.queries.questions import Filters
from metrics.queries.series import inputs_of
from metrics.queries.totals import read_totals
from metrics.rules.amounts import unscale
from metrics.rules.periods import Span

MOST_FACTS = 10_000  # that are listed; the value itself knows no such limit
MOST_RUNS = 50


@dataclass(frozen=True)
class InputValue:
    """A metric with observations that the value is made of, over the same days.

    `series` are those of the listed facts.
    """

    metric: Metric
    total: Total
    series: int


@dataclass(frozen=True)
class RunPart:
    """One run that brought facts of the value, and how many of those listed."""

    run: ImportRun
    facts: int


@dataclass(frozen=True)
class Lineage:
    """A value and what it stands on; `facts` are at most 10,000, by day.

    `is_cut` says that there are more of them than are listed and counted by run.
    """

    metric: Metric
    span: Span
    where: Filters
    known_at: datetime | None
    total: Total
    inputs: list[InputValue]
    runs: list[RunPart]
    facts: QuerySet[Observation] | list[Observation]
    count: int
    is_cut: bool


@dataclass(frozen=True)
class Fact:
    """One observation: `row` is its row in the file of its run, or None where `row` says why."""

    metric: Metric
    day: date
    dims: Mapping[str, str]
    value: Decimal
    source: str
    run: ImportRun | None
    khash: int
    import_id: int


def trace(
    metric: Metric, span: Span, *, where: Filters = (), known_at: datetime | None = None
) -> Lineage:
    """What the value over these days is made of; a constant number of queries for each input.

    Of a past view what it was made of then, with the runs that had brought that.
    """
    total = read_totals(metric, span, where=where, known_at=known_at).whole
    inputs = inputs_below(metric)
    series = _series(inputs, where)
    facts: QuerySet[Observation] | list[Observation]
    if known_at is None:
        facts = _facts(inputs, series, span, where)
        places = facts.values_list("import_id", "series__metric_id", "series_id")
        listed = list(places[: MOST_FACTS + 1])
    else:
        facts = _facts_then(series, span, known_at)
        listed = [(one.import_id, one.series.metric_id, one.series_id) for one in facts]
    ids = [run for run, _metric, _series in listed]
    owned = Counter(metric_id for metric_id, _series in {place[1:] for place in listed})
    values = [
        InputValue(one, read_totals(one, span, where=where, known_at=known_at).whole, owned[one.pk])
        for one in inputs
    ]
    return Lineage(
        metric=metric,
        span=span,
        where=where,
        known_at=known_at,
        total=total,
        inputs=values,
        runs=_runs(metric, Counter(ids[:MOST_FACTS])),
        facts=facts[:MOST_FACTS],
        count=min(len(ids), MOST_FACTS),
        is_cut=len(ids) > MOST_FACTS,
    )


def inputs_below(metric: Metric) -> list[Metric]:
    """The measured metrics below, by name; 2 queries."""
    ids = inputs_of(metric.workspace, [metric.pk])[metric.pk]
    return list(Metric.objects.filter(pk__in=ids).select_related("workspace").order_by("name"))


def _series(inputs: Sequence[Metric], where: Filters) -> list[tuple[int, int]]:
    """The series (and their metrics) that the filters keep; 1 query."""
    allowed: dict[str, set[str | None]] = {}
    for name, value in where:
        allowed.setdefault(name, set()).add(value)
    return [
        (pk, metric_id)
        for pk, metric_id, dims in sums.series_of([metric.pk for metric in inputs])
        if all(dims.get(name) in values for name, values in allowed.items())
    ]


def _facts(
    inputs: Sequence[Metric],
    series: Sequence[tuple[int, int]],
    span: Span,
    where: Filters,
) -> QuerySet[Observation]:
    """The facts of these days in a fixed order."""
    rows = Observation.objects.filter(day__range=(span.first, span.last))
    if where:
        rows = rows.filter(series_id__in=[pk for pk, _metric in series])
    else:
        rows = rows.filter(series__metric_id__in=[metric.pk for metric in inputs])
    return rows.select_related("series").order_by("day", "series_id", "khash")


def _facts_then(
    series: Sequence[tuple[int, int]], span: Span, known_at: datetime
) -> list[Observation]:
    """The facts as they were known, in the same order, at most one more than are listed."""
    ids = [pk for pk, _metric in series]
    rows = places_as_known(ids, span, known_at, limit=MOST_FACTS + 1)
    known = Series.objects.in_bulk({row.series_id for row in rows})
    return [
        Observation(
            series=known[row.series_id], day=row.day, value=row.value, khash=row.khash,
            import_id=row.import_id,
        )
        for row in rows
    ]  # fmt: skip


def _runs(metric: Metric, counted: Counter[int]) -> list[RunPart]:
    """The runs that brought most of the facts; 1 query."""
    common = dict(counted.most_common(MOST_RUNS))
    rows = ImportRun.objects.filter(workspace=metric.workspace, pk__in=common)
    found = rows.select_related("source", "by__user").order_by("-pk")
    return [RunPart(run, common[run.pk]) for run in found]


def facts_told(found: Lineage, rows: Sequence[Observation]) -> list[Fact]:
    """Some of the facts with their metric, source and run; 1 query."""
    metrics = {one.metric.pk: one.metric for one in found.inputs}
    wanted = {row.import_id for row in rows}
    runs = ImportRun.objects.filter(workspace=found.metric.workspace, pk__in=wanted)
    known = {run.pk: run for run in runs.select_related("source", "workspace")}
    return [_fact(row, metrics[row.series.metric_id], known.get(row.import_id)) for row in rows]


def _fact(row: Observation, metric: Metric, run: ImportRun | None) -> Fact:
    return Fact(
        metric=metric,
        day=row.day,
        dims=row.series.dims,
        value=unscale(row.value, metric.decimals),
        source=run.source.name if run and run.source else "",
        run=run,
        khash=row.khash,
        import_id=row.import_id,
    )
