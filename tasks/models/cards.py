"""Pieces of work and the lines on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from tasks.models.boards import COLUMN_NAME_LENGTH, Board, Column
from tasks.models.cycles import Cycle
from tasks.models.labels import Label
from tasks.models.ranks import RankField
from workspaces.models import Membership, SlaClock, WorkspaceOwned

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
ITEM_LENGTH = 500
NONCE_LENGTH = 64


class Priority(models.IntegerChoices):
    """How much a card matters; 0 is unsaid."""

    NONE = 0, pgettext_lazy("MOps", "None")
    LOW = 1, pgettext_lazy("MOps", "Low")
    MEDIUM = 2, pgettext_lazy("MOps", "Medium")
    HIGH = 3, pgettext_lazy("MOps", "High")
    URGENT = 4, pgettext_lazy("MOps", "Urgent")


class Card(WorkspaceOwned):
    """One task; it stands in exactly one column, at a place of its own, since `column_since`.

    `assignee` is the one who is responsible; helpers and watchers are CardPerson. `reports_to` is
    whom the work is shown to, where that is not whom the assignee reports to. `estimate` is in
    hours. `values` holds those of the custom fields by their ids as text.
    `came_from` is where it stood before it was done, so that taking the tick back returns it;
    `clock` is that of the request which the work answers; `nonce` is what a client sent to say that
    two requests mean one card. `series` is what made it, where it comes back.
    `touched` says in which version a field was written last (1 where it is not named), `placed_in`
    the same of the card's place: so two people who change two things do not meet.
    A card in the trash (`trashed_at`) is archived as well.
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
    reports_to = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("reports to")
    )
    start_on = models.DateField(_("start"), null=True)
    due_on = models.DateField(_("due"), null=True)
    estimate = models.DecimalField(_("estimate"), max_digits=7, decimal_places=2, null=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NONE
    )
    values = models.JSONField(default=dict)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, related_name="+", verbose_name=_("goal")
    )
    clock = models.ForeignKey(
        SlaClock, models.SET_NULL, null=True, related_name="+", verbose_name=_("request")
    )
    cycle = models.ForeignKey(
        Cycle, models.SET_NULL, null=True, related_name="+", verbose_name=_("cycle")
    )
    came_from = models.ForeignKey(Column, models.SET_NULL, null=True, related_name="+")
    series = models.ForeignKey("tasks.CardSeries", models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=NONCE_LENGTH, null=True)  # noqa: DJ001  NULLs are not equal
    version = models.PositiveIntegerField(default=1)
    touched = models.JSONField(default=dict)
    placed_in = models.PositiveIntegerField(default=1)
    column_since = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=models.Q(start_on=None)
                | models.Q(due_on=None)
                | models.Q(start_on__lte=models.F("due_on")),
                name="card_starts_before_it_is_due",
                violation_error_message=_("A card starts before it is due."),
            ),
            models.CheckConstraint(
                condition=models.Q(estimate=None) | models.Q(estimate__gt=0),
                name="card_estimate_is_positive",
                violation_error_message=_("An estimate is more than nothing."),
            ),
            models.CheckConstraint(
                condition=models.Q(trashed_at=None) | models.Q(archived_at__isnull=False),
                name="card_in_the_trash_is_archived",
                violation_error_message=_("A card in the trash is off its board."),
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], name="card_by_due_day"),
            models.Index(
                fields=["board", "column", "done_at", "due_on"],
                name="card_on_its_board",
                condition=models.Q(archived_at=None),
            ),
            models.Index(
                fields=["workspace", "trashed_at"],
                name="card_in_the_trash",
                condition=models.Q(trashed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        """Whether it stands in a done column."""
        return self.done_at is not None


class CardPerson(WorkspaceOwned):
    """Somebody beside the one who is responsible: who helps, or who only wants to know."""

    class Part(models.TextChoices):
        """What the person does there."""

        HELPER = "helper", _("Helper")
        WATCHER = "watcher", _("Watcher")

    card = models.ForeignKey(Card, models.CASCADE, related_name="people", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "part", "member"],
                name="one_part_of_a_person_in_a_card",
                violation_error_message=_("This person is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.member_id} of {self.card_id}"


class CardLabel(WorkspaceOwned):
    """A label on a card."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="labels", db_index=False)
    label = models.ForeignKey(Label, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "label"],
                name="one_label_once_on_a_card",
                violation_error_message=_("This label is on the card already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.card_id}"


class Stay(WorkspaceOwned):
    """A time that a card stood in a column and has left; where it stands now is on the card.

    `column_name` is what the column was called then; the column may be gone.
    """

    card = models.ForeignKey(Card, models.CASCADE, related_name="stays", db_index=False)
    column = models.ForeignKey(Column, models.SET_NULL, null=True, related_name="+")
    column_name = models.CharField(max_length=COLUMN_NAME_LENGTH)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["card", "left_at"], name="stay_by_card")]

    def __str__(self) -> str:
        return f"{self.card_id} in {self.column_name}"


class ChecklistItem(WorkspaceOwned):
    """A line on a card that is ticked off by itself, by somebody until some day if that is said."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="items", db_index=False)
    text = models.CharField(_("text"), max_length=ITEM_LENGTH)
    position = RankField()
    assignee = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("assignee")
    )
    due_on = models.DateField(_("due"), null=True)
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
