"""Cycles: a few weeks for which a team takes on some work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.boards import NAME_LENGTH, Board
from workspaces.models import Membership, WorkspaceOwned

AIM_LENGTH = 500
NOTES_LENGTH = 20_000


class Cycle(WorkspaceOwned):
    """Whole weeks of the workspace that are planned as one: for one board, or for all (None).

    The cards that are in it when it begins (`begun_at`) are planned, those that come later are not.
    `capacity` is in hours, `card_capacity` in cards. Closing it freezes its cards (CycleCard) and
    carries what is not done over to `carried_to`.
    """

    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    aim = models.TextField(_("aim"), max_length=AIM_LENGTH, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    capacity = models.DecimalField(_("capacity"), max_digits=7, decimal_places=2, null=True)
    card_capacity = models.PositiveSmallIntegerField(_("cards"), null=True)
    notes = models.TextField(_("notes"), max_length=NOTES_LENGTH, blank=True)
    carried_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board"],
                condition=models.Q(begun_at__isnull=False, closed_at=None, board__isnull=False),
                name="one_running_cycle_of_a_board",
                violation_error_message=_("Another cycle is running."),
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(begun_at__isnull=False, closed_at=None, board=None),
                name="one_running_cycle_of_all_boards",
                violation_error_message=_("Another cycle is running."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="cycle_ends_after_it_starts",
                violation_error_message=_("A cycle has at least one week."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="cycle_has_a_name",
                violation_error_message=_("A cycle needs a name."),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-starts_on"], name="cycle_by_start")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether it has begun and is not closed."""
        return self.begun_at is not None and self.closed_at is None

    @property
    def weeks(self) -> int:
        """How many weeks it has."""
        return ((self.ends_on - self.starts_on).days + 1) // 7
