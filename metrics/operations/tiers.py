"""The sums themselves, in SQL that both databases speak: facts to series to metrics.

`recompute_*` work out named buckets by ranges of the keys, for a drain; operations.rebuilding
groups all facts of a metric instead.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from metrics.operations.exact_sums import total_of
from metrics.operations.storing import on_postgres, own_table
from metrics.rules.periods import Grain, bucket_end, touched

NEAR = timedelta(62)  # up to here reading on costs less than looking for the next bucket
MONTH = Grain.MONTH.code
FINE = (Grain.WEEK, Grain.MONTH)  # from the facts; a week may lie in two months
COARSE = (Grain.QUARTER, Grain.YEAR)  # from the months
OwnerWeek = tuple[int, date]
Staged = tuple[int, int, date, date]  # grain, owner, first and last day


class Tier(NamedTuple):
    """A table of buckets: whose they are, and what they say."""

    table: str
    owner: str
    columns: str

    @property
    def key(self) -> str:
        """The columns that name a bucket."""
        return f"grain, {self.owner}, bucket"


COLUMNS = "n, total, vmin, vmax, last_day"
OF_SERIES = Tier("metrics_rollup", "series_id", f"{COLUMNS}, last_value")
OF_METRICS = Tier("metrics_metricrollup", "metric_id", COLUMNS)
STAGED = "grain smallint, owner integer, bucket date, until date"
COMPUTED = f"grain, owner, bucket, {OF_SERIES.columns}"


def upsert(tier: Tier, select: str) -> str:
    """Write what the query yields where it differs from what is there; yields the owners."""
    names = tier.columns.split(", ")
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    differs = " OR ".join(f"{tier.table}.{name} <> excluded.{name}" for name in names)
    return f"""INSERT INTO {tier.table} ({tier.key}, {tier.columns}) {select}
               ON CONFLICT ({tier.key}) DO UPDATE SET {sets} WHERE {differs}
               RETURNING {tier.owner}"""


def without_compiling(cursor: Any) -> None:
    """Have PostgreSQL run its plans as they are: compiling one takes longer than any of ours."""
    if on_postgres():
        cursor.execute("SET LOCAL jit = off")


def recompute_series(cursor: Any, weeks: Iterable[OwnerWeek]) -> set[int]:
    """Work out every bucket that these (series, week) touch; the series where something changed."""
    without_compiling(cursor)
    by_series = _by_owner(weeks)
    changed = _refresh(cursor, OF_SERIES, _staged(by_series, FINE), _from_facts())
    coarse = _staged(by_series, COARSE)
    return changed | _refresh(cursor, OF_SERIES, coarse, _from_months(OF_SERIES))


def recompute_totals(cursor: Any, weeks: Iterable[OwnerWeek]) -> None:
    """Work out metrics' own buckets for these (metric, week), and for some that lie between."""
    without_compiling(cursor)
    if on_postgres():
        # The planner expects few rollups and would sort them to group them.
        cursor.execute("SET LOCAL enable_sort = off")
    by_metric = _by_owner(weeks)
    runs = [
        (grain.code, metric, first, last)
        for metric, of in by_metric.items()
        for grain in FINE
        for first, last in _runs(touched(of)[grain])
    ]
    _refresh(cursor, OF_METRICS, runs, _from_series())
    coarse = _staged(by_metric, COARSE)
    _refresh(cursor, OF_METRICS, coarse, _from_months(OF_METRICS))


def _by_owner(weeks: Iterable[OwnerWeek]) -> dict[int, tuple[date, ...]]:
    """The weeks of each owner, both in order."""
    found: dict[int, list[date]] = {}
    for owner, week in sorted(weeks):
        found.setdefault(owner, []).append(week)
    return {owner: tuple(of) for owner, of in found.items()}


def _staged(by_owner: Mapping[int, tuple[date, ...]], grains: tuple[Grain, ...]) -> list[Staged]:
    """The buckets of these grains that the weeks touch."""
    return [
        (code, owner, first, last)
        for owner, of in by_owner.items()
        for code, first, last in _spans(of, grains)
    ]


@lru_cache(maxsize=1_000)
def _spans(weeks: tuple[date, ...], grains: tuple[Grain, ...]) -> list[tuple[int, date, date]]:
    """The buckets that the weeks touch; remembered, for many series share their weeks."""
    found = touched(weeks)
    return [
        (grain.code, start, bucket_end(start, grain)) for grain in grains for start in found[grain]
    ]


def _runs(starts: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The first and last of each run of buckets that lie near each other."""
    first = last = starts[0]
    for start in starts[1:]:
        if start - last > NEAR:
            yield first, last
            first = start
        last = start
    yield first, last


def folded(part: str) -> str:
    """The columns of a bucket from the buckets that it is made of."""
    return (
        f"coalesce(sum({part}.n), 0) AS n, {total_of(f'{part}.total')} AS total, "
        f"min({part}.vmin) AS vmin, max({part}.vmax) AS vmax, max({part}.last_day) AS last_day"
    )


def _from_facts() -> str:
    """The query of staged buckets of series from the facts of their days."""
    sums = (
        f"count(o.day) AS n, {total_of('o.value')} AS total, min(o.value) AS vmin, "
        "max(o.value) AS vmax, max(o.day) AS last_day"
    )
    there = "o.series_id = b.owner AND o.day BETWEEN b.bucket AND b.until"
    last = """SELECT l.value FROM metrics_observation l WHERE l.series_id = a.owner
              AND l.day = a.last_day ORDER BY l.import_id DESC, l.khash DESC LIMIT 1"""
    return f"SELECT a.*, ({last}) FROM ({_each(sums, 'metrics_observation', there)}) a"


def _from_months(tier: Tier) -> str:
    """The query of staged quarters and years from the months of the same owners."""
    there = f"""o.grain = {MONTH} AND o.{tier.owner} = b.owner
                AND o.bucket BETWEEN b.bucket AND b.until"""
    each = _each(folded("o"), tier.table, there)
    last = f"""SELECT l.last_value FROM metrics_rollup l WHERE l.grain = {MONTH}
               AND l.series_id = a.owner AND l.bucket BETWEEN a.bucket AND a.last_day
               ORDER BY l.bucket DESC LIMIT 1"""
    return f"SELECT a.*, ({last}) FROM ({each}) a" if tier is OF_SERIES else each


def _each(sums: str, parts: str, there: str) -> str:
    """Every staged bucket with the sums over its parts; n = 0 where there is none.

    It goes bucket by bucket along the key, whatever the planner knows of the tables.
    """
    key = "b.grain, b.owner, b.bucket"
    if on_postgres():
        return f"""SELECT {key}, f.* FROM mops_buckets b CROSS JOIN LATERAL (
                       SELECT {sums} FROM {parts} o WHERE {there}) f"""
    return f"SELECT {key}, {sums} FROM mops_buckets b LEFT JOIN {parts} o ON {there} GROUP BY {key}"


def _from_series() -> str:
    """The query of metrics' buckets in the staged ranges from those of their series.

    What stands there already takes part with n = 0, so that what became empty is found.
    """
    said = "r.bucket, r.n, r.total, r.vmin, r.vmax, r.last_day"
    there = "r.grain = b.grain AND r.bucket BETWEEN b.bucket AND b.until AND r.series_id"
    nothing = "k.bucket, 0, NULL, NULL, NULL, NULL"
    stands = "k.grain = b.grain AND k.metric_id = b.owner AND k.bucket BETWEEN b.bucket AND b.until"
    if on_postgres():
        # By an array of series it walks the key once, and never a whole grain of the rollups.
        return f"""SELECT b.grain, b.owner, f.* FROM mops_buckets b CROSS JOIN LATERAL (
                       SELECT o.bucket, {folded("o")} FROM (
                           SELECT {said} FROM metrics_rollup r WHERE {there} = ANY (ARRAY(
                               SELECT s.id FROM metrics_series s WHERE s.metric_id = b.owner))
                           UNION ALL SELECT {nothing} FROM metrics_metricrollup k WHERE {stands}
                       ) o GROUP BY o.bucket) f"""
    return f"""SELECT o.grain, o.owner, o.bucket, {folded("o")} FROM (
                   SELECT b.grain, b.owner, {said} FROM mops_buckets b
                   CROSS JOIN metrics_series s CROSS JOIN metrics_rollup r
                   WHERE s.metric_id = b.owner AND {there} = s.id
                   UNION ALL SELECT b.grain, b.owner, {nothing} FROM mops_buckets b
                   CROSS JOIN metrics_metricrollup k WHERE {stands}
               ) o GROUP BY o.grain, o.owner, o.bucket"""


def _refresh(cursor: Any, tier: Tier, staged: Sequence[Staged], query: str) -> set[int]:
    """Make the tier say what the query says of the staged buckets; the owners where it did not."""
    if not staged:
        return set()
    computed = f"grain, owner, bucket, {tier.columns}"
    gone = f"""DELETE FROM {tier.table} WHERE ({tier.key}) IN (
                   SELECT grain, owner, bucket FROM mops_computed WHERE n = 0)
               RETURNING {tier.owner}"""
    written = upsert(
        tier, f"SELECT {computed} FROM mops_computed WHERE n > 0 ORDER BY grain, owner, bucket"
    )
    if on_postgres():
        return _run(
            cursor,
            f"""WITH mops_buckets AS (
                    SELECT * FROM unnest(%s::smallint[], %s::integer[], %s::date[], %s::date[])
                    AS b (grain, owner, bucket, until)),
                mops_computed ({computed}) AS MATERIALIZED ({query}),
                gone (owner) AS ({gone}), written (owner) AS ({written})
                SELECT owner FROM gone UNION SELECT owner FROM written""",
            as_arrays(staged),
        )
    own_table(cursor, "mops_buckets", STAGED)
    own_table(cursor, "mops_computed", COMPUTED)
    cursor.executemany("INSERT INTO mops_buckets VALUES (%s, %s, %s, %s)", staged)
    cursor.execute(f"INSERT INTO mops_computed ({computed}) {query}")
    return _run(cursor, gone) | _run(cursor, written)


def as_arrays(rows: Iterable[Sequence[object]]) -> list[str]:
    """The columns of these rows, numbers and days, as PostgreSQL writes arrays.

    psycopg2 would look for the kind of every value, which costs more than the statement.
    """
    return [f"{{{','.join(map(str, column))}}}" for column in zip(*rows, strict=True)]


def _run(cursor: Any, statement: str, values: Sequence[object] = ()) -> set[int]:
    """Run a statement that returns owners; the distinct ones."""
    cursor.execute(statement, list(values))
    return {row[0] for row in cursor.fetchall()}
