"""Rolling up: what the marks name is worked out again, in transactions that may die at any point.

The protocol (performance.md 7; each rule was seen to go wrong without it): marks are only ever
appended; a drain locks its series in a statement of its own, then deletes their marks, then reads
the facts, so that what it reads is never older than what it deletes. Totals of a metric are a tier
of their own, never written by a drain of series. SQLite has one writer, which needs no lock.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from metrics.models.definitions import Metric
from metrics.models.observations import DirtyMark, TotalMark
from metrics.models.rollups import Rollup
from metrics.operations.rebuilding import (
    FULL,
    compute_metric,
    of_metric,
    rollups_of_metric,
    totals_of_computed,
    write_computed,
)
from metrics.operations.storing import on_postgres, placeholders
from metrics.operations.tallies import (
    rebuild_tallies,
    recompute_metric_tallies,
    recompute_series_tallies,
    unique_metrics,
    wrong_tallies,
)
from metrics.operations.tiers import (
    OF_METRICS,
    OF_SERIES,
    as_arrays,
    recompute_series,
    recompute_totals,
)
from metrics.rules.days import stored_day
from metrics.rules.periods import CODES
from workspaces.models import Workspace

MOST_SERIES = 500  # a drain; 16,000 advisory locks would exhaust shared memory
MOST_METRICS = 100
LOOK_AHEAD = 4  # candidates for each lock that is wanted: others may hold some
TURNS = 20  # drains of one tier before the other has its own
MOST_ROUNDS = 50  # of one call; a job must come to an end while others keep writing
MANY_MARKS = 5_000  # from here on a metric may be cheaper to work out as a whole
SHARE = 4  # namely when more than a quarter of its weeks are marked
METRIC, SERIES, TOTAL = 77_001, 77_002, 77_003  # classes of advisory locks
KEY_SPACE = 2**31 - 1
GRAINS = {code: grain.value for grain, code in CODES.items()}


@dataclass(frozen=True)
class Difference:
    """One bucket that does not say what its facts say; None where there is no such bucket."""

    metric: str
    grain: str
    bucket: date
    series_id: int | None
    stored: tuple[object, ...] | None
    expected: tuple[object, ...] | None


def roll_up(*, limit: int = MOST_SERIES) -> int:
    """Drain marks until none is left that nobody else works on; how many (series, week)."""
    done = sum(_rebuild_marked(metric_id) for metric_id in _mostly_marked())
    for _round in range(MOST_ROUNDS):
        drained = sum(_repeat(lambda: drain_series(limit=min(limit, MOST_SERIES))))
        totals = sum(_repeat(drain_totals))
        done += drained
        if not drained and not totals:
            break
    return done


def _repeat(drain: Callable[[], int]) -> Iterator[int]:
    """Drain until nothing is left, or long enough for the other tier to have its turn."""
    for _turn in range(TURNS):
        drained = drain()
        yield drained
        if not drained:
            break


@transaction.atomic
def drain_series(*, limit: int = MOST_SERIES) -> int:
    """Work out the buckets of up to `limit` marked series; how many (series, week) there were."""
    with connection.cursor() as cursor:
        owners = _lock_series(cursor, limit)
        if not owners:
            return 0
        weeks = _take_marks(cursor, "metrics_dirtymark", "series_id", sorted(owners))
        changed = recompute_series(cursor, weeks)
        changed |= _recompute_people(cursor, weeks, owners)
        totals = {(owners[series], week) for series, week in weeks if series in changed}
        _mark_totals(cursor, [total for total in sorted(totals) if total[0]])
        # Facts of a day may have changed where no bucket did: every marked metric has a new state.
        raise_revisions(cursor, {owners[series] for series, _week in weeks})
    return len(weeks)


def _mark_totals(cursor: Any, weeks: Sequence[tuple[int, date]]) -> None:
    """Append a mark for each (metric, week)."""
    into = "INSERT INTO metrics_totalmark (metric_id, week)"
    if not on_postgres():
        cursor.executemany(f"{into} VALUES (%s, %s)", weeks)
    elif weeks:
        unnested = f"{into} SELECT * FROM unnest(%s::bigint[], %s::date[])"
        cursor.execute(unnested, as_arrays(weeks))


@transaction.atomic
def drain_totals(*, limit: int = MOST_METRICS) -> int:
    """Work out the marked totals of up to `limit` metrics; how many (metric, week) there were."""
    with connection.cursor() as cursor:
        metrics = _lock_metrics(cursor, limit)
        if not metrics:
            return 0
        weeks = _take_marks(cursor, "metrics_totalmark", "metric_id", metrics)
        recompute_totals(cursor, weeks)
        counted = unique_metrics(metrics)
        if counted:
            recompute_metric_tallies(cursor, {week for week in weeks if week[0] in counted})
        raise_revisions(cursor, metrics)
    return len(weeks)


def _recompute_people(
    cursor: Any, weeks: Collection[tuple[int, date]], owners: Mapping[int, int]
) -> set[int]:
    """Tally the series of metrics that count people, and clear those that are gone.

    Returns them all: other people may have come without any sum being another.
    """
    counted = unique_metrics(owners.values())
    concerned = {series for series, metric in owners.items() if metric in counted or not metric}
    if concerned:
        sketched = {series for series in concerned if counted.get(owners[series])}
        wanted = [week for week in weeks if week[0] in concerned]
        recompute_series_tallies(cursor, wanted, sketched)
    return concerned


def rebuild(workspace: Workspace) -> int:
    """Work out every rollup of the workspace from its facts; return how many metrics it has."""
    metrics = _additive(workspace)
    for metric in metrics:
        _rebuild_metric(metric.pk, wait=True)
    return len(metrics)


def check(workspace: Workspace) -> list[Difference]:
    """Compare every rollup with its facts; a waiting mark differs only where values do."""
    found: list[Difference] = []
    for metric in _additive(workspace):
        found += _check_metric(metric)
    return found


def raise_revisions(cursor: Any, metric_ids: Iterable[int]) -> None:
    """Count one change more for these metrics; the last statement of a drain, in metric order."""
    wanted = sorted(filter(None, metric_ids))
    if not wanted:
        return
    cursor.execute(
        f"""INSERT INTO metrics_metricrevision (metric_id, value)
            SELECT id, 1 FROM metrics_metric WHERE id IN ({placeholders(wanted)}) ORDER BY id
            ON CONFLICT (metric_id) DO UPDATE SET value = metrics_metricrevision.value + 1""",
        wanted,
    )


def _additive(workspace: Workspace) -> list[Metric]:
    return list(Metric.objects.filter(workspace=workspace, numerator=None).order_by("pk"))


def _lock_series(cursor: Any, limit: int) -> dict[int, int]:
    """Series that have marks and are now ours until the transaction ends, each with its metric."""
    waiting = DirtyMark.objects.order_by("series_id").values_list("series_id", flat=True).distinct()
    candidates = list(waiting[: limit * LOOK_AHEAD if on_postgres() else limit])
    if not candidates:
        return {}
    if on_postgres():
        free = _lock(cursor, SERIES, candidates, limit)
        metrics = _metrics_of(cursor, free)
        usable = set(_lock(cursor, METRIC, sorted(set(metrics.values())), None, shared=True))
        return {series: metric for series, metric in metrics.items() if metric in usable}
    return _metrics_of(cursor, candidates)


def _lock_metrics(cursor: Any, limit: int) -> list[int]:
    """Metrics whose totals are marked and are now ours until the transaction ends."""
    waiting = TotalMark.objects.order_by("metric_id").values_list("metric_id", flat=True).distinct()
    candidates = list(waiting[: limit * LOOK_AHEAD])
    if not on_postgres() or not candidates:
        return candidates
    free = _lock(cursor, TOTAL, candidates, limit)
    return _lock(cursor, METRIC, free, None, shared=True)


def _lock(
    cursor: Any, kind: int, ids: Sequence[int], limit: int | None, *, shared: bool = False
) -> list[int]:
    """Those of the ids whose advisory lock was free; a statement of its own by design."""
    if not ids:
        return []
    tried = f"pg_try_advisory_xact_lock{'_shared' if shared else ''}"
    cursor.execute(
        f"""SELECT x.id FROM unnest(%s::bigint[]) AS x(id)
            WHERE {tried}(%s, (x.id %% %s)::int) LIMIT %s""",
        [list(ids), kind, KEY_SPACE, limit],
    )
    return sorted(row[0] for row in cursor.fetchall())


def _metrics_of(cursor: Any, series: Sequence[int]) -> dict[int, int]:
    """The metric of each series; 0 for one that is gone, whose marks and buckets must go too."""
    if not series:
        return {}
    cursor.execute(
        f"SELECT id, metric_id FROM metrics_series WHERE id IN ({placeholders(series)})",
        list(series),
    )
    return dict.fromkeys(series, 0) | dict(cursor.fetchall())


def _take_marks(cursor: Any, table: str, owner: str, ids: Sequence[int]) -> set[tuple[int, date]]:
    """Delete the marks of these owners and return what they named."""
    cursor.execute(
        f"DELETE FROM {table} WHERE {owner} IN ({placeholders(ids)}) RETURNING {owner}, week",
        list(ids),
    )
    return {(row[0], stored_day(row[1])) for row in cursor.fetchall()}


def _mostly_marked() -> list[int]:
    """Metrics of which so much is marked that grouping all their facts is cheaper.

    Marks are counted only where so many may be there: this runs whenever somebody wakes us.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) - min(id) FROM metrics_dirtymark")
        if (cursor.fetchone()[0] or 0) < MANY_MARKS - 1:
            return []
        cursor.execute(
            """SELECT s.metric_id, count(*) FROM metrics_dirtymark d
               JOIN metrics_series s ON s.id = d.series_id
               GROUP BY s.metric_id HAVING count(*) >= %s""",
            [MANY_MARKS],
        )
        many = cursor.fetchall()
    week = {"grain": 1}
    return [
        metric_id
        for metric_id, marks in many
        if Rollup.objects.filter(series__metric_id=metric_id, **week).count() < marks * SHARE
    ]


def _rebuild_marked(metric_id: int) -> int:
    """Work a metric out as a whole, unless somebody else is at it."""
    return _rebuild_metric(metric_id, wait=False)


@transaction.atomic
def _rebuild_metric(metric_id: int, *, wait: bool) -> int:
    """Group all facts of one metric, alone on its rollups; how many marks that settled."""
    with connection.cursor() as cursor:
        if not hold_alone(cursor, metric_id, wait=wait):
            return 0
        cursor.execute(f"DELETE FROM metrics_dirtymark WHERE {of_metric()}", [metric_id])
        settled = int(cursor.rowcount)
        cursor.execute("DELETE FROM metrics_totalmark WHERE metric_id = %s", [metric_id])
        compute_metric(cursor, metric_id)
        write_computed(cursor, metric_id)
        rebuild_tallies(cursor, metric_id)
        raise_revisions(cursor, [metric_id])
    return settled


def hold_alone(cursor: Any, metric_id: int, *, wait: bool) -> bool:
    """Take the metric's lock exclusively, which keeps every drain of its series and totals out."""
    if not on_postgres():
        return True
    key = [METRIC, metric_id % KEY_SPACE]
    if not wait:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", key)
        return bool(cursor.fetchone()[0])
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)
    return True


@transaction.atomic
def _check_metric(metric: Metric) -> list[Difference]:
    """Every bucket of one metric, of its series and its own, that is not what the facts make it."""
    with connection.cursor() as cursor:
        if on_postgres() and len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        compute_metric(cursor, metric.pk)
        said = f"SELECT {OF_SERIES.key}, {OF_SERIES.columns} FROM"
        stored = f"{said} metrics_rollup WHERE {rollups_of_metric()}"
        expected = f"{said} {FULL}"
        found = _compare(cursor, metric, (stored, [metric.pk]), (expected, []), series=True)
        said = f"SELECT {OF_METRICS.key}, {OF_METRICS.columns} FROM"
        stored = f"{said} metrics_metricrollup WHERE metric_id = %s"
        totals = (totals_of_computed(), [metric.pk])
        found += _compare(cursor, metric, (stored, [metric.pk]), totals, series=False)
    return found + [
        Difference(metric.key, GRAINS[grain], bucket, owner if series else None, there, wanted)
        for series, (grain, owner, bucket), there, wanted in wrong_tallies(metric.pk)
    ]


Query = tuple[str, list[int]]


def _compare(
    cursor: Any, metric: Metric, stored: Query, expected: Query, *, series: bool
) -> list[Difference]:
    """The buckets on which two queries disagree."""
    cursor.execute(*stored)
    there = dict(map(_plain, cursor.fetchall()))
    cursor.execute(*expected)
    wanted = dict(map(_plain, cursor.fetchall()))
    return [
        Difference(
            metric.key, GRAINS[key[0]], key[2], key[1] if series else None,
            there.get(key), wanted.get(key),
        )
        for key in sorted(there.keys() | wanted.keys())
        if there.get(key) != wanted.get(key)
    ]  # fmt: skip


def _plain(row: Sequence[Any]) -> tuple[tuple[int, int, date], tuple[object, ...]]:
    """A bucket's key and columns, numbers as ints and days as days on every database."""
    grain, owner, bucket, n, total, vmin, vmax, last_day, *rest = row
    columns = (int(n), int(total), vmin, vmax, stored_day(last_day), *rest)
    return (grain, owner, stored_day(bucket)), columns
