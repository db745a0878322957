"""The part of a promise that a metric measures."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models.goals import AMOUNT_LENGTH
from goals.rules import quotas
from goals.rules.quotas import Aspect, Bound
from metrics.models import Metric
from workspaces.models import Membership, SlaPromise, WorkspaceOwned

TEXT_LENGTH = 2000
ASPECT_CHOICES = [
    (Aspect.QUANTITY.value, pgettext_lazy("MOps", "Quantity")),
    (Aspect.QUALITY.value, pgettext_lazy("MOps", "Quality")),
]
BOUND_CHOICES = [
    (Bound.AT_LEAST.value, _("at least")),
    (Bound.AT_MOST.value, _("at most")),
]


class Quota(WorkspaceOwned):
    """What a metric must come to in each month: a promise's quantity or quality.

    The amount is canonical decimal text, as goals keep theirs; `warned_month` is the last month of
    which it was told that it is at risk.
    """

    promise = models.ForeignKey(SlaPromise, models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name=_("metric"))
    aspect = models.CharField(_("measures"), max_length=8, choices=ASPECT_CHOICES)
    bound = models.CharField(_("bound"), max_length=8, choices=BOUND_CHOICES)
    amount = models.CharField(_("amount"), max_length=AMOUNT_LENGTH)
    version = models.PositiveIntegerField(default=1)
    warned_month = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "metric", "bound"],
                condition=models.Q(removed_at=None),
                name="one_quota_per_metric",
                violation_error_message=_("This metric measures the promise already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bound} {self.amount} of {self.metric_id}"

    @property
    def target(self) -> Decimal:
        """The amount in the metric's unit."""
        return Decimal(self.amount)

    @property
    def rule(self) -> quotas.Quota:
        """The quota as the rules take it."""
        return quotas.Quota(self.target, Bound(self.bound), self.metric.kind == "additive")


class QuotaBreach(WorkspaceOwned):
    """A month of a quota that was missed: its value when it was told, why, what is done about it.

    The reason is empty until somebody gives it.
    """

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="breaches")
    month = models.DateField(_("month"))
    value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    reason = models.TextField(_("reason"), max_length=TEXT_LENGTH, blank=True)
    mitigation = models.TextField(_("mitigation"), max_length=TEXT_LENGTH, blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quota", "month"],
                name="one_reason_a_month",
                violation_error_message=_("This month has a reason already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.reason or self.value}"
