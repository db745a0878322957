"""What people write beside a metric: benchmarks, notes, targets, alerts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.numbers import NumberField
from metrics.models import Metric
from metrics.models.alerts import COMPARE_CHOICES, CONDITION_CHOICES, GRAIN_CHOICES, AlertRule
from metrics.models.context import DIGITS, PLACES
from metrics.operations.alerts import Watch, watch_of
from metrics.operations.context import Aim, Note, Reference
from metrics.rules.alerts import Condition
from metrics.rules.amounts import plain
from metrics.rules.dims import read_filter
from metrics.rules.periods import Grain
from workspaces.forms import Refusing, VersionField
from workspaces.models import Workspace
from workspaces.queries.people import members_of

HUNDRED = Decimal(100)
CHANGES = {Condition.RISE.value, Condition.FALL.value}
DAY_INPUT = {"type": "date"}


def number(label: Any, **options: Any) -> NumberField:
    """A field for a value in the metric's unit."""
    return NumberField(label=label, max_digits=DIGITS, decimal_places=PLACES, **options)


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY_INPUT))


class BenchmarkForm(Refusing):
    """What others reach."""

    version = VersionField(required=False)
    value = number(_("Value"))
    source = forms.CharField(label=_("Where it is from"), max_length=200)
    dated = day(pgettext_lazy("MOps", "Date"))
    percentile = forms.IntegerField(label=_("Percentile"), required=False)
    industry = forms.CharField(label=_("Industry or segment"), max_length=120, required=False)

    def reference(self) -> Reference:
        """What the form says, in the operation's words."""
        return Reference(**self.typed)


class AnnotationForm(Refusing):
    """A note on a day."""

    version = VersionField(required=False)
    day = day(pgettext_lazy("MOps", "Day"))
    text = forms.CharField(label=_("What happened"), max_length=300)
    everywhere = forms.BooleanField(label=_("Show it on every metric"), required=False)

    def note(self, metric: Metric) -> Note:
        """What the form says, on the metric or on all."""
        given = dict(self.typed)
        return Note(metric=None if given.pop("everywhere") else metric, **given)


class TargetForm(Refusing):
    """What each period should come to."""

    version = VersionField(required=False)
    value = number(_("Target"))
    grain = forms.ChoiceField(label=_("For"), choices=GRAIN_CHOICES, initial=Grain.MONTH.value)
    first = day(pgettext_lazy("MOps", "From"))
    last = day(pgettext_lazy("MOps", "To"))
    low = number(_("Good from"), required=False)
    high = number(_("Good to"), required=False)

    def aim(self) -> Aim:
        """What the form says, in the operation's words."""
        return Aim(**self.typed)


class AlertForm(Refusing):
    """When somebody is to be told; a change is written in percent."""

    version = VersionField(required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    condition = forms.ChoiceField(label=_("When the metric"), choices=CONDITION_CHOICES)
    threshold = number(
        _("By, or from"),
        required=False,
        help_text=_("A value, or percent for a rise or fall; a usual range needs none."),
    )
    compare = forms.ChoiceField(
        label=_("Compared with"), choices=COMPARE_CHOICES, help_text=_("For a rise or a fall.")
    )
    grain = forms.ChoiceField(label=_("Judged"), choices=GRAIN_CHOICES)
    persistence = forms.IntegerField(
        label=_("Periods in a row"), initial=1, min_value=1, max_value=12
    )
    floor = number(
        _("Least volume"),
        required=False,
        help_text=_("Of a ratio its denominator; below it nothing is said."),
    )

    where = forms.CharField(
        label=_("Only where"),
        required=False,
        max_length=6_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("DIM:VALUE, one a line; DIM: are those without a value."),
    )
    watchers = forms.TypedMultipleChoiceField(
        label=_("Who is told"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        """Offer the members of the workspace."""
        super().__init__(*args, **kwargs)
        people = members_of(workspace)
        self.fields["watchers"].choices = [(m.pk, m.user.display_name) for m in people]

    def clean_where(self) -> tuple[tuple[str, str | None], ...]:
        """Filters as the series has them."""
        found = [read_filter(line.strip()) for line in self.cleaned_data["where"].splitlines()]
        if None in found:
            message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
            raise forms.ValidationError(message, code="not_a_filter")
        return tuple(pair for pair in found if pair is not None)

    def watch(self) -> Watch:
        """What the form says, in the operation's words; a change as a share."""
        given = {name: value for name, value in self.typed.items() if name != "watchers"}
        if given["condition"] in CHANGES and given["threshold"] is not None:
            given["threshold"] /= HUNDRED
        return Watch(**given)


def alert_initial(rule: AlertRule) -> dict[str, object]:
    """A rule as the form shows it."""
    given: dict[str, object] = dict(vars(watch_of(rule)))
    if rule.condition in CHANGES and rule.threshold is not None:
        given["threshold"] = rule.threshold * HUNDRED
    numbers = {name: plain(given[name]) for name in ("threshold", "floor")}  # type: ignore[arg-type]
    where = "\n".join(f"{name}:{value or ''}" for name, value in rule.where)
    watchers = list(rule.watchers.values_list("pk", flat=True))
    return given | numbers | {"where": where, "watchers": watchers}


def plain_initial(written: Reference | Aim) -> dict[str, object]:
    """A benchmark or a target as its form shows it, numbers without needless zeros."""
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in vars(written).items()
    }
