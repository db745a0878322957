from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import DAY, MembersField, SaidForm
from tasks.models import Attachment, Card
from tasks.models.approvals import ANSWER_LENGTH, QUESTION_LENGTH, VERDICT_CHOICES
from tasks.operations.approvals import MOST_APPROVERS, ApprovalDraft
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership
from workspaces.queries.people import members_of


class FileField(forms.ModelChoiceField):
    def label_from_instance(self, attachment: Attachment) -> str:
        return attachment.name


class AskApprovalForm(Refusing):
    """Who is to approve what of a card."""

    attachment = FileField(
        label=_("What is to be approved"),
        queryset=Attachment.objects.none(),
        required=False,
        empty_label=_("The description of the card"),
    )
    approvers = MembersField(
        label=_("Who is asked"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    needed = forms.IntegerField(
        label=_("How many of them must approve"),
        required=False,
        min_value=1,
        max_value=MOST_APPROVERS,
        help_text=_("Empty: all of them."),
    )
    due_on = forms.DateField(
        label=_("Answer until"),
        required=False,
        widget=DAY,
        help_text=_("Who has not answered is reminded the day before, on the day, and once after."),
    )
    question = forms.CharField(
        label=_("What to look at"),
        max_length=QUESTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    elsewhere = {"due": "due_on"}

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = Attachment.objects.filter(card=card, trashed_at=None, address="")
        self.fields["attachment"].queryset = files.order_by("pk")
        self.fields["approvers"].queryset = members_of(card.workspace)

    def draft(self) -> ApprovalDraft:
        """The question as it is wanted."""
        return ApprovalDraft(**self.typed)


class AnswerApprovalForm(SaidForm):
    """What somebody who is asked says, with the round that they saw."""

    verdict = forms.ChoiceField(label=_("Your answer"), choices=VERDICT_CHOICES)
    words = forms.CharField(label=_("Comment"), max_length=ANSWER_LENGTH, required=False)
    round = VersionField()
