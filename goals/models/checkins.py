"""Check-ins: what the owner of a goal says beside what the numbers say."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.goals import AMOUNT_LENGTH, STATUS_CHOICES, Goal
from goals.rules import amounts
from workspaces.models import Membership, WorkspaceOwned

NOTE_LENGTH = 4000


class CheckIn(WorkspaceOwned):
    """A dated note with the owner's confidence, and the numbers of the day on which it was told.

    A draft has no `told_at`; only its author sees it. Amounts are canonical decimal text.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="checkins")
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    value_note = models.CharField(_("about the number"), max_length=500, blank=True)
    confidence_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    progress = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    status = models.CharField(max_length=12, choices=STATUS_CHOICES, blank=True)
    until = models.DateField(null=True)
    acknowledged_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "author"],
                condition=models.Q(told_at=None),
                name="one_draft_per_goal_and_author",
                violation_error_message=_("There is a draft already."),
            ),
        ]
        indexes = [models.Index(fields=["goal", "told_at"], name="checkin_by_goal")]

    def __str__(self) -> str:
        return self.note[:80]

    @property
    def is_draft(self) -> bool:
        """Whether only its author sees it."""
        return self.told_at is None

    @property
    def confidence(self) -> Decimal | None:
        """How sure the owner is that the goal will be met, from 0 to 1."""
        return amounts.loaded(self.confidence_value)

    @property
    def measured(self) -> Decimal | None:
        """The goal's value on the day, in the metric's unit."""
        return amounts.loaded(self.value)
