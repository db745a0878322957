"""G5 to G8: late facts, rebuilds, and what a fact weighs."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
from django.db import connection, transaction

from benchmarks.data import Ground
from benchmarks.goals import Goal, at_most, best, seconds, times, told
from metrics.models.observations import DirtyMark
from metrics.operations.rebuilding import LAST_FACT, compute_metric, facts_by_calendar
from metrics.operations.rollups import rebuild, roll_up
from metrics.operations.tiers import COLUMNS, OF_SERIES, upsert
from metrics.rules.periods import Grain

LATE, ROUNDS, RECENT = 1_000, 5, 100
MONTH = Grain.MONTH
FOLDED = "SELECT count(*), sum(n), max(total), min(vmin), max(vmax), max(last_day) FROM"
MONTHS = """(SELECT series_id, date_trunc('month', day) AS month, count(*) AS n,
             sum(value) AS total, min(value) AS vmin, max(value) AS vmax, max(day) AS last_day
             FROM facts GROUP BY 1, 2) x"""
MARKED = "SELECT series_id, bucket FROM metrics_rollup WHERE grain = 1"


def run(ground: Ground, rows: int) -> Iterator[Goal]:
    """Fill a tenth, measure late batches, fill the rest, measure again."""
    fill(ground, 0, rows // 10)
    small = late_batch(ground, rows // 10)
    whole = fill(ground, rows // 10, rows)
    stored, large = late_batch(ground, rows)
    visible = f"{LATE:,} late rows stored and in every rollup and total, at {rows:,} rows"
    yield at_most("G5", visible, 1000 * large, 250, "ms")
    yield told("of that: stored, with history and marks", f"{1000 * stored:,.1f} ms")
    what = f"the same, of that at {rows // 10:,} rows"
    yield times("G5", what, (large, small[1]), 1.5, least=False)
    chunk = sample(ground, rows, seed=99)
    ground.load([chunk])
    roll_up()
    replay = min(seconds(lambda: ground.load([chunk])) for _try in range(ROUNDS))
    yield at_most("G6", "replay of the late batch", 1000 * replay, 20, "ms")
    monthly = seconds(lambda: trial(ground, write_months))
    what = "late batch to rollups, of grouping and upserting the months of all facts"
    yield times("G6", what, (large, monthly), 40, least=True)
    yield told("every rollup and total rebuilt and written", pace(rows, whole))
    yield from marked(rows)
    yield from full(ground, rows)
    yield from weight(rows)


def pace(rows: int, taken: float) -> str:
    return f"{rows / taken:,.0f} rows/s"


def fill(ground: Ground, first: int, last: int) -> float:
    """Facts by the bulk, then every rollup; the seconds that these take."""
    ground.fill(first, last)
    settle()
    taken = seconds(lambda: rebuild(ground.workspace))
    settle()
    return taken


def settle() -> None:
    """What autovacuum would do by and by."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def sample(ground: Ground, rows: int, seed: int) -> list:
    """A thousand facts of the last hundred days, with another value."""
    chance = random.Random(seed)
    recent = max(rows - RECENT * len(ground.metrics) * ground.combinations, 0)
    numbers = sorted(chance.sample(range(recent, rows), LATE))
    found = [next(ground.readings(number, number + 1))[0] for number in numbers]
    return [reading._replace(value=reading.value + seed) for reading in found]


def late_batch(ground: Ground, rows: int) -> tuple[float, float]:
    """Seconds in which a late batch is stored, and is in its rollups; the best of some."""
    taken = []
    for seed in range(1, ROUNDS + 1):
        chunk = sample(ground, rows, seed)
        stored = seconds(lambda chunk=chunk: ground.load([chunk]))
        taken.append((stored + seconds(roll_up), stored))
    visible, stored = min(taken)
    return stored, visible


def marked(rows: int) -> Iterator[Goal]:
    """Every week of every series marked, as a first import leaves them, and rolled up."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO metrics_dirtymark (series_id, week) {MARKED}")
    marks = DirtyMark.objects.count()
    taken = seconds(roll_up)
    yield told(f"{rows:,} facts under {marks:,} marks rolled up", pace(rows, taken))


def full(ground: Ground, rows: int) -> Iterator[Goal]:
    """Grouping everything by the calendar, before it is written, against DuckDB on one thread."""
    lake = duckdb.connect()
    lake.execute("SET threads = 1")
    lake.execute("CREATE TABLE facts (series_id INTEGER, day DATE, value BIGINT)")
    for chunk in ground.columns(0, rows):
        columns = {  # noqa: F841  DuckDB finds it by its name
            "series_id": chunk["series_id"],
            "day": np.datetime64("2000-01-01", "us") + chunk["day"] * np.timedelta64(1, "D"),
            "value": chunk["value"],
        }
        lake.execute("INSERT INTO facts SELECT series_id, day::DATE, value FROM columns")
    counted: list[int] = []
    taken, limit = best(
        lambda: trial(ground, lambda *of: counted.append(fold_months(*of))),
        lambda: counted.append(-lake.execute(f"{FOLDED} {MONTHS}").fetchone()[0]),
    )
    if sum(counted):
        raise AssertionError("two ways to group months differ")
    what = "all facts grouped to months of series, of the same in DuckDB"
    yield times("G7", what, (taken, limit), 15, least=False)
    grains = seconds(lambda: trial(ground, compute_metric))
    ratio = f"{grains / limit:,.1f} x"
    what = "the same to weeks, months, quarters and years, with last values"
    yield told(what, f"{1000 * grains:,.2f} ms", f"{1000 * limit:,.2f} ms", ratio)


def trial(ground: Ground, work: Callable[[Any, int], object]) -> None:
    """Do something with each metric and undo it."""
    for metric in ground.metrics:
        with transaction.atomic(), connection.cursor() as cursor:
            work(cursor, metric)
            transaction.set_rollback(True)


def fold_months(cursor: Any, metric: int) -> int:
    """Group the facts of a metric to months; how many."""
    cursor.execute(f"{FOLDED} ({facts_by_calendar(MONTH)}) x", [metric])
    return cursor.fetchone()[0]


def write_months(cursor: Any, metric: int) -> None:
    """Group the facts of a metric to months, and upsert what differs."""
    names = ", ".join(f"x.{name}" for name in ("series_id", "bucket", *COLUMNS.split(", ")))
    select = f"""SELECT {MONTH.code}, {names}, ({LAST_FACT})
                 FROM ({facts_by_calendar(MONTH)}) x WHERE true
                 ORDER BY x.series_id, x.bucket"""
    cursor.execute(upsert(OF_SERIES, select), [metric])


def weight(rows: int) -> Iterator[Goal]:
    """Bytes of a fact, with its key; as it was loaded, in order of time."""
    what = "storage of an observation with its key, loaded in order of time"
    if connection.vendor != "postgresql":
        yield at_most("G8", what, size("sum(pgsize) FROM dbstat WHERE name =") / rows, 35, "B")
        return
    yield at_most("G8", what, size("pg_total_relation_size") / rows, 100, "B")
    with connection.cursor() as cursor:
        cursor.execute("REINDEX TABLE metrics_observation")
    yield told("the same after REINDEX", f"{size('pg_total_relation_size') / rows:,.1f} B")


def size(of: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {of} ('metrics_observation')")
        return cursor.fetchone()[0]
