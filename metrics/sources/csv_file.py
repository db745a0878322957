"""A CSV file as rows of cells, streamed: bounded memory, strict about quotes, exact about where."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from metrics.rules.faults import Fault, Unreadable, shown
from metrics.rules.mapping import FileShape, MappingDocument
from metrics.sources.detection import (
    CHUNK,
    SAMPLE_ROWS,
    detect_delimiter,
    detect_encoding,
    refuse_other_kinds,
)

LONGEST_LINE = 1_000_000  # characters
MOST_COLUMNS = 16_384
NAMED_COLUMNS = 40  # how many columns a message lists
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file: what was detected, the columns and the first rows."""

    shape: FileShape
    columns: list[str]
    rows: list[Row]


def examine(path: Path, shape: FileShape | None = None) -> FileShape:
    """The file's shape with encoding and delimiter filled in; Unreadable where it is no CSV."""
    refuse_other_kinds(path)
    found = shape or FileShape()
    if not found.encoding:
        found = replace(found, encoding=detect_encoding(path))
    if not found.encoding:
        raise Unreadable(Fault("encoding_unknown"))
    if not found.delimiter:
        with _Lines(path, found.encoding) as lines:
            lines.skip(found.header_row - 1)
            sample = [line for _, line in zip(range(SAMPLE_ROWS), lines, strict=False)]
        found = replace(found, delimiter=detect_delimiter(sample))
    return found


def preview(path: Path, shape: FileShape | None = None, *, rows: int = 10) -> Preview:
    """Columns and first rows; raises Unreadable for what cannot be read that far."""
    with Table(path, examine(path, shape)) as table:
        first = [row for _, row in zip(range(rows), table, strict=False)]
        return Preview(table.shape, table.columns, first)


def require_columns(columns: Sequence[str], mapping: MappingDocument) -> None:
    """Raise Unreadable for each column that the mapping names and the file has not."""
    known = set(columns)
    listed = ", ".join(columns[:NAMED_COLUMNS]) + (", …" if len(columns) > NAMED_COLUMNS else "")
    faults = [
        Fault("no_column", column=name, pointer=pointer, more=(("columns", listed),))
        for name, pointer in mapping.columns.items()
        if name not in known
    ]
    if faults:
        raise Unreadable(*faults)


def unique_names(header: Sequence[str]) -> list[str]:
    """Names of the columns: repeated ones get `#2`, `#3`; empty ones are called `#<position>`."""
    taken: set[str] = set()
    found = []
    for position, cell in enumerate(header, 1):
        plain = cell.strip("\ufeff \t\r\n\u00a0") or f"#{position}"
        name, copy = plain, 1
        while name in taken:
            copy += 1
            name = f"{plain}#{copy}"
        taken.add(name)
        found.append(name)
    return found


class Table:
    """Rows of a CSV file; iterate for (row number, cells). The header stands in `columns`.

    A row of the wrong length is yielded as it is; the caller compares. The end of a file that was
    cut in the middle raises Unreadable, with the row.
    """

    def __init__(self, path: Path, shape: FileShape) -> None:
        """Keep what is to be read and how; `examine` has filled the shape in."""
        self.shape = shape
        self.columns: list[str] = []
        self._lines = _Lines(path, shape.encoding)
        self._number = shape.header_row - 1

    def __enter__(self) -> Self:
        """Open the file and read its header."""
        self._lines.__enter__()
        try:
            self._lines.skip(self.shape.header_row - 1)
            self._rows = csv.reader(self._lines, delimiter=self.shape.delimiter, strict=True)
            self.columns = self._header()
        except BaseException:
            self._lines.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._lines.close()

    def __iter__(self) -> Iterator[Row]:
        """Every row that is not blank, with its number."""
        width, found = len(self.columns), False
        while (cells := self._next()) is not None:
            if not any(cells):
                continue
            if len(cells) < width and self._lines.ended_short:
                raise Unreadable(_cut(self._number, cells, self.columns))
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            found = True
            yield self._number, cells
        if not found:
            raise Unreadable(Fault("file_only_header", row=self.shape.header_row))

    @property
    def position(self) -> int:
        """Bytes read so far, for the progress."""
        return self._lines.position

    @property
    def ends_short(self) -> bool:
        """Whether the last line, once it is read, had no end."""
        return self._lines.ended_short

    def _header(self) -> list[str]:
        header = self._next()
        if header is None:
            raise Unreadable(Fault("file_is_empty"))
        if not any(header):
            raise Unreadable(Fault("header_is_empty", row=self._number))
        if len(header) > MOST_COLUMNS:
            more = (("most", str(MOST_COLUMNS)),)
            raise Unreadable(Fault("too_many_columns", row=self._number, more=more))
        return unique_names(header)

    def _next(self) -> list[str] | None:
        """The next record, or None at the end; what csv cannot read becomes Unreadable."""
        self._number += 1
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise Unreadable(_csv_fault(str(error), self._number)) from error


def _cut(row: int, cells: Sequence[str], columns: Sequence[str]) -> Fault:
    more = (("cells", str(len(cells))), ("expected", str(len(columns))))
    return Fault(
        "file_is_cut", row=row, column=columns[len(cells) - 1], value=shown(cells[-1]), more=more
    )


def _csv_fault(message: str, row: int) -> Fault:
    """What csv says, as a fault."""
    if "end of data" in message:
        return Fault("file_is_cut_in_quotes", row=row)
    if "field limit" in message:
        return Fault("cell_too_long", row=row, more=(("most", str(csv.field_size_limit())),))
    return Fault("bad_quotes", row=row)


class _Lines:
    """Lines of a text file, each of bounded length; decoding faults name the line."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self._raw: BinaryIO
        self._text: io.TextIOWrapper
        self.number = 0
        self.ended_short = False

    def __enter__(self) -> Self:
        self._raw = self._path.open("rb")
        name = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        self._text = io.TextIOWrapper(self._raw, encoding=name, errors="strict", newline="")
        self._size = self._path.stat().st_size
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.number += 1
        if line[-1] not in "\r\n":
            if len(line) >= LONGEST_LINE:
                more = (("most", str(LONGEST_LINE)),)
                raise Unreadable(Fault("line_too_long", row=self.number, more=more))
            self.ended_short = True
        if "\0" in line:
            raise Unreadable(Fault("nul_character", row=self.number))
        return line

    def skip(self, lines: int) -> None:
        """Pass over the lines above the header."""
        for _ in range(lines):
            next(self, None)

    @property
    def position(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._text.close()

    def _read(self) -> str:
        try:
            return self._text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            raise Unreadable(undecodable(self._path, self._encoding)) from error
        except UnicodeError as error:  # UTF-16 that lacks its mark
            raise Unreadable(
                Fault("encoding_wrong", row=1, more=(("encoding", self._encoding),))
            ) from error


def undecodable(path: Path, encoding: str) -> Fault:
    """Where the file stops being text in this encoding; at its very end it was cut."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, done, size = 1, 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            done += len(chunk)
            try:
                line += decoder.decode(chunk, final=done >= size).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                if (
                    done >= size
                    and error.end >= len(error.object)
                    and "end of data" in error.reason
                ):
                    return Fault("file_is_cut_short", row=line)
                break
    return Fault("encoding_wrong", row=line, more=(("encoding", encoding),))
