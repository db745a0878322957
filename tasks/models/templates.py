"""Cards that are begun alike: what a new card of a board can start from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from tasks.models.boards import Board
from tasks.models.cards import TEXT_LENGTH, TITLE_LENGTH, Priority
from tasks.models.labels import Label
from workspaces.models import Membership, WorkspaceOwned

LONGEST_DUE = 3650  # days


class CardTemplate(WorkspaceOwned):
    """What a card says before it is one: it stands in no column, has no number, counts nowhere.

    A card made from it is due `due_in` days later. `people` holds the ids of helpers, `labels`
    those of labels, `values` what custom fields say by their ids, `checklist` the lines.
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="templates")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), max_length=TEXT_LENGTH, blank=True)
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="+")
    due_in = models.PositiveSmallIntegerField(_("due in days"), null=True)
    estimate = models.DecimalField(_("estimate"), max_digits=7, decimal_places=2, null=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NONE
    )
    labels = models.ManyToManyField(Label, related_name="+")
    helpers = models.ManyToManyField(Membership, related_name="+")
    values = models.JSONField(default=dict)
    checklist = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="card_template_has_a_title",
                violation_error_message=_("A card needs a title."),
            ),
        ]
        indexes = [models.Index(fields=["board", "title"], name="card_template_by_board")]

    def __str__(self) -> str:
        return self.title
