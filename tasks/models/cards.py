"""Pieces of work and the lines on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from tasks.models.boards import Board, Column
from tasks.models.ranks import RankField
from workspaces.models import Membership, SlaClock, WorkspaceOwned

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
ITEM_LENGTH = 500
NONCE_LENGTH = 64


class Card(WorkspaceOwned):
    """One task; it stands in exactly one column, at a place of its own.

    `came_from` is where it stood before it was done, so that taking the tick back returns it;
    `clock` is that of the request which the work answers; `nonce` is what a client sent to say that
    two requests mean one card.
    """

    number = models.PositiveIntegerField()
    board = models.ForeignKey(Board, models.CASCADE, related_name="cards")
    column = models.ForeignKey(Column, models.PROTECT, related_name="cards", db_index=False)
    position = RankField()
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), max_length=TEXT_LENGTH, blank=True)
    assignee = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("assignee")
    )
    due_on = models.DateField(_("due"), null=True)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, related_name="+", verbose_name=_("goal")
    )
    clock = models.ForeignKey(
        SlaClock, models.SET_NULL, null=True, related_name="+", verbose_name=_("request")
    )
    came_from = models.ForeignKey(Column, models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=NONCE_LENGTH, null=True)  # noqa: DJ001  NULLs are not equal
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["column", "position"],
                name="one_card_per_place",
                violation_error_message=_("Another card already stands there."),
            ),
            models.UniqueConstraint(
                fields=["workspace", "number"],
                name="one_card_per_number",
                violation_error_message=_("Another card has this number."),
            ),
            models.UniqueConstraint(
                fields=["workspace", "nonce"],
                name="one_card_per_nonce",
                violation_error_message=_("This card was made already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(position=""),
                name="card_has_a_place",
                violation_error_message=_("A card needs a place in its column."),
            ),
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="card_has_a_title",
                violation_error_message=_("A card needs a title."),
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], name="card_by_due_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        """Whether it stands in a done column."""
        return self.done_at is not None


class ChecklistItem(WorkspaceOwned):
    """A line on a card that is ticked off by itself."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="items", db_index=False)
    text = models.CharField(_("text"), max_length=ITEM_LENGTH)
    position = RankField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "position"],
                name="one_item_per_place",
                violation_error_message=_("Another item already stands there."),
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="item_has_a_text",
                violation_error_message=_("An item needs a text."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
