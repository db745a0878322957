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

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.operations.columns import ReadingColumns, columns_in
from metrics.operations.facts import FactBook
from metrics.operations.imports import (
    LEASE,
    Brought,
    Plan,
    define_missing,
    forget_import,
    map_import,
    start_import,
)
from metrics.operations.observations import Recorded, load_chunk, prepare_series, try_chunk
from metrics.operations.replacing import replace_days
from metrics.operations.storing import tell_planner
from metrics.operations.undoing import undo_import
from metrics.queries.imports import ACTIVE, mapping_of, paths_of, resolve_metrics
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.mapping import REPLACE_DAYS, MappingDocument
from metrics.sources.collecting import collect_young, without_collector
from metrics.sources.spool import Batch, Spooled, batches, forget, spool
from metrics.verbs import IMPORT_ENDED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Invalid, Refused, Stale

PATIENCE = timedelta(seconds=0.5)  # between two signs of progress
BULK = 10_000  # new facts after which the planner's statistics are taken anew
CHUNK = 50_000  # readings stored together with one checkpoint
MOST_ATTEMPTS = 5
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


def run_waiting(*, clock: Clock, limit: int = 20) -> int:
    """Run what waits, one after the other; returns how many. Safe to run twice and side by side."""
    done = 0
    while done < limit:
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
    if _is_done_before(run, mapping):
        _end(run, "done", clock())
        return
    _first_pass(run, mapping, clock)
    spooled = run.details["spooled"]
    if run.state == "checking":
        _note(run, clock(), details={**run.details, "effect": _effect(run, mapping, clock)})
        _end(run, "checked", clock())
    elif spooled["rejected"] and (not run.skip_bad_rows or spooled["rejected"] == spooled["rows"]):
        _end(run, "refused", clock())
    else:
        _second_pass(run, mapping, clock)
        _end(run, "done", clock())


def _note(run: ImportRun, at: datetime, **fields: Any) -> None:
    """Write progress and renew the lease; stops the run where it is cancelled or no longer ours."""
    collect_young()
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
    }


def _effect(run: ImportRun, mapping: MappingDocument, clock: Clock) -> dict[str, int]:
    """What pass 2 would do to what is stored now; to a metric yet to be made all is new."""
    there, _decimals = resolve_metrics(run.workspace, mapping)
    ids = [there[entry.metric].pk if entry.metric in there else 0 for entry in mapping.metrics]
    effect = {"new": 0, "changed": 0, "unchanged": 0}
    for batch in _batches(run, rows_done=0):
        _note(run, clock(), details={**run.details, "phase": "comparing"})
        readings = _readings(run, batch, ids)
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
    for batch in _batches(run, rows_done=run.rows_done):
        readings = _readings(run, batch, ids)
        prepare_series(readings, book)
        with transaction.atomic():
            recorded = load_chunk(
                run, readings, by=run.by, at=clock(), book=book, decimals=decimals
            )
            _note(run, clock(), **_after(run, batch, recorded))
    if mapping.mode == REPLACE_DAYS:
        _replace_days(run, ids, clock)
    if run.new >= BULK:
        tell_planner()


def _replace_days(run: ImportRun, ids: Sequence[int], clock: Clock) -> None:
    """Withdraw what the file leaves out of the days from its first to its last."""
    spooled = run.details["spooled"]
    if not spooled["first"]:
        return
    days = (date.fromisoformat(spooled["first"]), date.fromisoformat(spooled["last"]))
    with transaction.atomic():
        chunks = (_readings(run, batch, ids) for batch in _batches(run, rows_done=0))
        left = replace_days(run, chunks, metrics=ids, days=days, at=clock())
        withdrawn = int(run.details.get("withdrawn", 0)) + left
        _note(run, clock(), details={**run.details, "withdrawn": withdrawn})


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


def _batches(run: ImportRun, *, rows_done: int) -> Iterator[Batch]:
    return batches(paths_of(run), rows_done=rows_done, readings=CHUNK)


def _readings(run: ImportRun, batch: Batch, ids: Sequence[int]) -> ReadingColumns:
    """The batch as readings; `ids` are the metrics in the order of the mapping."""
    return columns_in(batch.block, ids, run.source_id or 0)


def _metrics(run: ImportRun, mapping: MappingDocument, at: datetime) -> dict[str, Metric]:
    """The metrics by key, the new ones defined; ratios come last, when their inputs are there."""
    there, decimals = resolve_metrics(run.workspace, mapping)
    if decimals != run.details["spooled"]["decimals"]:
        raise Unreadable(Fault("metric_changed", value=", ".join(decimals)))
    return define_missing(run, mapping, there, at)


def _is_done_before(run: ImportRun, mapping: MappingDocument) -> bool:
    """Whether the same file by the same mapping went in whole and nothing was written since.

    Then the old result stands and is repeated as "unchanged" without reading a row. Any later run
    of the workspace that changed something, by whatever way, takes this short cut away.
    """
    if run.state != "running" or run.checkpoint:
        return False
    same = ImportRun.objects.filter(
        workspace_id=run.workspace_id,
        state="done",
        sha256=run.sha256,
        mapping_sha256=run.mapping_sha256,
        file_bytes=run.file_bytes,
        rejected=0,
        pk__lt=run.pk,
    ).exclude(file="")
    old = same.order_by("-pk").first()
    if old is None or _was_touched_since(old):
        return False
    _there, decimals = resolve_metrics(run.workspace, mapping)
    if old.details["spooled"]["decimals"] != decimals:
        return False
    kept = ("spooled", "faults")
    run.details = {**run.details, **{name: old.details[name] for name in kept}, "same_as": old.pk}
    run.rows_total = run.rows_done = old.rows_total
    run.received, run.duplicates = old.received, old.duplicates
    run.unchanged = old.new + old.changed + old.unchanged
    return True


def _was_touched_since(old: ImportRun) -> bool:
    later = ImportRun.objects.filter(workspace_id=old.workspace_id).exclude(pk=old.pk)
    wrote = Q(new__gt=0) | Q(changed__gt=0) | Q(details__withdrawn__gt=0)
    wrote |= Q(state__in=("cancelled", "failed", "cancelling"))
    since = (
        Q(pk__gt=old.pk)
        | Q(finished_at=None)
        | Q(finished_at__gte=old.started_at or old.created_at)
    )
    return (
        later.filter(wrote, since).exclude(checkpoint=0, state__in=("cancelled", "failed")).exists()
    )


def _undo(run: ImportRun, state: str, faults: Sequence[Fault], at: datetime) -> None:
    """Take back every chunk that was stored, and say why the run ended."""
    if run.checkpoint:
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
    record(IMPORT_ENDED, run, by=run.by, at=at, file=run.file_name, state=state, **counts)
    transaction.on_commit(lambda: forget(paths_of(run)))
