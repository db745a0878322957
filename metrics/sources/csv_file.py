"""A CSV file as rows of cells, streamed: bounded memory, strict about quotes, exact about where."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from metrics.rules.faults import Fault, Unreadable
from metrics.rules.fileshapes import HIGHEST_HEADER, FileShape
from metrics.sources.detection import CHUNK, SAMPLE_ROWS, detect_delimiter

LONGEST_LINE = 1_000_000  # characters
FIRST_BLOCK, BLOCK = 16_384, 262_144  # characters that are read, and looked through, at once
STEP = 500  # rows between two looks at how much of the file they took
MOST_AT_ONCE = 8 * 1024 * 1024  # bytes of the file that are held as rows


class CsvGrid:
    """The records of a CSV file from its first line on; a context manager."""

    typed = False  # its cells are texts, whatever they mean

    def __init__(self, path: Path, shape: FileShape) -> None:
        """Keep what is to be read; encoding and delimiter are known."""
        self._lines = _Lines(path, shape.encoding)
        self._delimiter = shape.delimiter
        self._broken: Unreadable | None = None

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
        self._lines.skip(rows)

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
                rows.extend(islice(self._rows, min(STEP, most - before)))
                if len(rows) == before:
                    break
        except csv.Error as error:
            self._broken = Unreadable(_csv_fault(str(error), number + len(rows)))
        except Unreadable as refusal:
            self._broken = refusal
        if self._broken and not rows:
            raise self._broken
        return rows

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
    line by line.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self._raw: BinaryIO
        self._text: io.TextIOWrapper
        self._number = 0  # lines of the blocks so far
        self.ended_short = False

    def __enter__(self) -> Self:
        self._raw = self._path.open("rb")
        name = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        self._text = io.TextIOWrapper(self._raw, encoding=name, errors="strict", newline="")
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

    def skip(self, lines: int) -> None:
        """Pass over the lines above the header."""
        for _ in range(lines):
            next(self._lines, None)

    @property
    def position(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._text.close()

    def _blocks(self) -> Iterator[Iterable[str]]:
        size = FIRST_BLOCK
        while True:
            place = self._text.tell()
            block = self._block(size)
            if block is None:
                self._text.seek(place)
                yield self._one_by_one()
                return
            if not block:
                return
            yield io.StringIO(block, newline="")
            self._number += block.count("\n") + block.count("\r") - block.count("\r\n")
            size = BLOCK

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
        number = self._number
        while line := self._read():
            number += 1
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
