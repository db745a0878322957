from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from goals.models.goals import GRAIN_CHOICES, SMART_LENGTH
from goals.models.guardrails import SIDE_CHOICES
from goals.operations.goals import Draft, Smart, draft_of
from goals.operations.guardrails import Bound
from goals.queries.catalogue import metrics_to_choose, open_goals
from goals.rules import amounts
from goals.rules.aims import STAYING, Aim
from goals.rules.courses import Checkpoint, Course
from goals.rules.progress import Basis
from goals.rules.targets import Target
from goals.rules.terms import Terms
from metrics.models import Metric
from metrics.rules.periods import Grain, Span
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of

PERCENT, VALUE = "percent", "value"
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
CARD = "<b>{}</b><small>{}</small>"
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
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


def cards(rows: list[tuple[Any, Any, Any]]) -> list[tuple[str, str]]:
    return [(str(value), format_html(CARD, name, words)) for value, name, words in rows]


def name_of(member: Membership) -> str:
    return member.user.display_name


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return name_of(member)


class AmountField(forms.Field):
    """An exact decimal, in the digits of any of the interface's languages."""

    default_error_messages = {"not_a_number": _("Write a number such as 25 or 1250.5.")}

    def to_python(self, text: str | None) -> Decimal | None:
        plain = (text or "").translate(DIGITS).strip().removesuffix("%")
        if not plain.strip():
            return None
        found = amounts.parse("".join(plain.split()).replace("\u2212", "-"))
        if found is None:
            raise forms.ValidationError(self.error_messages["not_a_number"], code="not_a_number")
        return found


class CheckpointsField(forms.Field):
    """Checkpoints as lines of a day and an amount."""

    default_error_messages = {
        "not_a_checkpoint": _("Line %(line)s: write a day and a number, such as 2026-03-31 1200.")
    }

    def to_python(self, text: str | None) -> tuple[Checkpoint, ...]:
        lines = enumerate((text or "").translate(DIGITS).splitlines(), 1)
        return tuple(self.checkpoint(number, line) for number, line in lines if line.strip())

    def checkpoint(self, number: int, line: str) -> Checkpoint:
        day, _space, amount = line.strip().partition(" ")
        value = amounts.parse("".join(amount.split()).replace("\u2212", "-"))
        try:
            found = date.fromisoformat(day.strip(":,;"))
        except ValueError:
            value = None
        if value is None:
            message = self.error_messages["not_a_checkpoint"]
            raise forms.ValidationError(message, "not_a_checkpoint", {"line": number})
        return Checkpoint(found, value)

    @staticmethod
    def lines_of(checkpoints: Iterable[Checkpoint]) -> str:
        """What the field shows of checkpoints that stand."""
        return "\n".join(
            f"{one.day.isoformat()} {amounts.canonical(one.value)}" for one in checkpoints
        )


class TermsForm(forms.Form):
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
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"}
        ),
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


def words(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=SMART_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class GoalForm(TermsForm):
    """A whole goal with its five justifications."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
    specific = words(_("Specific"), _("What exactly changes, where, and who answers for it?"))
    measurable = words(_("Measurable"), _("Why does this metric show it?"))
    achievable = words(_("Achievable"), _("What makes you think that it can be done?"))
    realistic = words(_("Realistic"), _("Which people, hours and money are there for it?"))
    time_bound = words(_("Time-bound"), _("Why this end, and what is checked on the way?"))

    def __init__(
        self, *args: Any, workspace: Workspace, goal: Goal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, workspace=workspace, **kwargs)
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
            "aim": goal.aim,
            "course": goal.course,
            "checkpoints": CheckpointsField.lines_of(goal.path),
            "weight": goal.weight,
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
        fields = self.cleaned_data
        return Draft(
            title=fields["title"],
            metric=fields["metric"],
            terms=self.terms(),
            owner=fields["owner"],
            stakeholder=fields["stakeholder"],
            parent=fields["parent"],
            weight=Decimal(1) if fields["weight"] is None else fields["weight"],
            smart=Smart(**{name: fields[name] for name in asdict(Smart())}),
        )

    def catch_up(self, version: int, message: str) -> None:
        """Keep what was written, say what happened, and let a second save win knowingly."""
        self.data = {**self.data.dict(), "version": str(version)}
        self.add_error(None, message)

    def refuse(self, field: str, message: str) -> None:
        """Show a refusal at the field that it is about."""
        shown = {"target": "amount", "baseline": "baseline_from"}.get(field, field)
        self.add_error(shown if shown in self.fields else None, message)


def a_year_from(start: date) -> date:
    """The last day of the year that begins on that day."""
    last = start.replace(year=start.year + 1, day=min(start.day, 28))
    return date.fromordinal(last.toordinal() + (start.day - last.day) - 1)


class GuardrailForm(forms.Form):
    metric = forms.ModelChoiceField(
        label=_("Metric"), queryset=Metric.objects.none(), empty_label=_("Choose a metric")
    )
    side = forms.ChoiceField(label=_("Side"), choices=SIDE_CHOICES)
    bound = AmountField(
        label=_("Line"),
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"}
        ),
    )
    grain = forms.ChoiceField(
        label=_("Period"), choices=GRAIN_CHOICES, initial=Grain.MONTH.value, required=False
    )

    def __init__(self, *args: Any, workspace: Workspace, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = metrics_to_choose(workspace).exclude(pk=goal.metric_id)

    def bound_asked(self) -> Bound:
        """The cleaned fields as a bound."""
        fields = self.cleaned_data
        grain = Grain(fields["grain"] or Grain.MONTH)
        return Bound(fields["metric"], Aim(fields["side"]), fields["bound"], grain)


class CloseForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
