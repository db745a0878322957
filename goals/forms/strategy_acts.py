"""The forms of what is done with a strategy as a whole: publishing, sharing, deciding."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.forms.strategy import DAY, area
from goals.models import Goal, Strategy
from goals.models.strategy import LABEL_LENGTH, TITLE_LENGTH
from goals.operations.strategy_decisions import DecisionDraft
from goals.operations.strategy_shares import ShareDraft
from goals.queries.strategy_documents import signers_of
from workspaces.forms import Refusing, VersionField
from workspaces.models import Stakeholder

LIFE = timedelta(days=30)


class VersionForm(Refusing):
    """A button that says what it saw."""

    version = VersionField()


class PublishForm(VersionForm):
    """What is new in the version that is published."""

    note = forms.CharField(
        label=_("What is new"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, missing: Sequence[str] = (), **kwargs: Any) -> None:
        """Ask whether to publish all the same where something is missing."""
        super().__init__(*args, **kwargs)
        self.missing = missing
        if missing:
            self.fields["anyway"] = forms.BooleanField(
                label=_("Publish it all the same"), required=False
            )

    def clean(self) -> dict[str, Any]:
        """What is missing is said once, by name, before it is published."""
        fields = super().clean() or {}
        if self.missing and not fields.pop("anyway", False):
            self.add_error("anyway", list(self.missing))
        return fields


class ShareForm(Refusing):
    """A link for people without an account."""

    label = forms.CharField(label=_("For whom"), max_length=LABEL_LENGTH)
    until = forms.DateField(label=_("Opens until"), widget=DAY)
    takes_feedback = forms.BooleanField(
        label=_("With the feedback form"), required=False, initial=True
    )
    stakeholder = forms.ModelChoiceField(
        label=_("Signs for"),
        queryset=Stakeholder.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "Nobody"),
        help_text=_("Whoever has this link may sign for this stakeholder."),
    )
    pin = forms.BooleanField(
        label=_("Always show the present version"),
        required=False,
        help_text=_("Otherwise the link shows the newest one."),
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        """Offer those who are asked to sign."""
        super().__init__(*args, **kwargs)
        asked = signers_of(strategy).exclude(stakeholder=None)
        named = Stakeholder.objects.filter(pk__in=asked.values("stakeholder"))
        self.fields["stakeholder"].queryset = named.order_by("name", "pk")

    def draft(self, newest: Any) -> ShareDraft:
        """The cleaned fields; `newest` is what a pinned link keeps showing."""
        fields = dict(self.cleaned_data)
        return ShareDraft(pinned=newest if fields.pop("pin") else None, **fields)


class DecisionForm(Refusing):
    """A decision and what it rests on."""

    title = forms.CharField(label=_("Decision"), max_length=TITLE_LENGTH)
    decided_on = forms.DateField(label=_("Decided on"), widget=DAY)
    why = area(_("Why"))
    evidence = area(_("Evidence"), help_text=_("Which numbers or words does it rest on?"))
    goal = forms.ModelChoiceField(
        label=_("Goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
    )
    review_on = forms.DateField(label=_("Look at it again on"), widget=DAY, required=False)

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        """Offer the goals of the workspace."""
        super().__init__(*args, **kwargs)
        rows = Goal.objects.filter(workspace=strategy.workspace)
        self.fields["goal"].queryset = rows.order_by("title", "pk")

    def draft(self) -> DecisionDraft:
        """The cleaned fields."""
        return DecisionDraft(**self.cleaned_data)


class OutcomeForm(VersionForm):
    """What came of a decision."""

    came_of_it = area(_("What came of it"))
