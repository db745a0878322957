"""The form of a check-in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.fields import AmountField
from goals.models import CheckIn
from goals.models.checkins import NOTE_LENGTH
from goals.operations.checkins import Said
from goals.rules import amounts
from workspaces.forms import Refusing


class CheckInForm(Refusing):
    """What the owner says; a draft may say nothing yet."""

    note = forms.CharField(
        label=_("How it goes"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    value_note = forms.CharField(
        label=_("About the number"),
        max_length=500,
        required=False,
        help_text=_("What one should know to read it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    confidence = AmountField(
        label=_("Confidence"),
        required=False,
        help_text=_("From 0, it will not be met, to 1, it will."),
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "12"}
        ),
    )

    @staticmethod
    def values_of(draft: CheckIn | None) -> dict[str, Any]:
        """What the form shows of a draft."""
        if draft is None:
            return {}
        return {
            "note": draft.note,
            "value_note": draft.value_note,
            "confidence": amounts.stored(draft.confidence),
        }

    def said(self) -> Said:
        """The cleaned fields."""
        return Said(**self.cleaned_data)
