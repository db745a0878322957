"""A CSV file as rows of cells, streamed: bounded memory, strict about quotes, exact about where."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from metrics.rules.faults import Fault, Unreadable, shown
from metrics.rules.fileshapes import HIGHEST_HEADER, FileShape
from metrics.sources.detection import CHUNK, SAMPLE_ROWS, detect_delimiter
from metrics.sources.encodings import is_mostly_utf8
from metrics.sources.names import unique_names

LONGEST_LINE = 1_000_000  # characters
FIRST_BLOCK, BLOCK = 2**14, 7 * 2**19  # characters that are read, and looked through, at once
GROWTH = 4
WINDOW = 65_536  # a cell past the limit of csv fills a window of so many characters
STEP = 500  # rows between two looks at how much of the file they took
MOST_AT_ONCE = 8 * 1024 * 1024  # bytes of the file that are held as rows
Columns = list[list[str]]


class CsvGrid:
    """The records of a CSV file from its first line on; a context manager."""

    typed = False  # its cells are texts, whatever they mean

    def __init__(self, path: Path, shape: FileShape) -> None:
        """Keep what is to be read; encoding and delimiter are known."""
        self._path, self._shape = path, shape
        self._lines = _Lines(path, shape.encoding, self._undecodable)
        self._delimiter = shape.delimiter
        self._broken: Unreadable | None = None
        self._taken = 0  # lines that did not go through csv

    def __enter__(self) -> Self:
        """Open the file."""
        self._lines.__enter__()
        self._rows = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._lines.close()

    def skip(self, rows: int) -> None:
        """Pass over the lines above the header, whatever they hold."""
        self._taken += self._lines.skip(rows)

    def read(self, number: int) -> list[str] | None:
        """The next record, or None at the end; what csv cannot read names this row."""
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise Unreadable(_csv_fault(str(error), number)) from error

    def read_many(self, number: int, most: int) -> list[list[str]]:
        """The next records from this number on, of bounded length together; none at the end.

        What cannot be read is raised behind the records before it.
        """
        if self._broken:
            raise self._broken
        rows: list[list[str]] = []
        begin = self.position
        try:
            while len(rows) < most and self.position - begin < MOST_AT_ONCE:
                before = len(rows)
                rows.extend(islice(self._rows, min(STEP, most - before, self._left or 1)))
                if len(rows) == before or not self._left:
                    break
        except csv.Error as error:
            self._broken = Unreadable(_csv_fault(str(error), number + len(rows)))
        except Unreadable as refusal:
            self._broken = refusal
        if self._broken and not rows:
            raise self._broken
        return rows

    def read_columns(self, width: int) -> Columns | None:
        """Many of the next records by columns; None where they have to be read one by one.

        Where no quotation mark stands, and each line has as many cells, csv only cuts.
        """
        if self._broken or self._left:
            return None
        block = self._lines.peek()
        columns = _cut(block, self._delimiter, width) if block else None
        if columns is not None:
            self._taken += self._lines.pass_over()
        return columns

    def _undecodable(self) -> Fault:
        """Where the file stops being text, with the cell that does."""
        rows = first_rows(self._path, self._shape)
        above = max(self._shape.header_row, 1) - 1
        return undecodable(
            self._path, self._shape, unique_names(rows[above]) if rows[above:] else ()
        )

    @property
    def _left(self) -> int:
        """Lines of the block that have not become records yet; no end is known of odd ones."""
        if self._lines.are_odd:
            return STEP
        return self._lines.given - self._taken - self._rows.line_num

    @property
    def position(self) -> int:
        """Bytes read so far, for the progress."""
        return self._lines.position

    @property
    def ended_short(self) -> bool:
        """Whether the last line, once it is read, had no end."""
        return self._lines.ended_short


def sniff_delimiter(path: Path, encoding: str, skipped: int) -> str:
    """The delimiter of the lines below the first so many."""
    with _Lines(path, encoding) as lines:
        lines.skip(skipped)
        return detect_delimiter(list(islice(lines, SAMPLE_ROWS)))


def first_rows(path: Path, shape: FileShape) -> list[list[str]]:
    """The first lines, each cut by itself: above a header quotation marks mean nothing.

    Ends at a line whose quotation goes on in the next.
    """
    found: list[list[str]] = []
    with _Lines(path, shape.encoding) as lines:
        for line in islice(lines, HIGHEST_HEADER + 1):
            try:
                found += csv.reader([line], delimiter=shape.delimiter, strict=True)
            except csv.Error:
                break
    return found


def sections_of(path: Path, shape: FileShape) -> list[tuple[int, list[str]]]:
    """Row and cells of the header of each table between blank lines and comments."""
    found: list[tuple[int, list[str]]] = []
    inside = False
    with _Lines(path, shape.encoding) as lines:
        for number, line in enumerate(lines, 1):
            if is_between(line):
                inside = False
            elif not inside:
                inside = True
                cells = next(csv.reader([line], delimiter=shape.delimiter))
                found.append((number, cells))
    return found


def is_between(line: str) -> bool:
    """Whether a line is blank or a comment."""
    return line.lstrip('"').startswith("#") or not line.strip(' ,;\t\r\n"')


def _cut(block: str, delimiter: str, width: int) -> Columns | None:
    """The columns of whole lines; None where csv might read them in another way."""
    text = block.replace("\r\n", "\n") if "\r" in block else block
    if '"' in text or "\r" in text or not width:
        return None
    if any("\n" not in text[at : at + WINDOW] for at in range(0, len(text) - WINDOW, WINDOW)):
        return None
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    ends = cells[width :: width + 1]
    lines = text.count("\n")
    if len(cells) != lines * (width + 1) + 1 or ends.count("\n") < lines:
        return None
    return [cells[place : -1 : width + 1] for place in range(width)]


def _csv_fault(message: str, row: int) -> Fault:
    """What csv says, as a fault."""
    if "end of data" in message:
        return Fault("file_is_cut_in_quotes", row=row)
    if "field limit" in message:
        return Fault("cell_too_long", row=row, more=(("most", str(csv.field_size_limit())),))
    return Fault("bad_quotes", row=row)


class _Lines:
    """Lines of a text file, each of bounded length; decoding faults name the line.

    They are read and looked through in blocks; from the first block on that holds anything odd,
    line by line. `why` finds the fault; without it, for whoever but looks at how a file is made,
    what cannot be decoded is passed over.
    """

    def __init__(
        self, path: Path, encoding: str, why: Callable[[], Fault] | None = None
    ) -> None:  # fmt: skip
        self._path, self._encoding, self._why = path, encoding, why
        self._raw: BinaryIO
        self._text: io.TextIOWrapper
        self._next: str | None = None  # the block that was looked at, and not yet handed on
        self._size = FIRST_BLOCK
        self.are_odd = False
        self.given = 0  # lines of the blocks that were handed on
        self.ended_short = False

    def __enter__(self) -> Self:
        self._raw = self._path.open("rb")
        name = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        errors = "strict" if self._why else "replace"
        self._text = io.TextIOWrapper(self._raw, encoding=name, errors=errors, newline="")
        self._lines = chain.from_iterable(self._blocks())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def skip(self, lines: int) -> int:
        """Pass over the lines above the header; how many there were."""
        return sum(1 for _line in islice(self._lines, lines))

    @property
    def position(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._text.close()

    def peek(self) -> str:
        """The next block of whole lines; nothing at the end, and where the lines are odd."""
        if self._next is None and not self.are_odd:
            place = self._text.tell()
            self._next = self._block(self._size)
            self._size = min(self._size * GROWTH, BLOCK)
            if self._next is None:
                self.are_odd = True
                self._text.seek(place)
        return self._next or ""

    def pass_over(self) -> int:
        """Hand on the block that was looked at; how many lines it has."""
        block, self._next = self._next or "", None
        lines = block.count("\n") + block.count("\r") - block.count("\r\n")
        self.given += lines
        return lines

    def _blocks(self) -> Iterator[Iterable[str]]:
        while block := self.peek():
            self.pass_over()
            yield io.StringIO(block, newline="")
        if self.are_odd:
            yield self._one_by_one()

    def _block(self, size: int) -> str | None:
        """So many characters and the rest of their last line; None where a line is odd."""
        try:
            block = self._text.read(size)
            block += self._text.readline(LONGEST_LINE)
        except UnicodeError:
            return None
        if block and block[-1] not in "\r\n":
            return None
        text = block.rstrip("\r\n")
        last = len(text) - max(text.rfind("\n"), text.rfind("\r"))
        return None if "\0" in block or last >= LONGEST_LINE else block

    def _one_by_one(self) -> Iterator[str]:
        while line := self._read():
            self.given = number = self.given + 1
            if line[-1] not in "\r\n":
                if len(line) >= LONGEST_LINE:
                    more = (("most", str(LONGEST_LINE)),)
                    raise Unreadable(Fault("line_too_long", row=number, more=more))
                self.ended_short = True
            if "\0" in line:
                raise Unreadable(Fault("nul_character", row=number))
            yield line

    def _read(self) -> str:
        try:
            return self._text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            raise Unreadable(self._fault()) from error
        except UnicodeError as error:  # UTF-16 that lacks its mark
            raise Unreadable(_wrong_encoding(1, self._encoding)) from error

    def _fault(self) -> Fault:
        return self._why() if self._why else _wrong_encoding(self.given + 1, self._encoding)


def undecodable(path: Path, shape: FileShape, columns: Sequence[str]) -> Fault:
    """Where the file stops being text in its encoding; at its very end it was cut."""
    decoder = codecs.getincrementaldecoder(shape.encoding)("strict")
    row, done, size, before = 1, 0, path.stat().st_size, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            done += len(chunk)
            try:
                row += decoder.decode(chunk, final=done >= size).count("\n")
            except UnicodeDecodeError as error:
                row += error.object[: error.start].count(b"\n")
                cut = error.end >= len(error.object) and "end of data" in error.reason
                if done >= size and cut:
                    return Fault("file_is_cut_short", row=row)
                above = (before + error.object[: error.start]).rpartition(b"\n")[2]
                rest = error.object[error.start :].partition(b"\n")[0]
                return _damaged(row, (above, rest), path, shape, columns)
            before = chunk.rpartition(b"\n")[2][-LONGEST_LINE:]
    return _wrong_encoding(row, shape.encoding)


def _damaged(
    row: int, line: tuple[bytes, bytes], path: Path, shape: FileShape, columns: Sequence[str]
) -> Fault:
    """The cell between whose halves the bytes are no text: of a file in UTF-8 it is damaged."""
    above, rest = (part.decode(shape.encoding, "replace") for part in line)
    begun, cells = _cells(above, shape), _cells(above + rest, shape)
    place = max(len(begun), 1) - 1
    if place >= min(len(columns), len(cells)):
        return _wrong_encoding(row, shape.encoding)
    column, value = columns[place], shown(cells[place].strip())
    if shape.encoding == "utf-8" and is_mostly_utf8(path):
        return Fault("damaged_letter", row=row, column=column, value=value)
    return _wrong_encoding(row, shape.encoding, column)


def _cells(line: str, shape: FileShape) -> list[str]:
    """The cells of a line that may be odd."""
    try:
        return next(csv.reader([line], delimiter=shape.delimiter), [])
    except csv.Error:
        return []


def _wrong_encoding(row: int, encoding: str, column: str = "") -> Fault:
    return Fault("encoding_wrong", row=row, column=column, more=(("encoding", encoding),))
