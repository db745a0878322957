"""What people ask of an import: bring a file, say how it is read, start it, stop it."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from metrics.models.imports import MAY_MOVE, STABLE, ImportRun
from metrics.operations.series import find_source
from metrics.queries.imports import ACTIVE, paths_of, resolve_metrics
from metrics.rules.documents import is_sound
from metrics.rules.faults import Unreadable
from metrics.rules.mapping import MappingDocument
from metrics.sources.csv_file import preview, require_columns
from metrics.sources.spool import Paths, discard
from metrics.sources.wording import invalid
from metrics.verbs import IMPORT_CANCELLED, IMPORT_MAPPED, IMPORT_UPLOADED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused, TooLarge

JOB = "run_imports"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A file that lies below MEDIA_ROOT under a name of our own making, and belongs to nobody yet."""

    file: str
    name: str
    size: int
    sha256: str

    @property
    def paths(self) -> Paths:
        """Where it lies."""
        return Paths(Path(settings.MEDIA_ROOT) / self.file)


def keep_upload(workspace: Workspace, *, name: str, chunks: Iterable[bytes], limit: int) -> Upload:
    """Write what comes in to a new file; TooLarge (and nothing kept) past the limit in bytes."""
    file = f"imports/{workspace.pk}/{uuid.uuid4().hex}.csv"
    path = Path(settings.MEDIA_ROOT) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                refuse_size(size, limit)
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(file, shown_name(name), size, digest.hexdigest())


def refuse_size(size: int, limit: int) -> None:
    """Raise TooLarge, naming the limit, for a file of more bytes."""
    if size > limit:
        told = {"limit": filesizeformat(limit)}
        raise TooLarge(_("The file is larger than the limit of %(limit)s. Split it by time.") % told)


def shown_name(name: str) -> str:
    """The client's name of the file, for display alone: no path, no control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and is_sound(letter))
    return kept[-LONGEST_NAME:].strip() or _("unnamed file")


def start_import(workspace: Workspace, *, upload: Upload, by: Membership | None, at: datetime) -> ImportRun:
    """Make an import of a kept file; Invalid, and the file is gone, where it is no CSV at all."""
    try:
        preview(upload.paths.raw)
    except Unreadable as refusal:
        # An encoding or a header row that only a person can tell is settled on the next page.
        if refusal.faults[0].code not in ("encoding_unknown", "encoding_wrong", "header_is_empty"):
            discard(upload.paths)
            raise invalid(refusal.faults) from refusal
    try:
        return _open_run(workspace, upload, by=by, at=at)
    except BaseException:
        discard(upload.paths)
        raise


@transaction.atomic
def _open_run(
    workspace: Workspace, upload: Upload, *, by: Membership | None, at: datetime
) -> ImportRun:
    run = ImportRun.objects.create(
        workspace=workspace,
        kind="csv",
        state="uploaded",
        file=upload.file,
        file_name=upload.name,
        file_bytes=upload.size,
        sha256=upload.sha256,
        by=by,
        started_at=at,
    )
    record(IMPORT_UPLOADED, run, by=by, at=at, file=upload.name, bytes=upload.size)
    return run


@transaction.atomic
def map_import(
    run: ImportRun, *, mapping: MappingDocument, then: str, by: Membership | None, at: datetime
) -> ImportRun:
    """Say how the file is read, and have it "checking" (a dry run) or "waiting" (to be imported).

    Invalid where a column or a metric that the mapping names is not there.
    """
    try:
        columns = preview(paths_of(run).raw, mapping.file, rows=1).columns
        require_columns(columns, mapping)
        resolve_metrics(run.workspace, mapping)
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal
    document = mapping.as_json()
    keys = MAY_MOVE if mapping.key else STABLE
    source = find_source(run.workspace, mapping.source, keys=keys)
    if run.checkpoint:
        raise Refused(_("This import has been run. Bring the file again."))
    _move(run, ("uploaded", "checked", "refused", "failed"), then)
    run.mapping, run.mapping_sha256, run.source = document, fingerprint(document), source
    run.details = {}
    run.rows_done = run.rows_total = run.rejected = run.duplicates = 0
    run.finished_at = None
    run.save()
    record(IMPORT_MAPPED, run, by=by, at=at, source=source.name, then=then)
    wake(JOB)
    return run


@transaction.atomic
def confirm_import(
    run: ImportRun, *, skip_bad_rows: bool, by: Membership | None, at: datetime
) -> ImportRun:
    """Import what the check has read; rows that it rejected are left out only if that is asked."""
    if run.rejected and not skip_bad_rows:
        raise Refused(_("Some rows were rejected. Correct the file, or import without them."))
    _move(run, ("checked",), "waiting")
    run.skip_bad_rows = skip_bad_rows
    run.details = {**run.details, "attempts": 0}
    run.save()
    record(IMPORT_MAPPED, run, by=by, at=at, source=str(run.source), then="waiting")
    wake(JOB)
    return run


@transaction.atomic
def cancel_import(run: ImportRun, *, by: Membership | None, at: datetime) -> ImportRun:
    """Stop an import; what it has stored already is undone by the worker that runs it."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in ACTIVE:
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
