"""Noting what is late, so that every page can say so without reading the observations."""

from datetime import datetime

from django.db.models import Sum

from metrics.models.definitions import MEASURED, Metric
from metrics.models.quality import SourceHealth
from metrics.models.rollups import MetricRevision
from metrics.queries.freshness import freshness_of
from workspaces.models import Workspace

MOST_LATE = 20  # named; the page of data quality lists them all


def check_sources(*, at: datetime) -> int:
    """Look at each workspace whose numbers or definitions moved, or whose day has turned."""
    ids = Metric.objects.filter(retired_at=None).order_by().values_list("workspace", flat=True)
    spaces = Workspace.objects.filter(pk__in=ids.distinct()).order_by("pk")
    return sum(_check(workspace, at) for workspace in spaces)


def _check(workspace: Workspace, at: datetime) -> bool:
    """One workspace; the revision is read before the numbers. Whether it was looked at."""
    today, revision = workspace.day_of(at), _revision(workspace)
    known = SourceHealth.objects.filter(workspace=workspace).first()
    if known is not None and (known.checked_on, known.revision) == (today, revision):
        return False
    metrics = {
        metric.pk: metric
        for metric in Metric.objects.filter(
            workspace=workspace, retired_at=None, kind__in=MEASURED
        ).order_by("name", "pk")
    }
    fresh = freshness_of(workspace, list(metrics), today)
    late = [
        {
            "key": metric.key,
            "name": metric.name,
            "state": fresh[pk].state.value,
            "until": str(fresh[pk].until),
        }
        for pk, metric in metrics.items()
        if fresh[pk].is_late
    ]
    SourceHealth.objects.update_or_create(
        workspace=workspace,
        defaults={"late": late[:MOST_LATE], "checked_on": today, "revision": revision},
    )
    return True


def _revision(workspace: Workspace) -> int:
    """A number that grows with every change of values or definitions."""
    counted = MetricRevision.objects.filter(metric__workspace=workspace)
    defined = Metric.objects.filter(workspace=workspace)
    values = counted.aggregate(total=Sum("value"))["total"] or 0
    return int(values) + int(defined.aggregate(total=Sum("version"))["total"] or 0)
