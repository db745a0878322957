"""Rows of files found again: which row of its file an observation was read from."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from metrics.models.imports import ImportRun
from metrics.queries.imports import paths_of
from metrics.queries.lineage import Fact
from metrics.rules.faults import Unreadable
from metrics.rules.keys import hash_keys
from metrics.rules.mapping import parse_mapping
from metrics.sources.spool import Paths, batches, spool

MOST_ROWS = 200_000  # a longer file is not read again to answer a page
MOST_FILES = 3  # of one page of facts
STEP = 10_000


class NoRow(StrEnum):
    """Why no row is told."""

    NO_FILE = "no_file"
    GONE = "file_is_gone"
    TOO_LONG = "file_is_too_long"
    TOO_MANY = "too_many_files"
    CHANGED = "not_found_again"


Row = int | NoRow


def rows_of_files(facts: Sequence[Fact]) -> list[Row]:
    """For each fact the number of its row in its file, or why there is none.

    Files are kept as they came, rows are not: up to three files are read again by their mapping
    and compared by key, so that a wrong row is never told. A fact that was corrected since by
    another run belongs to that run.
    """
    wanted: dict[int, set[int]] = {}
    runs: dict[int, ImportRun] = {}
    for fact in facts:
        if fact.run is not None and fact.run.file:
            runs[fact.run.pk] = fact.run
            wanted.setdefault(fact.run.pk, set()).add(fact.khash)
    found: dict[int, dict[int, int] | NoRow] = {
        pk: _numbers(runs[pk], hashes) if place < MOST_FILES else NoRow.TOO_MANY
        for place, (pk, hashes) in enumerate(wanted.items())
    }
    return [_row(fact, found) for fact in facts]


def _row(fact: Fact, found: dict[int, dict[int, int] | NoRow]) -> Row:
    rows = found.get(fact.import_id, NoRow.NO_FILE)
    return rows if isinstance(rows, NoRow) else rows.get(fact.khash, NoRow.CHANGED)


def _numbers(run: ImportRun, wanted: Collection[int]) -> dict[int, int] | NoRow:
    """The rows of a run's file by the hash of their keys."""
    raw = paths_of(run).raw
    if not raw.exists():
        return NoRow.GONE
    if run.rows_total > MOST_ROWS or run.source_id is None:
        return NoRow.TOO_LONG
    decimals = (run.details.get("spooled") or {}).get("decimals")
    mapping = parse_mapping(run.mapping) if run.mapping else None
    if decimals is None or mapping is None:
        return NoRow.CHANGED
    try:
        with TemporaryDirectory() as folder:
            copy = Path(folder) / raw.name
            copy.symlink_to(raw)
            paths = Paths(copy)
            spool(paths, mapping, decimals, _nobody_waits, run.workspace.timezone)
            return _matched(paths, run.source_id, wanted)
    except Unreadable:
        return NoRow.CHANGED


def _nobody_waits(_rows: int, _bytes: int) -> None:
    """Progress that nobody looks at."""


def _matched(paths: Paths, source_id: int, wanted: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for batch in batches(paths, rows_done=0, readings=STEP):
        hashes = hash_keys(source_id, batch.block.key_texts()).tolist()
        numbers = zip(hashes, batch.block.number.tolist(), strict=True)
        found |= {mark: number for mark, number in numbers if mark in wanted}
    return found
