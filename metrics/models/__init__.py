"""The public noun of the evidence: the metric. Facts, imports and rollups are private."""

from metrics.models import imports, observations, rollups  # noqa: F401  registered, private
from metrics.models.definitions import Metric

__all__ = ["Metric"]
