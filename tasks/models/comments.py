"""What people say on a card, and how others answer it with a sign."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models.cards import NONCE_LENGTH, TEXT_LENGTH, Card
from workspaces.models import Membership, WorkspaceOwned

BY_NAME_LENGTH = 120


class Sign(models.TextChoices):
    """The signs that answer a comment; which drawing stands for one is the page's business."""

    YES = "yes", pgettext_lazy("MOps", "Thumbs up")
    HEART = "heart", pgettext_lazy("MOps", "Heart")
    PARTY = "party", _("Party")
    EYES = "eyes", _("Eyes: I look at it")
    CHECK = "check", _("Check mark: done")
    QUESTION = "question", _("Question mark")


class Comment(WorkspaceOwned):
    """One thing that somebody said on a card, in Markdown.

    It has a version of its own and leaves the card's alone. `by_name` outlives the membership. A
    comment that others answered stays as an empty line when it is deleted.
    """

    card = models.ForeignKey(Card, models.CASCADE, related_name="comments", db_index=False)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=BY_NAME_LENGTH)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answered_by")
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    nonce = models.CharField(max_length=NONCE_LENGTH, null=True)  # noqa: DJ001  NULLs are not equal
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "nonce"],
                name="one_comment_per_nonce",
                violation_error_message=_("This comment was sent already."),
            ),
            models.CheckConstraint(
                condition=(models.Q(deleted_at=None) & ~models.Q(text=""))
                | models.Q(deleted_at__isnull=False, text=""),
                name="comment_says_something_or_is_deleted",
                violation_error_message=_("Write a comment."),
            ),
        ]
        indexes = [models.Index(fields=["card", "at", "id"], name="comment_by_card")]

    def __str__(self) -> str:
        return f"{self.by_name} on {self.card_id}"


class Reaction(WorkspaceOwned):
    """A sign that a member gave a comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reactions", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    sign = models.CharField(max_length=10, choices=Sign.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "sign", "member"],
                name="one_sign_of_a_person_on_a_comment",
                violation_error_message=_("You have given this sign already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} of {self.member_id} on {self.comment_id}"
