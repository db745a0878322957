"""Guardrails: what must not break while a goal is pursued."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models.goals import AMOUNT_LENGTH, GRAIN_CHOICES, Goal
from goals.rules.aims import STAYING, Aim
from goals.rules.guardrails import Guard, Health
from metrics.models import Metric
from metrics.rules.periods import Grain
from workspaces.models import WorkspaceOwned

SIDE_CHOICES = [
    (Aim.ABOVE.value, _("Stay above")),
    (Aim.BELOW.value, _("Stay below")),
]
HEALTH_CHOICES = [
    (Health.HOLDS.value, _("Holds")),
    (Health.BROKEN.value, _("Broken")),
    (Health.UNKNOWN.value, pgettext_lazy("MOps", "Unknown")),
]


class Guardrail(WorkspaceOwned):
    """A bound on another metric: its last whole period must stay on one side of it.

    `told` is what the log and people were told last; how it stands now is read from the data.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="guardrails")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name=_("metric"))
    definition_revision = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8, choices=SIDE_CHOICES)
    bound_value = models.CharField(_("bound"), max_length=AMOUNT_LENGTH)
    grain = models.CharField(
        _("period"), max_length=8, choices=GRAIN_CHOICES, default=Grain.MONTH.value
    )
    created_at = models.DateTimeField()
    told = models.CharField(max_length=8, choices=HEALTH_CHOICES, default=Health.UNKNOWN.value)
    told_at = models.DateTimeField(null=True)
    pending = models.CharField(max_length=8, choices=HEALTH_CHOICES, blank=True)
    pending_on = models.DateField(null=True)
    watched_revision = models.BigIntegerField(default=-1)
    watched_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "metric", "side"],
                name="one_guardrail_per_metric_and_side",
                violation_error_message=_("This goal has such a guardrail already."),
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=sorted(STAYING)),
                name="guardrail_has_a_known_side",
                violation_error_message=_("There is no such side."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.side} {self.bound_value}"

    @property
    def bound(self) -> Decimal:
        """The line, in the metric's unit."""
        return Decimal(self.bound_value)

    @property
    def guard(self) -> Guard:
        """What was told and what waits, as the rules take it."""
        pending = Health(self.pending) if self.pending else None
        return Guard(Health(self.told), pending, self.pending_on)
