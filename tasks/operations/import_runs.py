"""How an import of a board runs: the file is read, then stored at once or not at all.

A run is a row that waits. Whoever claims it holds a lease and a version; the end of the storing
transaction asks for that version, so a run that was cancelled or taken over stores nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from metrics.sources.collecting import without_collector
from tasks.models import BoardImport
from tasks.models.imports import AT_WORK, State
from tasks.operations.imports import Choices, choices_of, path_of
from tasks.operations.imports_progress import END, PLACES, READ, follow
from tasks.operations.imports_storing import store_board
from tasks.queries.imports import same_before, summary_of
from tasks.rules.imports.fitting import fitted
from tasks.rules.imports.reading import Reading, read_board
from tasks.rules.imports.tree import MOST_LEFT, BoardFound, Flaw, Unreadable
from tasks.rules.imports.values import text_of
from tasks.sources.board_file import read_text
from tasks.verbs import IMPORT_FAILED
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

LEASE = timedelta(minutes=10)  # how long a worker may be silent before another takes its run
MOST_CLAIMS = 3
MOST_RUNS = 20  # of one call; a job must come to an end
Clock = Callable[[], datetime]


class _OnlyTried(Exception):
    """The storing was a trial: roll it back."""


class _Overtaken(Exception):
    """The run was cancelled or taken over meanwhile: store nothing."""


def run_waiting(*, clock: Clock) -> int:
    """Run what waits, one after the other; returns how many. Safe to run twice and side by side."""
    done = 0
    while done < MOST_RUNS:
        run = _claim_next(clock())
        if run is None:
            break
        run_board_import(run, clock=clock)
        done += 1
    return done


def _claim_next(at: datetime) -> BoardImport | None:
    """The oldest run that nobody works on; whoever raises its version first has it."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    waiting = BoardImport.objects.filter(free, state__in=AT_WORK).order_by("pk")
    for run in waiting[:MOST_RUNS]:
        if claim_board_import(run, at=at):
            return run
    return None


def claim_board_import(run: BoardImport, *, at: datetime) -> bool:
    """Take the lease of a run; False where somebody else has it or it needs no work."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    same = BoardImport.objects.filter(free, pk=run.pk, version=run.version, state__in=AT_WORK)
    claimed = same.update(version=F("version") + 1, claims=F("claims") + 1, leased_until=at + LEASE)
    if claimed:
        run.refresh_from_db()
    return bool(claimed)


def run_board_import(run: BoardImport, *, clock: Clock) -> BoardImport:
    """Check or store a run that the caller holds; what goes wrong is kept on the run."""
    try:
        if run.claims > MOST_CLAIMS:
            raise Unreadable("gave_up")  # noqa: TRY301  told as any other reason
        with without_collector():
            _run(run, clock)
    except _Overtaken:
        pass
    except Unreadable as refusal:
        _fail(run, refusal.flaw, clock())
    except Refused as refusal:
        _fail(run, Flaw("refused", what=refusal.message), clock())
    run.refresh_from_db()
    return run


def _run(run: BoardImport, clock: Clock) -> None:
    choices, progress = choices_of(run), follow(run)
    progress(READ)
    reading = _read(run, choices)
    summary = summary_of(reading)
    board = fitted(reading.board)
    progress(PLACES)
    if run.state == State.WAITING:
        _store(run, board, choices, summary, clock())
        path_of(run).unlink(missing_ok=True)
        return
    try:
        with transaction.atomic():
            _made, outcome = store_board(run, board, choices, progress=progress, at=clock())
            raise _OnlyTried  # noqa: TRY301  rolls the transaction back
    except _OnlyTried:
        pass
    before = same_before(run)
    outcome["same_as"] = before.pk if before else None
    _end(run, State.READY, found=summary, outcome=outcome, **_left(board))


def _read(run: BoardImport, choices: Choices) -> Reading:
    name = PurePath(run.file_name).stem
    path = path_of(run)
    if not run.file or not path.exists():
        raise Unreadable("file_is_gone")
    text = read_text(path, choices.encoding)
    return read_board(text, roles=choices.roles or None, name=name)


def _left(board: BoardFound) -> dict[str, Any]:
    """What could not be brought, as the run keeps it."""
    rows = [[flaw.code, flaw.where, flaw.what[:300]] for flaw in board.left[:MOST_LEFT]]
    return {"left": rows, "left_count": len(board.left)}


@transaction.atomic
def _store(
    run: BoardImport, board: BoardFound, choices: Choices, summary: dict[str, Any], at: datetime
) -> None:
    run.made_board = choices.board is None
    progress = follow(run)
    made, outcome = store_board(run, board, choices, progress=progress, at=at)
    progress(END)
    _end(
        run,
        State.DONE,
        found=summary,
        outcome=outcome,
        board=made,
        made_board=run.made_board,
        finished_at=at,
        file="",
        **_left(board),
    )


def _end(run: BoardImport, state: str, **fields: Any) -> None:
    """Write how the run went, if it is still ours."""
    mine = BoardImport.objects.filter(pk=run.pk, version=run.version, state=run.state)
    done = mine.update(state=state, leased_until=None, claims=0, error={}, **fields)
    if not done:
        raise _Overtaken


@transaction.atomic
def _fail(run: BoardImport, flaw: Flaw, at: datetime) -> None:
    error = {"code": flaw.code, "where": flaw.where, "what": text_of(flaw.what)[:500]}
    mine = BoardImport.objects.filter(pk=run.pk, version=run.version)
    done = mine.update(state=State.FAILED, leased_until=None, claims=0, error=error, finished_at=at)
    if done:
        record(IMPORT_FAILED, run, by=None, at=at, file=run.file_name)
