"""What a board does by itself: rules, and a log of what each of them did."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models.boards import Board
from tasks.models.cards import Card
from workspaces.models import Membership, WorkspaceOwned

RULE_LENGTH = 60
OCCASION_LENGTH = 60
NOTE_LENGTH = 500

WHENS = [
    ("made", _("A card is made")),
    ("comes", _("A card comes into a column")),
    ("leaves", _("A card leaves a column")),
    ("done", _("A card is done")),
    ("labelled", _("A label is put on a card")),
    ("assigned", _("A card is given to somebody")),
    ("ticked", _("The last step of a checklist is ticked off")),
    ("blocked", _("A card is blocked")),
    ("unblocked", _("A card is blocked no longer")),
    ("due", _("A card is due in some days")),
    ("overdue", _("A card is overdue")),
]


class Automation(WorkspaceOwned):
    """When something happens to a card of the board, and if it is one of some, then do something.

    `when` is what happens, with `column_id`, `label_id` or `days` in `about` where it needs them;
    `query` are the pairs of a filter and `columns` where the card stands (none: anywhere); `then`
    is what is done, by the names of rules.automations.Then. Events of the log up to `seen_until`
    have been looked at: rule and mark are written in one transaction, so each event counts once.
    `turn` is whose turn it is where several take turns. `off_why` says what switched it off.
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=RULE_LENGTH)
    when = models.CharField(max_length=10, choices=WHENS)
    about: Any = models.JSONField(default=dict)
    query: Any = models.JSONField(default=list)
    columns: Any = models.JSONField(default=list)
    then: Any = models.JSONField(default=dict)
    is_on = models.BooleanField(_("on"), default=True)
    off_why = models.CharField(max_length=20, blank=True)
    seen_until = models.BigIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"],
                name="one_automation_of_a_name",
                violation_error_message=_("The board has a rule of this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="automation_has_a_name",
                violation_error_message=_("A rule needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AutomationRun(WorkspaceOwned):
    """A rule met a card, once for an occasion: an event of the log, or a due day.

    `did` names what was done; `note` says why nothing was.
    """

    class Outcome(models.TextChoices):
        """What came of it."""

        DONE = "done", pgettext_lazy("MOps", "Done")
        NOTHING = "nothing", _("Nothing to do")
        REFUSED = "refused", pgettext_lazy("MOps", "Refused")
        LOOP = "loop", _("Loop stopped")

    automation = models.ForeignKey(Automation, models.CASCADE, related_name="runs", db_index=False)
    occasion = models.CharField(max_length=OCCASION_LENGTH)
    card = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="+")
    card_title = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    did: Any = models.JSONField(default=list)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["automation", "occasion"],
                name="one_run_for_an_occasion",
                violation_error_message=_("The rule has met this already."),
            ),
        ]
        indexes = [models.Index(fields=["at"], name="automation_run_by_time")]

    def __str__(self) -> str:
        return f"{self.automation_id} {self.occasion}: {self.outcome}"
