"""Reviews: a walk through the goals that need a look, kept goal by goal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from reports.rules.reviews import Frozen, Outcome, Reason, Rhythm, thaw
from workspaces.models import Membership, WorkspaceOwned

TEXT_LENGTH = 4000
RHYTHM_CHOICES = [
    (Rhythm.WEEKLY.value, _("Weekly review")),
    (Rhythm.MONTHLY.value, _("Monthly review")),
]
OUTCOME_CHOICES = [
    (Outcome.WAITING.value, _("Not looked at")),
    (Outcome.SEEN.value, _("Looked at")),
    (Outcome.SKIPPED.value, _("Skipped")),
]
REASON_CHOICES = [
    (Reason.STATUS.value, _("in trouble")),
    (Reason.LATE.value, _("data late")),
    (Reason.CHANGED.value, _("status changed")),
    (Reason.GUARDRAIL.value, _("guardrail broken")),
    (Reason.STEPS.value, _("steps worse")),
    (Reason.CHECK_IN.value, _("check-in due")),
    (Reason.DOUBT.value, _("owner and forecast disagree")),
]


class Review(WorkspaceOwned):
    """One review: who began it, the numbers of all open goals then, and notes about the whole.

    `snapshot` has for each goal, by its id as text, what `numbers_of` says; the next review
    compares with it. It is never changed. `before` is the review that this one compares with.
    """

    rhythm = models.CharField(_("review"), max_length=8, choices=RHYTHM_CHOICES)
    snapshot = models.JSONField(default=dict)
    before = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    notes = models.TextField(_("notes"), max_length=TEXT_LENGTH, blank=True)
    started_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "rhythm"],
                condition=models.Q(ended_at=None),
                name="one_open_review_per_rhythm",
                violation_error_message=_("Such a review is open already."),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-started_at"], name="review_by_start")]

    def __str__(self) -> str:
        return f"{self.rhythm} {self.started_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return self.ended_at is None


class ReviewItem(WorkspaceOwned):
    """One goal in a review: why, what was noted and decided, and the numbers when it was seen."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="items")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=OUTCOME_CHOICES, default=Outcome.WAITING.value)
    note = models.TextField(_("note"), max_length=TEXT_LENGTH, blank=True)
    decided = models.TextField(_("decided"), max_length=TEXT_LENGTH, blank=True)
    numbers = models.JSONField(default=dict)
    looked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "goal"],
                name="one_look_per_goal",
                violation_error_message=_("This goal is in the review already."),
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.goal_id} in {self.review_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has looked at it or skipped it."""
        return self.outcome == Outcome.WAITING.value

    @property
    def why(self) -> list[str]:
        """The reasons for which it is here, in words."""
        words = dict(REASON_CHOICES)
        return [str(words[reason]) for reason in self.reasons if reason in words]

    @property
    def kept(self) -> Frozen:
        """The numbers when it was looked at, else those when the review began."""
        return thaw(self.numbers or self.review.snapshot.get(str(self.goal_id), {}))
