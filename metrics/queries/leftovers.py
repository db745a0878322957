"""What an import that was taken back leaves: definitions that it made and that stay empty."""

from django.db.models import Exists, OuterRef, QuerySet

from metrics.models.alerts import AlertRule
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.models.definitions import Metric, MetricInput
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.models.quality import Exclusion
from metrics.models.saved_views import SavedView

TAKEN_BACK = {"undone", "cancelled"}
BESIDE = (AlertRule, MetricTarget, Benchmark, Annotation, Exclusion)


def leftovers_of(run: ImportRun) -> list[Metric]:
    """The metrics that the run made, without data and used by nobody, computed ones first.

    A computed one is among them where all that it reads is, too; one that a view, an alert, a
    target, a note or a metric from elsewhere is about is not. Goals are asked when it is deleted.
    A constant number of queries, none unless the run was taken back.
    """
    keys = [entry["key"] for entry in run.mapping.get("create", [])]
    if run.state not in TAKEN_BACK or not keys:
        return []
    named = {
        key
        for question in SavedView.objects.filter(workspace=run.workspace).values_list(
            "question", flat=True
        )
        for key in question.get("metrics", [])
    }
    made = {metric.pk: metric for metric in _empty(run, set(keys) - named)}
    links = MetricInput.objects.filter(metric__workspace=run.workspace).values_list(
        "metric_id", "input_id"
    )
    found = _closed(set(made), set(links))
    return sorted((made[pk] for pk in found), key=lambda one: (not one.is_computed, one.name))


def _empty(run: ImportRun, keys: set[str]) -> QuerySet[Metric]:
    """Those of these keys that the run defined, and that have nothing beside them.

    Its definitions are the first that a run stores: after it began, and before its facts were
    known.
    """
    rows = Metric.objects.filter(
        workspace=run.workspace,
        key__in=keys,
        defined_at__gte=run.started_at or run.created_at,
        defined_at__lte=run.created_at,
    )
    facts = Observation.objects.filter(series__metric=OuterRef("pk"))
    beside = [~Exists(model.objects.filter(metric=OuterRef("pk"))) for model in BESIDE]  # type: ignore[attr-defined]
    return rows.filter(~Exists(facts), *beside)


def _closed(found: set[int], links: set[tuple[int, int]]) -> set[int]:
    """Without those that read, or are read by, what is not among them."""
    while apart := {
        one if one in found else other for one, other in links if (one in found) != (other in found)
    }:
        found = found - apart
    return found
