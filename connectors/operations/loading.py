"""From what was read to observations: metrics that are missing defined, chunks stored whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from connectors.models.connectors import Connector, Fetch
from connectors.rules.description import Description, definitions_of
from connectors.rules.rows import Read
from metrics.models.definitions import LAST, Metric
from metrics.models.imports import FETCHED, MAY_MOVE, ImportRun
from metrics.operations.definitions import define_missing
from metrics.operations.facts import FactBook
from metrics.operations.observations import (
    MOST_AT_ONCE,
    Reading,
    hold_metrics,
    load_chunk,
    prepare_series,
)
from metrics.operations.series import find_source
from metrics.operations.withdrawing import (
    count_standing,
    ended_levels,
    withdraw_keys,
    withdraw_unnamed,
)
from metrics.queries.imports import differences, unfit
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.keys import hash_key
from metrics.rules.measures import NewMetric
from metrics.rules.periods import Span
from workspaces.models import Workspace

SAME = ("kind", "unit", "currency")
SURELY_THERE = 10  # values of a column; a few may all be taken back or fall to zero
COUNTS = ("new", "changed", "unchanged")


@dataclass(frozen=True)
class Chunk:
    """What a server said of some days: values, how many rows, and what was wrong with them.

    `silent` are metrics of which no row said anything, with the paths that led nowhere.
    """

    days: Span
    reads: list[Read]
    rows: int
    rejected: int
    faults: list[Fault]
    silent: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Target:
    """Where a fetch stores: its run, its metrics by key, and how they are read."""

    fetch: Fetch
    run: ImportRun
    metrics: Mapping[str, Metric]
    zone: str
    replace: bool
    skip_bad_rows: bool
    levels: tuple[int, ...] = ()  # the metrics of a state of today, of which all is told
    book: FactBook = field(default_factory=FactBook)

    @property
    def decimals(self) -> dict[str, int]:
        """How exact each metric is."""
        return {key: metric.decimals for key, metric in self.metrics.items()}

    def readings(self, chunk: Chunk) -> list[Reading]:
        """The chunk as readings, their series found or made: before the transaction that stores."""
        ids = {key: metric.pk for key, metric in self.metrics.items()}
        found = [
            Reading(ids[one.metric], one.day, one.value, one.dims, one.key, 1, one.who or None)
            for one in chunk.reads
            if one.value is not None
        ]
        if self.levels and self.replace and not chunk.rejected:
            source, day = self.run.source_id or 0, chunk.days.last
            found += [*ended_levels(source, metrics=self.levels, day=day, now=found)]
        prepare_series(found, self.book)
        return found

    def refuse(self, chunk: Chunk) -> None:
        """Unreadable for a chunk with rows that cannot be read, unless they may be left out.

        In any case for one that lacks a column that was there: the vendor has another form now.
        """
        if chunk.rejected and (not self.skip_bad_rows or chunk.rejected == chunk.rows):
            rejected = self.fetch.rejected + chunk.rejected
            Fetch.objects.filter(pk=self.fetch.pk).update(rejected=rejected)
            ImportRun.objects.filter(pk=self.run.pk).update(rejected=rejected)
            raise Unreadable(*chunk.faults)
        for metric, path in chunk.silent.items():
            days = (chunk.days.first, chunk.days.last)
            stood = count_standing(self.run.source_id or 0, self.metrics[metric].pk, days)
            if stood >= SURELY_THERE:
                raise Unreadable(Fault("column_vanished", column=path, value=path))


@transaction.atomic
def open_target(
    fetch: Fetch,
    connector: Connector,
    description: Description,
    params: Mapping[str, str],
    *,
    at: datetime,
) -> Target:
    """The run of a fetch, made once, and its metrics, made where they are missing.

    Raises Unreadable where a metric that is there is something else, Refused where one cannot be
    defined.
    """
    workspace = connector.workspace
    wanted = [entry.metric for entry in description.metrics]
    metrics = _metrics(workspace, wanted, definitions_of(description, params), fetch, at)
    for place, entry in enumerate(description.metrics):
        code = unfit(metrics.get(entry.metric), people=bool(entry.id))
        if code:
            raise Unreadable(Fault(code, value=entry.metric, pointer=f"/metrics/{place}/metric"))
    run = fetch.run or _open_run(fetch, connector, wanted, at)
    return Target(
        fetch=fetch,
        run=run,
        metrics={key: metrics[key] for key in wanted},
        zone=workspace.timezone,
        replace=description.replace,
        skip_bad_rows=connector.skip_bad_rows,
        levels=tuple(
            metrics[key].pk
            for key in wanted
            if description.window.today_only and metrics[key].kind == LAST
        ),
    )


def _open_run(fetch: Fetch, connector: Connector, wanted: list[str], at: datetime) -> ImportRun:
    """The run that the facts of the fetch name; an undo finds its metrics in `mapping`."""
    return ImportRun.objects.create(
        workspace=connector.workspace,
        source=find_source(connector.workspace, connector.name, keys=MAY_MOVE),
        kind=FETCHED,
        state="fetching",
        mapping={"source": connector.name, "metrics": [{"metric": key} for key in wanted]},
        details={"connector": connector.pk, "fetch": fetch.pk},
        by=fetch.asked_by,
        created_at=at,
        started_at=at,
        finished_at=at,
    )


def close_run(fetch: Fetch, *, at: datetime) -> None:
    """What the fetch has stored is a whole from now on, which can be undone."""
    if fetch.run_id is not None:
        run = ImportRun.objects.filter(pk=fetch.run_id, state="fetching")
        run.update(state="done", finished_at=at)


def _metrics(
    workspace: Workspace,
    wanted: Collection[str],
    create: Sequence[NewMetric],
    fetch: Fetch,
    at: datetime,
) -> dict[str, Metric]:
    """The metrics by key, missing ones defined; one that is filled must agree in what it is."""
    keys = {*wanted, *(entry.key for entry in create)}
    there = {m.key: m for m in Metric.objects.filter(workspace=workspace, key__in=keys)}
    filled = {key: metric for key, metric in there.items() if key in wanted}
    faults = differences(filled, create, SAME)
    if faults:
        raise Unreadable(*faults)
    by = fetch.asked_by or fetch.connector.by
    return define_missing(workspace, create, there=there, by=by, at=at)


def store_chunk(
    target: Target, chunk: Chunk, readings: Sequence[Reading], *, at: datetime
) -> dict[str, Any]:
    """Store a chunk in the caller's transaction and return the new counts of its fetch.

    What the source said before and says no more is withdrawn: under the keys of rows that no
    longer have a value, and, where the answer is all there is, everything else of those days.
    """
    ids = {key: metric.pk for key, metric in target.metrics.items()}
    source_id = target.run.source_id or 0
    silent = [
        (ids[read.metric], hash_key(source_id, read.key))
        for read in chunk.reads
        if read.value is None
    ]
    hold_metrics(target.run.workspace_id, ids.values())
    counts = dict.fromkeys(COUNTS, 0)
    for start in range(0, len(readings), MOST_AT_ONCE):
        some = readings[start : start + MOST_AT_ONCE]
        stored = load_chunk(
            target.run, some, by=target.run.by, at=at, book=target.book,
            decimals={metric.pk: metric.decimals for metric in target.metrics.values()},
        )  # fmt: skip
        counts = {name: counts[name] + getattr(stored, name) for name in COUNTS}
    withdrawn = withdraw_keys(target.run, silent, at=at) if silent else 0
    if target.replace and not chunk.rejected:
        withdrawn += withdraw_unnamed(
            target.run,
            ((one.metric_id, hash_key(source_id, one.key or "")) for one in readings),
            metrics=ids.values(),
            days=(chunk.days.first, chunk.days.last),
            at=at,
        )
    return _counted(target, chunk, counts, withdrawn, at)


def _counted(
    target: Target, chunk: Chunk, counts: Mapping[str, int], withdrawn: int, at: datetime
) -> dict[str, Any]:
    """Add a chunk's counts to the run; return those of the fetch."""
    target.run.details["withdrawn"] = target.run.details.get("withdrawn", 0) + withdrawn
    ImportRun.objects.filter(pk=target.run.pk).update(
        finished_at=at,
        details=target.run.details,
        rows_total=F("rows_total") + chunk.rows,
        rows_done=F("rows_done") + chunk.rows,
        rejected=F("rejected") + chunk.rejected,
        received=F("received") + sum(counts.values()),
        **{name: F(name) + count for name, count in counts.items()},
    )
    fetch = target.fetch
    faults = [*fetch.faults, *(fault.as_json() for fault in chunk.faults)] if chunk.faults else []
    return {
        "rows": fetch.rows + chunk.rows,
        "rejected": fetch.rejected + chunk.rejected,
        "withdrawn": fetch.withdrawn + withdrawn,
        "faults": faults[:100] if chunk.faults else (fetch.faults if fetch.rejected else []),
        **{name: getattr(fetch, name) + count for name, count in counts.items()},
    }
