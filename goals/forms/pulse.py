"""The forms of the pulse: how it is set up, and one answer."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import Pulse
from goals.models.pulse import QUESTION_LENGTH
from goals.operations.pulse import PulseDraft
from goals.rules.pulse import FEWEST, LAST_OPENING, MOST_FEWEST, SCORES
from workspaces.forms import Refusing, VersionField

QUESTION = _("How satisfied are you with how we work together?")


class PulseForm(Refusing):
    """The question, its day, whom it asks."""

    version = VersionField(required=False)
    question = forms.CharField(
        label=_("Question"),
        max_length=QUESTION_LENGTH,
        initial=QUESTION,
        help_text=_("It is answered by a number from 0, not at all, to 10, entirely."),
    )
    opens_on = forms.IntegerField(
        label=_("Opens each month on day"),
        min_value=1,
        max_value=LAST_OPENING,
        initial=20,
        help_text=_("It closes when the month is over."),
    )
    fewest = forms.IntegerField(
        label=_("Fewest answers for a result"),
        min_value=FEWEST,
        max_value=MOST_FEWEST,
        initial=FEWEST,
        help_text=_("With fewer, a month has no result and its answers are forgotten."),
    )
    asks_team = forms.BooleanField(label=_("Ask the team"), required=False, initial=True)
    asks_stakeholders = forms.BooleanField(
        label=_("Ask stakeholders by a personal link"), required=False, initial=True
    )
    is_on = forms.BooleanField(label=_("Ask each month"), required=False, initial=True)

    @staticmethod
    def values_of(pulse: Pulse) -> dict[str, Any]:
        """What the form shows first of a pulse that is set up."""
        names = [field.name for field in fields(PulseDraft)]
        return {name: getattr(pulse, name) for name in (*names, "version")}

    def draft(self) -> PulseDraft:
        """What was written, as the operation takes it."""
        return PulseDraft(**self.typed)


class ScoreForm(forms.Form):
    """One answer.

    `website` is a trap: people do not see it, programs fill it in.
    """

    score = forms.TypedChoiceField(
        label=_("Your answer"),
        coerce=int,
        choices=[(score, score) for score in SCORES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number from 0 to 10.")},
    )
    website = forms.CharField(required=False, widget=forms.TextInput)

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))
