"""What else a card works for, beside its main goal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from metrics.models import Metric
from tasks.models.cards import Card
from workspaces.models import Membership, WorkspaceOwned


class CardLink(WorkspaceOwned):
    """A card drives a goal, a step or a metric, or is evidence for it; exactly one of the two."""

    class Part(models.TextChoices):
        """How the work counts for the other thing."""

        DRIVES = "drives", _("Drives it")
        EVIDENCE = "evidence", _("Is evidence for it")

    card = models.ForeignKey(Card, models.CASCADE, related_name="links", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, related_name="+")
    metric = models.ForeignKey(Metric, models.CASCADE, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "goal"],
                name="one_link_of_a_card_to_a_goal",
                violation_error_message=_("The card is linked to this goal already."),
            ),
            models.UniqueConstraint(
                fields=["card", "metric"],
                name="one_link_of_a_card_to_a_metric",
                violation_error_message=_("The card is linked to this metric already."),
            ),
            models.CheckConstraint(
                condition=models.Q(goal__isnull=False, metric=None)
                | models.Q(goal=None, metric__isnull=False),
                name="card_link_has_one_end",
                violation_error_message=_("A link leads to a goal or to a metric."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.part} {self.goal_id or self.metric_id}"
