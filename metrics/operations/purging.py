"""Deleting a metric: it is gone at once, what was measured goes piece by piece.

The definition is deleted and a Purge row left in its place, in one transaction. Everything finds
series by their metric, so that nobody sees them any more; a job then removes observations, marks,
rollups and series, in that order: a drain in between finds less and less, and never more.
Series whose metric went without such a note, with its whole workspace, are found and noted first;
people go with the last metric of their workspace that counts people.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from metrics.models.definitions import UNIQUE, Metric, MetricInput, MetricVersion
from metrics.models.observations import Purge, Recipient, Series
from metrics.operations.rollups import hold_alone
from metrics.verbs import METRIC_DELETED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

JOB = "purge_metrics"
SERIES_AT_ONCE = 200  # whose observations go in one transaction
PEOPLE_AT_ONCE = 5_000
OF_SERIES = ("metrics_observation", "metrics_observationhistory")
AFTER_FACTS = (
    ("metrics_dirtymark", "series_id"),
    ("metrics_totalmark", "metric_id"),
    ("metrics_rollup", "series_id"),
    ("metrics_seriestally", "series_id"),
    ("metrics_metricrollup", "metric_id"),
    ("metrics_metrictally", "metric_id"),
    ("metrics_keyplace", "metric_id"),
)

TIERS = ("metrics_rollup", "metrics_seriestally")


@transaction.atomic
def delete_metric(metric: Metric, *, by: Membership | None, at: datetime) -> None:
    """Delete a metric with all that was measured; refused while goals or metrics are built on it.

    Nobody sees it any more from here on; its observations go in the background.
    """
    pk = metric.pk
    with connection.cursor() as cursor:
        hold_alone(cursor, pk, wait=True)  # before its row: a drain may yet raise its revision
    held = Metric.objects.select_for_update().filter(pk=pk).first()
    if held is None:
        raise Refused(_("This metric has been deleted already."), code="unknown_metric")
    record(METRIC_DELETED, held, by=by, at=at, name=held.name, key=held.key)
    Purge.objects.create(metric_id=pk, workspace_id=held.workspace_id, at=at)
    try:
        held.delete()
    except ProtectedError as error:
        users = sorted({_called(user) for user in error.protected_objects})
        raise Refused(
            _("“%(name)s” is in use: %(users)s. Delete those first, or retire the metric.")
            % {"name": held.name, "users": ", ".join(users[:5])},
            code="metric_in_use",
        ) from error
    wake(JOB)


def _called(user: Model) -> str:
    """What is built on a metric, by what it is and its name: a goal, a metric that reads it."""
    named = user.metric if isinstance(user, MetricInput | MetricVersion) else user
    words = {"what": named._meta.verbose_name, "name": named}
    return _("%(what)s “%(name)s”") % words


def purge_metrics(*, at: datetime) -> int:
    """Remove what is left of deleted metrics; how many. May be killed and run side by side."""
    lost = [Purge(metric_id=metric_id, at=at) for metric_id in _without_a_metric()]
    Purge.objects.bulk_create(lost, ignore_conflicts=True)
    done = 0
    for purge in Purge.objects.order_by("pk"):
        while _purge_facts(purge.metric_id):
            pass
        while purge.workspace_id and _purge_people(purge.workspace_id):
            pass
        done += _purge_rest(purge.metric_id)
    return done


def _without_a_metric() -> list[int]:
    """Metrics that series name and that are gone with no note; one index look-up a metric."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE named(id) AS (
                   SELECT min(metric_id) FROM metrics_series
                   UNION ALL
                   SELECT (SELECT min(s.metric_id) FROM metrics_series s
                           WHERE s.metric_id > named.id)
                   FROM named WHERE named.id IS NOT NULL)
               SELECT id FROM named WHERE id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM metrics_metric m WHERE m.id = named.id)
               AND NOT EXISTS (SELECT 1 FROM metrics_purge p WHERE p.metric_id = named.id)"""
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _purge_people(workspace_id: int) -> int:
    """Remove some people of a workspace in which nothing counts people any more; how many.

    The row of the workspace is held meanwhile, so that nobody defines a metric that would.
    """
    held = Workspace.objects.select_for_update().filter(pk=workspace_id).first()
    if held is None or Metric.objects.filter(workspace=held, kind=UNIQUE).exists():
        return 0
    some = Recipient.objects.filter(workspace_id=workspace_id).order_by("pk")
    known = list(some.values_list("pk", flat=True)[:PEOPLE_AT_ONCE])
    return Recipient.objects.filter(pk__in=known).delete()[0]


@transaction.atomic
def _purge_facts(metric_id: int) -> bool:
    """Remove the observations of some series that still have any; False when none is left."""
    with connection.cursor() as cursor:
        hold_alone(cursor, metric_id, wait=True)
        some = _series_with_facts(cursor, metric_id)
        for table in OF_SERIES if some else ():
            _delete(cursor, table, "series_id", some)
    return bool(some)


def _series_with_facts(cursor: Any, metric_id: int) -> list[int]:
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} o WHERE o.series_id = s.id)" for table in OF_SERIES
    )
    cursor.execute(
        f"""SELECT s.id FROM metrics_series s WHERE s.metric_id = %s AND ({there})
            ORDER BY s.id LIMIT {SERIES_AT_ONCE}""",
        [metric_id],
    )
    return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _purge_rest(metric_id: int) -> int:
    """Remove marks, rollups and series, and with them the note that there is something to do."""
    with connection.cursor() as cursor:
        hold_alone(cursor, metric_id, wait=True)
        series = list(Series.objects.filter(metric_id=metric_id).values_list("pk", flat=True))
        for table, owner in AFTER_FACTS:
            if owner == "metric_id":
                cursor.execute(f"DELETE FROM {table} WHERE metric_id = %s", [metric_id])
            else:
                for start in range(0, len(series), SERIES_AT_ONCE):
                    _delete(cursor, table, owner, series[start : start + SERIES_AT_ONCE])
        cursor.execute("DELETE FROM metrics_series WHERE metric_id = %s", [metric_id])
        return Purge.objects.filter(metric_id=metric_id).delete()[0]


def _delete(cursor: Any, table: str, owner: str, ids: list[int]) -> None:
    """Delete the rows of these owners; keys of tiers begin with the grain, so that it is named."""
    grains = "grain IN (0, 1, 2, 3, 4) AND" if table in TIERS else ""
    listed = ", ".join(["%s"] * len(ids))
    cursor.execute(f"DELETE FROM {table} WHERE {grains} {owner} IN ({listed})", ids)
