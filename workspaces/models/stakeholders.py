"""Whom the plan serves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models.calendars import Calendar
from workspaces.models.workspaces import Membership, WorkspaceOwned
from workspaces.rules.stakes import Approach, Level, approach_to, lines_of

LEVEL_CHOICES = [
    (Level.HIGH.value, pgettext_lazy("MOps", "High")),
    (Level.MEDIUM.value, pgettext_lazy("MOps", "Medium")),
    (Level.LOW.value, pgettext_lazy("MOps", "Low")),
]


class Stakeholder(WorkspaceOwned):
    """A person or group with an interest in the plan; may or may not be a member.

    Needs and outcomes are written one a line. `unspoken` are needs that came up only when
    somebody asked; influence and interest are None until somebody has judged them.
    """

    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    need = models.TextField(_("need"), max_length=2000, blank=True)
    unspoken = models.TextField(_("unspoken needs"), max_length=2000, blank=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    member = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    influence = models.PositiveSmallIntegerField(
        _("influence"), choices=LEVEL_CHOICES, null=True, blank=True
    )
    interest = models.PositiveSmallIntegerField(
        _("interest"), choices=LEVEL_CHOICES, null=True, blank=True
    )
    reports_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reports to"),
    )
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("working calendar"),
    )
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(retired_at=None),
                name="one_stakeholder_per_name",
                violation_error_message=_("A stakeholder of this name exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(reports_to=None) | ~models.Q(reports_to=models.F("id")),
                name="stakeholder_reports_to_another",
                violation_error_message=_("Nobody reports to themselves."),
            ),
            models.CheckConstraint(
                condition=models.Q(influence=None) | models.Q(influence__range=(1, 3)),
                name="stakeholder_influence_is_a_level",
                violation_error_message=_("There is no such level."),
            ),
            models.CheckConstraint(
                condition=models.Q(interest=None) | models.Q(interest__range=(1, 3)),
                name="stakeholder_interest_is_a_level",
                violation_error_message=_("There is no such level."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def approach(self) -> Approach | None:
        """How to work with them, None until influence and interest are judged."""
        return approach_to(self.influence, self.interest)

    @property
    def needs(self) -> list[str]:
        """What they said they need, one by one."""
        return lines_of(self.need)

    @property
    def unspoken_needs(self) -> list[str]:
        """What they need too, found by asking."""
        return lines_of(self.unspoken)

    @property
    def outcomes(self) -> list[str]:
        """By what both sides will see it, one by one."""
        return lines_of(self.outcome)
