"""Who does what for a goal beside its owner."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models.goals import Goal
from goals.rules.raci import Letter, Party
from workspaces.models import Membership, Stakeholder, WorkspaceOwned

LETTER_CHOICES = [
    (Letter.RESPONSIBLE.value, pgettext_lazy("MOps", "Responsible")),
    (Letter.CONSULTED.value, pgettext_lazy("MOps", "Consulted")),
    (Letter.INFORMED.value, pgettext_lazy("MOps", "Informed")),
]


class GoalSeat(WorkspaceOwned):
    """Somebody who is responsible, consulted or informed; who is accountable is the goal's owner.

    So exactly one is accountable, and there are no two places that could say so differently.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="seats")
    letter = models.CharField(_("role"), max_length=1, choices=LETTER_CHOICES)
    member = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member=None, stakeholder__isnull=False)
                | models.Q(member__isnull=False, stakeholder=None),
                name="goal_seat_is_of_one_party",
                violation_error_message=_("A seat is a member's or a stakeholder's."),
            ),
            models.CheckConstraint(
                condition=models.Q(letter__in=[letter for letter, _word in LETTER_CHOICES]),
                name="goal_seat_has_a_known_letter",
                violation_error_message=_("There is no such role."),
            ),
            models.UniqueConstraint(
                fields=["goal", "member"],
                name="one_seat_per_member",
                violation_error_message=_("This member has a role already."),
            ),
            models.UniqueConstraint(
                fields=["goal", "stakeholder"],
                name="one_seat_per_stakeholder",
                violation_error_message=_("This stakeholder has a role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} of {self.goal_id}"

    @property
    def party(self) -> Party:
        """Whose seat it is."""
        return Party(self.member_id, self.stakeholder_id)
