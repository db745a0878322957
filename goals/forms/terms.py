"""The form of what a goal promises."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.fields import DAY, AmountField, CheckpointsField, cards
from goals.models.goals import GRAIN_CHOICES
from goals.queries.catalogue import metrics_to_choose
from goals.rules.aims import STAYING, Aim
from goals.rules.courses import Course
from goals.rules.progress import Basis
from goals.rules.targets import Target
from goals.rules.terms import Terms
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from workspaces.forms import Refusing
from workspaces.models import Workspace

PERCENT, VALUE = "percent", "value"
BASES = [
    (
        Basis.CUMULATIVE,
        _("Total over the window"),
        _("Add everything up from start to end: “total clicks in one year”."),
    ),
    (
        Basis.LEVEL,
        _("Level at the end"),
        _("The last whole period counts: “3 % click rate by December”."),
    ),
    (
        Basis.AVERAGE,
        _("Average over the window"),
        _("All days together count: “4 % over the whole year”."),
    ),
    (
        Basis.YOY,
        _("Growth on the year before"),
        _("Each day against the same day last year: “+40 % year over year”."),
    ),
]
KINDS = [
    (
        PERCENT,
        _("Percent"),
        _("A change against the baseline: 25 is a quarter more, -10 a tenth less."),
    ),
    (VALUE, _("Value"), _("The number itself, in the metric's unit.")),
]


COURSES = [
    (Course.LINEAR, _("Even"), _("Each day brings the same.")),
    (Course.PHASED, _("Through checkpoints"), _("Straight from one checkpoint to the next.")),
    (
        Course.SEASONAL,
        _("As in earlier years"),
        _("Totals only: by what each day brought in up to five years before."),
    ),
]
AIMS = [
    (Aim.REACH, _("Reach"), _("From the baseline to the target, by the end.")),
    (Aim.ABOVE, _("Stay above"), _("Every whole period at the target or above it.")),
    (Aim.BELOW, _("Stay below"), _("Every whole period at the target or below it.")),
]


class TermsForm(Refusing):
    """The measurable part of a goal; the live preview reads nothing else."""

    metric = forms.ModelChoiceField(
        label=_("Metric"), queryset=Metric.objects.none(), empty_label=_("Choose a metric")
    )
    aim = forms.ChoiceField(
        label=_("Aim"), widget=forms.RadioSelect, initial=Aim.REACH.value, required=False
    )
    basis = forms.ChoiceField(
        label=_("Basis"),
        widget=forms.RadioSelect,
        initial=Basis.CUMULATIVE.value,
        help_text=_("A goal that stays above or below a line always looks at the level."),
    )
    grain = forms.ChoiceField(
        label=_("Period"),
        choices=GRAIN_CHOICES,
        initial=Grain.MONTH.value,
        help_text=_("Which period a level or an average looks at."),
    )
    start = forms.DateField(label=_("Start"), widget=DAY)
    end = forms.DateField(label=_("End"), widget=DAY)
    kind = forms.ChoiceField(label=_("Target as"), widget=forms.RadioSelect, initial=PERCENT)
    amount = AmountField(
        label=_("Target"),
    )
    baseline_from = forms.DateField(label=_("Baseline from"), widget=DAY, required=False)
    baseline_to = forms.DateField(
        label=_("Baseline to"),
        widget=DAY,
        required=False,
        help_text=_("Left empty, the baseline is measured right before the goal."),
    )

    course = forms.ChoiceField(
        label=_("Course"), widget=forms.RadioSelect, initial=Course.LINEAR.value, required=False
    )
    checkpoints = CheckpointsField(
        label=_("Checkpoints"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "placeholder": "2026-03-31 1200"}),
        help_text=_("One a line: a day and the total, or the level, that is due by then."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = metrics_to_choose(workspace)
        self.fields["course"].choices = cards(COURSES)
        self.fields["aim"].choices = cards(AIMS)
        self.fields["basis"].choices = cards(BASES)
        self.fields["kind"].choices = cards(KINDS)

    def clean(self) -> dict[str, Any]:
        """Both days of a baseline or none; a line is always a level."""
        fields = super().clean() or {}
        first, last = fields.get("baseline_from"), fields.get("baseline_to")
        if (first is None) != (last is None) and not {
            "baseline_from",
            "baseline_to",
        } & self.errors.keys():
            self.add_error("baseline_to", _("Give both days of the baseline, or neither."))
        if fields.get("aim") in STAYING:
            fields["basis"] = Basis.LEVEL.value
        return fields

    def terms(self) -> Terms:
        """The cleaned fields as terms."""
        fields = self.cleaned_data
        percent = fields["kind"] == PERCENT
        first, last = fields["baseline_from"], fields["baseline_to"]
        return Terms(
            Basis(fields["basis"]),
            Grain(fields["grain"]),
            Span(fields["start"], fields["end"]),
            Target(percent=fields["amount"]) if percent else Target(value=fields["amount"]),
            Span(first, last) if first and last else None,
            Aim(fields["aim"] or Aim.REACH),
            Course(fields["course"] or Course.LINEAR),
            fields["checkpoints"],
        )
