"""What people ask of an import: bring a file, say how it is read, start it, stop it."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.models.imports import MAY_MOVE, STABLE, ImportRun
from metrics.operations.definitions import define_missing
from metrics.operations.series import find_source
from metrics.queries.imports import ACTIVE, LOOKED_AT, paths_of, resolve_metrics
from metrics.queries.ready import with_rates
from metrics.rules.dims import is_sound
from metrics.rules.faults import Unreadable
from metrics.rules.mapping import MappingDocument
from metrics.sources.fitting import refuse_rates, require_columns, with_marks
from metrics.sources.recognition import recognise
from metrics.sources.spool import Paths, discard
from metrics.sources.tables import preview
from metrics.sources.wording import invalid
from metrics.sources.xlsx_file import ENDING
from metrics.verbs import IMPORT_CANCELLED, IMPORT_MAPPED, IMPORT_UPLOADED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused, TooLarge

JOB = "run_imports"
ABANDONED = timedelta(days=7)
LEASE = timedelta(seconds=60)  # how long a worker may be silent before another takes its run
LONGEST_NAME = 200
WORKBOOKS = (".xlsx", ".xlsm", ".xltx")
MAY_BE_TOLD = (
    "encoding_unknown", "encoding_wrong", "damaged_letter", "header_is_empty", "which_encoding",
    "which_sheet", "which_section",
)  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """A file on its way in, perhaps with a mapping that has served before."""

    name: str
    chunks: Iterable[bytes]
    kind: str = "csv"
    mapping: MappingDocument | None = None


@dataclass(frozen=True)
class _Upload:
    """A file below MEDIA_ROOT under a name of our own making, which belongs to nobody yet."""

    file: str
    size: int
    sha256: str

    @property
    def paths(self) -> Paths:
        return Paths(Path(settings.MEDIA_ROOT) / self.file)


def start_import(
    workspace: Workspace, *, brought: Brought, by: Membership | None, at: datetime
) -> ImportRun:
    """Keep a file and make an import of it; nothing stays where it is no CSV or TooLarge."""
    upload = _keep(workspace, brought)
    try:
        _refuse_no_csv(upload)
        return _open_run(workspace, upload, brought, by=by, at=at)
    except BaseException:
        discard(upload.paths)
        raise


def _keep(workspace: Workspace, brought: Brought) -> _Upload:
    """Write what comes in to a new file; nothing is kept past the limit."""
    is_workbook = brought.name.lower().endswith(WORKBOOKS)
    file = f"imports/{workspace.pk}/{uuid.uuid4().hex}{ENDING if is_workbook else '.csv'}"
    path = Path(settings.MEDIA_ROOT) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("xb") as out:
            for chunk in brought.chunks:
                size += len(chunk)
                refuse_size(size)
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _Upload(file, size, digest.hexdigest())


def refuse_size(size: int) -> None:
    """Raise TooLarge, naming the limit, for a file of more bytes."""
    if size > settings.MAX_IMPORT_BYTES:
        told = {"limit": filesizeformat(settings.MAX_IMPORT_BYTES)}
        raise TooLarge(
            _("The file is larger than the limit of %(limit)s. Split it by time.") % told
        )


def shown_name(name: str) -> str:
    """The client's name of the file, for display alone: no path, no control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and is_sound(letter))
    return kept[-LONGEST_NAME:].strip() or _("unnamed file")


def _refuse_no_csv(upload: _Upload) -> None:
    """Invalid for what can never be read; what a person can tell, the encoding, may wait."""
    try:
        preview(upload.paths.raw, rows=LOOKED_AT)
    except Unreadable as refusal:
        if refusal.faults[0].code not in MAY_BE_TOLD:
            raise invalid(refusal.faults) from refusal


@transaction.atomic
def _open_run(
    workspace: Workspace, upload: _Upload, brought: Brought, *, by: Membership | None, at: datetime
) -> ImportRun:
    name = shown_name(brought.name)
    run = ImportRun.objects.create(
        workspace=workspace,
        kind=brought.kind,
        state="uploaded",
        file=upload.file,
        file_name=name,
        file_bytes=upload.size,
        sha256=upload.sha256,
        mapping=brought.mapping.as_json() if brought.mapping else {},
        by=by,
        created_at=at,
    )
    record(IMPORT_UPLOADED, run, by=by, at=at, file=name, bytes=upload.size)
    return run


@dataclass(frozen=True)
class Plan:
    """How a file is read, and whether that is a dry run or is stored if no row is rejected.

    Without a mapping the file is looked at: it has to be an export that a preset knows (the one
    that is named), with `answers` to what it does not say. `rates` are keys of ready rates over
    what is read that are to be defined, or ALL.
    """

    mapping: MappingDocument | None
    check_only: bool = True
    skip_bad_rows: bool = False
    run_here: bool = False  # the caller runs it itself, at once: no worker is to take it
    preset: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    rates: Sequence[str] = ()
    may_define: bool = True  # whether metrics may be made


@transaction.atomic
def map_import(run: ImportRun, *, plan: Plan, by: Membership | None, at: datetime) -> ImportRun:
    """Say how the file is read and have it read; Invalid where a column or metric is not there."""
    mapping = wanted_mapping(run, plan)
    if mapping.create and not plan.may_define:
        raise PermissionDenied
    try:
        sample = preview(paths_of(run).raw, mapping.file, rows=LOOKED_AT, wanted=mapping.columns)
        require_columns(sample.columns, mapping)
        refuse_rates(sample, mapping)
        mapping = with_marks(sample, mapping)
        there, _decimals = resolve_metrics(run.workspace, mapping)
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal
    _try_definitions(run, mapping, there, at)
    if run.checkpoint:
        raise Refused(_("This import has been run. Bring the file again."))
    then = "checking" if plan.check_only else "waiting"
    _move(run, ("uploaded", "checked", "refused", "failed"), then)
    document = mapping.as_json()
    run.mapping, run.mapping_sha256 = document, fingerprint(document)
    keys = MAY_MOVE if mapping.key else STABLE
    run.source = find_source(run.workspace, mapping.source, keys=keys)
    run.skip_bad_rows, run.details, run.finished_at = plan.skip_bad_rows, {}, None
    run.rows_done = run.rows_total = run.rejected = run.duplicates = 0
    run.leased_until = at + LEASE if plan.run_here else None
    run.save()
    record(IMPORT_MAPPED, run, by=by, at=at, file=run.file_name, source=mapping.source, then=then)
    if not plan.run_here:
        wake(JOB)
    return run


def wanted_mapping(run: ImportRun, plan: Plan) -> MappingDocument:
    """The mapping of the plan or by the preset that knows the file, with the rates asked for.

    Invalid where no preset does, where it asks, or where a rate cannot be computed.
    """
    try:
        known = plan.mapping or recognise(paths_of(run).raw, plan.answers, plan.preset).required()
        return with_rates(run.workspace, known, plan.rates)
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal


def _try_definitions(
    run: ImportRun, mapping: MappingDocument, there: dict[str, Metric], at: datetime
) -> None:
    """Invalid for a metric that could not be made when the rows have been read; makes none."""
    before = transaction.savepoint()
    try:
        define_missing(run.workspace, mapping.create, there=there, by=run.by, at=at)
    finally:
        transaction.savepoint_rollback(before)


@transaction.atomic
def confirm_import(
    run: ImportRun, *, skip_bad_rows: bool, by: Membership | None, at: datetime
) -> ImportRun:
    """Import what the check has read; rows that it rejected are left out only if that is asked."""
    if run.rejected and not skip_bad_rows:
        raise Refused(_("Some rows were rejected. Correct the file, or import without them."))
    if run.rejected and run.rejected == run.rows_total:
        raise Refused(_("No row of the file can be read. Correct it, or what its columns are."))
    _move(run, ("checked",), "waiting")
    run.skip_bad_rows = skip_bad_rows
    run.details = {**run.details, "attempts": 0}
    run.save()
    record(
        IMPORT_MAPPED, run, by=by, at=at, file=run.file_name, source=str(run.source), then="waiting"
    )
    wake(JOB)
    return run


@transaction.atomic
def cancel_import(run: ImportRun, *, by: Membership | None, at: datetime) -> ImportRun:
    """Stop an import; what it has stored already is undone by the worker that runs it."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in ACTIVE and run.state != "undoing":
        state = "cancelling"
    elif run.state in ("uploaded", "checked", "refused"):
        state = "cancelled"
    else:
        raise Refused(_("This import has ended already."))
    ImportRun.objects.filter(pk=run.pk).update(
        state=state, finished_at=at if state == "cancelled" else None
    )
    run.state = state
    record(IMPORT_CANCELLED, run, by=by, at=at, file=run.file_name)
    wake(JOB)
    return run


def forget_import(run: ImportRun) -> None:
    """Remove an import that never came to be, with its file."""
    if run.checkpoint or run.state in ACTIVE:
        raise Refused(_("This import has been run."))
    discard(paths_of(run))
    run.delete()


def forget_abandoned(*, at: datetime) -> int:
    """Remove uploads that nobody went on with for a week, and files that no import knows."""
    old = ImportRun.objects.filter(
        state__in=("uploaded", "checked"), checkpoint=0, created_at__lt=at - ABANDONED
    ).exclude(file="")
    count = 0
    for run in old:
        forget_import(run)
        count += 1
    folder = Path(settings.MEDIA_ROOT) / "imports"
    for path in folder.glob("*/*"):
        age = at.timestamp() - path.stat().st_mtime
        known = f"imports/{path.parent.name}/{path.stem}."
        held = ImportRun.objects.filter(file__startswith=known)
        if age > ABANDONED.total_seconds() and not held.exists():
            path.unlink(missing_ok=True)
            count += 1
    return count


def _move(run: ImportRun, from_states: tuple[str, ...], to: str) -> None:
    """Take the run from one of the states to another, or refuse; a run moves only once."""
    moved = ImportRun.objects.filter(pk=run.pk, state__in=from_states).update(
        state=to, version=F("version") + 1, leased_until=None
    )
    if not moved:
        raise Refused(_("This import has moved on meanwhile. Look at it again."))
    run.refresh_from_db(fields=["state", "version", "leased_until"])


def fingerprint(document: object) -> str:
    """A hash by which equal mappings are known."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
