"""Rows of a CSV with repeated column names kept: nothing that stands in the file is dropped."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.rules.imports.tree import Unreadable
from tasks.rules.imports.values import line_of, text_of

CANDIDATES = (",", ";", "\t", "|")
MOST_COLUMNS = 2_000
MOST_ROWS = 200_000
LONGEST_CELL = 1_000_000
SAMPLE = 64 * 1024


@dataclass(frozen=True)
class Row:
    """One row: its number in the file as a spreadsheet counts it, and cells by column name."""

    number: int
    cells: dict[str, list[str]]

    def first(self, *names: str) -> str:
        """The first cell that is not empty, as one line, of the columns of these names."""
        return line_of(next(iter(self.each(*names)), ""))

    def text(self, *names: str) -> str:
        """The same with its line breaks."""
        return text_of(next(iter(self.each(*names)), ""))

    def each(self, *names: str) -> list[str]:
        """Every cell that is not empty, of all columns of these names."""
        return [cell for name in names for cell in self.cells.get(name, ()) if cell.strip()]

    @property
    def where(self) -> str:
        """Where it stands."""
        return str(self.number)


@dataclass(frozen=True)
class Table:
    """A CSV's column names, each once and folded, as they are written, and its rows."""

    names: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Whether all these columns stand there."""
        return all(name in self.names for name in names)


def read_table(text: str) -> Table:
    """The table; Unreadable names the row that is broken or cut."""
    lines = _lines(text)
    head_row, head = next(lines, (1, []))
    folded = [line_of(cell).casefold() for cell in head]
    if not any(folded):
        raise Unreadable("no_header", str(head_row))
    if len(folded) > MOST_COLUMNS:
        raise Unreadable("too_wide", str(head_row), str(len(folded)))
    names = {fold: line_of(cell) for fold, cell in zip(folded, head, strict=True) if fold}
    rows = []
    for number, cells in lines:
        found: dict[str, list[str]] = defaultdict(list)
        for name, cell in zip(folded, _fitted(number, cells, len(folded)), strict=True):
            found[name].append(cell)
        rows.append(Row(number, dict(found)))
        if len(rows) > MOST_ROWS:
            raise Unreadable("too_many_rows", str(number))
    return Table(names, rows)


def _fitted(number: int, cells: Sequence[str], width: int) -> Sequence[str]:
    """Empty cells behind the last column are nothing; missing and further ones are a cut row."""
    if len(cells) < width:
        raise Unreadable("row_too_short", str(number), f"{len(cells)}/{width}")
    if any(cell.strip() for cell in cells[width:]):
        raise Unreadable("row_too_long", str(number), f"{len(cells)}/{width}")
    return cells[:width]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the numbers that a spreadsheet gives them."""
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise Unreadable(_why(str(error)), str(number + 1)) from error
    finally:
        csv.field_size_limit(before)


def _why(words: str) -> str:
    """The code of what the reader says is wrong."""
    if "field larger than" in words:
        return "cell_too_long"
    return "file_is_cut" if "end of data" in words else "row_is_broken"


def _delimiter(text: str) -> str:
    """What stands most often between the names of the first line."""
    first = text[:SAMPLE].lstrip().partition("\n")[0]
    try:
        widths = {one: len(next(csv.reader([first], delimiter=one), [])) for one in CANDIDATES}
    except csv.Error:
        return ","
    return max(CANDIDATES, key=lambda one: widths[one])
