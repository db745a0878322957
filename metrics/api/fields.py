"""Fields that several bodies have."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from metrics.models import Metric
from metrics.models.context import DIGITS, PLACES
from metrics.queries.catalogue import find_metric


class Number(serializers.DecimalField):
    """A decimal in the metric's unit."""

    def __init__(self, **options: Any) -> None:
        """As many digits as are stored."""
        super().__init__(max_digits=DIGITS, decimal_places=PLACES, **options)


class MetricKey(serializers.CharField):
    """The key of a metric of this workspace, read as that metric."""

    def __init__(self, **options: Any) -> None:
        """As long as a key can be."""
        super().__init__(max_length=63, **options)

    def run_validation(self, data: Any = serializers.empty) -> Metric | None:
        """The metric, or none for null; another workspace's does not exist."""
        key = super().run_validation(data)
        metric = find_metric(self.context["view"].workspace, key) if key else None
        if key and metric is None:
            message = _("There is no metric with this key.")
            raise serializers.ValidationError(message, code="unknown_metric")
        return metric
