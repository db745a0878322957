"""Facts by binary COPY straight into their table, where none of them is there yet.

The way of a first import: no staging, no comparing. A fact that exists makes the whole COPY fail;
the caller then goes the long way, from a savepoint. Rows go in the order of the key, as everywhere.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol

import numpy as np
from django.db import IntegrityError, connection, transaction

from metrics.operations.columns import FactColumns, Ints
from metrics.rules.column_values import Mask

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
EPOCH = 730_120  # 2000-01-01, from which PostgreSQL counts days, as date.toordinal does
MONDAY = 6  # added to an ordinal, so that its rest by 7 is the days since Monday
PLACE = {"metric_id": ">i8", "source": ">i2", "khash": ">i8", "series_id": ">i4", "day": ">i4"}
FACT = {"khash": ">i8", "value": ">i8", "series_id": ">i4", "day": ">i4", "import_id": ">i4"}
SMALL = {"source": ">i2", "span": ">i2"}
STANDING = {"series_id": ">i4", "day": ">i4", "khash": ">i8", "value": ">i8", "span": ">i2"}
AT_ONCE = 2**22  # bytes handed over together: between two of them another thread may take over
MOST_AROUND = 4  # facts that are read for each that comes
INCOMING = {
    "metric_id": ">i8", "series_id": ">i4", "day": ">i4", "khash": ">i8", "value": ">i8",
    "keyed": "?", "span": ">i2",
}  # fmt: skip


class Written(Protocol):
    """What is written beside each fact."""

    @property
    def import_id(self) -> int:
        """The run."""

    @property
    def source_id(self) -> int:
        """Its source."""


def copy_new(cursor: Any, facts: FactColumns, writer: Written) -> bool:
    """Write facts and their marks.

    False, and nothing written, where one of them, or the place of its key, was there already.
    """
    try:
        with transaction.atomic():
            if facts.keyed.any():
                _copy_places(cursor, facts.taken(facts.keyed), writer)
            rows = _rows(facts, writer) | {"value": facts.value, "span": facts.span}
            copy(cursor, "metrics_observation", FACT | SMALL, rows, len(facts))
    except IntegrityError:
        return False
    series, weeks = weeks_of(facts)
    found = {"series_id": series, "week": weeks - EPOCH}
    copy(cursor, "metrics_dirtymark", {"series_id": ">i4", "week": ">i4"}, found, len(series))
    return True


def copy_incoming(cursor: Any, table: str, facts: FactColumns) -> None:
    """Write facts into a table of their own."""
    rows = {
        "metric_id": facts.metric, "series_id": facts.series, "day": facts.day - EPOCH,
        "khash": facts.khash, "value": facts.value, "keyed": facts.keyed, "span": facts.span,
    }  # fmt: skip
    copy(cursor, table, INCOMING, rows, len(facts))


def are_there(cursor: Any, facts: FactColumns) -> Mask | None:
    """Which of the facts stand in their place with their value, by one COPY of what stands around.

    None where more stands on these days of these series than is worth reading.
    """
    begin, end = (int(day) - EPOCH for day in (facts.day.min(), facts.day.max()))
    series = ",".join(map(str, np.unique(facts.series).tolist()))
    most = MOST_AROUND * len(facts)
    content = BytesIO()
    with connection.wrap_database_errors:
        cursor.copy_expert(
            f"""COPY (SELECT {", ".join(STANDING)} FROM metrics_observation
                      WHERE series_id = ANY(ARRAY[{series}])
                      AND day BETWEEN date '2000-01-01' + {begin} AND date '2000-01-01' + {end}
                      LIMIT {most}) TO STDOUT BINARY""",  # noqa: S608  numbers of our own
            content,
        )
    kind = _packed_kind(STANDING)
    head = len(SIGNATURE)
    count = (content.tell() - head - len(END)) // kind.itemsize
    found = np.frombuffer(content.getbuffer(), kind, count, head)
    if count == most:
        return None
    names = {"series_id": facts.series, "day": facts.day - EPOCH, "khash": facts.khash}
    names |= {"value": facts.value, "span": facts.span}
    both = [np.concatenate((found[name].astype(np.int64), mine)) for name, mine in names.items()]
    order = np.lexsort((*both[2:3], both[0] << 32 | (both[1] + EPOCH)))
    ordered = [column[order] for column in both]
    # Of two that agree in everything the first, by the stable order, is the one that stands.
    same = np.logical_and.reduce([column[1:] == column[:-1] for column in ordered])
    there = np.zeros(len(facts), bool)
    there[order[1:][same] - count] = True
    return there


def weeks_of(facts: FactColumns) -> tuple[Ints, Ints]:
    """Each series and ISO week (the ordinal of its Monday) of facts that are in order, once."""
    weeks = facts.day - (facts.day + MONDAY) % 7
    begins = (facts.series[1:] != facts.series[:-1]) | (weeks[1:] != weeks[:-1])
    first = np.flatnonzero(np.append(True, begins))
    return facts.series[first], weeks[first]


def _rows(facts: FactColumns, writer: Written) -> dict[str, "Ints | int"]:
    return {
        "khash": facts.khash, "series_id": facts.series, "day": facts.day - EPOCH,
        "import_id": writer.import_id, "source": writer.source_id,
    }  # fmt: skip


def _copy_places(cursor: Any, facts: FactColumns, writer: Written) -> None:
    """The places of the keys that may move, in the order of their key."""
    ordered = facts.taken(np.lexsort((facts.khash, facts.metric)))
    rows = _rows(ordered, writer) | {"metric_id": ordered.metric}
    copy(cursor, "metrics_keyplace", PLACE, rows, len(ordered))


def copy(
    cursor: Any, table: str, kinds: Mapping[str, str], rows: Mapping[str, "Ints | int"], count: int
) -> None:
    """COPY these columns in binary: a count of fields, then each as its length and its bytes."""
    packed = np.empty(count, _packed_kind(kinds))
    packed["fields"] = len(kinds)
    for name, kind in kinds.items():
        packed[f"{name} length"] = np.dtype(kind).itemsize
        packed[name] = rows[name]
    content = BytesIO(b"".join((SIGNATURE, packed.tobytes(), END)))
    with connection.wrap_database_errors:  # Django does so for what it knows
        cursor.copy_expert(f"COPY {table} ({', '.join(kinds)}) FROM STDIN BINARY", content, AT_ONCE)


def _packed_kind(kinds: Mapping[str, str]) -> np.dtype[Any]:
    """A row as COPY writes and reads it in binary."""
    fields = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} length", ">i4"), (name, kind)]
    return np.dtype(fields)
