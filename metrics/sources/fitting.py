"""What a mapping asks of the beginning of a file, and what that tells of the mapping."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from metrics.rules.digits import NATIVE
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.mapping import MappingDocument
from metrics.rules.numbers import proven_decimal
from metrics.rules.rates import all_percent, counts_of
from metrics.sources.tables import Preview

NAMED_COLUMNS = 40  # how many columns a message lists


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


def repeated_columns(columns: Sequence[str], mapping: MappingDocument) -> list[str]:
    """Columns that are read, where another of the same name stands that is not."""
    read = mapping.columns
    return [name for name in read if (other := f"{name}#2") in columns and other not in read]


def refuse_rates(sample: Preview, mapping: MappingDocument) -> None:
    """Raise Unreadable for each metric that would add up a column of rates."""
    missing = set(mapping.file.missing)
    faults = []
    rates: dict[str, bool] = {}
    for place, entry in enumerate(mapping.metrics):
        if entry.column not in sample.columns:
            continue
        counts = counts_of(entry.column)
        if entry.column not in rates:
            rates[entry.column] = bool(counts) or all_percent(_texts(sample, entry.column, missing))
        if rates[entry.column]:
            pointer = f"/metrics/{place}/column"
            more = (("counts", " / ".join(counts)),)
            code = "column_is_rate" if counts else "column_is_percent"
            faults.append(Fault(code, column=entry.column, pointer=pointer, more=more))
    if faults:
        raise Unreadable(*faults)


def with_marks(sample: Preview, mapping: MappingDocument) -> MappingDocument:
    """The mapping with the decimal mark that the values prove, where it states none.

    A workbook knows numbers from texts. Constants are written with a point where nothing is stated.
    """
    file = mapping.file
    if file.decimal:
        return mapping
    columns = {entry.column for entry in mapping.metrics if entry.column}
    missing = set(file.missing)
    texts = (text for column in columns for text in _texts(sample, column, missing))
    native = file.digits == NATIVE
    decimal = "." if sample.typed else proven_decimal(texts, native=native, signs=file.signs)
    metrics = tuple(
        replace(entry, constant=entry.constant.replace(".", decimal or "."))
        for entry in mapping.metrics
    )
    return replace(mapping, file=replace(file, decimal=decimal), metrics=metrics)


def _texts(sample: Preview, column: str, missing: Collection[str]) -> list[str]:
    """What the column says in the rows that were looked at."""
    at = sample.columns.index(column)
    texts = (cells[at].strip() for _row, cells in sample.rows if at < len(cells))
    return [text for text in texts if text not in missing]
