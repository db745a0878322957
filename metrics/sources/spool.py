"""Pass 1: the whole file checked and its rows kept aside, parsed, without touching the database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import orjson

from metrics.rules.dims import Dims
from metrics.rules.faults import Fault, Unreadable, fault_from
from metrics.rules.mapping import MappingDocument
from metrics.rules.readings import RowRead, RowReader
from metrics.rules.rowdays import Setting
from metrics.sources.tables import Table, examine, require_columns
from metrics.sources.tallies import Keys, Tally

MOST_ROWS = 5_000_000
SHOWN_FAULTS = 100
STRIDE = 2_000  # rows between two signs of progress
FLUSH = 4 * 1024 * 1024
Progress = Callable[[int, int], None]


@dataclass
class Spooled:
    """What pass 1 found: rows of the file, readings kept, rows rejected, rows superseded by key.

    `repeats` are rows that say all that an earlier one says. `left_out` are totals, footers and
    headers said again; `missing` counts the rows without each dimension. `days` have readings;
    `gaps` are the first stretches of days without, as ISO days. `spans` are the rows that cover
    several days, `longest_span` how many at most.
    """

    rows: int = 0
    readings: int = 0
    rejected: int = 0
    superseded: int = 0
    faults: list[Fault] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    ends_short: bool = False  # the last row has no line end: it may have been cut in its last cell
    repeats: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    days: int = 0
    gaps: list[tuple[str, str]] = field(default_factory=list)
    spans: int = 0
    longest_span: int = 1


@dataclass(frozen=True)
class Paths:
    """The raw file of an import and what pass 1 keeps beside it until pass 2 has loaded it."""

    raw: Path

    @property
    def rows(self) -> Path:
        """The parsed rows."""
        return self.raw.with_suffix(".rows")

    @property
    def faults(self) -> Path:
        """Every rejected row with its reasons; kept with the import for the report."""
        return self.raw.with_suffix(".faults")

    @property
    def superseded(self) -> Path:
        """Numbers of the rows whose key comes again further down."""
        return self.raw.with_suffix(".superseded")


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
    found, tally = Spooled(), Tally()
    part = paths.rows.with_suffix(".part")
    with Table(paths.raw, shape) as table, part.open("wb") as out, paths.faults.open("wb") as bad:
        require_columns(table.columns, mapping)
        reader = RowReader(mapping, table.columns, decimals, Setting(zone, table.typed))
        keys = Keys(explicit=bool(mapping.key))
        pending = bytearray()
        for number, cells in table:
            found.rows += 1
            read = reader.read(number, cells)
            if isinstance(read, list):
                found.rejected += 1
                found.faults.extend(read[: SHOWN_FAULTS - len(found.faults)])
                bad.writelines(orjson.dumps(fault.as_json()) + b"\n" for fault in read)
            else:
                pending += _line(keys.named(read, cells))
                tally.count(read)
            if len(pending) > FLUSH:
                out.write(pending)
                pending.clear()
            if found.rows % STRIDE == 0:
                _still_fits(found.rows)
                progress(found.rows, table.position)
        out.write(pending)
        found.ends_short = table.ends_short
        found.left_out = dict(table.left_out)
    found.superseded, found.repeats = len(keys.superseded), keys.repeats
    paths.superseded.write_bytes(orjson.dumps(sorted(keys.superseded)))
    part.replace(paths.rows)
    return _told(found, tally)


def _told(found: Spooled, tally: Tally) -> Spooled:
    found.readings, found.missing = tally.readings, dict(tally.missing)
    found.spans, found.longest_span = tally.spans, tally.longest_span
    found.first, found.last, found.days = tally.first, tally.last, len(tally.days)
    found.gaps = [(first.isoformat(), last.isoformat()) for first, last in tally.gaps()]
    return found


def _still_fits(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Unreadable(Fault("too_many_rows", more=(("most", str(MOST_ROWS)),)))


def _line(read: RowRead) -> bytes:
    row: tuple[object, ...] = (
        read.number, read.day.toordinal(), read.dims, read.key, read.values,
    )  # fmt: skip
    if read.span != 1 or read.people:
        row += (read.span, read.people)
    return orjson.dumps(row) + b"\n"


@dataclass(frozen=True)
class Batch:
    """Some parsed rows, and where in the spool the next ones begin."""

    rows: list[RowRead]
    rows_done: int
    offset: int


def batches(paths: Paths, *, offset: int, rows_done: int, readings: int) -> Iterator[Batch]:
    """The parsed rows from a checkpoint on, in batches of at most so many readings."""
    superseded = frozenset(orjson.loads(paths.superseded.read_bytes()))
    with paths.rows.open("rb") as file:
        file.seek(offset)
        rows: list[RowRead] = []
        count = 0
        for line in file:
            read = _read(line)
            if rows and count + len(read.values) > readings:
                yield Batch(rows, rows_done, offset)
                rows, count = [], 0
            offset += len(line)
            rows_done += 1
            if read.number not in superseded:
                rows.append(read)
                count += len(read.values)
        yield Batch(rows, rows_done, offset)


def _read(line: bytes) -> RowRead:
    number, day, dims, key, values, *more = orjson.loads(line)
    canonical: Dims = tuple((name, value) for name, value in dims)
    pairs = [(order, value) for order, value in values]
    span, people = more or (1, ())
    return RowRead(
        number, date.fromordinal(day), canonical, key, pairs, span, [(n, who) for n, who in people]
    )


def faults_of(paths: Paths) -> Iterator[Fault]:
    """Every fault that pass 1 found, in the order of the rows."""
    if not paths.faults.exists():
        return
    with paths.faults.open("rb") as file:
        for line in file:
            yield fault_from(orjson.loads(line))


def forget(paths: Paths) -> None:
    """Remove what only pass 2 needed."""
    for path in (paths.rows, paths.superseded, paths.rows.with_suffix(".part")):
        path.unlink(missing_ok=True)


def discard(paths: Paths) -> None:
    """Remove the raw file too: the import never came to be."""
    forget(paths)
    paths.faults.unlink(missing_ok=True)
    paths.raw.unlink(missing_ok=True)
