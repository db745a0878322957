"""How fast facts come in and become rollups, against a raw COPY (or executemany) of the same rows.

    DATABASE_URL=... DJANGO_SETTINGS_MODULE=mops.settings python -m benchmarks.ingest [rows]

Uses a workspace of its own, `bench`, in a database that is migrated and not precious.
"""

import random
import sys
import time
from datetime import date, timedelta
from io import StringIO

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from metrics.models.imports import ImportRun  # noqa: E402
from metrics.models.observations import DirtyMark, Observation  # noqa: E402
from metrics.operations.observations import Reading, load_chunk, prepare_series  # noqa: E402
from metrics.operations.rollups import rebuild, roll_up  # noqa: E402
from metrics.operations.series import find_source  # noqa: E402
from tests.make.metrics import make_metric  # noqa: E402
from tests.make.workspaces import NOON, make_workspace  # noqa: E402

CHUNK, LATE, METRICS, COMBINATIONS = 50_000, 1_000, 50, 183
FIRST = date(2024, 1, 1)


def timed(name, rows, work):
    start = time.perf_counter()
    result = work()
    took = time.perf_counter() - start
    print(f"{name:44} {took:8.3f} s  {rows / took:12,.0f} rows/s")
    return took, result


def readings(metrics, rows):
    dims = [(("campaign", f"c{n}"), ("channel", "abc"[n % 3])) for n in range(COMBINATIONS)]
    found = []
    for n in range(rows):
        series, day = n % (METRICS * COMBINATIONS), n // (METRICS * COMBINATIONS)
        combination = dims[series // METRICS]
        found.append(
            Reading(
                metrics[series % METRICS], FIRST + timedelta(day), n % 977, combination, f"k{n}"
            )
        )
    return found


def limit(rows):
    """The same facts into a table without index: the limit of this machine and driver."""
    lines = [(n, n % 977, n % 9150, "2024-01-01", 1, 1) for n in range(rows)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_limit (khash bigint, value bigint, series_id integer,"
            " day date, import_id integer, source smallint)"
        )
        if connection.vendor == "postgresql":
            text = "".join("\t".join(map(str, line)) + "\n" for line in lines)
            took = timed(
                "limit: COPY, no index", rows,
                lambda: cursor.copy_expert("COPY bench_limit FROM STDIN", StringIO(text)),
            )  # fmt: skip
        else:
            insert = "INSERT INTO bench_limit VALUES (%s, %s, %s, %s, %s, %s)"
            took = timed(
                "limit: executemany, no index", rows, lambda: cursor.executemany(insert, lines)
            )
        transaction.set_rollback(True)
    return took[0]


def load(run, rows):
    totals = {"new": 0, "changed": 0, "unchanged": 0}
    book = None
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        book = prepare_series(some, book)
        with transaction.atomic():
            done = load_chunk(run, some, by=None, at=NOON, book=book)
        totals = {name: count + getattr(done, name) for name, count in totals.items()}
    return totals


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    workspace = make_workspace("bench", owner="bench@bench.example")
    metrics = [make_metric(workspace, f"m{n}").pk for n in range(METRICS)]
    every = readings(metrics, rows)
    least = limit(rows)
    for keys in ("stable", "may_move"):
        source = find_source(workspace, keys, keys=keys)
        run = ImportRun.objects.create(
            workspace=workspace, source=source, kind="file", created_at=NOON
        )
        took, done = timed(f"first load, {keys} keys", rows, lambda run=run: load(run, every))
        marks = DirtyMark.objects.count()
        print(f"{'':44} {100 * least / took:7.1f} % of the limit, {done}, marks {marks:,}")
        took, done = timed(f"replay, {keys} keys", rows, lambda run=run: load(run, every))
        print(f"{'':44} {100 * least / took:7.1f} % of the limit, {done}")
        timed("rolled up", rows, roll_up)
    chance = random.Random(1)
    late = [r._replace(value=r.value + 1) for r in chance.sample(every, LATE)]
    took, done = timed("late batch", LATE, lambda: load(run, late))
    drained, _ = timed("late batch rolled up", LATE, roll_up)
    print(f"{'late batch to rollups':44} {1000 * (took + drained):8.0f} ms")
    timed("replay of the late batch", LATE, lambda: load(run, late))
    timed("full rebuild", Observation.objects.count(), lambda: rebuild(workspace))
    size()


def size():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('metrics_observation')")
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'metrics_observation'")
        each = cursor.fetchone()[0] / Observation.objects.count()
        print(f"{'bytes per observation':44} {each:8.1f}")


if __name__ == "__main__":
    main()
