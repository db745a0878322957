"""The data of the benchmarks: 50 metrics with 183 combinations of dimensions, a value a day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.db import connection, transaction

from metrics.models.imports import ImportRun
from metrics.operations.observations import Reading, load_chunk, prepare_series
from metrics.operations.series import find_source
from tests.make.metrics import make_metric
from tests.make.workspaces import NOON, make_workspace

CHUNK, METRICS, COMBINATIONS = 50_000, 50, 183
LEAST_DAYS = 110
FIRST = date(2024, 1, 1)
HEADER = "day,channel,campaign,segment,clicks"
MAPPING = {
    "version": 1,
    "source": "file",
    "day": {"column": "day", "format": "%Y-%m-%d"},
    "dims": {name: {"column": name} for name in ("channel", "campaign", "segment")},
    "metrics": [{"metric": "filed", "column": "clicks"}],
    "create": [
        {"key": "filed", "name": "Filed", "kind": "additive", "unit": "count", "decimals": 0}
    ],
}


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


def csv_lines(rows: int) -> str:
    """The file of so many rows."""
    lines = [HEADER]
    for n in range(rows):
        day, place = divmod(n, METRICS * combinations(rows))
        combination, segment = divmod(place, METRICS)
        lines.append(
            f"{FIRST + timedelta(day)},{'abc'[combination % 3]},c{combination},s{segment},{n % 977}"
        )
    return "\n".join(lines) + "\n"


def load_raw(content: str) -> None:
    """The same file into a table without index: the limit of this machine, database and driver."""
    columns = "day date, channel text, campaign text, segment text, value bigint"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_limit ({columns})")
        if connection.vendor == "postgresql":
            copy = "COPY bench_limit FROM STDIN WITH (FORMAT csv, HEADER true)"
            cursor.copy_expert(copy, StringIO(content))
        else:
            rows = [line.split(",") for line in content.splitlines()[1:]]
            cursor.executemany("INSERT INTO bench_limit VALUES (%s, %s, %s, %s, %s)", rows)
        transaction.set_rollback(True)


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
