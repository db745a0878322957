from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import SaidForm
from tasks.models import Card, Comment, Sign
from tasks.models.attachments import ADDRESS_LENGTH, FILE_NAME_LENGTH
from tasks.models.cards import NONCE_LENGTH, TEXT_LENGTH
from workspaces.forms import Refusing, VersionField
from workspaces.queries import formats


class CommentForm(SaidForm):
    """Something new that is said on a card."""

    text = forms.CharField(label=_("Comment"), max_length=TEXT_LENGTH)
    answers = forms.ModelChoiceField(queryset=Comment.objects.none(), required=False)
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].queryset = Comment.objects.filter(card=card)


class EditCommentForm(Refusing):
    text = forms.CharField(
        label=_("Comment"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = VersionField()

    @staticmethod
    def values_of(comment: Comment) -> dict[str, Any]:
        """What the form shows first of a comment that is there."""
        return {"text": comment.text, "version": comment.version}


class SignForm(SaidForm):
    sign = forms.ChoiceField(choices=Sign.choices)
    on = forms.BooleanField(required=False)


class LinkForm(SaidForm):
    name = forms.CharField(max_length=FILE_NAME_LENGTH, required=False)
    address = forms.CharField(max_length=ADDRESS_LENGTH)


class RenameForm(Refusing):
    """What an attachment is called; `was` is the name that was seen."""

    counter = "was"

    name = forms.CharField(
        label=_("Name"), max_length=FILE_NAME_LENGTH, widget=forms.TextInput({"dir": "auto"})
    )
    was = forms.CharField(
        max_length=FILE_NAME_LENGTH, strip=False, required=False, widget=forms.HiddenInput
    )


class CompareForm(forms.Form):
    """Which two versions of a file stand side by side: the newest beside the one before it."""

    left = forms.TypedChoiceField(label=_("On one side"), coerce=int)
    right = forms.TypedChoiceField(label=_("On the other side"), coerce=int)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, formats.number(number, 0)) for number in numbers]
        self.fields["left"].choices = self.fields["right"].choices = choices
