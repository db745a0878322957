"""Pass 1: the whole file checked and its rows kept aside, parsed, without touching the database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path

import orjson

from metrics.rules.dims import Dims
from metrics.rules.faults import Fault, Unreadable, fault_from
from metrics.rules.keys import plain_key
from metrics.rules.mapping import MappingDocument
from metrics.rules.readings import RowRead, RowReader
from metrics.sources.csv_file import Table, examine, require_columns

MOST_ROWS = 5_000_000
SHOWN_FAULTS = 100
STRIDE = 2_000  # rows between two signs of progress
FLUSH = 4 * 1024 * 1024
Progress = Callable[[int, int], None]


@dataclass
class Spooled:
    """What pass 1 found: rows of the file, readings kept, rows rejected, rows superseded by key."""

    rows: int = 0
    readings: int = 0
    rejected: int = 0
    superseded: int = 0
    faults: list[Fault] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    ends_short: bool = False  # the last row has no line end: it may have been cut in its last cell


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
    paths: Paths, mapping: MappingDocument, decimals: Mapping[str, int], progress: Progress
) -> Spooled:
    """Read the whole file by the mapping and keep its rows; Unreadable where it is no such file.

    `progress` is told rows and bytes now and then, and may raise to stop.
    """
    shape = examine(paths.raw, mapping.file)
    found = Spooled()
    part = paths.rows.with_suffix(".part")
    with Table(paths.raw, shape) as table, part.open("wb") as out, paths.faults.open("wb") as bad:
        require_columns(table.columns, mapping)
        reader = RowReader(mapping, table.columns, decimals)
        keys = _Keys(explicit=bool(mapping.key))
        pending = bytearray()
        for number, cells in table:
            found.rows += 1
            read = reader.read(number, cells)
            if isinstance(read, list):
                found.rejected += 1
                found.faults.extend(read[: SHOWN_FAULTS - len(found.faults)])
                bad.writelines(orjson.dumps(fault.as_json()) + b"\n" for fault in read)
            else:
                pending += _line(keys.named(read))
                _count(found, read)
            if len(pending) > FLUSH:
                out.write(pending)
                pending.clear()
            if found.rows % STRIDE == 0:
                _still_fits(found.rows)
                progress(found.rows, table.position)
        out.write(pending)
        found.ends_short = table.ends_short
    found.superseded = len(keys.superseded)
    paths.superseded.write_bytes(orjson.dumps(sorted(keys.superseded)))
    part.replace(paths.rows)
    return found


def _count(found: Spooled, read: RowRead) -> None:
    found.readings += len(read.values)
    if read.values:
        found.first = read.day if found.first is None else min(found.first, read.day)
        found.last = read.day if found.last is None else max(found.last, read.day)


def _still_fits(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Unreadable(Fault("too_many_rows", more=(("most", str(MOST_ROWS)),)))


def _line(read: RowRead) -> bytes:
    row = (read.number, read.day.toordinal(), read.dims, read.key, read.values)
    return orjson.dumps(row) + b"\n"


class _Keys:
    """Names each row: by its explicit key (the last one counts), or as the n-th of its like."""

    def __init__(self, *, explicit: bool) -> None:
        self._explicit = explicit
        self._seen: dict[bytes, int] = {}
        self.superseded: set[int] = set()

    def named(self, read: RowRead) -> RowRead:
        if self._explicit:
            mark = blake2b(read.key.encode(), digest_size=12).digest()
            earlier = self._seen.get(mark)
            if earlier is not None:
                self.superseded.add(earlier)
            self._seen[mark] = read.number
            return read
        mark = blake2b(repr((read.day, read.dims)).encode(), digest_size=12).digest()
        copy = self._seen[mark] = self._seen.get(mark, 0) + 1
        return read._replace(key=plain_key(read.day, read.dims, copy))


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
    number, day, dims, key, values = orjson.loads(line)
    canonical: Dims = tuple((name, value) for name, value in dims)
    return RowRead(
        number, date.fromordinal(day), canonical, key, [(order, value) for order, value in values]
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
