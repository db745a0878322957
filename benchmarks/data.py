"""The data of the benchmarks: 50 metrics with 183 combinations of dimensions, a value a day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from django.db import connection, transaction

from metrics.models.imports import ImportRun
from metrics.operations.observations import Reading, load_chunk, prepare_series
from metrics.operations.series import find_source
from metrics.rules.keys import hash_keys
from tests.make.metrics import make_metric
from tests.make.workspaces import NOON, make_workspace

CHUNK, METRICS, COMBINATIONS = 50_000, 50, 183
LEAST_DAYS = 110
EPOCH = date(2000, 1, 1)  # from which PostgreSQL counts days
FACT = {
    "khash": ">i8", "value": ">i8", "series_id": ">i4", "day": ">i4", "import_id": ">i4",
    "source": ">i2", "span": ">i2",
}  # fmt: skip
FIRST = date(2024, 1, 1)


def combinations(rows: int) -> int:
    """183 of dimensions from a million rows on, fewer for fewer: each series has its 110 days."""
    return max(1, min(COMBINATIONS, rows // (METRICS * LEAST_DAYS)))


class Ground:
    """A workspace with metrics, and what was recorded in it so far."""

    def __init__(self, rows: int) -> None:
        self.combinations = combinations(rows)
        self.workspace = make_workspace("bench", owner="bench@bench.example")
        self.metrics = [make_metric(self.workspace, f"m{n}").pk for n in range(METRICS)]
        self.book = None
        self.run = self.open_run("stable", keys="stable")

    def open_run(self, name: str, *, keys: str) -> ImportRun:
        source = find_source(self.workspace, name, keys=keys)
        return ImportRun.objects.create(
            workspace=self.workspace, source=source, kind="file", created_at=NOON
        )

    def fill(self, first: int, last: int) -> None:
        """Write the facts of `readings` as a first load writes them, but leave no mark."""
        for rows in self.columns(first, last):
            write_facts(rows)

    def columns(self, first: int, last: int) -> Iterator[dict[str, Any]]:
        """The facts of `readings` by columns, in chunks, each in the order of its key."""
        kinds = self._reading_kinds()
        self.book = prepare_series(kinds, self.book)
        series = np.array([self.book[one.metric_id, one.dims] for one in kinds])
        for start in range(first, last, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, last))
            days, places = np.divmod(numbers, len(kinds))
            rows = {
                "khash": np.array(
                    hash_keys(self.run.source_id, (b"k%d" % n for n in numbers.tolist()))
                ),
                "value": numbers % 977,
                "series_id": series[places],
                "day": days + (FIRST - EPOCH).days,
                "import_id": np.full(len(numbers), self.run.pk),
                "source": np.full(len(numbers), self.run.source_id),
                "span": np.ones(len(numbers), np.int64),
            }
            order = np.lexsort((rows["khash"], rows["day"], rows["series_id"]))
            yield {name: column[order] for name, column in rows.items()}

    def _reading_kinds(self) -> list[Reading]:
        """The readings of one day: each metric with each combination of dimensions."""
        return [row for chunk in self.readings(0, METRICS * self.combinations) for row in chunk]

    def readings(self, first: int, last: int) -> Iterator[list[Reading]]:
        """The readings from one number to another, in chunks; new ones go on in time."""
        dims = [
            (("campaign", f"c{n}"), ("channel", "abc"[n % 3]), ("segment", f"s{n % 7}"))
            for n in range(self.combinations)
        ]
        for start in range(first, last, CHUNK):
            numbers = range(start, min(start + CHUNK, last))
            yield [self._reading(n, dims) for n in numbers]

    def _reading(self, number: int, dims: Sequence[Any]) -> Reading:
        day, series = divmod(number, METRICS * self.combinations)
        combination, metric = divmod(series, METRICS)
        return Reading(
            self.metrics[metric],
            FIRST + timedelta(day),
            number % 977,
            dims[combination],
            f"k{number}",
        )

    def load(self, chunks: Sequence[list[Reading]], run: ImportRun | None = None) -> dict[str, int]:
        """Store chunks as a run does; the counts."""
        totals = {"new": 0, "changed": 0, "unchanged": 0}
        for chunk in chunks:
            self.book = prepare_series(chunk, self.book)
            with transaction.atomic():
                done = load_chunk(run or self.run, chunk, by=None, at=NOON, book=self.book)
            totals = {name: count + getattr(done, name) for name, count in totals.items()}
        return totals


def write_facts(rows: Mapping[str, Any]) -> None:
    """Facts in the order of their key straight into their table; days count from EPOCH."""
    into = f"metrics_observation ({', '.join(rows)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {into} FROM STDIN BINARY", BytesIO(packed(rows)))
            return
        days = np.datetime_as_string(np.datetime64(EPOCH) + rows["day"], "D")
        columns = [column.tolist() for column in (rows | {"day": days}).values()]
        statement = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(rows))})"
        cursor.executemany(statement, list(zip(*columns, strict=True)))


def packed(rows: Mapping[str, Any]) -> bytes:
    """The rows as a binary COPY reads them: a count of fields, then each as length and bytes."""
    fields = [("fields", ">i2")]
    for name in rows:
        fields += [(f"{name} length", ">i4"), (name, FACT[name])]
    table = np.empty(len(rows["day"]), np.dtype(fields))
    table["fields"] = len(rows)
    for name, column in rows.items():
        table[f"{name} length"], table[name] = np.dtype(FACT[name]).itemsize, column
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + table.tobytes() + b"\xff\xff"


def load_facts_raw(chunks: Sequence[list[Reading]]) -> None:
    """Only what a fact is, into a table without index, by the same driver."""
    columns = "khash bigint, value bigint, series_id integer, day date, import_id integer"
    rows = [
        (place, reading.value, place % 9_150, reading.day.isoformat(), 1)
        for chunk in chunks
        for place, reading in enumerate(chunk)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_limit ({columns})")
        if connection.vendor == "postgresql":
            text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
            cursor.copy_expert("COPY bench_limit FROM STDIN", StringIO(text))
        else:
            cursor.executemany("INSERT INTO bench_limit VALUES (%s, %s, %s, %s, %s)", rows)
        transaction.set_rollback(True)
