"""The body of an answer as JSON, lines of JSON or CSV; a Fault where it is something else."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

from connectors.rules.paths import Path, find_all, leads_somewhere
from metrics.rules.faults import Fault, Unreadable


def read_body(body: bytes, form: str) -> Any:
    """The answer as a value of JSON; for lines and CSV a list of rows."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Fault("not_text")) from None
    if text.lstrip()[:1] == "<":
        raise Unreadable(Fault("is_html"))
    if form == "csv":
        return _table(text)
    if form == "ndjson":
        lines = (line for line in text.splitlines() if line.strip())
        return [_value(line) for line in lines]
    return _value(text)


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Unreadable(Fault("not_json")) from None


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV by the names of its first line; every row has as many cells as that."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(rows, [])
        found = []
        for row in rows:
            if not row:
                continue
            if len(row) != len(names):
                raise Unreadable(Fault("csv_ragged", row=rows.line_num))
            found.append(dict(zip(names, row, strict=True)))
    except csv.Error:
        raise Unreadable(Fault("not_csv", row=rows.line_num)) from None
    if not names or len(set(names)) != len(names):
        raise Unreadable(Fault("csv_names"))
    return found


def entries_of(value: Any, rows: Path, proof: Path) -> list[Any]:
    """What the first list on the way to the rows holds: the whole of a page, as the server sees it.

    Unreadable where the answer has another form than was described.
    """
    if not leads_somewhere(value, rows) and not (proof and leads_somewhere(value, proof)):
        raise Unreadable(Fault("other_form"))
    every = next((place for place, step in enumerate(rows) if step.every), len(rows))
    return list(find_all(value, rows[: every + 1]))
