"""What colleagues say to a version of the strategy, and what became of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models.goals import Goal
from goals.models.strategy import (
    LABEL_LENGTH,
    LINE_LENGTH,
    QUESTION_LENGTH,
    STEP_CHOICES,
    StrategyShare,
    StrategyVersion,
)
from goals.rules.strategy import Disposition
from workspaces.models import Membership, WorkspaceOwned

DISPOSITION_CHOICES = [
    (Disposition.OPEN.value, pgettext_lazy("MOps", "Open")),
    (Disposition.ACCEPTED.value, _("Accepted")),
    (Disposition.DECLINED.value, _("Declined")),
    (Disposition.DEFERRED.value, _("Deferred")),
]


class FeedbackTurn(WorkspaceOwned):
    """That a member has answered. It names no answer and no time, so that it tells on nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="turns")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member"],
                name="one_turn_per_member",
                violation_error_message=_("This member has answered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.version_id}"


class FeedbackSheet(WorkspaceOwned):
    """One answer to the form of a version; anonymous ones name nobody."""

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="sheets")
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    share = models.ForeignKey(StrategyShare, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=LABEL_LENGTH, blank=True)
    given_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.name or self.pk} on {self.version_id}"


class FeedbackItem(WorkspaceOwned):
    """One suggestion or answer, about the whole, a step or a goal; decided one by one."""

    sheet = models.ForeignKey(FeedbackSheet, models.CASCADE, related_name="items")
    step = models.CharField(max_length=14, choices=STEP_CHOICES, blank=True)
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="+")
    about = models.CharField(max_length=QUESTION_LENGTH, blank=True)
    text = models.TextField(_("suggestion"), max_length=LINE_LENGTH)
    disposition = models.CharField(
        max_length=8, choices=DISPOSITION_CHOICES, default=Disposition.OPEN.value
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disposition__in=[one.value for one in Disposition]),
                name="feedback_has_a_known_disposition",
                violation_error_message=_("There is no such answer."),
            ),
            models.CheckConstraint(
                condition=~models.Q(disposition__in=["declined", "deferred"])
                | ~models.Q(reason=""),
                name="feedback_is_declined_with_a_reason",
                violation_error_message=_("Say why."),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "disposition"], name="feedback_by_disposition"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
