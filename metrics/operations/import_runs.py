"""How an import runs: pass 1 reads the whole file, pass 2 loads it chunk by chunk.

A run is a row that waits. Whoever claims it holds a lease and a version; every write of progress
asks for both, so a worker that was thought dead cannot go on beside its successor. Each chunk is
stored together with its checkpoint: killed means resumed, cancelled means undone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from metrics.models.definitions import ADDITIVE, Metric
from metrics.models.imports import ImportRun
from metrics.operations.columns import ReadingColumns, columns_in
from metrics.operations.definitions import define_missing
from metrics.operations.facts import FactBook
from metrics.operations.imports import (
    LEASE,
    Brought,
    Plan,
    forget_import,
    map_import,
    start_import,
)
from metrics.operations.observations import (
    Recorded,
    hold_metrics,
    load_chunk,
    prepare_series,
    try_chunk,
)
from metrics.operations.overlaps import InFile, told_already
from metrics.operations.repeating import is_done_before
from metrics.operations.storing import tell_planner
from metrics.operations.undoing import undo_import
from metrics.operations.withdrawing import Named, count_unnamed, withdraw_unnamed
from metrics.queries.imports import ACTIVE, mapping_of, paths_of, resolve_metrics
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.mapping import REPLACE_DAYS, MappingDocument
from metrics.sources.ahead import ahead
from metrics.sources.collecting import collect_late, without_collector
from metrics.sources.spool import Batch, Spooled, batches, forget, spool
from metrics.verbs import IMPORT_ENDED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Invalid, Refused, Stale

PATIENCE = timedelta(seconds=0.5)  # between two signs of progress
BULK = 10_000  # new facts after which the planner's statistics are taken anew
CHUNK = 100_000  # readings stored together with one checkpoint
MOST_ATTEMPTS = 5
MOST_RUNS = 20  # of one call; a job must come to an end
Clock = Callable[[], datetime]


class _Cancelled(Exception):
    """Somebody asked the run to stop."""


class _TakenBack(Exception):
    """Somebody asked for a stored import to be undone."""


class _Overtaken(Exception):
    """The lease was lost to another worker, which goes on."""


def import_file(
    workspace: Workspace, *, brought: Brought, plan: Plan, by: Membership | None, clock: Clock
) -> ImportRun:
    """Bring a file, say how it is read, and run it where the plan says so; for programs.

    Raises what the steps raise: Invalid, TooLarge, Refused; then nothing of the file is left.
    """
    run = start_import(workspace, brought=brought, by=by, at=clock())
    try:
        map_import(run, plan=plan, by=by, at=clock())
    except (Invalid, Refused, PermissionDenied):
        forget_import(run)
        raise
    return run_import(run, clock=clock) if plan.run_here else run


def run_waiting(*, clock: Clock) -> int:
    """Run what waits, one after the other; returns how many. Safe to run twice and side by side."""
    done = 0
    while done < MOST_RUNS:
        run = _next_waiting(clock())
        if run is None:
            break
        run_import(run, clock=clock)
        done += 1
    return done


def _next_waiting(at: datetime) -> ImportRun | None:
    """Claim the oldest run that nobody works on; whoever updates its version first has it."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    for run in ImportRun.objects.filter(free, state__in=ACTIVE).order_by("pk")[:20]:
        if claim_import(run, at=at):
            return run
    return None


def claim_import(run: ImportRun, *, at: datetime) -> bool:
    """Take the lease of a run; False where somebody else has it or it needs no work."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    claimed = ImportRun.objects.filter(
        free, pk=run.pk, version=run.version, state__in=ACTIVE
    ).update(version=F("version") + 1, leased_until=at + LEASE)
    if claimed:
        run.refresh_from_db()
    return bool(claimed)


def run_import(run: ImportRun, *, clock: Clock) -> ImportRun:
    """Run an import that the caller holds, to its end or until it is cancelled."""
    try:
        with without_collector():
            _run(run, clock)
    except _Cancelled:
        _undo(run, "cancelled", (), clock())
    except _TakenBack:
        _undo(run, "undone", (), clock())
    except _Overtaken:
        run.refresh_from_db()
    except Unreadable as refusal:
        _undo(run, "failed", refusal.faults, clock())
    except (Refused, Invalid, Stale) as refusal:
        fault = Fault("import_refused", more=(("why", str(refusal)),))
        _undo(run, "failed", (fault,), clock())
    return run


def _run(run: ImportRun, clock: Clock) -> None:
    if run.state == "cancelling":
        raise _Cancelled
    if run.state == "undoing":
        raise _TakenBack
    attempts = int(run.details.get("attempts", 0)) + 1
    if attempts > MOST_ATTEMPTS:
        raise Unreadable(Fault("import_gave_up", more=(("attempts", str(MOST_ATTEMPTS)),)))
    state = "checking" if run.state == "checking" else "running"
    details, at = {**run.details, "attempts": attempts}, clock()
    _note(run, at, details=details, state=state, started_at=run.started_at or at)
    mapping = mapping_of(run)
    if mapping is None:
        raise Unreadable(Fault("mapping_needed", value="mapping"))
    if is_done_before(run, mapping):
        _end(run, "done", clock())
        return
    _first_pass(run, mapping, clock)
    spooled = run.details["spooled"]
    if run.state == "checking":
        _foretell(run, mapping, clock)
        _end(run, "checked", clock())
    elif spooled["rejected"] and (not run.skip_bad_rows or spooled["rejected"] == spooled["rows"]):
        _end(run, "refused", clock())
    else:
        _second_pass(run, mapping, clock)
        _end(run, "done", clock())


def _note(run: ImportRun, at: datetime, **fields: Any) -> None:
    """Write progress and renew the lease; stops the run where it is cancelled or no longer ours."""
    collect_late()
    fields["leased_until"] = at + LEASE
    mine = ImportRun.objects.filter(pk=run.pk, version=run.version).exclude(state="cancelling")
    if not mine.update(**fields):
        raise _reason_to_stop(run)
    for name, value in fields.items():
        setattr(run, name, value)


def _reason_to_stop(run: ImportRun) -> Exception:
    """Why a write of progress found no row: cancelled, or taken over by another worker."""
    ours = ImportRun.objects.filter(pk=run.pk, version=run.version).exists()
    return _Cancelled() if ours else _Overtaken()


def _first_pass(run: ImportRun, mapping: MappingDocument, clock: Clock) -> None:
    """Read and check the whole file, unless that is done already with the same decimals."""
    _there, decimals = resolve_metrics(run.workspace, mapping)
    paths, known = paths_of(run), run.details.get("spooled")
    is_same = bool(known) and known["decimals"] == decimals
    if is_same and paths.is_spooled:
        return
    if run.checkpoint and not is_same:  # else another version of MOps has begun, and kept rows
        raise Unreadable(Fault("metric_changed", value=", ".join(decimals)))
    _note(run, clock(), details={**run.details, "phase": "reading", "bytes": 0})

    def progress(rows: int, position: int) -> None:
        if run.leased_until and clock() < run.leased_until - LEASE + PATIENCE:
            return
        details = {**run.details, "bytes": max(position, int(run.details.get("bytes", 0)))}
        _note(run, clock(), details=details, rows_total=max(rows, run.rows_total))

    found = spool(paths, mapping, decimals, progress, run.workspace.timezone)
    _note(
        run,
        clock(),
        rows_total=found.rows,
        rejected=found.rejected,
        duplicates=found.superseded,
        details={
            **run.details,
            "phase": "read",
            "bytes": run.file_bytes,
            "spooled": _told(found) | {"decimals": decimals},
            "faults": [fault.as_json() for fault in found.faults],
        },
    )


def _told(found: Spooled) -> dict[str, Any]:
    """What pass 1 found, as the run keeps it."""
    told = asdict(found)
    del told["faults"]
    return told | {
        "first": found.first.isoformat() if found.first else None,
        "last": found.last.isoformat() if found.last else None,
        "since": found.since.isoformat() if found.since else None,
    }


def _foretell(run: ImportRun, mapping: MappingDocument, clock: Clock) -> None:
    """Note what pass 2 would do, what it would withdraw and what would count twice by metric."""
    there, _decimals = resolve_metrics(run.workspace, mapping)
    ids = [there[entry.metric].pk if entry.metric in there else 0 for entry in mapping.metrics]
    _note(run, clock(), details={**run.details, "effect": _effect(run, ids, clock)})
    keys = {metric.pk: key for key, metric in sorted(there.items())}
    if _replaces(run, mapping):
        counts = count_unnamed(run, _named(run, ids), metrics=keys, days=_days(run))
        left_out = {keys[metric_id]: count for metric_id, count in counts.items()}
        _note(run, clock(), details={**run.details, "left_out": left_out})
    file = InFile(mapping, _days(run), lambda: (found for _batch, found in _chunks(run, ids)))
    twice = told_already(run, file, [m for m in there.values() if m.kind == ADDITIVE])
    _note(run, clock(), details={**run.details, "twice": twice})


def _effect(run: ImportRun, ids: Sequence[int], clock: Clock) -> dict[str, int]:
    """What pass 2 would do to what is stored now; to a metric yet to be made all is new."""
    effect = {"new": 0, "changed": 0, "unchanged": 0}
    for _batch, readings in ahead(_chunks(run, ids)):
        _note(run, clock(), details={**run.details, "phase": "comparing"})
        known = readings.taken(readings.metric > 0)
        recorded = try_chunk(run, known)
        effect = {name: count + getattr(recorded, name) for name, count in effect.items()}
        effect["new"] += len(readings) - len(known)
    return effect


def _second_pass(run: ImportRun, mapping: MappingDocument, clock: Clock) -> None:
    """Load from the checkpoint on; each chunk is one transaction with its checkpoint."""
    with transaction.atomic():
        metrics = _metrics(run, mapping, clock())
        since = run.created_at if run.checkpoint else clock()
        _note(run, clock(), details={**run.details, "phase": "loading"}, created_at=since)
    ids = [metrics[entry.metric].pk for entry in mapping.metrics]
    decimals = {metric.pk: metric.decimals for metric in metrics.values()}
    book = FactBook()
    for batch, readings in ahead(_chunks(run, ids, rows_done=run.rows_done)):
        prepare_series(readings, book)
        with transaction.atomic():
            recorded = load_chunk(
                run, readings, by=run.by, at=clock(), book=book, decimals=decimals
            )
            _note(run, clock(), **_after(run, batch, recorded))
    if _replaces(run, mapping):
        _replace_days(run, ids, clock)
    if run.new >= BULK:
        tell_planner()


def _replaces(run: ImportRun, mapping: MappingDocument) -> bool:
    """Whether what the file does not name leaves: nobody knows what a rejected row names."""
    return mapping.mode == REPLACE_DAYS and not run.rejected


def _replace_days(run: ImportRun, ids: Sequence[int], clock: Clock) -> None:
    """Withdraw what the file leaves out of the days from its first to its last."""
    with transaction.atomic():
        hold_metrics(run.workspace_id, ids)
        named, days = _named(run, ids), _days(run)
        left = withdraw_unnamed(run, named, metrics=ids, days=days, at=clock())
        withdrawn = int(run.details.get("withdrawn", 0)) + left
        _note(run, clock(), details={**run.details, "withdrawn": withdrawn})


def _named(run: ImportRun, ids: Sequence[int]) -> Iterator[Named]:
    """Every metric and key of the file."""
    for _batch, readings in _chunks(run, ids):
        yield from zip(readings.metric.tolist(), readings.khash.tolist(), strict=True)


def _days(run: ImportRun) -> tuple[date, date] | None:
    """The first day that the file covers and its last, if it has any."""
    spooled = run.details["spooled"]
    first = spooled.get("since") or spooled["first"]
    return (date.fromisoformat(first), date.fromisoformat(spooled["last"])) if first else None


def _after(run: ImportRun, batch: Batch, recorded: Recorded) -> dict[str, Any]:
    """The run's counts and checkpoint behind a chunk; a chunk that went well forgives attempts."""
    return {
        "checkpoint": batch.rows_done,
        "rows_done": batch.rows_done,
        "received": run.received + recorded.received,
        "new": run.new + recorded.new,
        "changed": run.changed + recorded.changed,
        "unchanged": run.unchanged + recorded.unchanged,
        "details": {**run.details, "attempts": 0},
    }


def _chunks(
    run: ImportRun, ids: Sequence[int], *, rows_done: int = 0
) -> Iterator[tuple[Batch, ReadingColumns]]:
    """What pass 1 kept, in chunks from a row on; `ids` are the metrics as the mapping has them."""
    source_id = run.source_id or 0
    for batch in batches(paths_of(run), rows_done=rows_done, readings=CHUNK):
        yield batch, columns_in(batch.block, ids, source_id)


def _metrics(run: ImportRun, mapping: MappingDocument, at: datetime) -> dict[str, Metric]:
    """The metrics by key, the new ones defined; ratios come last, when their inputs are there."""
    there, decimals = resolve_metrics(run.workspace, mapping)
    if decimals != run.details["spooled"]["decimals"]:
        raise Unreadable(Fault("metric_changed", value=", ".join(decimals)))
    return define_missing(run.workspace, mapping.create, there=there, by=run.by, at=at)


def _undo(run: ImportRun, state: str, faults: Sequence[Fault], at: datetime) -> None:
    """Take back every chunk that was stored, and say why the run ended."""
    if run.checkpoint or run.is_fetched:
        undo_import(run, at=at)
    told = [fault.as_json() for fault in faults]
    run.details = {**run.details, "faults": told or run.details.get("faults", [])}
    _end(run, state, at)


@transaction.atomic
def _end(run: ImportRun, state: str, at: datetime) -> None:
    """Write down how the run went, once, and let its lease go."""
    fields = (
        "details", "rows_total", "rows_done", "received", "new", "changed", "unchanged",
        "duplicates",
    )  # fmt: skip
    kept = {name: getattr(run, name) for name in fields}
    if state in ("cancelled", "failed"):
        kept |= {"received": 0, "new": 0, "changed": 0, "unchanged": 0}
    elif state == "done":
        kept["rows_done"] = run.rows_total
    mine = ImportRun.objects.filter(pk=run.pk, version=run.version)
    if state not in ("cancelled", "failed"):
        mine = mine.exclude(state="cancelling")
    finished = None if state == "checked" else at
    if not mine.update(state=state, finished_at=finished, leased_until=None, **kept):
        raise _reason_to_stop(run)
    run.refresh_from_db()
    if state == "checked":
        return
    counts = {name: getattr(run, name) for name in ("new", "changed", "unchanged", "rejected")}
    record(IMPORT_ENDED, run, by=run.by, at=at, file=run.title, state=state, **counts)
    if run.file:
        transaction.on_commit(lambda: forget(paths_of(run)))
