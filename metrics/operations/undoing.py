"""Taking an import back: what it brought leaves, what it had replaced returns.

A fact that somebody has corrected since stays as corrected. Metric by metric, each in one
transaction, so that an undo that was killed goes on where it stopped.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.operations.storing import (
    CORRECTED,
    MOVED,
    Place,
    Writer,
    as_day,
    empty_places,
    mark_weeks,
)
from workspaces.operations.waking import wake

JOB = "roll_up"
UNDONE = "undone"
FACTS = "FROM metrics_observation o"
OF_METRIC = "series_id IN (SELECT id FROM metrics_series WHERE metric_id = %s)"
SAME_PLACE = "o.series_id = h.series_id AND o.day = h.day AND o.khash = h.khash"
AT_PLACE_OF_KEY = "o.series_id = k.series_id AND o.day = k.day AND o.khash = k.khash"


def undo_import(run: ImportRun, *, at: datetime) -> int:
    """Undo what the run stored in the metrics of its mapping; returns how many facts that were."""
    if run.source_id is None:
        return 0
    keys = {entry["metric"] for entry in run.mapping.get("metrics", [])}
    wanted = Metric.objects.filter(workspace_id=run.workspace_id, key__in=keys).order_by("pk")
    return sum(
        _undo_metric(run, metric_id, at) for metric_id in wanted.values_list("pk", flat=True)
    )


@transaction.atomic
def _undo_metric(run: ImportRun, metric_id: int, at: datetime) -> int:
    """One metric, held against every other writer while it is taken back."""
    Metric.objects.select_for_update().get(pk=metric_id)
    with connection.cursor() as cursor:
        restored = _restore_corrected(cursor, run, metric_id)
        brought = _places(
            cursor,
            f"FROM metrics_observation o WHERE o.import_id = %s AND o.{OF_METRIC}",
            [run.pk, metric_id],
        )
        empty_places(brought, UNDONE, Writer(run.pk, run.source_id or 0, at))
        returned = _bring_back_moved(cursor, run, metric_id)
        _forget_empty_places(cursor, run, metric_id)
    mark_weeks((series, day) for series, day, _khash in (*restored, *returned))
    if restored or brought or returned:
        wake(JOB)
    return len(restored) + len(brought)


def _places(cursor: Any, which: str, values: list[Any]) -> list[Place]:
    cursor.execute(f"SELECT o.series_id, o.day, o.khash {which}", values)
    return [(series, as_day(day), khash) for series, day, khash in cursor.fetchall()]


def _restore_corrected(cursor: Any, run: ImportRun, metric_id: int) -> list[Place]:
    """Facts that the run corrected, and nobody since, say again what they said before."""
    which = f"""FROM metrics_observationhistory h WHERE h.replaced_by = %s AND h.reason = %s
                AND h.{OF_METRIC} AND {SAME_PLACE} AND o.import_id = %s"""
    values = [run.pk, CORRECTED, metric_id, run.pk]
    places = _places(cursor, which.replace("h WHERE", "h, metrics_observation o WHERE"), values)
    cursor.execute(
        f"""UPDATE metrics_observation AS o
            SET value = h.value, span = h.span, import_id = h.import_id {which}""",  # noqa: S608  constants
        values,
    )
    _drop_history(cursor, run, CORRECTED, metric_id)
    return places


def _bring_back_moved(cursor: Any, run: ImportRun, metric_id: int) -> list[Place]:
    """Facts whose key the run took elsewhere, and that stand nowhere now, stand where they did."""
    which = f"""FROM metrics_observationhistory h JOIN metrics_keyplace k
                ON k.metric_id = %s AND k.source = h.source AND k.khash = h.khash
                WHERE h.replaced_by = %s AND h.reason = %s AND h.{OF_METRIC}
                AND NOT EXISTS (SELECT 1 {FACTS} WHERE {AT_PLACE_OF_KEY})"""
    values = [metric_id, run.pk, MOVED, metric_id]
    cursor.execute(
        f"""SELECT h.series_id, h.day, h.khash, h.value, h.import_id, h.source,
                h.span {which}""",
        values,
    )
    rows = [(series, as_day(day), *rest) for series, day, *rest in cursor.fetchall()]
    cursor.executemany(
        """INSERT INTO metrics_observation (series_id, day, khash, value, import_id, source, span)
           VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (series_id, day, khash) DO NOTHING""",
        rows,
    )
    cursor.executemany(
        """UPDATE metrics_keyplace SET series_id = %s, day = %s
           WHERE metric_id = %s AND source = %s AND khash = %s""",
        [(series, day, metric_id, run.source_id, khash) for series, day, khash, *_ in rows],
    )
    _drop_history(cursor, run, MOVED, metric_id)
    return [(series, day, khash) for series, day, khash, *_ in rows]


def _drop_history(cursor: Any, run: ImportRun, reason: str, metric_id: int) -> None:
    """What stands again was never replaced: told twice it would count twice "as known on" a day."""
    standing = f"SELECT 1 {FACTS} WHERE {SAME_PLACE} AND o.import_id = h.import_id"
    cursor.execute(
        f"""DELETE FROM metrics_observationhistory AS h WHERE h.replaced_by = %s AND h.reason = %s
            AND h.{OF_METRIC} AND EXISTS ({standing})""",  # noqa: S608  constants of this module
        [run.pk, reason, metric_id],
    )


def _forget_empty_places(cursor: Any, run: ImportRun, metric_id: int) -> None:
    """Keys that came with the run stand nowhere."""
    cursor.execute(
        """DELETE FROM metrics_keyplace WHERE metric_id = %s AND source = %s AND NOT EXISTS (
               SELECT 1 FROM metrics_observation o WHERE o.series_id = metrics_keyplace.series_id
               AND o.day = metrics_keyplace.day AND o.khash = metrics_keyplace.khash)""",
        [metric_id, run.source_id],
    )
