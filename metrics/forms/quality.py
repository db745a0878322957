"""What people fill in about data quality; the operations judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.numbers import NumberField
from metrics.models import Metric
from metrics.models.definitions import MEASURED
from metrics.models.imports import Source
from metrics.operations.exclusions import Rule
from metrics.operations.quality import LONGEST_REASON
from metrics.queries.catalogue import metrics_of
from metrics.queries.quality import Asked
from metrics.queries.quality_words import KIND_WORDS
from metrics.queries.sources import known_sources
from metrics.queries.sums import series_of
from metrics.rules.quality import Kind, Severity
from metrics.rules.uniques import LONGEST_RECIPIENT
from workspaces.models import Workspace

SEVERITY_CHOICES = [
    (Severity.ERROR.value, _("Serious")),
    (Severity.WARNING.value, _("Doubtful")),
    (Severity.NOTE.value, _("Worth a look")),
]


class FindingsForm(forms.Form):
    """Which findings are shown."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    severity = forms.ChoiceField(label=_("How bad"), required=False)
    metric = forms.ChoiceField(label=_("Metric"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    dismissed = forms.BooleanField(label=_("Dismissed ones"), required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        """Offer what the workspace has."""
        super().__init__(*args, **kwargs)
        every = [("", pgettext_lazy("MOps", "All"))]
        names = known_sources(workspace)
        self.fields["kind"].choices = every + [(k.value, KIND_WORDS[k]) for k in Kind]
        self.fields["severity"].choices = every + SEVERITY_CHOICES
        self.fields["metric"].choices = every + [(m.key, m.name) for m in metrics_of(workspace)]
        self.fields["source"].choices = every + [(s.name, s.name) for s in names]
        self.fields |= {"from": _day(_("From")), "to": _day(_("To"))}

    def clean(self) -> dict[str, Any]:
        """Days go forwards."""
        given = super().clean() or {}
        first, last = given.get("from"), given.get("to")
        if first and last and first > last:
            self.add_error("from", _("“From” lies after “to”."))
        return given

    def asked(self) -> Asked:
        """The question of a valid form."""
        given = dict(self.cleaned_data)
        first, last = given.pop("from"), given.pop("to")
        return Asked(**given, first=first, last=last)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class DismissForm(forms.Form):
    """Why a finding is no trouble, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    first = forms.DateField(required=False, widget=forms.HiddenInput)
    last = forms.DateField(required=False, widget=forms.HiddenInput)


class SourceForm(forms.Form):
    """How often a source sends, and how late."""

    cadence = forms.IntegerField(label=_("Every (days)"), required=False)
    lag = forms.IntegerField(label=_("Lag (days)"), required=False)


class FeedForm(forms.Form):
    """Whether a source is still expected to send a metric."""

    expected = forms.BooleanField(required=False)


class ExclusionForm(forms.Form):
    """Which observations do not count, and why."""

    metric = forms.ChoiceField(label=_("Metric"))
    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), required=False, empty_label=_("Any")
    )
    trusted = forms.ModelChoiceField(
        label=_("Trust only"),
        queryset=Source.objects.none(),
        required=False,
        empty_label=_("Every source"),
    )
    dim = forms.CharField(
        label=_("Dimension"),
        max_length=63,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-dims", "autocomplete": "off"}),
    )
    dim_value = forms.CharField(label=_("Its value"), max_length=200, required=False)
    person = forms.CharField(
        label=_("Person"),
        max_length=LONGEST_RECIPIENT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "The id as in the file. Counts and amounts keep no person: of them what came in one "
            "row of a file with this person is left out."
        ),
    )
    factor = NumberField(
        label=_("Above … times the median"),
        max_digits=9,
        decimal_places=3,
        required=False,
        help_text=_("Of the values; where people are counted, of how often each is seen."),
    )
    reason = forms.CharField(label=pgettext_lazy("MOps", "Reason"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        """Offer the measured metrics and the sources of the workspace."""
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.measured = list(metrics_of(workspace).filter(kind__in=MEASURED))
        self.fields["metric"].choices = [(m.key, m.name) for m in self.measured]
        sources = known_sources(workspace)
        self.fields["source"].queryset = self.fields["trusted"].queryset = sources

    def known_dims(self) -> dict[str, list[str]]:
        """The dimensions that observations have, each with the names of its metrics; 1 query."""
        names = {metric.pk: metric.name for metric in self.measured}
        found: dict[str, dict[str, None]] = {}
        for _pk, metric_id, dims in series_of(names):
            for dim in dims:
                found.setdefault(dim, {})[names[metric_id]] = None
        return {dim: list(found[dim]) for dim in sorted(found)}

    def clean(self) -> dict[str, Any]:
        """A finding names the source that is to be trusted by its name."""
        name = self.data.get("trusted_name", "")
        if name:
            self.cleaned_data["trusted"] = self.fields["trusted"].queryset.filter(name=name).first()
        return self.cleaned_data

    def chosen(self) -> Metric:
        """The metric that was chosen."""
        return Metric.objects.get(workspace=self.workspace, key=self.cleaned_data["metric"])

    def rule(self) -> Rule:
        """What the form says, in the operation's words."""
        return Rule(**{name: v for name, v in self.cleaned_data.items() if name != "metric"})
