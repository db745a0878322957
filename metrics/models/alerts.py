"""Alerts: the rules that watch metrics, and what they have raised."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.context import DIGITS, PLACES
from metrics.models.definitions import Metric
from metrics.rules.alerts import Compare, Condition
from metrics.rules.periods import Grain
from workspaces.models import Membership, WorkspaceOwned

CONDITION_CHOICES = [
    (Condition.ABOVE.value, _("is above a value")),
    (Condition.BELOW.value, _("is below a value")),
    (Condition.RISE.value, _("rises by a share")),
    (Condition.FALL.value, _("falls by a share")),
    (Condition.ANOMALY.value, _("leaves its usual range")),
]
COMPARE_CHOICES = [
    (Compare.PREVIOUS.value, _("the period before")),
    (Compare.YEAR.value, _("the same period last year")),
]
GRAIN_CHOICES = [
    (Grain.DAY.value, _("each day")),
    (Grain.WEEK.value, _("each week")),
    (Grain.MONTH.value, _("each month")),
    (Grain.QUARTER.value, _("each quarter")),
    (Grain.YEAR.value, _("each year")),
]


class AlertRule(WorkspaceOwned):
    """When somebody is to be told about a metric.

    `threshold` is a value in the metric's unit, or a share (0.2 is 20 %) for rise and fall.
    `floor` is the least volume: of a ratio its denominator, else the value or what it is compared
    with. `persistence` is how many whole periods in a row must breach. `seen_revision` and
    `seen_on` are what the job has judged last.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    where = models.JSONField(default=list)
    grain = models.CharField(max_length=7, choices=GRAIN_CHOICES, default=Grain.DAY.value)
    condition = models.CharField(max_length=7, choices=CONDITION_CHOICES)
    compare = models.CharField(
        max_length=8, choices=COMPARE_CHOICES, default=Compare.PREVIOUS.value
    )
    threshold = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    floor = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    persistence = models.PositiveSmallIntegerField(default=1)
    watchers = models.ManyToManyField(Membership, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    seen_revision = models.BigIntegerField(default=-1)
    seen_on = models.DateField(null=True)
    state = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(persistence__range=(1, 12)),
                name="alert_persistence_in_range",
                violation_error_message=_("An alert waits for 1 to 12 periods."),
            ),
            models.CheckConstraint(
                condition=models.Q(condition=Condition.ANOMALY.value)
                | models.Q(threshold__isnull=False),
                name="alert_has_a_threshold",
                violation_error_message=_("Say from which value on."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alert(WorkspaceOwned):
    """One time that a rule was breached, from the period in which it opened until it closed."""

    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="alerts")
    period = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField()
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    against = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_alert_per_rule",
                violation_error_message=_("This alert is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.period}"
