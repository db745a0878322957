"""Other ways to see cards: what a member shows in a list, and where calendars fetch cards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.boards import Board
from workspaces.models import Membership, WorkspaceOwned


class ListChoice(WorkspaceOwned):
    """Which columns one member's list of a board shows; without a board that of all cards.

    Nobody else's business, so no event tells of it. `shows` holds words of rules.listing.Part.
    """

    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="+")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    shows = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "member"],
                name="one_list_choice_of_a_member_on_a_board",
                violation_error_message=_("This is chosen already."),
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(board=None),
                name="one_list_choice_of_a_member_for_all",
                violation_error_message=_("This is chosen already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.board_id or 'all boards'}"


class CalendarFeed(WorkspaceOwned):
    """A secret address where a calendar fetches a board's cards; without a board the member's own.

    It opens only as long as its member may see the workspace.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "member"],
                name="one_feed_of_a_member_for_a_board",
                violation_error_message=_("There is an address already."),
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(board=None),
                name="one_feed_of_a_member_for_their_own",
                violation_error_message=_("There is an address already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.board_id or 'own cards'}"
