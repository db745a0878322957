"""INV-19 for facts: what names a metric or a series that does not exist."""

from metrics.models import Metric
from metrics.models.observations import (
    DirtyMark,
    KeyPlace,
    Observation,
    ObservationHistory,
    Purge,
    Series,
    TotalMark,
)
from metrics.models.rollups import MetricRollup, MetricTally, Rollup, SeriesTally


def orphans():
    """(table, ids) of all rows whose owner is gone, and keys that stand where no fact is."""
    series = set(Series.objects.values_list("pk", flat=True))
    metrics = set(Metric.objects.values_list("pk", flat=True))
    found = [("Series", set(Series.objects.values_list("metric_id", flat=True)) - metrics)]
    for model in (Observation, ObservationHistory, Rollup, SeriesTally, DirtyMark):
        named = set(model.objects.values_list("series_id", flat=True).distinct())
        found.append((model.__name__, named - series))
    for model in (MetricRollup, MetricTally, TotalMark, KeyPlace):
        named = set(model.objects.values_list("metric_id", flat=True).distinct())
        found.append((model.__name__, named - metrics))
    found.append(("Purge", set(Purge.objects.values_list("metric_id", flat=True))))
    placed = set(KeyPlace.objects.values_list("series_id", "day", "khash"))
    facts = set(Observation.objects.values_list("series_id", "day", "khash"))
    return [(name, rows) for name, rows in found if rows] + sorted(placed - facts)
