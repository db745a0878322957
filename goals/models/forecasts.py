"""Where goals will land, as the last review drew it."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models.goals import AMOUNT_LENGTH, Goal
from goals.rules import amounts
from goals.rules.fans import Step, path_of
from goals.rules.forecasting import NoForecast
from goals.rules.outlooks import NOT_ADDING_UP

REASONS = {
    NoForecast.NO_DATA.value: _("There are no data to forecast from."),
    NoForecast.TOO_SHORT.value: _("The history is too short for a forecast."),
    NoForecast.TOO_FAR.value: _("The end is too far away for so short a history."),
    NoForecast.NOTHING_LEFT.value: _("Nothing is left to forecast."),
    NOT_ADDING_UP: _("This metric does not add up over days, so it is not forecast."),
}
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
