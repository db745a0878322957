"""Where work stands: boards and their columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import WorkspaceOwned

NAME_LENGTH = 80
COLUMN_NAME_LENGTH = 40
LARGEST_LIMIT = 999


class Board(WorkspaceOwned):
    """A team's wall; its version counts changes of its name and its columns, not of its cards."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
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
    """A stage of work on one board; cards in a column that `is_done` are done."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="columns")
    name = models.CharField(_("name"), max_length=COLUMN_NAME_LENGTH)
    position = models.PositiveSmallIntegerField()
    wip_limit = models.PositiveSmallIntegerField(_("limit"), null=True, blank=True)
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
