"""The form that colleagues answer, and the forms that answer them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.strategy import area
from goals.models import FeedbackItem, Goal, StrategyVersion
from goals.models.feedback import DISPOSITION_CHOICES
from goals.models.strategy import LABEL_LENGTH
from goals.operations.feedback import Answers, Suggestion
from goals.operations.strategy_versions import Word
from goals.rules.strategy import Disposition, Document, Step
from workspaces.forms import Refusing, VersionField


class FeedbackForm(Refusing):
    """One field for each question and each goal of a version, and one for all the rest."""

    number = VersionField()
    whole = area(_("Anything else?"), 3)

    def __init__(self, *args: Any, version: StrategyVersion, **kwargs: Any) -> None:
        """Ask what the version asks."""
        self.document: Document = version.read
        super().__init__(*args, initial={"number": version.number}, **kwargs)
        for place, question in enumerate(self.document.questions):
            self.fields[f"question_{place}"] = area(question)
        for goal in self.document.goals:
            self.fields[f"goal_{goal.id}"] = area(goal.title, 1)
        if self.document.anonymous:
            self.fields["anonymous"] = forms.BooleanField(
                label=_("Answer without my name"), required=False
            )

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions."""
        return [self[f"question_{place}"] for place in range(len(self.document.questions))]

    @property
    def goals(self) -> list[tuple[Any, Any]]:
        """The goals with the fields that comment them."""
        return [(goal, self[f"goal_{goal.id}"]) for goal in self.document.goals]

    def answers(self, **who: Any) -> Answers:
        """The cleaned fields; `who` says who answers."""
        fields = self.cleaned_data
        here = Goal.objects.in_bulk([goal.id for goal in self.document.goals])
        said = [
            Suggestion(fields[f"question_{place}"], about=question)
            for place, question in enumerate(self.document.questions)
        ]
        said += [
            Suggestion(
                fields[f"goal_{goal.id}"],
                step=Step.GOALS.value,
                goal=here.get(goal.id),
                about=goal.title,
            )
            for goal in self.document.goals
        ]
        said.append(Suggestion(fields["whole"]))
        return Answers(said, anonymous=fields.get("anonymous", False), **who)


class OpenFeedbackForm(FeedbackForm):
    """The same for a colleague without an account.

    `website` is a trap: people do not see it, programs fill it in.
    """

    name = forms.CharField(label=_("Your name"), max_length=LABEL_LENGTH, required=False)
    website = forms.CharField(required=False, widget=forms.TextInput)

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))


class DecideForm(Refusing):
    """What becomes of a suggestion."""

    counter = "revision"

    revision = VersionField()
    disposition = forms.ChoiceField(label=_("What becomes of it"), choices=DISPOSITION_CHOICES)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)

    def clean_disposition(self) -> Disposition:
        """The word as the rules know it."""
        return Disposition(self.cleaned_data["disposition"])

    @staticmethod
    def values_of(item: FeedbackItem) -> dict[str, Any]:
        """What the form shows of a suggestion that was answered."""
        return {"disposition": item.disposition, "reason": item.reason}


class SignForm(Refusing):
    """Agreed or not."""

    number = VersionField()
    agreed = forms.TypedChoiceField(
        label=_("Your word"),
        choices=[("yes", _("I agree")), ("no", _("I do not agree"))],
        coerce=lambda word: word == "yes",
    )
    words = forms.CharField(label=_("What must change"), max_length=1000, required=False)

    def word(self) -> Word:
        """The cleaned fields."""
        return Word(agreed=self.cleaned_data["agreed"], words=self.cleaned_data["words"])
