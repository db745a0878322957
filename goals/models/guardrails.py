"""Guardrails: what must not break while a goal is pursued."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.goals import AMOUNT_LENGTH, GRAIN_CHOICES, Goal
from goals.rules.aims import STAYING, Aim
from metrics.models import Metric
from metrics.rules.periods import Grain
from workspaces.models import WorkspaceOwned

SIDE_CHOICES = [
    (Aim.ABOVE.value, _("Stay above")),
    (Aim.BELOW.value, _("Stay below")),
]


class Guardrail(WorkspaceOwned):
    """A bound on another metric: its last whole period must stay on one side of it."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="guardrails")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name=_("metric"))
    definition_revision = models.BigIntegerField()
    side = models.CharField(_("side"), max_length=8, choices=SIDE_CHOICES)
    bound_value = models.CharField(_("bound"), max_length=AMOUNT_LENGTH)
    grain = models.CharField(
        _("period"), max_length=8, choices=GRAIN_CHOICES, default=Grain.MONTH.value
    )
    created_at = models.DateTimeField()

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
