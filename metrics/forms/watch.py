"""What people write beside a metric: benchmarks, notes, targets, alerts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models.alerts import COMPARE_CHOICES, CONDITION_CHOICES, GRAIN_CHOICES
from metrics.models.context import DIGITS, PLACES
from metrics.operations.alerts import Watch
from metrics.operations.context import Aim, Reference
from metrics.rules.alerts import Condition
from metrics.rules.periods import Grain

HUNDRED = Decimal(100)
DAY_INPUT = {"type": "date"}


def number(label: Any, **options: Any) -> forms.DecimalField:
    """A field for a value in the metric's unit."""
    return forms.DecimalField(label=label, max_digits=DIGITS, decimal_places=PLACES, **options)


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY_INPUT))


class BenchmarkForm(forms.Form):
    """What others reach."""

    value = number(_("Value"))
    source = forms.CharField(label=_("Where it is from"), max_length=200)
    dated = day(pgettext_lazy("MOps", "Date"))
    percentile = forms.IntegerField(label=_("Percentile"), required=False)
    industry = forms.CharField(label=_("Industry or segment"), max_length=120, required=False)

    def reference(self) -> Reference:
        """What the form says, in the operation's words."""
        return Reference(**self.cleaned_data)


class AnnotationForm(forms.Form):
    """A note on a day."""

    day = day(pgettext_lazy("MOps", "Day"))
    text = forms.CharField(label=_("What happened"), max_length=300)
    everywhere = forms.BooleanField(label=_("Show it on every metric"), required=False)


class TargetForm(forms.Form):
    """What each period should come to."""

    value = number(_("Target"))
    grain = forms.ChoiceField(label=_("For"), choices=GRAIN_CHOICES, initial=Grain.MONTH.value)
    first = day(pgettext_lazy("MOps", "From"))
    last = day(pgettext_lazy("MOps", "To"))
    low = number(_("Good from"), required=False)
    high = number(_("Good to"), required=False)

    def aim(self) -> Aim:
        """What the form says, in the operation's words."""
        return Aim(**self.cleaned_data)


class AlertForm(forms.Form):
    """When somebody is to be told; a change is written in percent."""

    name = forms.CharField(label=_("Name"), max_length=120)
    condition = forms.ChoiceField(label=_("When the metric"), choices=CONDITION_CHOICES)
    threshold = number(
        _("By, or from"),
        required=False,
        help_text=_("A value, or percent for a rise or fall; a usual range needs none."),
    )
    compare = forms.ChoiceField(label=_("Compared with"), choices=COMPARE_CHOICES)
    grain = forms.ChoiceField(label=_("Judged"), choices=GRAIN_CHOICES)
    persistence = forms.IntegerField(
        label=_("Periods in a row"), initial=1, min_value=1, max_value=12
    )
    floor = number(
        _("Least volume"),
        required=False,
        help_text=_("Of a ratio its denominator; below it nothing is said."),
    )

    def watch(self) -> Watch:
        """What the form says, in the operation's words."""
        given = dict(self.cleaned_data)
        change = given["condition"] in {Condition.RISE, Condition.FALL}
        if change and given["threshold"] is not None:
            given["threshold"] /= HUNDRED
        return Watch(**given)
