"""Request forms: what they ask, who is behind them, and what was sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.boards import Board, Column
from tasks.models.cards import NONCE_LENGTH, TITLE_LENGTH, Card
from tasks.models.comments import BY_NAME_LENGTH
from tasks.rules.intake import EMAIL_LENGTH, Question, question_from
from workspaces.models import Membership, SlaPromise, WorkspaceOwned

FORM_NAME_LENGTH = 80
WORDS_LENGTH = 5000


class RequestForm(WorkspaceOwned):
    """A form whose answers become cards of a board.

    What it asks is in its newest RequestFormVersion, whose number is `version`. With `in_turn` the
    members of part TURN get the cards one after the other; `last_turn` is the place of who got the
    last one. Who has the address of a public form needs no account; `key` makes that address.
    """

    class Audience(models.TextChoices):
        """Who may send it."""

        MEMBERS = "members", _("Members")
        PUBLIC = "public", _("Everybody who has its address")

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    column = models.ForeignKey(Column, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=FORM_NAME_LENGTH)
    audience = models.CharField(
        _("who sends it"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS
    )
    is_open = models.BooleanField(_("takes requests"), default=True)
    takes_comments = models.BooleanField(_("who sends may comment"), default=True)
    in_turn = models.BooleanField(_("one after the other"), default=False)
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    promise = models.ForeignKey(SlaPromise, models.SET_NULL, null=True, related_name="+")
    last_turn = models.IntegerField(default=-1)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(default=uuid.uuid4)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(archived_at=None),
                name="one_request_form_per_name",
                violation_error_message=_("There is a form of this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="request_form_has_a_name",
                violation_error_message=_("A form needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether it needs no account."""
        return self.audience == self.Audience.PUBLIC


class RequestFormVersion(WorkspaceOwned):
    """What a form said and asked from one change to the next; `questions` are rules.intake's."""

    form = models.ForeignKey(RequestForm, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    words = models.TextField(_("words"), max_length=WORDS_LENGTH, blank=True)
    questions = models.JSONField(default=list)
    by_name = models.CharField(max_length=BY_NAME_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "number"],
                name="one_request_form_version_per_number",
                violation_error_message=_("There is a version of this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}, {self.number}"

    @property
    def asked(self) -> list[Question]:
        """The questions as the rules know them."""
        return [question_from(one) for one in self.questions]


class RequestFormPerson(WorkspaceOwned):
    """A member whom a form gives cards in turn, or tells of what comes."""

    class Part(models.TextChoices):
        """What the form does with them."""

        TURN = "turn", _("Gets cards in turn")
        TOLD = "told", _("Is told")

    form = models.ForeignKey(RequestForm, models.CASCADE, related_name="people", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    part = models.CharField(max_length=5, choices=Part.choices)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "part", "member"],
                name="one_part_of_a_person_in_a_request_form",
                violation_error_message=_("This person is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.member_id} of {self.form_id}"


class Submission(WorkspaceOwned):
    """A form as somebody sent it: `answers` exactly, with what they answered, and its card.

    `member` is who sent it signed in. Who has the link that `key` makes sees how it stands.
    `mail_at` is when the receipt is to be sent, None for none or once it was.
    """

    form = models.ForeignKey(RequestForm, models.CASCADE, related_name="submissions")
    version = models.PositiveIntegerField()
    card = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="+")
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    email = models.CharField(max_length=EMAIL_LENGTH, blank=True)
    language = models.CharField(max_length=16, blank=True)
    answers = models.JSONField(default=list)
    nonce = models.CharField(max_length=NONCE_LENGTH, null=True)  # noqa: DJ001  NULLs are not equal
    key = models.UUIDField(default=uuid.uuid4)
    secret_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    mail_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "nonce"],
                name="one_submission_per_nonce",
                violation_error_message=_("This request was sent already."),
            ),
        ]
        indexes = [
            models.Index(fields=["form", "-sent_at"], name="submission_by_form"),
            models.Index(
                fields=["mail_at"],
                name="submission_to_mail",
                condition=models.Q(mail_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
