"""How much time people have for cards."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, WorkspaceOwned

USUAL_HOURS = Decimal(40)  # a week, where nothing else is said
MOST_HOURS = Decimal(168)


class Capacity(WorkspaceOwned):
    """The hours a week that a member has for cards; without a member, what is so for everybody.

    `hours` None means what is so for everybody, and there USUAL_HOURS.
    """

    member = models.ForeignKey(
        Membership, models.CASCADE, null=True, related_name="+", verbose_name=_("member")
    )
    hours = models.DecimalField(_("hours a week"), max_digits=5, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="one_capacity_of_a_member",
                violation_error_message=_("The hours of this member are said already."),
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(member=None),
                name="one_capacity_for_everybody",
                violation_error_message=_("The hours for everybody are said already."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours=None) | models.Q(hours__gte=0, hours__lte=MOST_HOURS),
                name="capacity_is_hours_of_a_week",
                violation_error_message=_("A week has 0 to 168 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} hours of {self.member_id or 'everybody'}"
