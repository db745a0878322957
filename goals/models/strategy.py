"""The plan of a period: a document of six steps, its versions, links, signatures, decisions."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models.goals import Goal
from goals.rules.strategy import Document, Step, from_data
from metrics.models import Metric
from workspaces.models import Membership, Stakeholder, WorkspaceOwned

STEP_CHOICES = [
    (Step.OUTCOMES.value, _("Outcomes")),
    (Step.METRICS.value, _("Metrics")),
    (Step.GOALS.value, _("Goals")),
    (Step.PARTICIPATION.value, _("Participation")),
    (Step.STEPS.value, _("Steps")),
    (Step.ASSIGNMENTS.value, _("Assignments")),
]
TITLE_LENGTH = 200
WORDS_LENGTH = 4000
LINE_LENGTH = 2000
QUESTION_LENGTH = 300
MOST_QUESTIONS = 12
LABEL_LENGTH = 120
WORD_LENGTH = 1000
NO_TITLE = _("A strategy needs a title.")


class Strategy(WorkspaceOwned):
    """The draft of a plan: its own words here, its rows as links to what exists."""

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    words = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    feedback_until = models.DateField(_("feedback until"), null=True)
    anonymous = models.BooleanField(_("anonymous answers"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")),
                name="strategy_ends_after_it_starts",
                violation_error_message=_("The strategy must end on or after the day it starts."),
            ),
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="strategy_has_a_title",
                violation_error_message=NO_TITLE,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Linked(WorkspaceOwned):
    """A row of a step: something that exists, at a place, with words of its own."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True


class StrategyOutcome(Linked):
    """What the strategy must accomplish for a stakeholder."""

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="+")
    outcome = models.TextField(_("outcome"), max_length=LINE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "stakeholder"],
                name="one_outcome_per_stakeholder",
                violation_error_message=_("This stakeholder is in the strategy already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stakeholder_id} in {self.strategy_id}"


class StrategyMetric(Linked):
    """A metric that shows success, and why it does."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    why = models.TextField(_("why"), max_length=LINE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "metric"],
                name="one_line_per_strategy_metric",
                violation_error_message=_("This metric is in the strategy already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} in {self.strategy_id}"


class StrategyGoal(Linked):
    """A goal of the strategy, and what it changes for the people whom it touches."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")
    change = models.TextField(_("what this changes for you"), max_length=LINE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "goal"],
                name="one_line_per_strategy_goal",
                violation_error_message=_("This goal is in the strategy already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} in {self.strategy_id}"


class StrategySigner(WorkspaceOwned):
    """Who must sign before the start: a member or a stakeholder."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="signers")
    member = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member=None, stakeholder__isnull=False)
                | models.Q(member__isnull=False, stakeholder=None),
                name="signer_is_a_member_or_a_stakeholder",
                violation_error_message=_("Name a member or a stakeholder."),
            ),
            models.UniqueConstraint(
                fields=["strategy", "member"],
                condition=models.Q(member__isnull=False),
                name="one_signer_per_member",
                violation_error_message=_("This member is asked to sign already."),
            ),
            models.UniqueConstraint(
                fields=["strategy", "stakeholder"],
                condition=models.Q(stakeholder__isnull=False),
                name="one_signer_per_stakeholder",
                violation_error_message=_("This stakeholder is asked to sign already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Who it is."""
        if self.member is not None:
            return self.member.user.display_name
        return self.stakeholder.name if self.stakeholder else ""


class StrategyVersion(WorkspaceOwned):
    """What was published once; never changed."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(_("what is new"), max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"],
                name="one_strategy_version_per_number",
                violation_error_message=_("This version exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy_id} version {self.number}"

    @property
    def read(self) -> Document:
        """The document as it was."""
        return from_data(self.document)


class StrategyShare(WorkspaceOwned):
    """A link for people without an account; only the hash of its secret is stored.

    It shows the newest version, or always the one that it is `pinned` to.
    """

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="shares")
    label = models.CharField(_("for whom"), max_length=LABEL_LENGTH)
    secret_hash = models.CharField(max_length=64, unique=True)
    pinned = models.ForeignKey(StrategyVersion, models.CASCADE, null=True, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, null=True, related_name="+")
    takes_feedback = models.BooleanField(_("takes feedback"), default=False)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="share_expires_after_it_is_made",
                violation_error_message=_("The link must end after today."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def last_moment(self) -> datetime:
        """A moment of the last day on which it opens."""
        return self.expires_at - timedelta(seconds=1)


class SignOff(WorkspaceOwned):
    """One person's word on one version: agreed, or not, and why; the last one counts."""

    version = models.ForeignKey(StrategyVersion, models.CASCADE, related_name="signoffs")
    signer = models.ForeignKey(StrategySigner, models.SET_NULL, null=True, related_name="signoffs")
    name = models.CharField(max_length=LABEL_LENGTH)
    agreed = models.BooleanField()
    words = models.CharField(_("words"), max_length=WORD_LENGTH, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} on {self.version_id}"


class Decision(WorkspaceOwned):
    """A strategic decision, what it rests on, and what came of it."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="decisions")
    title = models.CharField(pgettext_lazy("MOps", "decision"), max_length=TITLE_LENGTH)
    why = models.TextField(_("why"), max_length=LINE_LENGTH, blank=True)
    evidence = models.TextField(_("evidence"), max_length=LINE_LENGTH, blank=True)
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="+")
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    review_on = models.DateField(_("look at it again on"), null=True)
    came_of_it = models.TextField(_("what came of it"), max_length=LINE_LENGTH, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["strategy", "-decided_on"], name="decision_by_strategy")]

    def __str__(self) -> str:
        return self.title
