"""Whole metrics worked out anew, for a rebuild, a check, and where most of a metric is marked.

All facts of a metric are grouped by the calendar; what comes out must be what drains make of them.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from datetime import date
from typing import Any

from metrics.models.rollups import Calendar
from metrics.operations.exact_sums import total_of
from metrics.operations.storing import AT_ONCE, on_postgres
from metrics.operations.tiers import (
    COLUMNS,
    MONTH,
    OF_METRICS,
    OF_SERIES,
    folded,
    upsert,
    without_compiling,
)
from metrics.rules.days import stored_day
from metrics.rules.periods import DAY, STORED, Grain, bucket_end, bucket_start

FULL = "mops_full"


def compute_metric(cursor: Any, metric_id: int) -> None:
    """Fill mops_full with every bucket of every series of the metric, grouped by the calendar."""
    _fill_calendar(cursor, metric_id)
    without_compiling(cursor)
    cursor.execute(f"DROP TABLE IF EXISTS {FULL}")
    total = "numeric(38,0)" if on_postgres() else "text"
    ending = "ON COMMIT DROP" if on_postgres() else ""
    cursor.execute(
        f"""CREATE TEMPORARY TABLE {FULL} (
                grain smallint, series_id integer, bucket date, n bigint, total {total},
                vmin bigint, vmax bigint, last_day date, last_value bigint,
                PRIMARY KEY ({OF_SERIES.key})) {ending}"""
    )
    for grain in STORED:
        if grain in (Grain.WEEK, Grain.MONTH):
            grouped, last, values = facts_by_calendar(grain), LAST_FACT, [metric_id]
        else:
            grouped, last, values = _months_by_calendar(grain), LAST_MONTH, []
        # One statement: the last value comes from the same snapshot as the day that it is of.
        cursor.execute(
            f"""INSERT INTO {FULL} ({OF_SERIES.key}, {COLUMNS}, last_value)
                SELECT {grain.code}, x.*, ({last}) FROM ({grouped}) x""",
            values,
        )


LAST_FACT = """SELECT l.value FROM metrics_observation l WHERE l.series_id = x.series_id
               AND l.day = x.last_day ORDER BY l.import_id DESC, l.khash DESC LIMIT 1"""
LAST_MONTH = f"""SELECT l.last_value FROM {FULL} l WHERE l.grain = {MONTH}
                 AND l.series_id = x.series_id AND l.last_day = x.last_day LIMIT 1"""


def facts_by_calendar(grain: Grain) -> str:
    """The buckets of a metric's series grouped from their facts; its one value is the metric."""
    return f"""SELECT o.series_id, c.{grain.value} AS bucket, count(*) AS n,
                   {total_of("o.value")} AS total,
                   min(o.value) AS vmin, max(o.value) AS vmax, max(o.day) AS last_day
               FROM metrics_observation o JOIN metrics_calendar c ON c.day = o.day
               WHERE o.{of_metric()} GROUP BY o.series_id, c.{grain.value}"""


def _months_by_calendar(grain: Grain) -> str:
    """The wider buckets grouped from the months in mops_full."""
    return f"""SELECT f.series_id, c.{grain.value} AS bucket, sum(f.n) AS n,
                   {total_of("f.total")} AS total,
                   min(f.vmin) AS vmin, max(f.vmax) AS vmax, max(f.last_day) AS last_day
               FROM {FULL} f JOIN metrics_calendar c ON c.day = f.bucket
               WHERE f.grain = {MONTH} GROUP BY f.series_id, c.{grain.value}"""


def of_metric() -> str:
    """The condition that a series is one of the metric that is its one value.

    By an array PostgreSQL walks the key; it would read all facts of all metrics for a join.
    """
    series = "SELECT id FROM metrics_series WHERE metric_id = %s"
    return f"series_id = ANY (ARRAY({series}))" if on_postgres() else f"series_id IN ({series})"


def rollups_of_metric() -> str:
    """The same for rollups, whose key begins with the grain."""
    return f"grain IN ({', '.join(str(grain.code) for grain in STORED)}) AND {of_metric()}"


def same_key(one: str, other: str, key: str = OF_SERIES.key) -> str:
    """The condition that two rows are the same bucket."""
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in key.split(", "))


def write_computed(cursor: Any, metric_id: int) -> None:
    """Make the rollups of the metric and its totals say what mops_full says."""
    cursor.execute(
        f"""DELETE FROM metrics_rollup WHERE {rollups_of_metric()} AND NOT EXISTS (
                SELECT 1 FROM {FULL} f WHERE {same_key("f", "metrics_rollup")})""",
        [metric_id],
    )
    names = f"{OF_SERIES.key}, {OF_SERIES.columns}"
    select = f"SELECT {names} FROM {FULL} WHERE true ORDER BY {OF_SERIES.key}"
    cursor.execute(upsert(OF_SERIES, select))
    cursor.execute(
        f"""DELETE FROM metrics_metricrollup WHERE metric_id = %s AND NOT EXISTS (
                SELECT 1 FROM {FULL} f WHERE f.grain = metrics_metricrollup.grain
                AND f.bucket = metrics_metricrollup.bucket)""",
        [metric_id],
    )
    cursor.execute(upsert(OF_METRICS, totals_of_computed()), [metric_id])


def totals_of_computed() -> str:
    """The query of the metric's totals from mops_full; its one value is the metric."""
    owner = "CAST(%s AS bigint)"
    return f"""SELECT f.grain, {owner} AS metric_id, f.bucket, {folded("f")} FROM {FULL} f
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
    start = bucket_start(stored_day(first), Grain.YEAR)
    end = bucket_end(bucket_start(stored_day(last), Grain.YEAR), Grain.YEAR)
    days = Calendar.objects.filter(day__range=(start, end))
    if days.count() == (end - start).days + 1:
        return
    rows = [_calendar_day(start + DAY * place) for place in range((end - start).days + 1)]
    Calendar.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _calendar_day(day: date) -> Calendar:
    starts = {grain.value: bucket_start(day, grain) for grain in STORED}
    return Calendar(day=day, **starts)
