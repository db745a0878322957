"""Taking an import back: what it brought leaves, what it had replaced returns.

A fact that somebody has corrected since stays as corrected, and what it was before the import is
what it was before the correction: an import that is undone has never been. Metric by metric, each
in one transaction, so that an undo that was killed goes on where it stopped.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.models.imports import MAY_MOVE, ImportRun
from metrics.operations.storing import CORRECTED, MOVED, UNDONE, Writer, empty_where, mark_weeks
from metrics.verbs import IMPORT_TAKEN_BACK
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

JOB, WORKER = "roll_up", "run_imports"
OF_METRIC = "series_id IN (SELECT id FROM metrics_series WHERE metric_id = %s)"
FACTS = "FROM metrics_observation o"
SAME_PLACE = "o.series_id = h.series_id AND o.day = h.day AND o.khash = h.khash"
AT_PLACE_OF_KEY = "o.series_id = k.series_id AND o.day = k.day AND o.khash = k.khash"


@transaction.atomic
def undo_finished(run: ImportRun, *, by: Membership | None, at: datetime) -> ImportRun:
    """Have an import that has ended taken back; the worker that runs imports does it."""
    moved = ImportRun.objects.filter(pk=run.pk, state="done").update(
        state="undoing", version=F("version") + 1, leased_until=None, finished_at=None
    )
    if not moved:
        raise Refused(_("Only an import that has been stored can be undone."), code="not_stored")
    run.refresh_from_db()
    record(IMPORT_TAKEN_BACK, run, by=by, at=at, file=run.title)
    wake(WORKER)
    return run


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
    if Metric.objects.select_for_update().filter(pk=metric_id).first() is None:
        return 0
    with connection.cursor() as cursor:
        restored = _restore_corrected(cursor, run, metric_id)
        brought = f"{FACTS} WHERE o.import_id = %s AND o.{OF_METRIC}"
        writer = Writer(run.pk, run.source_id or 0, at)
        gone = empty_where(cursor, brought, [run.pk, metric_id], UNDONE, writer)
        returned = _bring_back_moved(cursor, run, metric_id)
        _hand_on_emptied(cursor, run, metric_id)
        returned += _bring_back_emptied(cursor, run, metric_id)
        _forget_in_between(cursor, run, metric_id)
        _forget_empty_places(cursor, run, metric_id)
    if restored or gone or returned:
        wake(JOB)
    return restored + gone


def _restore_corrected(cursor: Any, run: ImportRun, metric_id: int) -> int:
    """Facts that the run corrected, and nobody since, say again what they said before."""
    replaced = f"""h.replaced_by = %s AND h.reason = %s AND h.import_id <> h.replaced_by
                   AND h.{OF_METRIC} AND {SAME_PLACE} AND o.import_id = %s"""
    values = [run.pk, CORRECTED, metric_id, run.pk]
    both = f"metrics_observationhistory h, metrics_observation o WHERE {replaced}"
    mark_weeks(cursor, f"SELECT o.series_id, o.day FROM {both}", values)
    cursor.execute(
        f"""UPDATE metrics_observation AS o SET value = h.value, span = h.span,
                import_id = h.import_id
            FROM metrics_observationhistory h WHERE {replaced}""",
        values,
    )
    restored = int(cursor.rowcount)
    _drop_history(cursor, run, CORRECTED, metric_id)
    return restored


def _bring_back_moved(cursor: Any, run: ImportRun, metric_id: int) -> int:
    """Facts whose key the run took elsewhere, and that stand nowhere now, stand where they did."""
    moved = f"""k.metric_id = %s AND k.source = h.source AND k.khash = h.khash
                AND h.replaced_by = %s AND h.reason = %s AND h.import_id <> h.replaced_by
                AND h.{OF_METRIC} AND NOT EXISTS (SELECT 1 {FACTS} WHERE {AT_PLACE_OF_KEY})"""
    values = [metric_id, run.pk, MOVED, metric_id]
    back = put_back(
        cursor, f"metrics_keyplace k, metrics_observationhistory h WHERE {moved}", values
    )
    cursor.execute(
        f"""UPDATE metrics_keyplace AS k SET series_id = h.series_id, day = h.day
            FROM metrics_observationhistory h WHERE {moved}""",
        values,
    )
    _drop_history(cursor, run, MOVED, metric_id)
    return back


def _hand_on_emptied(cursor: Any, run: ImportRun, metric_id: int) -> None:
    """Where a key that the run took out came again since, that corrected or moved what was."""
    of_key = f"k.metric_id = %s AND k.source = h.source AND k.khash = h.khash AND {AT_PLACE_OF_KEY}"
    for reason, stands, own in (
        (CORRECTED, f"{FACTS}, metrics_importrun r WHERE {SAME_PLACE}", []),
        (MOVED, f"{FACTS}, metrics_importrun r, metrics_keyplace k WHERE {of_key}", [metric_id]),
    ):
        cursor.execute(
            f"""UPDATE metrics_observationhistory AS h
                SET replaced_by = o.import_id, known_to = r.created_at, reason = %s {stands}
                AND r.id = o.import_id AND h.replaced_by = %s AND h.reason NOT IN (%s, %s, %s)
                AND h.{OF_METRIC}""",
            [reason, *own, run.pk, CORRECTED, MOVED, UNDONE, metric_id],
        )


def _bring_back_emptied(cursor: Any, run: ImportRun, metric_id: int) -> int:
    """Facts that the run took out without putting another in their place stand there again."""
    emptied = f"""metrics_observationhistory h WHERE h.replaced_by = %s
                  AND h.reason NOT IN (%s, %s, %s) AND h.{OF_METRIC}"""
    values = [run.pk, CORRECTED, MOVED, UNDONE, metric_id]
    back = put_back(cursor, emptied, values)
    if run.source is not None and run.source.keys == MAY_MOVE:
        cursor.execute(
            f"""INSERT INTO metrics_keyplace (metric_id, source, khash, series_id, day)
                SELECT %s, h.source, h.khash, h.series_id, h.day FROM {emptied}
                ON CONFLICT (metric_id, source, khash) DO NOTHING""",
            [metric_id, *values],
        )
    _drop_history(cursor, run, None, metric_id)
    return back


def put_back(cursor: Any, which: str, values: list[Any]) -> int:
    """Insert what the history `h` says, where nothing else stands by now, and mark it; how many.

    `which` is a FROM clause that yields `h`, with its WHERE.
    """
    mark_weeks(cursor, f"SELECT h.series_id, h.day FROM {which}", values)
    cursor.execute(
        f"""INSERT INTO metrics_observation
                (series_id, day, khash, value, import_id, source, span)
            SELECT h.series_id, h.day, h.khash, h.value, h.import_id, h.source, h.span
            FROM {which} ON CONFLICT (series_id, day, khash) DO NOTHING""",
        values,
    )
    return int(cursor.rowcount)


def _drop_history(cursor: Any, run: ImportRun, reason: str | None, metric_id: int) -> None:
    """What stands again was never replaced: told twice it would count twice "as known on" a day."""
    standing = f"SELECT 1 {FACTS} WHERE {SAME_PLACE} AND o.import_id = h.import_id"
    because = "h.reason = %s" if reason else "h.reason NOT IN (%s, %s, %s)"
    reasons = [reason] if reason else [CORRECTED, MOVED, UNDONE]
    cursor.execute(
        f"""DELETE FROM metrics_observationhistory AS h WHERE h.replaced_by = %s AND {because}
            AND h.{OF_METRIC} AND EXISTS ({standing})""",
        [run.pk, *reasons, metric_id],
    )


def _forget_in_between(cursor: Any, run: ImportRun, metric_id: int) -> None:
    """Where others have corrected the run since, they have corrected what was before it."""
    later = f"""h.import_id = %s AND h.replaced_by <> %s AND h.reason <> %s AND h.{OF_METRIC}"""
    values = [run.pk, run.pk, UNDONE, metric_id]
    cursor.execute(
        f"""UPDATE metrics_observationhistory AS p SET replaced_by = h.replaced_by,
                known_to = h.known_to, reason = CASE WHEN h.reason = %s
                AND (p.series_id <> h.series_id OR p.day <> h.day) THEN %s ELSE h.reason END
            FROM metrics_observationhistory AS h
            WHERE p.replaced_by = %s AND p.import_id <> %s AND p.reason <> %s AND p.{OF_METRIC}
            AND h.khash = p.khash AND h.source = p.source AND {later}""",
        [CORRECTED, MOVED, run.pk, run.pk, UNDONE, metric_id, *values],
    )
    cursor.execute(
        f"""DELETE FROM metrics_observationhistory AS h WHERE h.import_id = %s AND h.reason <> %s
            AND h.{OF_METRIC}""",
        [run.pk, UNDONE, metric_id],
    )


def _forget_empty_places(cursor: Any, run: ImportRun, metric_id: int) -> None:
    """Keys that came with the run stand nowhere."""
    cursor.execute(
        """DELETE FROM metrics_keyplace WHERE metric_id = %s AND source = %s AND NOT EXISTS (
               SELECT 1 FROM metrics_observation o WHERE o.series_id = metrics_keyplace.series_id
               AND o.day = metrics_keyplace.day AND o.khash = metrics_keyplace.khash)""",
        [metric_id, run.source_id],
    )
