"""The rows of a REST body, one by one: a JSON array, NDJSON or CSV, never all of it in memory."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import IO, Any

from django.utils.translation import gettext as _

from metrics.sources.json_array import NotJson, elements
from workspaces.rules.errors import Invalid, Problem
from workspaces.rules.exact_json import EXACT_JSON, RepeatedKey

LONGEST_ROW = 64 * 1024  # bytes of a line
DIM = "dims."
MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Sent:
    """One row: its place from 0, the row or line that people count, and what stands in it.

    `fault` says why a row cannot be read at all; the body goes on behind it.
    """

    place: int
    row: int
    value: Any
    pointer: str
    fault: Problem | None = None


def json_rows(file: IO[bytes]) -> Iterator[Sent]:
    """The elements of an array, or of the array under "observations"."""
    try:
        for place, (prefix, value) in enumerate(elements(file, "observations")):
            yield Sent(place, place + 1, value, f"{prefix}/{place}")
    except NotJson as error:
        raise Invalid([_framing(error)]) from error


def ndjson_rows(file: IO[bytes]) -> Iterator[Sent]:
    """A JSON value a line; empty lines are passed over, and counted as lines."""
    place = 0
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        value, fault = _value_of(line, place, number)
        yield Sent(place, number, value, f"/{place}", fault)
        place += 1


def csv_rows(file: IO[bytes], columns: Sequence[str]) -> Iterator[Sent]:
    """The rows below a header that names fields; `dims.channel` is a dimension.

    An empty cell was not sent. The row is the line on which it begins, the header is line 1.
    """
    reader = csv.reader(_texts(file), strict=True)
    header = _next(reader)
    _refuse_header(header, columns)
    place, line = 0, reader.line_num
    while (cells := _next(reader)) is not None:
        begins, line = line + 1, reader.line_num
        if not cells:
            continue
        pointer = f"/{place}"
        if len(cells) == len(header or ()):
            yield Sent(place, begins, _row_of(header or (), cells), pointer)
        else:
            message = _("This row has %(found)s cells, the header has %(wanted)s.")
            told = message % {"found": len(cells), "wanted": len(header or ())}
            yield Sent(place, begins, None, pointer, Problem(told, "ragged_row", pointer, begins))
        place += 1


READERS: dict[str, Callable[[IO[bytes]], Iterator[Sent]]] = {
    "application/json": json_rows,
    "application/x-ndjson": ndjson_rows,
}


def _framing(error: NotJson) -> Problem:
    """What is wrong with a body as a whole."""
    words = {
        "not_json": _("The body is not JSON."),
        "not_a_list": _("Send an array of observations, or {“observations”: [...]}."),
        "unknown_field": _("There is no such field."),
        "repeated_key": _("This key comes twice."),
        "too_long": _("An observation has at most %(most)s bytes.") % {"most": f"{LONGEST_ROW:,}"},
    }
    return Problem(words[error.code], error.code, error.pointer, error.row, error.column)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a body; one that does not end soon is refused before it is held."""
    number = 0
    while line := file.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            message = _("This line is longer than %(most)s bytes.") % {"most": f"{LONGEST_ROW:,}"}
            raise Invalid([Problem(message, "too_long", "", number)])
        yield line.removeprefix(MARK.encode()) if number == 1 else line


def _texts(file: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(_lines(file), 1):
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            message = _("This line is not UTF-8.")
            raise Invalid([Problem(message, "not_utf8", "", number)]) from error


def _value_of(line: bytes, place: int, number: int) -> tuple[Any, Problem | None]:
    try:
        return EXACT_JSON.decode(line.decode()), None
    except RepeatedKey as error:
        message = _("This key comes twice.")
        return None, Problem(message, "repeated_key", f"/{place}", number, error.key)
    except (ValueError, RecursionError, InvalidOperation):
        message = _("This line is not JSON.")
        return None, Problem(message, "not_json", f"/{place}", number)


def _next(reader: Any) -> list[str] | None:
    """The next row of a CSV, None at its end; Invalid names the line that cannot be read."""
    try:
        cells: list[str] | None = next(reader, None)
    except csv.Error as error:
        message = _("This line is not CSV: check its quotes and line ends.")
        raise Invalid([Problem(message, "not_csv", "", reader.line_num)]) from error
    return cells


def _refuse_header(header: Sequence[str] | None, columns: Sequence[str]) -> None:
    """Invalid names every column that is unknown or comes twice."""
    if header is None:
        raise Invalid([Problem(_("The first line names the columns."), "no_header", "", 1)])
    problems = []
    for place, name in enumerate(header):
        if name in header[:place]:
            problems.append(Problem(_("This column comes twice."), "repeated_column", "", 1, name))
        elif name not in columns and not (name.startswith(DIM) and name != DIM):
            message = _("There is no such column; a dimension is written as dims.channel.")
            problems.append(Problem(message, "unknown_column", "", 1, name))
    if problems:
        raise Invalid(problems)


def _row_of(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, Any]:
    """The fields of a row, as its JSON would say them."""
    row: dict[str, Any] = {}
    dims: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=True):
        if not cell:
            continue
        if name.startswith(DIM):
            dims[name.removeprefix(DIM)] = cell
        else:
            row[name] = cell
    if dims:
        row["dims"] = dims
    return row
