"""G5 to G8: late facts, rebuilds, and what a fact weighs."""

import random
from collections.abc import Iterator

import duckdb
import numpy as np
from django.db import connection, transaction

from benchmarks.data import Ground
from benchmarks.goals import Goal, at_most, best, seconds, times
from metrics.models.observations import Observation
from metrics.operations.rebuilding import compute_metric
from metrics.operations.rollups import rebuild, roll_up

LATE, ROUNDS = 1_000, 5
MONTHS = """SELECT series_id, date_trunc('month', day) AS month, count(*), sum(value),
            min(value), max(value) FROM facts GROUP BY 1, 2"""


def run(ground: Ground, rows: int) -> Iterator[Goal]:
    """Fill a tenth, measure late batches, fill the rest, measure again."""
    fill(ground, 0, rows // 10)
    small = late_batch(ground, rows // 10)
    fill(ground, rows // 10, rows)
    large = late_batch(ground, rows)
    visible = f"{LATE:,} late rows stored and in every rollup, at {rows:,} rows"
    yield at_most("G5", visible, 1000 * large, 250, "ms")
    yield times("G5", f"the same, of that at {rows // 10:,} rows", (large, small), 1.5, least=False)
    chunk = sample(ground, rows, seed=99)
    ground.load([chunk])
    roll_up()
    replay = min(seconds(lambda: ground.load([chunk])) for _try in range(ROUNDS))
    yield at_most("G6", "replay of the late batch", 1000 * replay, 20, "ms")
    everything = seconds(lambda: rebuild(ground.workspace))
    what = "late batch to rollups, of a rebuild of all rollups"
    yield times("G6", what, (large, everything), 40, least=True)
    yield from full(ground)
    yield weight()


def fill(ground: Ground, first: int, last: int) -> None:
    for chunk in ground.readings(first, last):
        ground.load([chunk])
    roll_up()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def sample(ground: Ground, rows: int, seed: int) -> list:
    """A thousand facts of the last hundred days, with another value."""
    chance = random.Random(seed)
    recent = max(rows - 100 * 50 * ground.combinations, 0)
    numbers = sorted(chance.sample(range(recent, rows), LATE))
    found = [next(ground.readings(number, number + 1))[0] for number in numbers]
    return [reading._replace(value=reading.value + seed) for reading in found]


def late_batch(ground: Ground, rows: int) -> float:
    """Seconds from a late batch to its rollups, the best of some."""
    taken = []
    for seed in range(1, ROUNDS + 1):
        chunk = sample(ground, rows, seed)
        taken.append(seconds(lambda chunk=chunk: (ground.load([chunk]), roll_up())))
    return min(taken)


def full(ground: Ground) -> Iterator[Goal]:
    """Grouping everything by the calendar, before it is written, against DuckDB on one thread."""
    rows = list(Observation.objects.values_list("series_id", "day", "value").iterator())
    columns = {
        "series_id": np.array([row[0] for row in rows], np.int32),
        "day": np.array([row[1] for row in rows], "datetime64[us]"),
        "value": np.array([row[2] for row in rows], np.int64),
    }
    lake = duckdb.connect()
    lake.execute("SET threads = 1")
    lake.execute("CREATE TABLE facts AS SELECT * FROM columns")
    del rows, columns

    def ours() -> None:
        for metric in ground.metrics:
            group(metric)

    taken, limit = best(ours, lambda: lake.execute(MONTHS).fetchnumpy())
    yield times("G7", "all facts to weeks, months, quarters, years, of DuckDB's months",
                (taken, limit), 15, least=False)  # fmt: skip


def group(metric_id: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        compute_metric(cursor, metric_id)
        transaction.set_rollback(True)


def weight() -> Goal:
    """Bytes of a fact, with its key."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('metrics_observation')")
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'metrics_observation'")
        each = cursor.fetchone()[0] / Observation.objects.count()
    most = 100 if connection.vendor == "postgresql" else 35
    return at_most("G8", "storage of an observation with its key", each, most, "B")
