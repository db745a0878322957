"""Until when there are data, how often they come, and whether they are late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.models.observations import Observation
from metrics.queries.series import inputs_of, latest_days
from metrics.rules.freshness import is_late, usual_gap
from workspaces.models import Workspace

LOOK_BACK = timedelta(days=92)  # long enough to see the rhythm of monthly data


@dataclass(frozen=True)
class Freshness:
    """Until when a metric has data, the usual gap in days, and whether data are late."""

    until: date | None
    gap: int
    is_late: bool


def freshness_of(
    workspace: Workspace, metric_ids: Collection[int], today: date
) -> dict[int, Freshness]:
    """How fresh each metric is, judged by its own rhythm (a ratio by its later part); 4 queries."""
    until = latest_days(workspace, metric_ids)
    inputs = inputs_of(workspace, metric_ids)
    days = _days_of({pk for parts in inputs.values() for pk in parts}, until.values())
    yesterday = today - timedelta(days=1)
    found = {}
    for pk, parts in inputs.items():
        last = until.get(pk)
        gap = max((usual_gap(days.get(part, ())) for part in parts), default=1)
        found[pk] = Freshness(last, gap, is_late(last, now=yesterday, gap=gap))
    return found


def _days_of(metric_ids: Collection[int], until: Collection[date]) -> dict[int, list[date]]:
    """The recent days on which each metric has facts; 1 query."""
    if not until:
        return {}
    rows = Observation.objects.filter(
        series__metric_id__in=metric_ids, day__range=(min(until) - LOOK_BACK, max(until))
    ).values_list("series__metric_id", "day")
    found: dict[int, list[date]] = {}
    for pk, day in rows.order_by().distinct():
        found.setdefault(pk, []).append(day)
    return found
