"""The form that says what a metric is; the operation judges it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models import Metric
from metrics.models.definitions import (
    ADDITIVE,
    DIRECTION_CHOICES,
    KIND_CHOICES,
    MEASURED,
    RATIO,
    UNIT_CHOICES,
)
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import definition_of
from metrics.queries.catalogue import metrics_of
from workspaces.models import Workspace

DECIMALS = [(n, str(n)) for n in range(7)]


class DefinitionForm(forms.Form):
    """Every field of a definition; a ratio names two additive metrics."""

    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.CharField(
        label=pgettext_lazy("MOps", "Key"),
        max_length=63,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocapitalize": "none",
                "spellcheck": "false",
                "data-key-of": "id_name",
            }
        ),
        help_text=_("How files and programs call it: small letters, digits, underscores."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KIND_CHOICES, initial=ADDITIVE, widget=forms.RadioSelect
    )
    numerator = forms.ChoiceField(label=_("Numerator"), required=False)
    denominator = forms.ChoiceField(label=_("Denominator"), required=False)
    scale = forms.CharField(
        label=_("Times"),
        required=False,
        max_length=24,
        initial="100",
        help_text=_("100 for a percentage, 1 for a cost per piece."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNIT_CHOICES, initial="count")
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "EUR"}),
        help_text=_("Three letters, for money."),
    )
    decimals = forms.TypedChoiceField(label=_("Decimals"), choices=DECIMALS, coerce=int, initial=0)
    direction = forms.ChoiceField(
        label=_("Direction"), choices=DIRECTION_CHOICES, initial="up", widget=forms.RadioSelect
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is counted, and what is not."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self, *args: Any, workspace: Workspace, metric: Metric | None = None, **kwargs: Any
    ) -> None:
        """Offer the workspace's additive metrics; an existing metric keeps its key."""
        super().__init__(*args, **kwargs)
        known = [("", _("Choose a metric"))]
        known += [(m.key, m.name) for m in metrics_of(workspace).filter(kind__in=MEASURED)]
        self.fields["numerator"].choices = self.fields["denominator"].choices = known
        if metric is not None:
            self.fields["key"].disabled = True
            self.initial |= vars(definition_of(metric)) | {"version": metric.version}

    def definition(self) -> Definition:
        """What the form says, in the operation's words."""
        given = dict(self.cleaned_data)
        given.pop("version")
        if given["kind"] != RATIO:
            given |= {"numerator": "", "denominator": "", "scale": "1"}
        given["scale"] = given["scale"] or "1"
        given["currency"] = given["currency"].upper() if given["unit"] == "currency" else ""
        return Definition(**given)
