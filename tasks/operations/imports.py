"""What people ask of an import of a board: bring a file, say how it is read, start it, stop it."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from metrics.operations.imports import refuse_size, shown_name
from metrics.rules.fileshapes import known_encoding
from tasks.models import Board, BoardImport
from tasks.models.imports import State
from tasks.operations.imports_undo import take_back
from tasks.rules.imports.columns import ROLES
from tasks.verbs import (
    IMPORT_CANCELLED,
    IMPORT_CONFIRMED,
    IMPORT_MAPPED,
    IMPORT_UNDONE,
    IMPORT_UPLOADED,
)
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Invalid, Refused, at_field

JOB = "run_board_imports"
FOLDER = "board-imports"
ABANDONED = timedelta(days=7)
HELD = (State.CHECKING, State.READY, State.WAITING, State.FAILED)  # whose file is kept


@dataclass(frozen=True)
class Choices:
    """What somebody says of a file; what is empty is decided by what stands in it.

    `board` is the board that the cards join, None for a new one called `name`. `columns` say by a
    column's key where its cards go: "id:" and a column of the board, or "with:" and the key of
    another column of the file. `people` say by a person's key who it is: a member's id, or 0 for
    nobody here. `roles` say what the columns of a CSV are. `again` brings cards a second time.
    """

    board: int | None = None
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    again: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the run keeps them."""
        return asdict(self)


@dataclass(frozen=True)
class Brought:
    """A file on its way in, with what is said of it; `confirmed` has it imported at once."""

    name: str
    chunks: Iterable[bytes]
    choices: Choices = Choices()
    confirmed: bool = False


def choices_of(run: BoardImport) -> Choices:
    """The choices that the run keeps."""
    return Choices(**run.choices)


def path_of(run: BoardImport) -> Path:
    """Where the run's file is, below MEDIA_ROOT."""
    return Path(settings.MEDIA_ROOT) / run.file


def start_board_import(
    workspace: Workspace, *, brought: Brought, by: Membership, at: datetime
) -> BoardImport:
    """Keep a file and have it checked or imported.

    TooLarge past the limit; Invalid where the choices name what is not there. Then nothing is kept.
    """
    chosen = _refused(workspace, brought.choices)
    file = f"{FOLDER}/{workspace.pk}/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT) / file
    try:
        size, digest = _keep(path, brought.chunks)
        return _open(
            BoardImport(
                workspace=workspace,
                state=State.WAITING if brought.confirmed else State.CHECKING,
                file=file,
                file_name=shown_name(brought.name),
                file_bytes=size,
                sha256=digest,
                choices=chosen.as_json(),
                by=by,
                created_at=at,
            )
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _keep(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write what comes in; its size and SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as out:
        for chunk in chunks:
            size += len(chunk)
            refuse_size(size)
            digest.update(chunk)
            out.write(chunk)
    return size, digest.hexdigest()


@transaction.atomic
def _open(run: BoardImport) -> BoardImport:
    run.save(force_insert=True)
    record(IMPORT_UPLOADED, run, by=run.by, at=run.created_at, file=run.file_name)
    wake(JOB)
    return run


def _refused(workspace: Workspace, choices: Choices) -> Choices:
    """The choices, if all that they name is there; what the file has is checked with the file."""
    problems = []
    boards = Board.objects.filter(workspace=workspace, archived_at=None)
    if choices.board is not None and not boards.filter(pk=choices.board).exists():
        problems.append(at_field("board", "no_such_board", _("There is no such open board.")))
    wanted = {member for member in choices.people.values() if member}
    members = Membership.objects.filter(workspace=workspace, pk__in=wanted)
    if members.count() < len(wanted):
        problems.append(at_field("people", "no_such_member", _("This is no member.")))
    if choices.encoding and not known_encoding(choices.encoding):
        message = _("There is no such encoding.")
        problems.append(at_field("encoding", "no_such_encoding", message))
    unknown = sorted(set(choices.roles.values()) - set(ROLES))
    if unknown:
        message = _("A column cannot be “%(role)s”.") % {"role": unknown[0][:40]}
        problems.append(at_field("roles", "no_such_role", message))
    if problems:
        raise Invalid(problems)
    return choices


@transaction.atomic
def check_board_import(
    run: BoardImport, *, choices: Choices, by: Membership, at: datetime
) -> BoardImport:
    """Say how the file is read and where its cards go, and have it checked anew."""
    chosen = _refused(run.workspace, choices)
    _move(run, (State.READY, State.FAILED), State.CHECKING, choices=chosen.as_json(), error={})
    record(IMPORT_MAPPED, run, by=by, at=at, file=run.file_name)
    wake(JOB)
    return run


@transaction.atomic
def confirm_board_import(
    run: BoardImport, *, choices: Choices | None = None, by: Membership, at: datetime
) -> BoardImport:
    """Import what was checked, by these choices or those that it was checked by."""
    chosen = _refused(run.workspace, choices or choices_of(run))
    _move(run, (State.READY,), State.WAITING, choices=chosen.as_json())
    record(IMPORT_CONFIRMED, run, by=by, at=at, file=run.file_name)
    wake(JOB)
    return run


@transaction.atomic
def cancel_board_import(run: BoardImport, *, by: Membership, at: datetime) -> BoardImport:
    """Stop an import that has not been stored; its file goes."""
    _move(run, HELD, State.CANCELLED, finished_at=at)
    record(IMPORT_CANCELLED, run, by=by, at=at, file=run.file_name)
    transaction.on_commit(lambda: path_of(run).unlink(missing_ok=True))
    return run


@transaction.atomic
def undo_board_import(run: BoardImport, *, by: Membership, at: datetime) -> BoardImport:
    """Take back what was imported: the board that it made is archived, else its cards trashed."""
    _move(run, (State.DONE,), State.UNDONE)
    count = take_back(run, by=by, at=at)
    record(IMPORT_UNDONE, run, by=by, at=at, file=run.file_name, count=count)
    return run


@transaction.atomic
def forget_abandoned(*, at: datetime) -> int:
    """Cancel what nobody went on with for a week, and remove files that no run waits for."""
    old = BoardImport.objects.filter(
        state__in=(State.READY, State.FAILED), created_at__lt=at - ABANDONED
    )
    count = old.update(state=State.CANCELLED, finished_at=at, version=F("version") + 1)
    waiting = set(BoardImport.objects.filter(state__in=HELD).values_list("file", flat=True))
    for path in (Path(settings.MEDIA_ROOT) / FOLDER).glob("*/*"):
        age = at.timestamp() - path.stat().st_mtime
        name = f"{FOLDER}/{path.parent.name}/{path.name}"
        if name not in waiting and age > ABANDONED.total_seconds():
            path.unlink(missing_ok=True)
    return count


def _move(run: BoardImport, since: Iterable[str], to: str, **fields: object) -> None:
    """Take the run from one of the states to another, or refuse; a run moves only once."""
    moved = BoardImport.objects.filter(pk=run.pk, state__in=list(since)).update(
        state=to, version=F("version") + 1, leased_until=None, claims=0, **fields
    )
    if not moved:
        raise Refused(_("This import has moved on meanwhile. Look at it again."), code="moved_on")
    run.refresh_from_db()
