"""What a number is read against: benchmarks, annotations, and the targets of a metric."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.definitions import Metric
from workspaces.models import Membership, WorkspaceOwned

DIGITS, PLACES = 24, 6


class Benchmark(WorkspaceOwned):
    """What others reach: a value with where it comes from and when it was true."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    value = models.DecimalField(_("value"), max_digits=DIGITS, decimal_places=PLACES)
    percentile = models.PositiveSmallIntegerField(_("percentile"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    dated = models.DateField(_("date"))
    industry = models.CharField(_("industry or segment"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percentile__isnull=True) | models.Q(percentile__range=(1, 99)),
                name="benchmark_percentile_in_range",
                violation_error_message=_("A percentile lies from 1 to 99."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id}: {self.value} ({self.source})"


class Annotation(WorkspaceOwned):
    """A dated note that explains numbers: of one metric, or of the whole workspace."""

    metric = models.ForeignKey(Metric, models.CASCADE, null=True, related_name="+")
    day = models.DateField(_("day"))
    text = models.CharField(_("note"), max_length=300)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "day"], name="annotation_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"


class MetricTarget(WorkspaceOwned):
    """What each period of a metric should come to, from one day to another, with a band.

    `low` and `high` bound the values that are on target; without them the value itself is the
    bound, on the side that the metric's direction says. `grain` is the period that it is for.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    grain = models.CharField(max_length=7)
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    value = models.DecimalField(_("target"), max_digits=DIGITS, decimal_places=PLACES)
    low = models.DecimalField(_("from (band)"), max_digits=DIGITS, decimal_places=PLACES, null=True)
    high = models.DecimalField(_("to (band)"), max_digits=DIGITS, decimal_places=PLACES, null=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")),
                name="a_target_ends_after_it_begins",
                violation_error_message=_("A target ends on or after the day it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id}: {self.value}, {self.first} to {self.last}"

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.first <= day <= self.last
