"""Waivers: findings about a goal that somebody has answered with a reason."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.goals import Goal
from workspaces.models import Membership, WorkspaceOwned


class Waiver(WorkspaceOwned):
    """A finding of the lint that stands for good reason."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="waivers")
    code = models.CharField(max_length=40)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "code"],
                name="one_waiver_per_finding",
                violation_error_message=_("This finding is waived already."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
