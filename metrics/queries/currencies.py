"""Metrics that are there in another currency than a file has."""

from collections.abc import Sequence

from metrics.models.definitions import Metric
from metrics.rules.measures import NewMetric
from metrics.rules.money import other_key
from workspaces.models import Workspace


def keys_apart(workspace: Workspace, create: Sequence[NewMetric]) -> dict[str, str]:
    """A key of its own for each metric whose key is there in another currency; 1 query."""
    money = {entry.key: entry.currency for entry in create if entry.currency}
    rows = Metric.objects.filter(workspace=workspace, key__in=money).values_list("key", "currency")
    return {key: other_key(key, money[key]) for key, there in rows if there != money[key]}
