"""Where work stands: boards and their columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models import Stream, WorkspaceOwned

NAME_LENGTH = 80
COLUMN_NAME_LENGTH = 40
LARGEST_LIMIT = 999


class Lanes(models.TextChoices):
    """What a board's cards are grouped by, across its columns."""

    NONE = "none", pgettext_lazy("MOps", "None")
    ASSIGNEE = "assignee", _("Assignee")
    GOAL = "goal", _("Goal")
    LABEL = "label", _("Label")
    PRIORITY = "priority", _("Priority")


class Board(WorkspaceOwned):
    """A team's wall; its version counts changes of its name and its columns, not of its cards.

    Whoever looks at it follows its `stream`. `lanes` is how it is grouped for who has not chosen
    otherwise; `person_limit` is how many unfinished cards one person has on it. A limit that is
    hard refuses what goes beyond, else it warns; `blocked_is_hard` does so for finishing a card
    that waits for another. `hides` are the parts of a card's face that it does not show: see
    rules.faces.
    """

    stream = models.OneToOneField(Stream, models.RESTRICT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    lanes = models.CharField(
        _("swimlanes"), max_length=10, choices=Lanes.choices, default=Lanes.NONE
    )
    person_limit = models.PositiveSmallIntegerField(_("cards a person"), null=True, blank=True)
    person_limit_is_hard = models.BooleanField(default=False)
    blocked_is_hard = models.BooleanField(_("refuse to finish what is blocked"), default=False)
    hides = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="board_has_a_name",
                violation_error_message=_("A board needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether its cards may still be moved and added to."""
        return self.archived_at is None


class Column(WorkspaceOwned):
    """A stage of work on one board; cards in a column that `is_done` are done.

    `wip_limit` is how many cards it holds, `lane_limit` how many in each of the board's swimlanes.
    `entry` names what a card must have to come in: see rules.entry.
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="columns")
    name = models.CharField(_("name"), max_length=COLUMN_NAME_LENGTH)
    position = models.PositiveSmallIntegerField()
    wip_limit = models.PositiveSmallIntegerField(_("limit"), null=True, blank=True)
    wip_limit_is_hard = models.BooleanField(default=True)
    lane_limit = models.PositiveSmallIntegerField(_("limit a swimlane"), null=True, blank=True)
    lane_limit_is_hard = models.BooleanField(default=False)
    entry = models.JSONField(default=list)
    is_done = models.BooleanField(_("cards here are done"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "position"],
                name="one_column_per_place",
                violation_error_message=_("Another column already stands there."),
            ),
            models.UniqueConstraint(
                fields=["board", "name"],
                name="one_column_per_name",
                violation_error_message=_("The board has a column of this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(wip_limit=None) | models.Q(wip_limit__gte=1),
                name="column_limit_is_positive",
                violation_error_message=_("A limit is at least one card."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="column_has_a_name",
                violation_error_message=_("A column needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
