"""Where the table begins in a file: below titles and comments, and which one of several."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from metrics.rules.faults import Fault, Unreadable
from metrics.rules.fileshapes import FileShape
from metrics.sources import csv_file, xlsx_file
from metrics.sources.names import unique_names


def place_header(path: Path, shape: FileShape, wanted: Collection[str] = ()) -> FileShape:
    """The shape with the row of the header; of several tables, the one with the wanted columns.

    Unreadable asks which section is meant where that cannot be told.
    """
    if shape.header_row:
        return shape
    rows = first_rows(path, shape)
    first = _having(rows[:1], wanted)
    if not first and path.suffix != xlsx_file.ENDING and (shape.section or _is_comment(rows)):
        return _in_section(path, shape, wanted)
    row = first or _having(rows, wanted) or (1 if wanted else below_titles(rows))
    return replace(shape, header_row=row)


def first_rows(path: Path, shape: FileShape) -> list[list[str]]:
    """The rows in which a header may stand."""
    module = xlsx_file if path.suffix == xlsx_file.ENDING else csv_file
    return module.first_rows(path, shape)


def _having(rows: Sequence[Sequence[str]], wanted: Collection[str]) -> int:
    """The first row that has all the wanted columns; 0 where none has or none is wanted."""
    names = set(wanted)
    for number, cells in enumerate(rows, 1):
        if names and names <= set(unique_names(cells)):
            return number
    return 0


def _is_comment(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the file begins with a comment that is no header."""
    return bool(rows) and bool(rows[0]) and rows[0][0].startswith("#") and _filled(rows[0]) == 1


def below_titles(rows: Sequence[Sequence[str]]) -> int:
    """The first row that is as wide as the table; row 1 unless that holds a title alone."""
    if not rows or _filled(rows[0]) != 1:
        return 1
    widths = Counter(width for width in map(_filled, rows) if width > 1)
    if not widths:
        return 1
    usual = max(widths, key=lambda width: (widths[width], width))
    return next(
        number
        for number, cells in enumerate(rows, 1)
        if _filled(cells) > max(1, usual // 2) and not cells[0].startswith("#")
    )


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _in_section(path: Path, shape: FileShape, wanted: Collection[str]) -> FileShape:
    """The table that was asked for, or the only one that has the columns."""
    found = csv_file.sections_of(path, shape)
    if not found:
        raise Unreadable(Fault("file_only_header", row=1))
    if shape.section > len(found):
        more = (("most", str(len(found))),)
        raise Unreadable(
            Fault("no_section", pointer="/file/section", value=str(shape.section), more=more)
        )
    fitting = [
        place
        for place, (_row, cells) in enumerate(found, 1)
        if set(wanted) <= set(unique_names(cells))
    ]
    section = shape.section or (fitting[0] if len(fitting) == 1 else 0)
    if not section and len(found) == 1:
        section = 1
    if not section:
        raise Unreadable(_which(found))
    return replace(shape, section=section, header_row=found[section - 1][0])


def _which(found: Sequence[tuple[int, Sequence[str]]]) -> Fault:
    """The question which table is meant, with what each of them is."""
    listed = "; ".join(
        f"{place}: {', '.join(cells[:5])}{', …' if len(cells) > 5 else ''}"  # noqa: PLR2004
        for place, (_row, cells) in enumerate(found, 1)
    )
    more = (("count", str(len(found))), ("sections", listed))
    return Fault("which_section", pointer="/file/section", more=more)
