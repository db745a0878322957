"""What the page of the mapping shows first: of a guess, a preset, or an earlier mapping."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from metrics.forms.imports import WRITTEN
from metrics.forms.mapping_form import FOUND, NEW
from metrics.rules.fileshapes import FileShape
from metrics.rules.guesses import Guess, less_is_better, metric_key, metric_name
from metrics.rules.mapping import MappingDocument


def initial_of_guess(
    guess: Guess, source: str, known: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """What the page shows first of a file that nobody has described yet."""
    found: dict[str, dict[str, Any]] = {"": _shape(guess.shape) | {"source": source}}
    found[""]["base"] = {"file": guess.shape.as_json(), "header": FOUND}
    if guess.day and guess.day.in_parts:
        found[guess.day.month] = {"role": "month"}
        found[guess.day.day] = {"role": "day_of_month"}
        if guess.day.year_column:
            found[guess.day.year_column] = {"role": "year"}
        found[""] |= {"month_names": guess.day.month_names}
    elif guess.day:
        found[guess.day.column] = {"role": "day"}
        found[""] |= {"day_format": guess.day.format}
    if guess.key:
        found[guess.key] = {"role": "key"}
    for column in guess.dims:
        found[column] = {"role": "dim", "dim": metric_key(column)}
    for column, decimals in guess.metrics:
        key = metric_key(column)
        new = {
            "metric": NEW,
            "name": metric_name(column),
            "unit": "number" if decimals else "count",
            "direction": "down" if less_is_better(column) else "up",
        }
        found[column] = {"role": "metric", "decimals": decimals} | (
            {"metric": key} if key in known else new
        )
    return found


def initial_of_mapping(
    mapping: MappingDocument, known: Mapping[str, str], read_as: FileShape
) -> dict[str, dict[str, Any]]:
    """What the page shows of a mapping that is there, for a file that was read as `read_as`.

    What no field shows is carried along in `base`.
    """
    day, created = mapping.day, {entry.key: entry for entry in mapping.create}
    base = mapping.as_json() | ({} if mapping.file.header_row else {"header": FOUND})
    found: dict[str, dict[str, Any]] = {
        "": _shape(_as_read(mapping.file, read_as))
        | {"source": mapping.source, "month_names": day.month_names, "year": day.year}
        | {"day_format": "" if day.in_parts else day.format, "calendar": day.calendar}
        | {"fixed_day": day.fixed, "span": day.span, "spanned": day.spanned, "base": base}
    }
    roles = {
        day.column: "day",
        day.until: "until",
        day.month: "month",
        day.day: "day_of_month",
        day.year_column: "year",
    }
    found |= {column: {"role": role} for column, role in roles.items() if column}
    found |= {column: {"role": "key"} for column in mapping.key}
    found |= {column: {"role": "dim", "dim": name} for name, column in mapping.dims}
    for entry in mapping.metrics if mapping.long is None else ():
        new = created.get(entry.metric)
        if entry.id or (entry.when and not entry.column):
            continue
        if not entry.column:
            found[""]["counted"] = known.get(entry.metric) or (new.name if new else entry.metric)
        elif entry.metric in known or new is None:
            found[entry.column] = {"role": "metric", "metric": entry.metric}
        else:
            parts = ("name", "unit", "decimals", "direction")
            shown = {"metric": NEW} | {part: getattr(new, part) for part in parts}
            found[entry.column] = {"role": "metric"} | shown
            found[""]["currency"] = new.currency or found[""].get("currency", "")
    return found


def _as_read(stated: FileShape, read_as: FileShape) -> FileShape:
    """The stated shape, with what was detected in the file."""
    return replace(
        stated,
        encoding=read_as.encoding,
        delimiter=read_as.delimiter,
        header_row=read_as.header_row,
    )


def _shape(shape: FileShape) -> dict[str, Any]:
    return {
        "encoding": shape.encoding,
        "delimiter": WRITTEN.get(shape.delimiter, shape.delimiter),
        "header_row": shape.header_row,
        "decimal": shape.decimal,
        "thousands": WRITTEN.get(shape.thousands, shape.thousands),
        "missing": ", ".join(text for text in shape.missing if text),
        "skip_first_cell": ", ".join(shape.skip_first_cell),
    }
