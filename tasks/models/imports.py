"""Boards that are brought from a file: the run, and where its cards and people came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.boards import Board
from tasks.models.cards import Card, ChecklistItem
from workspaces.models import Membership, WorkspaceOwned

KEY_LENGTH = 200
PERSON_LENGTH = 200


class State(models.TextChoices):
    """Where a run stands: those of AT_WORK are done by the job, READY waits for a person."""

    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Checked, not imported")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed, nothing imported")
    CANCELLED = "cancelled", _("Cancelled, nothing imported")
    UNDONE = "undone", _("Undone, taken back")


AT_WORK = (State.CHECKING, State.WAITING)


class BoardImport(WorkspaceOwned):
    """One file on its way to a board.

    `choices` are what somebody has said of it (operations.imports.Choices), `found` is what stands
    in it, `outcome` what the last check or the import itself counted, `left` what could not be
    brought: code, place and what. `claims` counts the workers that took it up in vain.
    """

    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    file = models.CharField(max_length=255, blank=True)
    file_name = models.CharField(max_length=255)
    file_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    left = models.JSONField(default=list)
    left_count = models.PositiveIntegerField(default=0)
    error = models.JSONField(default=dict)
    board = models.ForeignKey(Board, models.SET_NULL, null=True, related_name="+")
    made_board = models.BooleanField(default=False)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-id"], name="board_import_by_workspace"),
            models.Index(
                fields=["state"],
                name="board_import_at_work",
                condition=models.Q(state__in=[State.CHECKING, State.WAITING]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether the job has something to do for it."""
        return self.state in AT_WORK


class ImportedCard(WorkspaceOwned):
    """What a card is called in the tool that it came from, so that it comes only once."""

    run = models.ForeignKey(BoardImport, models.CASCADE, related_name="cards")
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", db_index=False)
    card = models.OneToOneField(Card, models.CASCADE, related_name="imported_from")
    key = models.CharField(max_length=KEY_LENGTH)

    class Meta:
        indexes = [models.Index(fields=["board", "key"], name="imported_card_by_key")]

    def __str__(self) -> str:
        return self.key


class ImportedPerson(WorkspaceOwned):
    """Somebody whom a file names and who was no member then; `member` is who it turned out to be.

    Their cards are handed over once a member is known: see operations.imports_people.
    """

    run = models.ForeignKey(BoardImport, models.CASCADE, related_name="people")
    name = models.CharField(max_length=PERSON_LENGTH)
    email = models.CharField(max_length=254, blank=True)
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "email"],
                name="imported_person_waiting",
                condition=models.Q(handed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportedPart(WorkspaceOwned):
    """What an imported person had to do with a card, or with one line of its checklist."""

    class Part(models.TextChoices):
        """What it was."""

        RESPONSIBLE = "assignee", _("Assignee")
        HELPER = "helper", _("Helper")
        WATCHER = "watcher", _("Watcher")
        LINE = "line", _("Checklist")
        SAID = "said", _("Comments")

    person = models.ForeignKey(ImportedPerson, models.CASCADE, related_name="parts")
    card = models.ForeignKey(Card, models.CASCADE, related_name="+")
    item = models.ForeignKey(ChecklistItem, models.CASCADE, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)

    def __str__(self) -> str:
        return f"{self.part} of {self.card_id}"
