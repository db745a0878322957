"""The public noun of the evidence: the metric. Facts, imports and rollups are private."""

from metrics.models import (  # noqa: F401  registered, private
    alerts,
    context,
    imports,
    observations,
    quality,
    rollups,
    saved_views,
)
from metrics.models.definitions import Metric

__all__ = ["Metric"]
