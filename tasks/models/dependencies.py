"""What holds cards up: other cards that come first, and whatever else somebody says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.cards import Card
from workspaces.models import Membership, WorkspaceOwned

REASON_LENGTH = 300


class Dependency(WorkspaceOwned):
    """A card waits for another one, maybe of another board, until that is done or off its board."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    waits_for = models.ForeignKey(Card, models.CASCADE, related_name="+")
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "waits_for"],
                name="one_dependency_between_two_cards",
                violation_error_message=_("The card waits for that one already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(card=models.F("waits_for")),
                name="no_card_waits_for_itself",
                violation_error_message=_("A card does not wait for itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} waits for {self.waits_for_id}"


class Blocking(WorkspaceOwned):
    """A time in which a card was held up: by another card, or by hand for a `reason`.

    It goes on while `until` is None. That of a dependency is written down as the two cards turn;
    whether one holds now is also asked of the cards themselves (queries.dependencies.holding).
    """

    card = models.ForeignKey(Card, models.CASCADE, related_name="+", db_index=False)
    waits_for = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "waits_for"],
                condition=models.Q(until=None, waits_for__isnull=False),
                name="one_open_blocking_by_a_card",
                violation_error_message=_("The card is held up by that one already."),
            ),
            models.UniqueConstraint(
                fields=["card"],
                condition=models.Q(until=None) & ~models.Q(reason=""),
                name="one_open_blocking_by_hand",
                violation_error_message=_("The card is marked as blocked already."),
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="blocking_runs_forward",
                violation_error_message=_("A card is freed after it was blocked."),
            ),
        ]
        indexes = [models.Index(fields=["card", "until"], name="blocking_by_card")]

    def __str__(self) -> str:
        return f"{self.card_id} held up since {self.since:%Y-%m-%d}"

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody said so, with a reason."""
        return bool(self.reason)
