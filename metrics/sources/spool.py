"""Pass 1: the whole file checked and its rows kept aside, parsed, without touching the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
import orjson

from metrics.rules.blocks import Block
from metrics.rules.columns import ColumnReader
from metrics.rules.faults import Fault, Unreadable, fault_from
from metrics.rules.mapping import MappingDocument
from metrics.rules.readings import RowReader
from metrics.rules.rowdays import Setting
from metrics.sources.block_file import begin, is_block_file, read_blocks, write_block
from metrics.sources.fitting import repeated_columns, require_columns
from metrics.sources.tables import Chunk, Table, examine, is_guess
from metrics.sources.tallies import Ranks, Tally

MOST_ROWS = 5_000_000
SHOWN_FAULTS = 100
AT_ONCE = 25_000  # rows that are read together, and between two signs of progress
CELLS_AT_ONCE = 1_000_000  # fewer rows of wide tables
RANK = np.dtype("<i4")
EARLIER = (".rows", ".superseded")  # what earlier versions kept instead
Progress = Callable[[int, int], None]


@dataclass
class Spooled:
    """What pass 1 found: rows of the file, readings kept, rows rejected, rows superseded by key.

    `repeats` are rows that say all that an earlier one says. `left_out` are totals, footers and
    headers said again; `missing` counts the rows without each dimension. `days` have readings;
    `gaps` are the first stretches of days without, as ISO days, and one more if there are more.
    `spans` are the rows that cover several days, `longest_span` how many at most; `since` is the
    first day that any covers. `encoding_guessed` where neither the mapping nor the file states it.
    `repeated_columns` are read by the first of several of their name, the others not at all.
    `rounded` are values with more decimals than their metric has.
    """

    rows: int = 0
    readings: int = 0
    rejected: int = 0
    superseded: int = 0
    faults: list[Fault] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    since: date | None = None
    ends_short: bool = False  # the last row has no line end: it may have been cut in its last cell
    repeats: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    days: int = 0
    gaps: list[tuple[str, str]] = field(default_factory=list)
    spans: int = 0
    longest_span: int = 1
    encoding: str = ""
    encoding_guessed: bool = False
    repeated_columns: list[str] = field(default_factory=list)
    rounded: int = 0


@dataclass(frozen=True)
class Paths:
    """The raw file of an import and what pass 1 keeps beside it until pass 2 has loaded it."""

    raw: Path

    @property
    def rows(self) -> Path:
        """The parsed rows."""
        return self.raw.with_suffix(".blocks")

    @property
    def faults(self) -> Path:
        """Every rejected row with its reasons; kept with the import for the report."""
        return self.raw.with_suffix(".faults")

    @property
    def ranks(self) -> Path:
        """Of each parsed row, which of its like it is."""
        return self.raw.with_suffix(".ranks")

    @property
    def is_spooled(self) -> bool:
        """Whether the parsed rows are there, in the form of this version."""
        return is_block_file(self.rows) and self.ranks.exists()


def spool(
    paths: Paths,
    mapping: MappingDocument,
    decimals: Mapping[str, int],
    progress: Progress,
    zone: str = "UTC",
) -> Spooled:
    """Read the whole file by the mapping and keep its rows; Unreadable where it is no such file.

    `progress` is told rows and bytes now and then, and may raise to stop. `zone` is the one whose
    days instants become.
    """
    shape = examine(paths.raw, mapping.file, mapping.columns)
    guessed = is_guess(mapping.file, shape)
    found, tally = Spooled(encoding=shape.encoding, encoding_guessed=guessed), Tally()
    ranks = Ranks(explicit=bool(mapping.key))
    part = paths.rows.with_suffix(".part")
    with Table(paths.raw, shape) as table, part.open("wb") as out, paths.faults.open("wb") as bad:
        begin(out)
        require_columns(table.columns, mapping)
        found.repeated_columns = repeated_columns(table.columns, mapping)
        setting = Setting(zone, table.typed)
        reader = _Reader(RowReader(mapping, table.columns, decimals, setting), found, bad)
        widest = max(len(table.columns), len(mapping.metrics))
        most = max(min(AT_ONCE, CELLS_AT_ONCE // widest), 1)
        for chunk in table.chunks(most):
            found.rows += len(chunk.numbers) + len(chunk.ragged)
            block = reader.read(chunk, ranks)
            tally.count(block)
            if len(block):
                write_block(out, block)
            _still_fits(found.rows)
            progress(found.rows, table.position)
        found.ends_short = table.ends_short
        found.left_out = dict(table.left_out)
    ranks.settled().astype(RANK).tofile(paths.ranks)
    found.superseded, found.repeats = ranks.superseded, ranks.repeats
    part.replace(paths.rows)
    return _told(found, tally)


class _Reader:
    """Reads chunks of the table; what is wrong with rows goes into the count and the report."""

    def __init__(self, reader: RowReader, found: Spooled, report: BinaryIO) -> None:
        self._by_row, self._by_column = reader, ColumnReader(reader)
        self._found, self._report = found, report

    def read(self, chunk: Chunk, ranks: Ranks) -> Block:
        read = self._by_column.read(chunk.numbers, chunk.columns)
        ranks.note(read.likes, read.prints)
        self._found.rounded += read.rounded
        ragged = [self._by_row.faults_in(number, cells) for number, cells in chunk.ragged]
        for faults in sorted([*read.faults, *ragged], key=lambda of_row: of_row[0].row or 0):
            self._reject(faults)
        return read.block

    def _reject(self, faults: Sequence[Fault]) -> None:
        self._found.rejected += 1
        self._found.faults.extend(faults[: SHOWN_FAULTS - len(self._found.faults)])
        self._report.writelines(orjson.dumps(fault.as_json()) + b"\n" for fault in faults)


def _told(found: Spooled, tally: Tally) -> Spooled:
    found.readings, found.missing = tally.readings, dict(tally.missing)
    found.spans, found.longest_span = tally.spans, tally.longest_span
    found.first, found.last, found.days = tally.first, tally.last, len(tally.days)
    found.since = tally.since
    found.gaps = [(first.isoformat(), last.isoformat()) for first, last in tally.gaps()]
    return found


def _still_fits(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Unreadable(Fault("too_many_rows", more=(("most", str(MOST_ROWS)),)))


@dataclass(frozen=True)
class Batch:
    """Some parsed rows, and how many parsed rows there are up to their end."""

    block: Block
    rows_done: int


def batches(paths: Paths, *, rows_done: int, readings: int) -> Iterator[Batch]:
    """The parsed rows that count, behind so many, in batches of at most so many readings."""
    ranks = np.fromfile(paths.ranks, RANK)
    held: list[Block] = []
    for before, whole in read_blocks(paths.rows, rows_done):
        rows = np.arange(max(rows_done - before, 0), len(whole))
        block = replace(whole, rank=ranks[before : before + len(whole)]).taken(rows)
        if held and sum(len(one.row) for one in [*held, block]) > readings:
            yield from _cut(held, rows_done, readings)
            rows_done, held = before, []
        held.append(block)
    if held:
        yield from _cut(held, rows_done, readings)


def _cut(held: Sequence[Block], before: int, readings: int) -> Iterator[Batch]:
    """The rows of these blocks, which follow so many others, in batches."""
    block = Block.together(held)
    for first, last in block.cuts(readings):
        rows = np.arange(first, last)
        yield Batch(block.taken(rows[block.rank[first:last] > 0]), before + last)


def faults_of(paths: Paths) -> Iterator[Fault]:
    """Every fault that pass 1 found, in the order of the rows."""
    if not paths.faults.exists():
        return
    with paths.faults.open("rb") as file:
        for line in file:
            yield fault_from(orjson.loads(line))


def forget(paths: Paths) -> None:
    """Remove what only pass 2 needed."""
    for suffix in (".blocks", ".part", ".ranks", *EARLIER):
        paths.raw.with_suffix(suffix).unlink(missing_ok=True)


def discard(paths: Paths) -> None:
    """Remove the raw file too: the import never came to be."""
    forget(paths)
    paths.faults.unlink(missing_ok=True)
    paths.raw.unlink(missing_ok=True)
