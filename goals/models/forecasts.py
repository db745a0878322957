"""Where goals will land, as the last review drew it."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.goals import AMOUNT_LENGTH, Goal
from goals.rules import amounts
from goals.rules.fans import Step, path_of
from goals.rules.forecasting import NoForecast, Side
from goals.rules.outlooks import NOT_ADDING_UP, are_apart
from goals.rules.track_record import Horizon
from metrics.models import Metric
from workspaces.models import WorkspaceOwned

REASONS = {
    NoForecast.NO_DATA.value: _("There are no data to forecast from."),
    NoForecast.TOO_SHORT.value: _("The history is too short for a forecast."),
    NoForecast.TOO_FAR.value: _("The end is too far away for so short a history."),
    NoForecast.NOTHING_LEFT.value: _("Nothing is left to forecast."),
    NOT_ADDING_UP: _("This metric does not add up over days, so it is not forecast."),
}
HORIZON_CHOICES = [
    (Horizon.WEEK.value, _("The next 7 days")),
    (Horizon.MONTH.value, _("The next 28 days")),
    (Horizon.QUARTER.value, _("The next 91 days")),
    (Horizon.END.value, _("Where the goal lands")),
]
SIDE_CHOICES = [(side.value, side.value) for side in Side]
REASON_LENGTH, MODEL_LENGTH, TERMS_LENGTH = 16, 12, 400


class GoalForecast(models.Model):
    """The latest forecast of one goal: p10, p50, p90 in the metric's unit, and P(hit).

    It holds for `terms` alone: a goal whose target or days have changed since has none. `until` is
    the last complete day that it knew; without numbers `reason` says why there are none. `path` is
    the way there, for the periods that the goal's chart shows.
    """

    goal = models.OneToOneField(
        Goal, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("goal")
    )
    terms = models.CharField(max_length=TERMS_LENGTH)
    revision = models.BigIntegerField()
    until = models.DateField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    low_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    middle_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    high_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    chance_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    model = models.CharField(max_length=MODEL_LENGTH, blank=True)
    fit = models.JSONField(null=True)
    fitted_on = models.DateField(null=True)
    path = models.JSONField(default=list)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.low_value}, {self.middle_value}, {self.high_value}"

    @property
    def why(self) -> str:
        """Why there is no forecast, as a sentence."""
        return str(REASONS.get(self.reason, ""))

    @property
    def steps(self) -> list[Step]:
        """The periods to come with their bands, in order."""
        return path_of(self.path)

    @property
    def low(self) -> Decimal | None:
        """p10: the goal lands lower in one of ten futures."""
        return amounts.loaded(self.low_value)

    @property
    def middle(self) -> Decimal | None:
        """p50: the goal lands lower in half of the futures."""
        return amounts.loaded(self.middle_value)

    @property
    def high(self) -> Decimal | None:
        """p90: the goal lands higher in one of ten futures."""
        return amounts.loaded(self.high_value)

    @property
    def chance(self) -> Decimal | None:
        """The probability that the goal is met, never quite 0 or 1."""
        return amounts.loaded(self.chance_value)

    @property
    def confidence(self) -> Decimal | None:
        """How sure the owner was when they last said so, from 0 to 1; the queries bring it."""
        return amounts.loaded(getattr(self, "told_confidence", None) or "")

    @property
    def is_doubted(self) -> bool:
        """Whether the owner's confidence and the chance lie far apart."""
        return are_apart(self.confidence, self.chance)


class ForecastRecord(WorkspaceOwned):
    """What a forecast claimed about a metric over some days, and what came.

    A claim about the goal's end has the `terms` it was made for, a chance and a target. `hit` is 1
    where the target was met. Scored again while the numbers of its days may still be corrected.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    definition_revision = models.BigIntegerField()
    horizon = models.CharField(max_length=8, choices=HORIZON_CHOICES)
    terms = models.CharField(max_length=TERMS_LENGTH, blank=True)
    made_on = models.DateField()
    first = models.DateField()
    last = models.DateField()
    parts = models.PositiveIntegerField(default=1)
    low_value = models.CharField(max_length=AMOUNT_LENGTH)
    middle_value = models.CharField(max_length=AMOUNT_LENGTH)
    high_value = models.CharField(max_length=AMOUNT_LENGTH)
    target_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    side = models.CharField(max_length=8, choices=SIDE_CHOICES, blank=True)
    chance = models.FloatField(null=True)
    came_value = models.CharField(max_length=AMOUNT_LENGTH, blank=True)
    came_revision = models.BigIntegerField(null=True)
    scored_on = models.DateField(null=True)
    inside = models.BooleanField(null=True)
    hit = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "horizon", "terms", "made_on"], name="one_claim_a_day"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "last"], name="claims_that_end")]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.first} to {self.last}"

    @property
    def low(self) -> Decimal:
        """p10."""
        return Decimal(self.low_value)

    @property
    def middle(self) -> Decimal:
        """p50."""
        return Decimal(self.middle_value)

    @property
    def high(self) -> Decimal:
        """p90."""
        return Decimal(self.high_value)

    @property
    def target(self) -> Decimal | None:
        """What the goal had to come to."""
        return amounts.loaded(self.target_value)

    @property
    def came(self) -> Decimal | None:
        """What came; None until it has, and where there are no data."""
        return amounts.loaded(self.came_value)
