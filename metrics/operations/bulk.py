"""Facts by binary COPY straight into their table, where none of them is there yet.

The way of a first import: no staging, no comparing. A fact that exists makes the whole COPY fail;
the caller then goes the long way, from a savepoint. Rows go in the order of the key, as everywhere.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Protocol

import numpy as np
from django.db import IntegrityError, connection, transaction
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
EPOCH = 730_120  # 2000-01-01, from which PostgreSQL counts days, as date.toordinal does
MONDAY = 6  # added to an ordinal, so that its rest by 7 is the days since Monday
PLACE = {"metric_id": ">i8", "source": ">i2", "khash": ">i8", "series_id": ">i4", "day": ">i4"}
FACT = {"khash": ">i8", "value": ">i8", "series_id": ">i4", "day": ">i4", "import_id": ">i4"}
SMALL = {"source": ">i2", "span": ">i2"}


class Written(Protocol):
    """What is written beside each fact."""

    @property
    def import_id(self) -> int:
        """The run."""

    @property
    def source_id(self) -> int:
        """Its source."""


def copy_new(cursor: Any, facts: Sequence[tuple[Any, ...]], writer: Written) -> bool:
    """Write facts (metric, series, day, khash, value, keyed, span) and their marks.

    False, and nothing written, where one of them, or the place of its key, was there already.
    """
    metrics, series, days, khashes, values, keyed, spans = zip(*facts, strict=True)
    ordinals = np.fromiter((day.toordinal() for day in days), np.int64, len(facts))
    columns = {
        "khash": np.array(khashes, np.int64),
        "series_id": np.array(series, np.int64),
        "day": ordinals - EPOCH,
    }
    order = np.lexsort((columns["khash"], columns["day"], columns["series_id"]))
    rows = columns | {
        "value": np.array(values, np.int64),
        "import_id": np.full(len(facts), writer.import_id),
        "source": np.full(len(facts), writer.source_id),
        "span": np.array(spans, np.int64),
    }
    try:
        with transaction.atomic():
            if any(keyed):
                _copy_places(cursor, rows | {"metric_id": np.array(metrics)}, keyed)
            _copy(cursor, "metrics_observation", FACT | SMALL, rows, order)
    except IntegrityError:
        return False
    weeks = ordinals - (ordinals + MONDAY) % 7 - EPOCH
    marks = np.unique(np.column_stack((columns["series_id"], weeks)), axis=0)
    found = {"series_id": marks[:, 0], "week": marks[:, 1]}
    _copy(cursor, "metrics_dirtymark", {"series_id": ">i4", "week": ">i4"}, found, None)
    return True


def _copy_places(cursor: Any, rows: dict[str, NDArray[Any]], keyed: Sequence[bool]) -> None:
    """The places of the keys that may move, in the order of their key."""
    which = np.flatnonzero(np.array(keyed))
    order = which[np.lexsort((rows["khash"][which], rows["metric_id"][which]))]
    _copy(cursor, "metrics_keyplace", PLACE, rows, order)


def _copy(
    cursor: Any,
    table: str,
    kinds: dict[str, str],
    rows: dict[str, NDArray[Any]],
    order: NDArray[Any] | None,
) -> None:
    """COPY these columns in binary: a count of fields, then each as its length and its bytes."""
    count = len(next(iter(rows.values()))) if order is None else len(order)
    fields = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} length", ">i4"), (name, kind)]
    packed = np.empty(count, np.dtype(fields))
    packed["fields"] = len(kinds)
    for name, kind in kinds.items():
        packed[f"{name} length"] = np.dtype(kind).itemsize
        packed[name] = rows[name] if order is None else rows[name][order]
    content = BytesIO(b"".join((SIGNATURE, packed.tobytes(), END)))
    with connection.wrap_database_errors:  # Django does so for what it knows
        cursor.copy_expert(f"COPY {table} ({', '.join(kinds)}) FROM STDIN BINARY", content)
