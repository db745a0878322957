"""How people look at boards: what one has chosen for oneself, and filters with a name."""

from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.boards import Board, Lanes
from workspaces.models import Membership, WorkspaceOwned

FILTER_LENGTH = 60


class BoardChoice(WorkspaceOwned):
    """How one member looks at one board; nobody else's business, so no event tells of it.

    `folded` holds the ids of columns that are collapsed, `folded_lanes` the keys of swimlanes.
    `lanes` is how the board is grouped for the member; empty: as it is for all.
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    is_compact = models.BooleanField(default=False)
    folded = models.JSONField(default=list)
    lanes = models.CharField(max_length=10, choices=Lanes.choices, blank=True, default="")
    folded_lanes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "member"],
                name="one_choice_of_a_member_on_a_board",
                violation_error_message=_("This is chosen already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.board_id}"

    @property
    def by(self) -> str:
        """What the board's swimlanes are by for the member, "" for none."""
        wanted = self.lanes or self.board.lanes
        return "" if wanted == Lanes.NONE else wanted


class KeyChoice(WorkspaceOwned):
    """Whether single letters are keys of boards for a member; without a row they are."""

    member = models.OneToOneField(Membership, models.CASCADE, related_name="+")
    has_letters = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"keys of {self.member_id}"


class SavedFilter(WorkspaceOwned):
    """A filter of a board with a name; one that is not shared is seen by its owner alone.

    `query` holds the pairs of an address's query, which rules.filters reads.
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=FILTER_LENGTH)
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    is_shared = models.BooleanField(_("shared"), default=False)
    query = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="filter_has_a_name",
                violation_error_message=_("A filter needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The query of the board's address that looks for the same."""
        return urlencode([tuple(pair) for pair in self.query])
