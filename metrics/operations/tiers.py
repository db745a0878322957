"""The sums themselves, in SQL that both databases speak: facts to series to metrics.

Two ways to the same rows: `recompute_*` works out named buckets by index ranges, for a drain;
`compute_metric` groups all facts of a metric by the calendar, for a rebuild and for a check.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

from django.db import connection

from metrics.models.rollups import Calendar
from metrics.operations.storing import AT_ONCE, as_day, on_postgres
from metrics.rules.periods import DAY, STORED, Grain, bucket_end, bucket_start, touched

ANALYZE_FROM = 500
SeriesWeek = tuple[int, date]
MONTH = Grain.MONTH.code


class _ExactSum:
    """SUM for SQLite, whose own is inexact past 2^63: whole numbers in, text out, of any size."""

    def __init__(self) -> None:
        self.total = 0

    def step(self, value: int | str | None) -> None:
        """Add one value."""
        self.total += int(value or 0)

    def finalize(self) -> str:
        """The sum as text."""
        return str(self.total)


def prepare_sums(cursor: Any) -> str:
    """Make the connection fit for exact sums and index ranges; return the name of the sum."""
    if on_postgres():
        # The staged buckets are few: walk the index for each, never hash the whole table of facts.
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        return "sum"
    if getattr(connection, "exact_sums_of", None) is not connection.connection:
        connection.connection.create_aggregate("exact_sum", 1, _ExactSum)
        connection.exact_sums_of = connection.connection  # type: ignore[attr-defined]
    return "exact_sum"


COLUMNS = "n, total, vmin, vmax, last_day"
SERIES_KEY = "grain, series_id, bucket"
METRIC_KEY = "grain, metric_id, bucket"


def _upsert(table: str, key: str, columns: str, select: str) -> str:
    """Write what the query yields where it differs from what is there; yields the owners."""
    names = columns.split(", ")
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    differs = " OR ".join(f"{table}.{name} <> excluded.{name}" for name in names)
    owner = key.split(", ")[1]
    return f"""INSERT INTO {table} ({key}, {columns}) {select}
               ON CONFLICT ({key}) DO UPDATE SET {sets} WHERE {differs} RETURNING {owner}"""


def recompute_series(cursor: Any, weeks: Iterable[SeriesWeek]) -> set[int]:
    """Work out every bucket that these (series, week) touch; the series where something changed."""
    add = prepare_sums(cursor)
    by_series: dict[int, list[date]] = {}
    for series, week in weeks:
        by_series.setdefault(series, []).append(week)
    found = {series: touched(of) for series, of in by_series.items()}
    changed: set[int] = set()
    for grains, source in (
        ((Grain.WEEK, Grain.MONTH), _facts),
        ((Grain.QUARTER, Grain.YEAR), _months),
    ):
        rows = [
            (grain.code, series, start, bucket_end(start, grain))
            for series, buckets in sorted(found.items())
            for grain in grains
            for start in buckets[grain]
        ]
        _stage(cursor, "series_id", rows)
        there, values = source(add)
        changed |= _empty(cursor, "metrics_rollup", SERIES_KEY, there)
        changed |= _run(
            cursor, _upsert("metrics_rollup", SERIES_KEY, f"{COLUMNS}, last_value", values)
        )
    return changed


def recompute_totals(cursor: Any, weeks: Iterable[SeriesWeek]) -> set[int]:
    """Work out metrics' own buckets for these (metric, week); those that changed."""
    add = prepare_sums(cursor)
    by_metric: dict[int, list[date]] = {}
    for metric, week in weeks:
        by_metric.setdefault(metric, []).append(week)
    rows = [
        (grain.code, metric, start, start)
        for metric, of in sorted(by_metric.items())
        for grain, starts in touched(of).items()
        for start in starts
    ]
    _stage(cursor, "metric_id", rows)
    there, values = _parts(add)
    changed = _empty(cursor, "metrics_metricrollup", METRIC_KEY, there)
    return changed | _run(cursor, _upsert("metrics_metricrollup", METRIC_KEY, COLUMNS, values))


def _folded(add: str, part: str) -> str:
    """The columns of a bucket from the buckets that it is made of."""
    return (
        f"sum({part}.n) AS n, {add}({part}.total), min({part}.vmin), max({part}.vmax), "
        f"max({part}.last_day)"
    )


def _facts(add: str) -> tuple[str, str]:
    """Whether a staged bucket has facts, and its columns worked out from them."""
    there = """metrics_observation o
               WHERE o.series_id = b.series_id AND o.day BETWEEN b.bucket AND b.until"""
    folded = f"count(*) AS n, {add}(o.value), min(o.value), max(o.value), max(o.day)"
    last = """(SELECT l.value FROM metrics_observation l WHERE l.series_id = b.series_id
               AND l.day BETWEEN b.bucket AND b.until
               ORDER BY l.day DESC, l.import_id DESC, l.khash DESC LIMIT 1)"""
    return there, _by_bucket("series_id", folded, there, f", {last}")


def _months(add: str) -> tuple[str, str]:
    """Whether a staged bucket has months, and its columns worked out from them."""
    there = f"""metrics_rollup m WHERE m.grain = {MONTH} AND m.series_id = b.series_id
                AND m.bucket BETWEEN b.bucket AND b.until"""
    last = f"""(SELECT l.last_value FROM metrics_rollup l WHERE l.grain = {MONTH}
                AND l.series_id = b.series_id AND l.bucket BETWEEN b.bucket AND b.until
                ORDER BY l.bucket DESC LIMIT 1)"""
    return there, _by_bucket("series_id", _folded(add, "m"), there, f", {last}")


def _parts(add: str) -> tuple[str, str]:
    """Whether a staged bucket of a metric has series, and its columns worked out from theirs."""
    same = "r.grain = b.grain AND r.series_id = s.id AND r.bucket = b.bucket"
    if on_postgres():
        # OFFSET 0 keeps the planner from walking a whole grain of the rollups instead of the key.
        there = f"""metrics_series s CROSS JOIN LATERAL (
                        SELECT * FROM metrics_rollup r WHERE {same} OFFSET 0) r
                    WHERE s.metric_id = b.metric_id"""
    else:
        there = f"""metrics_series s CROSS JOIN metrics_rollup r
                    WHERE s.metric_id = b.metric_id AND {same}"""
    return there, _by_bucket("metric_id", _folded(add, "r"), there, "")


def _by_bucket(owner: str, folded: str, there: str, last: str) -> str:
    """The query of all columns of every staged bucket that is not empty.

    It goes bucket by bucket along the keys, whatever the planner knows of tables just filled.
    """
    key = f"b.grain, b.{owner}, b.bucket"
    if on_postgres():
        return f"""SELECT {key}, a.*{last} FROM mops_buckets b
                   CROSS JOIN LATERAL (SELECT {folded} FROM {there}) a
                   WHERE a.n > 0 ORDER BY {key}"""
    return f"""SELECT {key}, {folded}{last} FROM mops_buckets b CROSS JOIN {there}
               GROUP BY {key}, b.until ORDER BY {key}"""


def _empty(cursor: Any, table: str, key: str, there: str) -> set[int]:
    """Delete the staged buckets that nothing lies in any more; their owners."""
    cursor.execute(
        f"""SELECT b.grain, b.{key.split(", ")[1]}, b.bucket FROM mops_buckets b
            WHERE NOT EXISTS (SELECT 1 FROM {there})"""
    )
    gone = cursor.fetchall()
    names = key.split(", ")
    which = " AND ".join(f"{name} = %s" for name in names)
    cursor.executemany(f"DELETE FROM {table} WHERE {which}", gone)
    return {row[1] for row in gone}


def _run(cursor: Any, statement: str, values: Sequence[object] = ()) -> set[int]:
    """Run a statement that returns owners; the distinct ones."""
    cursor.execute(statement, list(values))
    return {row[0] for row in cursor.fetchall()}


def _stage(cursor: Any, owner: str, rows: Sequence[tuple[int, int, date, date]]) -> None:
    """Put the buckets to work out into a table of this connection's own."""
    cursor.execute("DROP TABLE IF EXISTS mops_buckets")
    ending = "ON COMMIT DROP" if on_postgres() else ""
    cursor.execute(
        f"""CREATE TEMPORARY TABLE mops_buckets (
                grain smallint, {owner} integer, bucket date, until date) {ending}"""
    )
    _fill(cursor, "mops_buckets", rows)
    if on_postgres() and len(rows) >= ANALYZE_FROM:
        cursor.execute("ANALYZE mops_buckets")


def _fill(cursor: Any, name: str, rows: Sequence[tuple[int, int, date, date]]) -> None:
    """Put the rows into a table, many at once."""
    if on_postgres():
        text = "".join(f"{grain}\t{owner}\t{start}\t{end}\n" for grain, owner, start, end in rows)
        cursor.copy_expert(f"COPY {name} FROM STDIN", StringIO(text))
    else:
        cursor.executemany(f"INSERT INTO {name} VALUES (%s, %s, %s, %s)", rows)


FULL = "mops_full"


def compute_metric(cursor: Any, metric_id: int) -> None:
    """Fill mops_full with every bucket of every series of the metric, grouped by the calendar."""
    _fill_calendar(cursor, metric_id)
    add = "sum" if on_postgres() else prepare_sums(cursor)
    cursor.execute(f"DROP TABLE IF EXISTS {FULL}")
    total = "numeric(38,0)" if on_postgres() else "text"
    ending = "ON COMMIT DROP" if on_postgres() else ""
    cursor.execute(
        f"""CREATE TEMPORARY TABLE {FULL} (
                grain smallint, series_id integer, bucket date, n bigint, total {total},
                vmin bigint, vmax bigint, last_day date, last_value bigint,
                PRIMARY KEY ({SERIES_KEY})) {ending}"""
    )
    for grain in STORED:
        if grain in (Grain.WEEK, Grain.MONTH):
            grouped, last, values = _facts_by_calendar(grain, add), LAST_FACT, [metric_id]
        else:
            grouped, last, values = _months_by_calendar(grain, add), LAST_MONTH, []
        # One statement: the last value comes from the same snapshot as the day that it is of.
        cursor.execute(
            f"""INSERT INTO {FULL} ({SERIES_KEY}, {COLUMNS}, last_value)
                SELECT {grain.code}, x.*, ({last}) FROM ({grouped}) x""",
            values,
        )
    if on_postgres():
        cursor.execute(f"ANALYZE {FULL}")


LAST_FACT = """SELECT l.value FROM metrics_observation l WHERE l.series_id = x.series_id
               AND l.day = x.last_day ORDER BY l.import_id DESC, l.khash DESC LIMIT 1"""
LAST_MONTH = f"""SELECT l.last_value FROM {FULL} l WHERE l.grain = {MONTH}
                 AND l.series_id = x.series_id AND l.last_day = x.last_day LIMIT 1"""


def _facts_by_calendar(grain: Grain, add: str) -> str:
    """The buckets of a metric's series grouped from their facts; its one value is the metric."""
    return f"""SELECT o.series_id, c.{grain.value} AS bucket, count(*) AS n,
                   {add}(o.value) AS total,
                   min(o.value) AS vmin, max(o.value) AS vmax, max(o.day) AS last_day
               FROM metrics_series s
               JOIN metrics_observation o ON o.series_id = s.id
               JOIN metrics_calendar c ON c.day = o.day
               WHERE s.metric_id = %s GROUP BY o.series_id, c.{grain.value}"""


def _months_by_calendar(grain: Grain, add: str) -> str:
    """The wider buckets grouped from the months in mops_full."""
    return f"""SELECT f.series_id, c.{grain.value} AS bucket, sum(f.n) AS n,
                   {add}(f.total) AS total,
                   min(f.vmin) AS vmin, max(f.vmax) AS vmax, max(f.last_day) AS last_day
               FROM {FULL} f JOIN metrics_calendar c ON c.day = f.bucket
               WHERE f.grain = {MONTH} GROUP BY f.series_id, c.{grain.value}"""


OF_METRIC = "series_id IN (SELECT id FROM metrics_series WHERE metric_id = %s)"


def same_key(one: str, other: str, key: str = SERIES_KEY) -> str:
    """The condition that two rows are the same bucket."""
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in key.split(", "))


def write_computed(cursor: Any, metric_id: int) -> None:
    """Make the rollups of the metric and its totals say what mops_full says."""
    cursor.execute(
        f"""DELETE FROM metrics_rollup WHERE {OF_METRIC} AND NOT EXISTS (
                SELECT 1 FROM {FULL} f WHERE {same_key("f", "metrics_rollup")})""",
        [metric_id],
    )
    columns = f"{COLUMNS}, last_value"
    select = f"SELECT {SERIES_KEY}, {columns} FROM {FULL} WHERE true ORDER BY {SERIES_KEY}"
    cursor.execute(_upsert("metrics_rollup", SERIES_KEY, columns, select))
    cursor.execute(
        f"""DELETE FROM metrics_metricrollup WHERE metric_id = %s AND NOT EXISTS (
                SELECT 1 FROM {FULL} f WHERE f.grain = metrics_metricrollup.grain
                AND f.bucket = metrics_metricrollup.bucket)""",
        [metric_id],
    )
    cursor.execute(
        _upsert("metrics_metricrollup", METRIC_KEY, COLUMNS, totals_of_computed()), [metric_id]
    )


def totals_of_computed() -> str:
    """The query of the metric's totals from mops_full; its one value is the metric."""
    add = "sum" if on_postgres() else "exact_sum"
    owner = "CAST(%s AS bigint)"
    return f"""SELECT f.grain, {owner} AS metric_id, f.bucket, {_folded(add, "f")} FROM {FULL} f
               WHERE true GROUP BY f.grain, f.bucket ORDER BY f.grain, f.bucket"""


def _fill_calendar(cursor: Any, metric_id: int) -> None:
    """Make sure that the calendar has every day of every year in which the metric has facts."""
    cursor.execute(
        """SELECT min(first), max(last) FROM (
               SELECT
                 (SELECT min(day) FROM metrics_observation o WHERE o.series_id = s.id) AS first,
                 (SELECT max(day) FROM metrics_observation o WHERE o.series_id = s.id) AS last
               FROM metrics_series s WHERE s.metric_id = %s) x""",
        [metric_id],
    )
    first, last = cursor.fetchone()
    if first is None:
        return
    start = bucket_start(as_day(first), Grain.YEAR)
    end = bucket_end(bucket_start(as_day(last), Grain.YEAR), Grain.YEAR)
    days = Calendar.objects.filter(day__range=(start, end))
    if days.count() == (end - start).days + 1:
        return
    rows = [_calendar_day(start + DAY * place) for place in range((end - start).days + 1)]
    Calendar.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _calendar_day(day: date) -> Calendar:
    starts = {grain.value: bucket_start(day, grain) for grain in STORED}
    return Calendar(day=day, **starts)
