"""What is promised: SMART goals, in a tree."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.rules import amounts
from goals.rules.aims import STAYING, Aim
from goals.rules.checkins import Cadence
from goals.rules.courses import Checkpoint, Course
from goals.rules.progress import Basis
from goals.rules.status import Held, Status
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from workspaces.models import Membership, Stakeholder, WorkspaceOwned

BASIS_CHOICES = [
    (Basis.CUMULATIVE.value, _("Total over the window")),
    (Basis.LEVEL.value, _("Level at the end")),
    (Basis.AVERAGE.value, _("Average over the window")),
    (Basis.YOY.value, _("Growth on the year before")),
]
AIM_CHOICES = [
    (Aim.REACH.value, _("Reach")),
    (Aim.ABOVE.value, _("Stay above")),
    (Aim.BELOW.value, _("Stay below")),
]
CADENCE_CHOICES = [
    (Cadence.NEVER.value, _("Never")),
    (Cadence.WEEKLY.value, _("Every week")),
    (Cadence.FORTNIGHTLY.value, _("Every two weeks")),
    (Cadence.MONTHLY.value, _("Every month")),
]
COURSE_CHOICES = [
    (Course.LINEAR.value, _("Even")),
    (Course.PHASED.value, _("Through checkpoints")),
    (Course.SEASONAL.value, _("As in earlier years")),
]
STATUS_CHOICES = [
    (Status.OFF_TRACK.value, pgettext_lazy("MOps", "Off track")),
    (Status.AT_RISK.value, pgettext_lazy("MOps", "At risk")),
    (Status.UNKNOWN.value, pgettext_lazy("MOps", "Unknown")),
    (Status.NEW.value, pgettext_lazy("MOps", "New")),
    (Status.ON_TRACK.value, pgettext_lazy("MOps", "On track")),
    (Status.ACHIEVED.value, pgettext_lazy("MOps", "Achieved")),
    (Status.MISSED.value, pgettext_lazy("MOps", "Missed")),
]
GRAIN_CHOICES = [
    (Grain.DAY.value, _("day")),
    (Grain.WEEK.value, _("week")),
    (Grain.MONTH.value, _("month")),
    (Grain.QUARTER.value, _("quarter")),
    (Grain.YEAR.value, _("year")),
]
SMART_WORDS = [
    ("specific", _("Specific")),
    ("measurable", _("Measurable")),
    ("achievable", _("Achievable")),
    ("realistic", _("Realistic")),
    ("time_bound", _("Time-bound")),
]
SMART_LENGTH = 2000
AMOUNT_LENGTH = 40


class Goal(WorkspaceOwned):
    """A SMART intent on one metric: from a measured baseline to a target, in a window.

    One without a metric has no number of its own: it is judged by its steps, and what is said of
    numbers here is empty. Whoever reads `metric` asks `has_number` first.

    Amounts are canonical decimal text, because SQLite would round what is longer than 15 digits.
    `status` is what the last review settled; live numbers come from goals.queries.
    """

    title = models.CharField(_("title"), max_length=200)
    metric: models.ForeignKey[Metric | None, Metric] = models.ForeignKey(  # type: ignore[misc]
        Metric, models.PROTECT, null=True, related_name="+", verbose_name=_("metric")
    )
    definition_revision = models.BigIntegerField()
    aim = models.CharField(_("aim"), max_length=8, choices=AIM_CHOICES, default=Aim.REACH.value)
    basis = models.CharField(_("basis"), max_length=12, choices=BASIS_CHOICES)
    grain = models.CharField(
        _("period"), max_length=8, choices=GRAIN_CHOICES, default=Grain.MONTH.value
    )
    target_percent = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    target_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    baseline_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    baseline_from = models.DateField(_("baseline from"), null=True)
    baseline_to = models.DateField(_("baseline to"), null=True)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    course = models.CharField(
        _("course"), max_length=8, choices=COURSE_CHOICES, default=Course.LINEAR.value
    )
    checkpoints = models.JSONField(_("checkpoints"), default=list, blank=True)
    owner = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )
    stakeholder = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, related_name="+", verbose_name=_("stakeholder")
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="steps", verbose_name=_("step of")
    )
    weight = models.CharField(_("weight"), max_length=AMOUNT_LENGTH, default="1")

    specific = models.TextField(_("specific"), max_length=SMART_LENGTH, blank=True)
    measurable = models.TextField(_("measurable"), max_length=SMART_LENGTH, blank=True)
    achievable = models.TextField(_("achievable"), max_length=SMART_LENGTH, blank=True)
    realistic = models.TextField(_("realistic"), max_length=SMART_LENGTH, blank=True)
    time_bound = models.TextField(_("time-bound"), max_length=SMART_LENGTH, blank=True)

    cadence = models.CharField(
        _("check-in"), max_length=12, choices=CADENCE_CHOICES, default=Cadence.NEVER.value
    )

    status = models.CharField(
        _("status"), max_length=12, choices=STATUS_CHOICES, default=Status.NEW.value
    )
    status_since = models.DateTimeField()
    previous_status = models.CharField(max_length=12, choices=STATUS_CHOICES, blank=True)
    pending_status = models.CharField(max_length=12, choices=STATUS_CHOICES, blank=True)
    pending_on = models.DateField(null=True)
    reviewed_revision = models.BigIntegerField(default=-1)
    reviewed_on = models.DateField(null=True)

    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(_("reason"), max_length=500, blank=True)
    verdict = models.CharField(max_length=12, choices=STATUS_CHOICES, blank=True)
    verdict_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    verdict_share = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    verdict_until = models.DateField(null=True)
    retrospective = models.TextField(_("retrospective"), max_length=SMART_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")),
                name="goal_ends_after_it_starts",
                violation_error_message=_("The goal must end on or after the day it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(baseline_from=None, baseline_to=None)
                | models.Q(baseline_to__gte=models.F("baseline_from")),
                name="goal_baseline_runs_forward",
                violation_error_message=_("The baseline must end on or after the day it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                name="goal_is_not_its_own_step",
                violation_error_message=_("A goal cannot be a step of itself."),
            ),
            models.CheckConstraint(
                condition=(models.Q(metric__isnull=False) & ~models.Q(target_value=""))
                | models.Q(
                    metric=None,
                    target_value="",
                    target_percent="",
                    baseline_value="",
                    baseline_from=None,
                    aim=Aim.REACH.value,
                    course=Course.LINEAR.value,
                ),
                name="goal_has_a_number_or_steps",
                violation_error_message=_("A goal without a metric has no target of its own."),
            ),
            models.CheckConstraint(
                condition=models.Q(basis__in=[basis.value for basis in Basis]),
                name="goal_has_a_known_basis",
                violation_error_message=_("There is no such basis."),
            ),
            models.CheckConstraint(
                condition=models.Q(aim__in=[aim.value for aim in Aim]),
                name="goal_has_a_known_aim",
                violation_error_message=_("There is no such aim."),
            ),
            models.CheckConstraint(
                condition=models.Q(course__in=[course.value for course in Course]),
                name="goal_has_a_known_course",
                violation_error_message=_("There is no such course."),
            ),
            models.CheckConstraint(
                condition=models.Q(cadence__in=[cadence.value for cadence in Cadence]),
                name="goal_has_a_known_cadence",
                violation_error_message=_("There is no such cadence."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in Status]),
                name="goal_has_a_known_status",
                violation_error_message=_("There is no such status."),
            ),
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="goal_has_a_title",
                violation_error_message=_("A goal needs a title."),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "closed_at", "status"], name="goal_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_number(self) -> bool:
        """Whether a metric judges it; else its steps do."""
        return self.metric_id is not None

    @property
    def window(self) -> Span:
        """The days in which the goal is to be reached."""
        return Span(self.start, self.end)

    @property
    def baseline_span(self) -> Span | None:
        """The days on which the baseline was measured."""
        if self.baseline_from is None or self.baseline_to is None:
            return None
        return Span(self.baseline_from, self.baseline_to)

    @property
    def target(self) -> Decimal:
        """The target in the metric's unit."""
        return Decimal(self.target_value)

    @property
    def percent(self) -> Decimal | None:
        """The promised change in percent, where the goal was set that way."""
        return amounts.loaded(self.target_percent)

    @property
    def baseline(self) -> Decimal | None:
        """The frozen baseline, None where the metric had no history."""
        return amounts.loaded(self.baseline_value)

    @property
    def path(self) -> tuple[Checkpoint, ...]:
        """Its checkpoints in order: stored as pairs of day and canonical amount."""
        return tuple(
            Checkpoint(date.fromisoformat(day), Decimal(value)) for day, value in self.checkpoints
        )

    @property
    def stays(self) -> bool:
        """Whether it keeps a line instead of reaching a target."""
        return self.aim in STAYING

    @property
    def weighs(self) -> Decimal:
        """Its weight among the steps of its parent."""
        return Decimal(self.weight)

    @property
    def held(self) -> Held:
        """The status that stands and the one that waits, as the rules take them."""
        pending = Status(self.pending_status) if self.pending_status else None
        return Held(Status(self.status), pending, self.pending_on)

    @property
    def final_value(self) -> Decimal | None:
        """The value that the verdict at closing stands on."""
        return amounts.loaded(self.verdict_value)

    @property
    def final_share(self) -> Decimal | None:
        """The progress at closing, or the share of days on which a line was kept."""
        return amounts.loaded(self.verdict_share)

    @property
    def is_open(self) -> bool:
        """Whether it still is reviewed and may be changed."""
        return self.closed_at is None

    @property
    def smart(self) -> list[tuple[str, object, str]]:
        """The five letters with their words and this goal's justifications."""
        return [(name[0].upper(), word, getattr(self, name)) for name, word in SMART_WORDS]

    @property
    def open_letters(self) -> int:
        """How many of the five still lack their words."""
        return sum(not text.strip() for _letter, _word, text in self.smart)
