"""The facts themselves, for programs that check what was stored."""

from datetime import date

from django.db.models import QuerySet

from metrics.models.definitions import Metric
from metrics.models.imports import Source
from metrics.models.observations import Observation
from metrics.rules.periods import FIRST_DAY, LAST_DAY
from workspaces.models import Workspace


def facts_of(metric: Metric, first: date | None, last: date | None) -> QuerySet[Observation]:
    """The observations of a metric in a range of days, with their series, by day; 1 query."""
    rows = Observation.objects.filter(
        series__metric=metric, day__range=(first or FIRST_DAY, last or LAST_DAY)
    )
    return rows.select_related("series").order_by("day", "series_id", "khash")


def source_names(workspace: Workspace) -> dict[int, str]:
    """The names of the workspace's sources; 1 query."""
    return dict(Source.objects.filter(workspace=workspace).values_list("pk", "name"))
