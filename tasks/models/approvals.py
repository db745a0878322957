"""What is to be approved on a card, by whom, and what each of them answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.attachments import Attachment, AttachmentVersion
from tasks.models.cards import Card
from tasks.models.comments import BY_NAME_LENGTH
from tasks.rules.approvals import State, Verdict
from workspaces.models import Membership, WorkspaceOwned

QUESTION_LENGTH = 1000
ANSWER_LENGTH = 5000
VERDICT_CHOICES = [
    (Verdict.APPROVED.value, _("Approved")),
    (Verdict.CHANGES.value, _("Changes needed")),
]
STATE_CHOICES = [
    (State.WAITING.value, _("Waiting for approval")),
    (State.APPROVED.value, _("Approved")),
    (State.CHANGES.value, _("Changes needed")),
    (State.WITHDRAWN.value, _("Withdrawn")),
]


class Approval(WorkspaceOwned):
    """One question to named people: is this right, the card's description or (`of_file`) a file.

    It is approved once `needed` of them say so. `round` counts how often what it asks about has
    changed: an answer names the round that it saw. `state` and `given` follow from the answers.
    """

    card = models.ForeignKey(Card, models.CASCADE, related_name="approvals", db_index=False)
    of_file = models.BooleanField(default=False)
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    question = models.CharField(_("question"), max_length=QUESTION_LENGTH, blank=True)
    needed = models.PositiveSmallIntegerField(_("how many approve"))
    due_on = models.DateField(_("due"), null=True)
    round = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=STATE_CHOICES, default=State.WAITING.value)
    given = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=BY_NAME_LENGTH)
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(needed__gte=1),
                name="approval_needs_somebody",
                violation_error_message=_("At least one approves."),
            ),
        ]
        indexes = [models.Index(fields=["card", "state"], name="approval_by_card")]

    def __str__(self) -> str:
        return f"{self.card_id}: {self.state}"


class Approver(WorkspaceOwned):
    """Somebody who is asked; `name` outlives the membership."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="approvers", db_index=False)
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=BY_NAME_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "member"],
                name="one_approver_once",
                violation_error_message=_("This person is asked already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApprovalAnswer(WorkspaceOwned):
    """What an approver said once, and what they saw: none is ever written over.

    `round` is that of the approval; `seen` is the version of the file, or that of the card in
    which its description was written. `voided_at` says since when it counts no more.
    """

    approver = models.ForeignKey(Approver, models.CASCADE, related_name="answers")
    verdict = models.CharField(max_length=10, choices=VERDICT_CHOICES)
    words = models.TextField(_("comment"), max_length=ANSWER_LENGTH, blank=True)
    round = models.PositiveIntegerField()
    seen = models.PositiveIntegerField()
    version = models.ForeignKey(AttachmentVersion, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["approver"],
                condition=models.Q(voided_at=None),
                name="one_answer_counts",
                violation_error_message=_("This person has answered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.approver_id}"
