"""Until when there are data, how often they come, and whether they are late; and what brought them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Observation, Series
from metrics.queries.series import inputs_of, latest_days
from metrics.rules.freshness import is_late, usual_gap
from workspaces.models import Workspace

LOOK_BACK = timedelta(days=92)  # long enough to see the rhythm of monthly data
MOST_SOURCES = 10


@dataclass(frozen=True)
class Freshness:
    """Until when a metric has data, the usual number of days between them, and whether they are late."""

    until: date | None
    gap: int
    is_late: bool


@dataclass(frozen=True)
class Origin:
    """A source of a metric's facts and the last run that stored one of them."""

    source: Source
    run: ImportRun | None
    series: int


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


def origins_of(metric: Metric) -> list[Origin]:
    """Where the facts of a metric (a ratio: of its parts) came from, the latest first; 4 queries."""
    series = Series.objects.filter(metric_id__in=metric.input_ids)
    facts = Observation.objects.filter(series__metric_id__in=metric.input_ids)
    ids = list(facts.values_list("source", flat=True).order_by().distinct()[:MOST_SOURCES])
    runs = _last_runs(facts, ids)
    sources = Source.objects.filter(workspace_id=metric.workspace_id, pk__in=ids)
    count = series.count()
    found = [Origin(source, runs.get(source.pk), count) for source in sources]
    return sorted(found, key=lambda origin: -(origin.run.pk if origin.run else 0))


def _last_runs(facts: QuerySet[Observation], sources: Collection[int]) -> dict[int, ImportRun]:
    """The last run of each source that stored a fact that still stands; 1 query."""
    latest = {
        source: facts.filter(source=source).order_by().values("import_id") for source in sources
    }
    rows = ImportRun.objects.filter(source_id__in=latest, pk__in=facts.order_by().values("import_id"))
    newest: dict[int, ImportRun] = {}
    for run in rows.select_related("by__user").order_by("pk"):
        newest[run.source_id or 0] = run
    return newest
