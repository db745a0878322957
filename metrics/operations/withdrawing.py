"""Taking back what a source no longer says: all but what it names, or the facts of some keys.

Together with what is stored in its place, in the caller's transaction, which holds the metrics.
The facts go to the history as withdrawn, so that an undo of the run brings them back.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, Series
from metrics.operations.facts import Reading
from metrics.operations.storing import Writer, empty_where, on_postgres, own_table, placeholders
from metrics.queries.overlaps import Place
from metrics.rules.days import stored_day
from metrics.rules.dims import Dims, as_text, canonical
from workspaces.operations.waking import wake

JOB = "roll_up"
WITHDRAWN = "withdrawn"
AT_ONCE = 10_000
NAMED = "mops_named"
Named = tuple[int, int]  # metric, hash of the key
OF_DAYS = f"""FROM metrics_observation o JOIN metrics_series s ON s.id = o.series_id
    WHERE o.source = %s AND o.day BETWEEN %s AND %s AND s.metric_id IN ({{metrics}})
    AND NOT EXISTS (SELECT 1 FROM {NAMED} n
                    WHERE n.metric_id = s.metric_id AND n.khash = o.khash)"""
OF_KEYS = f"""FROM {NAMED} n
    JOIN metrics_keyplace k ON k.metric_id = n.metric_id AND k.khash = n.khash AND k.source = %s
    JOIN metrics_observation o ON o.series_id = k.series_id AND o.day = k.day
        AND o.khash = k.khash"""


def withdraw_unnamed(
    run: ImportRun,
    named: Iterable[Named],
    *,
    metrics: Collection[int],
    days: tuple[date, date] | None,
    at: datetime,
) -> int:
    """Take back the facts of the run's source on these days whose (metric, key) is not named.

    However many are named, they are not held in memory. Done again it finds nothing. Returns how
    many facts left; none without days.
    """
    wanted = sorted(set(metrics))
    if not wanted or days is None:
        return 0
    return _withdraw(run, named, _of_days(wanted), [*days, *wanted], at)


@transaction.atomic
def count_unnamed(
    run: ImportRun,
    named: Iterable[Named],
    *,
    metrics: Collection[int],
    days: tuple[date, date] | None,
) -> dict[int, int]:
    """How many facts of each metric `withdraw_unnamed` would take back; none are left out.

    A key that is named on another day moves there and is not withdrawn.
    """
    wanted = sorted(set(metrics))
    if not wanted or days is None or run.source_id is None:
        return {}
    with connection.cursor() as cursor:
        _name(cursor, named)
        cursor.execute(
            f"SELECT s.metric_id, count(*) {_of_days(wanted)} GROUP BY 1 ORDER BY 1",
            [run.source_id, *days, *wanted],
        )
        return dict(cursor.fetchall())


@transaction.atomic
def unnamed_places(
    run: ImportRun,
    named: Iterable[Named],
    *,
    metrics: Collection[int],
    days: tuple[date, date],
    but_alone_of: Collection[int] = (),
) -> list[Place]:
    """Where the source has facts of the metrics on these days whose (metric, key) is not named.

    Facts of one day that came with one of the runs `but_alone_of` are left out.
    """
    wanted, runs = sorted(set(metrics)), sorted(but_alone_of)
    alone = f"AND NOT (o.span = 1 AND o.import_id IN ({placeholders(runs)}))" if runs else ""
    with connection.cursor() as cursor:
        _name(cursor, named)
        cursor.execute(
            f"""SELECT DISTINCT s.metric_id, o.source, o.series_id, o.import_id, o.day, o.span
                {_of_days(wanted)} {alone}""",
            [run.source_id, *days, *wanted, *runs],
        )
        return [
            Place(metric, source, series, brought, stored_day(day), span)
            for metric, source, series, brought, day, span in cursor.fetchall()
        ]


def _of_days(metrics: Sequence[int]) -> str:
    return OF_DAYS.format(metrics=placeholders(metrics))


def withdraw_keys(run: ImportRun, keys: Iterable[Named], *, at: datetime) -> int:
    """Take back the facts of the run's source under these (metric, key), wherever they stand."""
    return _withdraw(run, keys, OF_KEYS, [], at)


def _withdraw(
    run: ImportRun, names: Iterable[Named], which: str, values: Sequence[Any], at: datetime
) -> int:
    """Move the facts to the history and forget where their keys stood."""
    if not transaction.get_connection().in_atomic_block or run.source_id is None:
        raise RuntimeError("facts are withdrawn together with what replaces them")
    with connection.cursor() as cursor:
        _name(cursor, names)
        writer = Writer(run.pk, run.source_id, at)
        gone = empty_where(cursor, which, [run.source_id, *values], WITHDRAWN, writer)
        if gone:
            cursor.execute(
                """DELETE FROM metrics_keyplace WHERE (metric_id, source, khash) IN (
                       SELECT s.metric_id, CAST(%s AS smallint), t.khash FROM mops_leaving t
                       JOIN metrics_series s ON s.id = t.series_id)""",
                [run.source_id],
            )
            wake(JOB)
    return gone


def _name(cursor: Any, names: Iterable[Named]) -> None:
    """Put the names into a table of this connection's own."""
    key = "" if on_postgres() else ", PRIMARY KEY (metric_id, khash)"
    own_table(cursor, NAMED, f"metric_id integer, khash bigint{key}")
    left = iter(names)
    while rows := list(islice(left, AT_ONCE)):
        if on_postgres():
            lines = "".join(f"{metric}\t{khash}\n" for metric, khash in rows)
            cursor.copy_expert(f"COPY {NAMED} FROM STDIN", StringIO(lines))
        else:
            cursor.executemany(f"INSERT OR IGNORE INTO {NAMED} VALUES (%s, %s)", rows)
    if on_postgres():
        cursor.execute(f"ANALYZE {NAMED}")


def ended_levels(
    source_id: int, *, metrics: Collection[int], day: date, now: Iterable[Reading]
) -> Iterator[Reading]:
    """Zero for each level of a source that stood the last time and is not told `now`.

    For a source that tells the whole state of a day: what it does not name is not there any more,
    and would otherwise go on as it was.
    """
    told = {(reading.metric_id, reading.dims) for reading in now}
    before = Observation.objects.filter(
        source=source_id, series__metric_id__in=metrics, day__lt=day
    )
    last = before.aggregate(day=Max("day"))["day"]
    rows = before.filter(day=last).exclude(value=0).values_list("series_id", flat=True)
    for series in Series.objects.filter(pk__in=rows.distinct()).order_by("pk"):
        dims: Dims = canonical(series.dims)
        if (series.metric_id, dims) not in told:
            yield Reading(series.metric_id, day, 0, dims, f"{day.isoformat()}|{as_text(dims)}")


def count_standing(source_id: int, metric_id: int, days: tuple[date, date]) -> int:
    """How many facts other than zero a source has of a metric on these days; 1 query."""
    facts = Observation.objects.filter(
        source=source_id, series__metric_id=metric_id, day__range=days
    )
    return facts.exclude(value=0).count()
