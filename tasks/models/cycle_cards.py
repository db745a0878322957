"""Which cards were in which cycle."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.cards import TITLE_LENGTH, Card
from tasks.models.cycles import Cycle
from tasks.rules.cycles import Outcome
from workspaces.models import WorkspaceOwned


class CycleCard(WorkspaceOwned):
    """A card of a cycle since `came_at`; `left_at` is when somebody took it out.

    `planned_hours` is its estimate when the cycle began, or when it came. Closing the cycle writes
    what became of it, and its name, estimate and end as they were then: the card may change or go.
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="cards", db_index=False)
    card = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="+")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    planned_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    carried_from = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Outcome], blank=True
    )
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    done_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "card"],
                name="one_place_of_a_card_in_a_cycle",
                violation_error_message=_("The card is in this cycle already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} in {self.cycle_id}"
