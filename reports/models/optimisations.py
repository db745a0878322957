"""Optimisations: what was believed, what was changed, what it brought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from metrics.models import Metric
from reports.rules.effects import LENGTHS
from tasks.models import Card, Cycle
from workspaces.models import Membership, WorkspaceOwned

TITLE_LENGTH, TEXT_LENGTH = 200, 2000
LENGTH_CHOICES = [(7, _("1 week")), (14, _("2 weeks")), (28, _("4 weeks"))]


class Optimisation(WorkspaceOwned):
    """A change of something that runs already, and the metric that is to show what it brought.

    `card` is the work of the change, `cycle` the weeks for which it was planned.
    The effect is read from the data each time: `days` from `started_on` on against as many before.
    """

    title = models.CharField(_("what is changed"), max_length=TITLE_LENGTH)
    hypothesis = models.TextField(_("what it should bring"), max_length=TEXT_LENGTH, blank=True)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name=_("metric"))
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, related_name="+", verbose_name=_("goal")
    )
    card = models.ForeignKey(
        Card, models.SET_NULL, null=True, related_name="+", verbose_name=_("card")
    )
    cycle = models.ForeignKey(
        Cycle, models.SET_NULL, null=True, related_name="+", verbose_name=_("cycle")
    )
    started_on = models.DateField(_("since"))
    days = models.PositiveSmallIntegerField(_("compared"), choices=LENGTH_CHOICES, default=7)
    learnt = models.TextField(_("what was learnt"), max_length=TEXT_LENGTH, blank=True)
    written_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__in=LENGTHS),
                name="optimisation_has_a_known_length",
                violation_error_message=_("Compare 7, 14 or 28 days."),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-started_on"], name="optimisation_by_start")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what was learnt."""
        return self.ended_at is None
