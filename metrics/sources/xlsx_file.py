"""A sheet of an Excel workbook as rows of texts: streamed, exact, without macros or bombs."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from metrics.rules.faults import Fault, Unreadable
from metrics.rules.fileshapes import HIGHEST_HEADER, FileShape
from metrics.rules.readings import UNSAVED

ENDING = ".xlsx"
LARGEST_PART = 64 * 1024 * 1024  # of what is held in memory: shared texts, styles
LARGEST_SHEET = 1024 * 1024 * 1024
HIGHEST_RATIO, SMALL = 200, 1024 * 1024  # what packs better than this is no table
LARGEST_WHOLE = 1e15
MIDNIGHT = time(0)
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError, EOFError)


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """Tells a formula whose value nobody has stored, which otherwise looks like an empty cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """The cell; such a formula as a text that no file can hold."""
        found: dict[str, Any] = super().parse_cell(element)
        if found["value"] is None and found["data_type"] != "s" and element.get("t") != "str":
            formula = element.find(FORMULA_TAG)
            if formula is not None:
                found |= {"value": f"{UNSAVED}={formula.text or ''}", "data_type": "s"}
        return found


def _rows_of(sheet: Any) -> Iterator[Any]:
    """The rows of a sheet from the first on, as `iter_rows` has them, read by our parser."""
    book, number = sheet.parent, 1
    with sheet._get_source() as source:  # noqa: SLF001
        parser = _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for place, cells in parser.parse():
            yield from [()] * (place - number)
            if place >= number:
                number = place + 1
                yield sheet._get_row(cells)  # noqa: SLF001


class XlsxGrid:
    """The rows of one sheet from the first on; a context manager."""

    typed = True  # its cells know numbers and days from texts
    ended_short = False
    position = 0  # nobody can say: the rows are packed

    def __init__(self, path: Path, shape: FileShape) -> None:
        """Keep what is to be read, and which decimal mark the mapping expects."""
        self._path, self._shape = path, shape
        self._broken: Unreadable | None = None

    def __enter__(self) -> Self:
        """Open the workbook and its sheet."""
        refuse_bombs(self._path)
        try:
            self._book: Any = load_workbook(
                self._path, read_only=True, data_only=True, keep_links=False
            )
        except (*BROKEN, InvalidFileException) as error:
            raise Unreadable(Fault("workbook_is_broken")) from error
        try:
            sheet = self._book[self._name()]
            sheet.reset_dimensions()
            self._rows: Iterator[Any] = _rows_of(sheet)
        except BaseException:
            self._book.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the workbook."""
        self._book.close()

    def skip(self, rows: int) -> None:
        """Pass over the rows above the header."""
        for _ in range(rows):
            self.read(0)

    def read(self, number: int) -> list[str] | None:
        """The next row, or None at the end."""
        try:
            row = next(self._rows, None)
        except BROKEN as error:
            more = (("row", str(number)),)
            raise Unreadable(Fault("workbook_is_broken", row=number, more=more)) from error
        return None if row is None else [self._text(cell) for cell in row]

    def read_columns(self, _width: int) -> list[list[str]] | None:
        """Rows of a workbook come one by one."""
        return None

    def read_many(self, number: int, most: int) -> list[list[str]]:
        """The next rows from this number on; none at the end.

        What cannot be read is raised behind the rows before it.
        """
        if self._broken:
            raise self._broken
        rows: list[list[str]] = []
        try:
            rows.extend(islice(iter(lambda: self.read(number + len(rows)), None), most))
        except Unreadable as refusal:
            self._broken = refusal
            if not rows:
                raise
        return rows

    def _name(self) -> str:
        """The sheet that was named, or the only one that is shown and a table."""
        sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        shown = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
        wanted = self._shape.sheet
        more = (("sheets", ", ".join(shown or sheets)),)
        if wanted:
            if wanted not in sheets:
                raise Unreadable(Fault("no_sheet", value=wanted, pointer="/file/sheet", more=more))
            return wanted
        if len(shown) != 1:
            raise Unreadable(Fault("which_sheet", pointer="/file/sheet", more=more))
        return shown[0]

    def _text(self, cell: Any) -> str:
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, str(cell.number_format or ""))
        return _written(value)

    def _number(self, value: float, form: str) -> str:
        """A number as the mapping expects it; one shown as a percentage stays one."""
        whole = isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE
        text = str(int(value)) if whole else repr(value)
        if "%" in form:
            text = f"{Decimal(text) * 100:f}%"
        return text.replace(".", self._shape.decimal or ".")


def _written(value: object) -> str:
    """The text of a cell that is no number; days as 2026-01-31."""
    if isinstance(value, datetime):
        whole = value.time() == MIDNIGHT
        return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value)


def first_rows(path: Path, shape: FileShape) -> list[list[str]]:
    """The rows in which a header may stand."""
    with XlsxGrid(path, shape) as grid:
        rows = iter(lambda: grid.read(0), None)
        return list(islice(rows, HIGHEST_HEADER + 1))


def sheet_names(path: Path) -> list[str]:
    """The sheets that are shown; none where it is no workbook that can be read."""
    try:
        refuse_bombs(path)
        book = load_workbook(path, read_only=True, keep_links=False)
    except (Unreadable, InvalidFileException, *BROKEN):
        return []
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    book.close()
    return names


def refuse_bombs(path: Path) -> None:
    """Raise Unreadable for macros, and for what would unpack to more than a table can be."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except BROKEN as error:
        raise Unreadable(Fault("workbook_is_broken")) from error
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(Fault("workbook_has_macros"))
    if "xl/workbook.xml" not in names:
        raise Unreadable(Fault("file_is_no_workbook"))
    for part in parts:
        most = LARGEST_SHEET if part.filename.startswith("xl/worksheets/") else LARGEST_PART
        packed = part.file_size > SMALL and part.file_size > part.compress_size * HIGHEST_RATIO
        if part.file_size > most or packed:
            raise Unreadable(Fault("workbook_is_bomb"))
