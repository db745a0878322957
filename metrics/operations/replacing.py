"""A file that is all its source has to say of some days: what it leaves out is withdrawn."""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction

from metrics.models.imports import ImportRun
from metrics.operations.columns import ReadingColumns
from metrics.operations.facts import FactBook
from metrics.operations.observations import hold_metrics, prepare_series
from metrics.operations.storing import MOVED, Place, Writer, as_day, empty_places
from workspaces.operations.waking import wake

JOB = "roll_up"
NAMED = "mops_named"


def replace_days(
    run: ImportRun,
    chunks: Iterable[ReadingColumns],
    *,
    metrics: Sequence[int],
    days: tuple[date, date],
    at: datetime,
) -> int:
    """Withdraw what the run's source has on these days of the metrics and `chunks` do not name.

    In the caller's transaction, behind the last chunk; done again it finds nothing. Returns how
    many facts left. They keep the place of their key, by which an undo of the run finds them.
    """
    if not transaction.get_connection().in_atomic_block or run.source_id is None:
        raise RuntimeError("days are replaced together with the checkpoint of a run")
    hold_metrics(run.workspace_id, metrics)
    _open_table()
    book = FactBook()
    for readings in chunks:
        _name(_places(readings, prepare_series(readings, book)))
    left = 0
    for metric_id in sorted(set(metrics)):
        places = _unnamed(run.source_id, metric_id, days)
        _keep_places(run.source_id, metric_id, places)
        left += empty_places(places, MOVED, Writer(run.pk, run.source_id, at)) if places else 0
    if left:
        wake(JOB)
    return left


def _places(readings: ReadingColumns, book: FactBook) -> Iterable[Place]:
    """Where the readings stand."""
    pairs, index = readings.series
    series = np.array([book[pair] for pair in pairs], np.int64)[index]
    days = map(date.fromordinal, readings.day.tolist())
    return zip(series.tolist(), days, readings.khash.tolist(), strict=True)


def _open_table() -> None:
    """An empty table of this connection's own for what the file names."""
    columns = "series_id integer, day date, khash bigint, PRIMARY KEY (series_id, day, khash)"
    ending = "ON COMMIT DELETE ROWS" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {NAMED} ({columns}) {ending}")
        cursor.execute(f"DELETE FROM {NAMED}")


def _name(places: Iterable[Place]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {NAMED} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", list(places)
        )


def _unnamed(source_id: int, metric_id: int, days: tuple[date, date]) -> list[Place]:
    """Where the source has facts of the metric on the days that the file does not name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.series_id, o.day, o.khash FROM metrics_observation o
                WHERE o.source = %s AND o.day BETWEEN %s AND %s
                AND o.series_id IN (SELECT id FROM metrics_series WHERE metric_id = %s)
                AND NOT EXISTS (SELECT 1 FROM {NAMED} n WHERE n.series_id = o.series_id
                                AND n.day = o.day AND n.khash = o.khash)""",
            [source_id, *days, metric_id],
        )
        return [(series, as_day(day), khash) for series, day, khash in cursor.fetchall()]


def _keep_places(source_id: int, metric_id: int, places: Sequence[Place]) -> None:
    """Note where the keys stand, also of a source whose keys stay where they are."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO metrics_keyplace (metric_id, source, khash, series_id, day)
               VALUES (%s, %s, %s, %s, %s) ON CONFLICT (metric_id, source, khash) DO NOTHING""",
            [(metric_id, source_id, khash, series, day) for series, day, khash in places],
        )
