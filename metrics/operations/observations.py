"""The one door by which observations come in, from REST, files, forms and other apps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import sleep
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.models.imports import MAY_MOVE, STABLE, ImportRun, Source
from metrics.models.observations import KeyPlace
from metrics.operations.columns import FactColumns, ReadingColumns
from metrics.operations.facts import FactBook, Reading, columns_of, facts_of, prepare_facts
from metrics.operations.series import find_source
from metrics.operations.storing import (
    Stored,
    Writer,
    classify_facts,
    empty_places,
    on_postgres,
    store_facts,
)
from metrics.queries.facts import facts_at
from metrics.rules.keys import hash_key
from metrics.verbs import OBSERVATIONS_RECORDED, OBSERVATIONS_WITHDRAWN
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused, Stale

__all__ = [
    "Reading",
    "Recorded",
    "hold_metrics",
    "load_chunk",
    "prepare_series",
    "record_batch",
    "record_observations",
    "try_chunk",
    "withdraw_observations",
]
T = TypeVar("T")
JOB = "roll_up"
MOST_AT_ONCE = 50_000
TRIES = 3  # a deadlock cannot happen by our order of locks; should one, nobody is to see it
WAIT = 0.05


@dataclass(frozen=True)
class Recorded:
    """What became of the readings; of `duplicates` under one key the last counted."""

    received: int
    new: int
    changed: int
    unchanged: int
    duplicates: int
    import_id: int


def record_observations(
    workspace: Workspace,
    *,
    source: str,
    readings: Sequence[Reading],
    by: Membership | None,
    at: datetime,
    kind: str = "rest",
) -> Recorded:
    """Store readings of one source, all or nothing; the same again changes nothing.

    A key may come again on another day or with other dimensions: the fact moves there. Readings
    without a key are told apart by day and dimensions, and counted where several share them.
    """
    return record_batch(workspace, batch={source: readings}, by=by, at=at, kind=kind)


def record_batch(
    workspace: Workspace,
    *,
    batch: Mapping[str, Sequence[Reading]],
    by: Membership | None,
    at: datetime,
    kind: str = "rest",
) -> Recorded:
    """Store readings of several sources together, all or nothing, as one run for each source.

    The counts are those of all of them, the import is the first.
    """
    every = [reading for readings in batch.values() for reading in readings]
    _refuse_foreign(workspace, every)
    book = prepare_series(every)
    sources = {
        name: find_source(workspace, name, keys=MAY_MOVE if _has_keys(readings) else STABLE)
        for name, readings in sorted(batch.items())  # two batches never wait in a circle
    }

    def store() -> Recorded:
        with transaction.atomic():
            hold_metrics(workspace.pk, {reading.metric_id for reading in every})
            done = []
            for name in sorted(batch):
                run = _open_run(workspace, sources[name], kind, by, at)
                recorded = load_chunk(run, batch[name], by=by, at=at, book=book)
                done.append(_close_run(run, recorded, by, at))
            return _together(done)

    return _retrying(store)


def _has_keys(readings: Iterable[Reading]) -> bool:
    return any(reading.key is not None for reading in readings)


def _together(parts: Sequence[Recorded]) -> Recorded:
    """The counts of several runs as one."""
    counts = {name: sum(getattr(part, name) for part in parts) for name in COUNTS}
    return Recorded(**counts, import_id=parts[0].import_id)


def load_chunk(
    run: ImportRun,
    readings: Sequence[Reading] | ReadingColumns,
    *,
    by: Membership | None,
    at: datetime,
    book: FactBook | None = None,
    decimals: Mapping[int, int] | None = None,
) -> Recorded:
    """Store one chunk for a run, with its marks, in the caller's transaction; logs nothing.

    Give the book of `prepare_series`, filled before the transaction, so that new series do not
    make other writers wait. `decimals` are those by which the values were scaled, if they were
    looked up in an earlier transaction: another number of them is Stale.
    """
    del by, at  # the run says who, and since when its facts are known
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("load_chunk stores together with its caller's checkpoint")
    rows = _columns(run, readings)
    held = hold_metrics(run.workspace_id, rows.present, decimals)
    book = book or prepare_series(rows)
    facts = facts_of(_source_of(run), rows, book, held)
    writer = Writer(run.pk, _source_of(run).pk, run.created_at)
    stored = store_facts(facts, writer, fresh=book.fresh)
    book.fresh = stored.new == len(facts)
    if stored.new or stored.changed:
        wake(JOB)
    return _recorded(run, rows, facts, stored)


def try_chunk(run: ImportRun, readings: Sequence[Reading] | ReadingColumns) -> Recorded:
    """Say what `load_chunk` would do to what is stored now, and write no fact."""
    with transaction.atomic():
        rows = _columns(run, readings)
        metrics = Metric.objects.in_bulk(rows.present)
        book = prepare_facts(rows, FactBook(), add=False)
        facts = facts_of(_source_of(run), rows, book, metrics)
        return _recorded(run, rows, facts, classify_facts(facts, _source_of(run).pk))


def prepare_series(
    readings: Sequence[Reading] | ReadingColumns, book: FactBook | None = None
) -> FactBook:
    """Find or make the series and people of the readings; before the transaction that stores."""
    return prepare_facts(readings, book or FactBook(), add=True)


def withdraw_observations(
    workspace: Workspace,
    *,
    source: str,
    keys: Sequence[tuple[int, str]],
    by: Membership | None,
    at: datetime,
) -> int:
    """Take back facts by (metric, key); they stay in the history. Return how many there were."""
    origin = Source.objects.filter(workspace=workspace, name=source).first()
    if origin is None:
        return 0

    def take_back() -> int:
        with transaction.atomic():
            hold_metrics(workspace.pk, {metric_id for metric_id, _key in keys})
            wanted = {(metric_id, hash_key(origin.pk, key)) for metric_id, key in keys}
            # Keys of rows that were sent without one say their place themselves.
            said = facts_at(origin.pk, keys)
            placed = {name: (fact.series_id, fact.day, fact.khash) for name, fact in said.items()}
            placed |= _places_of(origin, wanted)
            if not placed:
                return 0
            run = _open_run(workspace, origin, "rest", by, at)
            gone = empty_places(placed.values(), "withdrawn", Writer(run.pk, origin.pk, at))
            for metric_id, khash in placed:
                KeyPlace.objects.filter(metric_id=metric_id, source=origin.pk, khash=khash).delete()
            record(OBSERVATIONS_WITHDRAWN, run, by=by, at=at, source=source, withdrawn=gone)
            wake(JOB)
            return gone

    return _retrying(take_back)


def hold_metrics(
    workspace_id: int, ids: Iterable[int], decimals: Mapping[int, int] | None = None
) -> dict[int, Metric]:
    """Keep these metrics as they are until the end; refuse what takes no observations."""
    wanted = sorted(set(ids))
    metrics = Metric.objects.filter(workspace_id=workspace_id, pk__in=wanted).order_by("pk")
    if on_postgres() and wanted:
        with connection.cursor() as cursor:
            lock = "SELECT 1 FROM metrics_metric WHERE id = ANY(%s) ORDER BY id FOR SHARE"
            cursor.execute(lock, [wanted])
    found = {metric.pk: metric for metric in metrics}
    for pk in wanted:
        metric = found.get(pk)
        if metric is None:
            raise Refused(
                _("A metric of these observations does not exist."), code="unknown_metric"
            )
        _refuse_closed(metric)
        if decimals is not None and decimals.get(pk, metric.decimals) != metric.decimals:
            raise Stale(
                _("The decimals of “%(name)s” were changed meanwhile.") % {"name": metric.name},
                current=metric,
            )
    return found


def _refuse_closed(metric: Metric) -> None:
    """Only measured metrics that are in use take observations."""
    if metric.retired_at is not None:
        raise Refused(
            _("“%(name)s” is retired and takes no observations.") % {"name": metric.name},
            code="metric_retired",
            field="metric",
        )
    if metric.is_ratio:
        raise Refused(
            _("“%(name)s” is a ratio: it is computed, send its parts.") % {"name": metric.name},
            code="metric_is_a_ratio",
            field="metric",
        )
    if metric.is_computed:
        raise Refused(
            _("“%(name)s” is computed by a formula: send its inputs.") % {"name": metric.name},
            code="metric_is_computed",
            field="metric",
        )


def _refuse_foreign(workspace: Workspace, readings: Sequence[Reading]) -> None:
    """Make sure that all metrics exist here, before a series is made for one that does not."""
    wanted = {reading.metric_id for reading in readings}
    if Metric.objects.filter(workspace=workspace, pk__in=wanted).count() != len(wanted):
        raise Refused(_("A metric of these observations does not exist."), code="unknown_metric")


def _open_run(
    workspace: Workspace, source: Source, kind: str, by: Membership | None, at: datetime
) -> ImportRun:
    return ImportRun.objects.create(
        workspace=workspace, source=source, kind=kind, by=by,
        created_at=at, started_at=at, finished_at=at,
    )  # fmt: skip


def _close_run(run: ImportRun, recorded: Recorded, by: Membership | None, at: datetime) -> Recorded:
    """Write the counts down, and tell the log where something changed."""
    counts = {name: getattr(recorded, name) for name in COUNTS}
    ImportRun.objects.filter(pk=run.pk).update(rows_total=recorded.received, **counts)
    if recorded.new or recorded.changed:
        told = {name: counts[name] for name in ("new", "changed", "unchanged")}
        record(OBSERVATIONS_RECORDED, run, by=by, at=at, source=str(run.source), **told)
    return recorded


COUNTS = ("received", "new", "changed", "unchanged", "duplicates")


def _columns(run: ImportRun, readings: Sequence[Reading] | ReadingColumns) -> ReadingColumns:
    if isinstance(readings, ReadingColumns):
        return readings
    if len(readings) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} readings at once")
    return columns_of(_source_of(run).pk, readings)


def _recorded(
    run: ImportRun, readings: ReadingColumns, facts: FactColumns, stored: Stored
) -> Recorded:
    duplicates = len(readings) - len(facts)
    counts = (stored.new, stored.changed, stored.unchanged)
    return Recorded(len(readings), *counts, duplicates, run.pk)


def _source_of(run: ImportRun) -> Source:
    """The source of a run that has one; facts of nobody do not exist."""
    if run.source is None:
        raise RuntimeError("an import that stores facts has a source")
    return run.source


def _places_of(
    source: Source, wanted: set[tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, date, int]]:
    """Where these (metric, hash of key) stand, locked in key order."""
    rows = KeyPlace.objects.filter(
        source=source.pk,
        metric_id__in={metric for metric, _khash in wanted},
        khash__in={khash for _metric, khash in wanted},
    ).order_by("metric_id", "khash")
    return {
        (row.metric_id, row.khash): (row.series_id, row.day, row.khash)
        for row in rows.select_for_update()
        if (row.metric_id, row.khash) in wanted
    }


def _retrying(work: Callable[[], T]) -> T:
    """Do it again where the database gave up on a deadlock, unless a caller's work is lost."""
    for again in range(1, TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            lost = transaction.get_connection().in_atomic_block
            if lost or again == TRIES or "deadlock" not in str(error):
                raise
            sleep(WAIT * again)
    raise AssertionError("unreachable")
