"""A file of either kind as a table: its columns, and the rows that are data."""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from metrics.rules.faults import Fault, Unreadable, shown
from metrics.rules.fileshapes import FileShape
from metrics.sources.collecting import without_collector
from metrics.sources.csv_file import CsvGrid, sniff_delimiter
from metrics.sources.detection import refuse_other_kinds
from metrics.sources.encodings import detect_encoding
from metrics.sources.layout import place_header
from metrics.sources.names import unique_names
from metrics.sources.xlsx_file import ENDING, XlsxGrid

INITIAL = itemgetter(slice(1))
MOST_COLUMNS = 16_384
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file: what was detected, the columns and the first rows."""

    shape: FileShape
    columns: list[str]
    rows: list[Row]
    typed: bool = False


def examine(path: Path, shape: FileShape | None = None, wanted: Collection[str] = ()) -> FileShape:
    """The file's shape with encoding, delimiter and header row filled in; Unreadable if no table.

    `wanted` are the columns that will be read: they say which row is the header.
    """
    found = written(path, shape or FileShape())
    return place_header(path, found, wanted)


def written(path: Path, shape: FileShape) -> FileShape:
    """The shape with encoding and delimiter filled in; Unreadable where it is no table."""
    if path.suffix == ENDING:
        return shape
    refuse_other_kinds(path)
    found = shape
    if not found.encoding:
        found = replace(found, encoding=detect_encoding(path))
    if not found.encoding:
        raise Unreadable(Fault("encoding_unknown"))
    if not found.delimiter:
        above = max(found.header_row - 1, 0)
        found = replace(found, delimiter=sniff_delimiter(path, found.encoding, above))
    return found


def is_guess(stated: FileShape, found: FileShape) -> bool:
    """Whether the encoding is but the likeliest: not stated, and none that bytes can prove."""
    return not stated.encoding and bool(found.encoding) and not found.encoding.startswith("utf-")


def preview(
    path: Path,
    shape: FileShape | None = None,
    *,
    rows: int = 10,
    wanted: Collection[str] = (),
) -> Preview:
    """Columns and first rows; raises Unreadable for what cannot be read that far."""
    with without_collector(), Table(path, examine(path, shape, wanted)) as table:
        first: list[Row] = []
        for chunk in table.chunks(rows, rows):
            cells = _rows_of([column[:rows] for column in chunk.columns])
            uniform = zip(chunk.numbers[:rows].tolist(), cells, strict=True)
            first += sorted([*uniform, *chunk.ragged], key=itemgetter(0))
        return Preview(table.shape, table.columns, first[:rows], table.typed)


class Chunk(NamedTuple):
    """Rows of data that follow each other: those as wide as the table by columns, and the others.

    `numbers` are those of the rows in `columns`.
    """

    numbers: NDArray[np.int64]
    columns: Sequence[Sequence[str]]
    ragged: list[Row]


class Table:
    """Rows of a file; iterate for (row number, cells). The header stands in `columns`.

    A row of the wrong length is yielded as it is; the caller compares. Totals, footers and the
    header said again are passed over and counted in `left_out`. The end of a file that was cut in
    the middle raises Unreadable, with the row.
    """

    def __init__(self, path: Path, shape: FileShape) -> None:
        """Keep what is to be read and how; `examine` has filled the shape in."""
        self.shape = shape
        self.columns: list[str] = []
        self.left_out: Counter[str] = Counter()
        self._grid = XlsxGrid(path, shape) if path.suffix == ENDING else CsvGrid(path, shape)
        self._number = max(shape.header_row, 1) - 1
        self._skipped: list[tuple[int, frozenset[str]]] = []

    def __enter__(self) -> Self:
        """Open the file and read its header."""
        self._grid.__enter__()
        try:
            self._grid.skip(self._number)
            self._raw = self._next()
            self.columns = self._header(self._raw)
        except BaseException:
            self._grid.__exit__(None, None, None)
            raise
        place = {name: position for position, name in enumerate(self.columns)}
        self._skipped = [
            (place[column], frozenset(texts))
            for column, texts in self.shape.skip_where
            if column in place
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._grid.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Row]:
        """Every row of data, with its number."""
        found = False
        while (cells := self._next()) is not None:
            ended, is_data = self._judged(cells, found=found)
            if ended:
                break
            if is_data:
                found = True
                short = self._grid.ended_short
                yield self._number, self._fitted(self._number, cells, short=short)
        if not found:
            self._refuse_only_header()

    def chunks(self, most: int, wanted: int = sys.maxsize) -> Iterator[Chunk]:
        """The same rows, at most so many at a time, by columns.

        Where only so many are wanted, nothing behind them is judged.
        """
        found = ended = False
        while not ended and wanted > 0:
            first = self._number + 1
            cut = self._grid.read_columns(len(self.columns))
            if cut is not None and not self._odd_in(cut):
                self._number += len(cut[0])
                wanted -= len(cut[0])
                found = True
                yield Chunk(np.arange(first, self._number + 1), cut, [])
                continue
            rows = _rows_of(cut) if cut else self._grid.read_many(first, min(most, wanted))
            if not rows:
                break
            self._number += len(rows)
            kept, ragged, ended = self._sift(first, rows, found=found)
            if len(kept) < len(rows):
                rows = [rows[place] for place in kept]
            if rows or ragged:
                wanted -= len(rows) + len(ragged)
                found = True
                columns = list(zip(*rows, strict=True)) or [()] * len(self.columns)
                yield Chunk(np.fromiter(kept, np.int64, len(kept)) + first, columns, ragged)
        if not found:
            self._refuse_only_header()

    def _sift(
        self, first: int, rows: list[list[str]], *, found: bool
    ) -> tuple[Sequence[int], list[Row], bool]:
        """Which rows are data as wide as the table, those of another width, and if it ends here."""
        out: set[int] = set()
        ragged: list[Row] = []
        for place in self._odd(rows):
            has_data = found or bool(ragged) or place > len(out)
            ended, is_data = self._judged(rows[place], found=has_data)
            if ended:
                return [row for row in range(place) if row not in out], ragged, True
            if is_data:
                short = self._grid.ended_short and place == len(rows) - 1
                rows[place] = self._fitted(first + place, rows[place], short=short)
                if len(rows[place]) == len(self.columns):
                    continue
                ragged.append((first + place, rows[place]))
            out.add(place)
        every = range(len(rows))
        return [row for row in every if row not in out] if out else every, ragged, False

    def _judged(self, cells: list[str], *, found: bool) -> tuple[bool, bool]:
        """Whether the table ends with this row, and whether the row is data."""
        if self._is_between(cells):
            return found and bool(self.shape.section), False
        if why := self._no_data(cells):
            self.left_out[why] += 1
            return why == "footer", False
        return False, True

    def _odd(self, rows: list[list[str]]) -> list[int]:
        """The rows that have to be looked at one by one, in order: all others are data."""
        width = len(self.columns)
        widths = list(map(len, rows))
        if widths.count(width) == len(rows):
            return self._odd_in(list(zip(*rows, strict=True)))
        odd = [place for place, found in enumerate(widths) if found != width]
        rest = [place for place, found in enumerate(widths) if found == width]
        found = self._odd_in(list(zip(*(rows[place] for place in rest), strict=True)))
        return sorted([*odd, *(rest[place] for place in found)])

    def _odd_in(self, columns: Sequence[Sequence[str]]) -> list[int]:
        """The same of rows that are as wide as the table, by columns."""
        if not columns:
            return []
        odd = set[int]()
        letters = {letter for letter in set(map(INITIAL, columns[0])) if not self._is_plain(letter)}
        if letters:
            first = {text for text in set(columns[0]) if text[:1] in letters}
            texts = set(filter(self._begins_oddly, first))
            odd.update(place for place, text in enumerate(columns[0]) if text in texts)
        for column, skipped in self._skipped:
            found = {text for text in set(columns[column]) if text.strip() in skipped}
            if found:
                odd.update(place for place, text in enumerate(columns[column]) if text in found)
        return sorted(odd)

    def _is_plain(self, letter: str) -> bool:
        """Whether no text that begins with the letter can begin oddly: most columns have few."""
        words = (*self.shape.footer, *self.shape.skip_first_cell, "#", *self._raw[:1])
        initials = {word.strip().casefold()[:1] for word in words}
        return bool(letter.strip()) and letter.casefold()[:1] not in initials

    def _begins_oddly(self, text: str) -> bool:
        """Whether a row whose first cell this is may be blank, a comment, a total or the header."""
        if not text or text.startswith("#") or (self._raw and text == self._raw[0]):
            return True
        first = text.strip().casefold()
        return any(_begins(first, word) for word in self.shape.footer) or any(
            _is_total(first, word) for word in self.shape.skip_first_cell
        )

    def _refuse_only_header(self) -> None:
        raise Unreadable(Fault("file_only_header", row=max(self.shape.header_row, 1)))

    @property
    def typed(self) -> bool:
        """Whether the cells knew numbers and days from texts."""
        return self._grid.typed

    @property
    def position(self) -> int:
        """Bytes read so far, for the progress."""
        return self._grid.position

    @property
    def ends_short(self) -> bool:
        """Whether the last line, once it is read, had no end."""
        return self._grid.ended_short

    def _is_between(self, cells: Sequence[str]) -> bool:
        """Whether a row is blank, or a comment between the tables of a file."""
        return not any(cells) or (bool(self.shape.section) and cells[0].startswith("#"))

    def _fitted(self, number: int, cells: list[str], *, short: bool) -> list[str]:
        """The row without empty cells too many; Unreadable where the file was cut in it."""
        width = len(self.columns)
        if len(cells) < width and self._grid.typed:
            return cells + [""] * (width - len(cells))
        if len(cells) < width and short:
            raise Unreadable(_cut(number, cells, self.columns))
        if len(cells) > width and not any(cells[width:]):
            return cells[:width]
        return cells

    def _no_data(self, cells: list[str]) -> str:
        """Why a row is not one of the table: a footer, a total, the header again."""
        first = cells[0].strip().casefold()
        if any(_begins(first, text) for text in self.shape.footer):
            return "footer"
        if any(_is_total(first, text) for text in self.shape.skip_first_cell):
            return "total"
        for place, texts in self._skipped:
            if place < len(cells) and cells[place].strip() in texts:
                return "total"
        return "header" if cells == self._raw else ""

    def _header(self, header: list[str] | None) -> list[str]:
        if header is None:
            raise Unreadable(Fault("file_is_empty"))
        if not any(header):
            raise Unreadable(Fault("header_is_empty", row=self._number))
        if len(header) > MOST_COLUMNS:
            more = (("most", str(MOST_COLUMNS)),)
            raise Unreadable(Fault("too_many_columns", row=self._number, more=more))
        return unique_names(header)

    def _next(self) -> list[str] | None:
        """The next record, or None at the end."""
        self._number += 1
        return self._grid.read(self._number)


def _rows_of(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(cells) for cells in zip(*columns, strict=True)]


def _begins(cell: str, text: str) -> bool:
    """Whether a cell begins with the word, and not with a longer one: Total, not Totally."""
    word = text.strip().casefold()
    rest = cell[len(word) :]
    return bool(word) and cell.startswith(word) and not (word[-1].isalnum() and rest[:1].isalnum())


def _is_total(cell: str, text: str) -> bool:
    """Whether a cell is the word, or goes on behind a colon: Total, Total: Account."""
    word = text.strip().casefold().removesuffix(":")
    return cell == word or (bool(word) and cell.startswith(f"{word}:"))


def _cut(row: int, cells: Sequence[str], columns: Sequence[str]) -> Fault:
    more = (("cells", str(len(cells))), ("expected", str(len(columns))))
    return Fault(
        "file_is_cut", row=row, column=columns[len(cells) - 1], value=shown(cells[-1]), more=more
    )
