"""The form of a whole goal."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.fields import AmountField, CheckpointsField, MemberField
from goals.forms.terms import PERCENT, VALUE, TermsForm
from goals.models import Goal
from goals.models.goals import CADENCE_CHOICES, SMART_LENGTH
from goals.operations.goals import Draft, Smart, draft_of
from goals.queries.catalogue import metrics_to_choose, open_goals
from goals.rules import amounts
from goals.rules.checkins import Cadence
from goals.rules.terms import numberless
from metrics.models import Metric
from metrics.rules.periods import Span
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of


def words(label: Any, hint: Any) -> forms.CharField:
    """A justification."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=SMART_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


OF_A_METRIC = ("metric", "basis", "grain", "kind", "amount")


class GoalForm(TermsForm):
    """A whole goal with its five justifications."""

    elsewhere = {"target": "amount", "baseline": "baseline_from"}

    version = VersionField(required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    owner = MemberField(label=_("Owner"), queryset=Membership.objects.none())
    stakeholder = forms.ModelChoiceField(
        label=_("For whom"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )
    parent = forms.ModelChoiceField(
        label=_("Step of"), queryset=None, required=False, empty_label=_("No other goal")
    )
    weight = AmountField(
        label=_("Weight"),
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "8"}
        ),
        help_text=_("How much it counts among the steps of that goal; 1 if left empty."),
    )
    cadence = forms.ChoiceField(
        label=_("Check-in"),
        choices=CADENCE_CHOICES,
        initial=Cadence.WEEKLY.value,
        required=False,
        help_text=_("How often the owner says how it goes."),
    )
    by_steps = forms.BooleanField(
        label=_("No number of its own: its steps judge it"),
        required=False,
        help_text=_("Its progress is the mean of theirs by weight, its status what they say."),
    )
    specific = words(_("Specific"), _("What exactly changes, where, and who answers for it?"))
    measurable = words(_("Measurable"), _("Why does this metric show it?"))
    achievable = words(_("Achievable"), _("What makes you think that it can be done?"))
    realistic = words(_("Realistic"), _("Which people, hours and money are there for it?"))
    time_bound = words(_("Time-bound"), _("Why this end, and what is checked on the way?"))

    def __init__(
        self, *args: Any, workspace: Workspace, goal: Goal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, workspace=workspace, **kwargs)
        if goal is not None:  # what it measures already stays a choice when it is retired
            own = Metric.objects.filter(pk=goal.metric_id)
            self.fields["metric"].queryset = metrics_to_choose(workspace) | own
        if self.is_bound and self.data.get("by_steps"):
            for name in OF_A_METRIC:
                self.fields[name].required = False
        self.fields["owner"].queryset = members_of(workspace)
        self.fields["stakeholder"].queryset = stakeholders_of(workspace)
        self.fields["parent"].queryset = open_goals(workspace).exclude(pk=goal.pk if goal else None)

    @staticmethod
    def values_of(goal: Goal) -> dict[str, Any]:
        """What the form shows of a goal that stands."""
        draft = draft_of(goal)
        target = draft.terms.target
        amount = target.value if target.percent is None else target.percent
        return {
            "version": goal.version,
            "title": goal.title,
            "metric": goal.metric_id,
            "by_steps": not goal.has_number,
            "aim": goal.aim,
            "course": goal.course,
            "checkpoints": CheckpointsField.lines_of(goal.path),
            "weight": goal.weight,
            "cadence": goal.cadence,
            "basis": goal.basis,
            "grain": goal.grain,
            "start": goal.start,
            "end": goal.end,
            "kind": VALUE if target.percent is None else PERCENT,
            "amount": amounts.stored(amount),
            "baseline_from": goal.baseline_from,
            "baseline_to": goal.baseline_to,
            "owner": goal.owner_id,
            "stakeholder": goal.stakeholder_id,
            "parent": goal.parent_id,
            **asdict(draft.smart),
        }

    @staticmethod
    def values_for(member: Membership, today: date) -> dict[str, Any]:
        """A fresh goal: mine, from today, for a year."""
        return {"owner": member.pk, "start": today, "end": a_year_from(today)}

    def draft(self) -> Draft:
        """The cleaned fields as a draft."""
        fields, by_steps = self.cleaned_data, self.cleaned_data["by_steps"]
        window = Span(fields["start"], fields["end"])
        return Draft(
            title=fields["title"],
            metric=None if by_steps else fields["metric"],
            terms=numberless(window) if by_steps else self.terms(),
            owner=fields["owner"],
            stakeholder=fields["stakeholder"],
            parent=fields["parent"],
            cadence=Cadence(fields["cadence"] or Cadence.NEVER),
            weight=Decimal(1) if fields["weight"] is None else fields["weight"],
            smart=Smart(**{name: fields[name] for name in asdict(Smart())}),
        )


def a_year_from(start: date) -> date:
    """The last day of the year that begins on that day."""
    last = start.replace(year=start.year + 1, day=min(start.day, 28))
    return date.fromordinal(last.toordinal() + (start.day - last.day) - 1)


class CloseForm(Refusing):
    """Why a goal is put aside."""

    version = VersionField()
    reason = forms.CharField(label=_("Reason"), max_length=500)
    retrospective = forms.CharField(
        label=_("Retrospective"),
        max_length=SMART_LENGTH,
        required=False,
        help_text=_("What worked, what did not, what to do next time?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    @staticmethod
    def values_of(goal: Goal) -> dict[str, Any]:
        """What the form shows of a goal that was closed."""
        return {"reason": goal.close_reason, "retrospective": goal.retrospective}


class VersionForm(forms.Form):
    """Which version somebody saw."""

    version = VersionField()
