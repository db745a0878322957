"""The forms of agreements, their promises, clocks and quotas."""

from datetime import datetime
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.forms.fields import AmountField
from goals.models import Quota
from goals.models.quotas import ASPECT_CHOICES, BOUND_CHOICES
from goals.operations.quotas import QuotaDraft
from goals.queries.catalogue import metrics_to_choose
from goals.rules import amounts
from goals.rules.quotas import Aspect, Bound
from metrics.models import Metric
from workspaces.forms import Refusing, VersionField
from workspaces.models import Sla, SlaClock, SlaPromise, Stakeholder, Workspace
from workspaces.models.sla import COUNTS_CHOICES
from workspaces.operations.sla import LONGEST_RESPONSE, PromiseDraft, SlaDraft
from workspaces.queries.calendars import calendars_for
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.calendars import usual_day
from workspaces.rules.sla import Counts, Side

HOURS, DAYS = "hours", "days"
HOUR = 60
UNITS = [(HOURS, _("working hours")), (DAYS, _("working days"))]


class SlaForm(Refusing):
    """An agreement of two stakeholders."""

    version = VersionField(required=False)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For example: leads and briefs.")
    )
    provider = forms.ModelChoiceField(
        label=_("First party"), queryset=Stakeholder.objects.none(), empty_label=_("Choose one")
    )
    receiver = forms.ModelChoiceField(
        label=_("Second party"), queryset=Stakeholder.objects.none(), empty_label=_("Choose one")
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    counts = forms.ChoiceField(
        label=_("When a clock runs"), choices=COUNTS_CHOICES, initial=Counts.BOTH.value
    )
    expectations = forms.CharField(
        label=_("Expectations"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What both expect of each other beside what is promised."),
    )
    assurances = forms.CharField(
        label=_("Outcomes to be assured"),
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, its stage before a colon: “Hand-over: sales gets the list”."),
    )

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("provider", "receiver"):
            self.fields[name].queryset = stakeholders_of(workspace)

    @classmethod
    def values_of(cls, sla: Sla) -> dict[str, object]:
        """What the form shows first of an agreement that is there."""
        rows = sla.assurances.order_by("place", "pk")
        lines = [f"{row.stage}: {row.text}" if row.stage else row.text for row in rows]
        names = [name for name in cls.base_fields if name != "assurances"]
        return {**{name: getattr(sla, name) for name in names}, "assurances": "\n".join(lines)}

    def clean_assurances(self) -> list[tuple[str, str]]:
        """Pairs of stage and outcome; too long ones are named."""
        pairs = []
        for line in self.cleaned_data["assurances"].splitlines():
            stage, colon, text = line.partition(":")
            pair = (stage.strip(), text.strip()) if colon else ("", line.strip())
            if len(pair[0]) > 60 or len(pair[1]) > 200:  # noqa: PLR2004  what the columns hold
                message = _("“%(line)s” is too long: 60 letters for a stage, 200 for an outcome.")
                raise forms.ValidationError(message, params={"line": line[:40]}, code="too_long")
            if pair[1]:
                pairs.append(pair)
        return pairs

    def draft(self) -> SlaDraft:
        """What was written, as the operation takes it."""
        return SlaDraft(**{**self.typed, "counts": Counts(self.typed["counts"])})


class PromiseForm(Refusing):
    """What one side of an agreement promises; days are turned into working hours."""

    version = VersionField(required=False)
    side = forms.ChoiceField(label=_("Who promises"))
    deliverable = forms.CharField(
        label=_("Deliverable"), max_length=200, help_text=_("For example: an answer to a brief.")
    )
    response = AmountField(
        label=_("Response time"),
        required=False,
        help_text=_("Empty: no answer is promised, only what metrics measure."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=HOURS)
    quality = forms.CharField(
        label=_("Quality"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it has to be like."),
    )
    mitigation = forms.CharField(
        label=_("If it fails"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What both do about it."),
    )

    def __init__(self, *args: object, sla: Sla, at: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.sla, self.at = sla, at
        self.fields["side"].choices = [(s.value, sla.party(s.value).name) for s in Side]

    @staticmethod
    def values_of(promise: SlaPromise) -> dict[str, object]:
        """What the form shows first of a promise that is there."""
        names = ("side", "deliverable", "quality", "mitigation", "version")
        minutes = promise.response_minutes
        hours = None if minutes is None else amounts.canonical(round(Decimal(minutes) / HOUR, 2))
        return {**{name: getattr(promise, name) for name in names}, "response": hours}

    def clean(self) -> dict[str, object]:
        """Hours or days as minutes of working time."""
        fields = super().clean() or {}
        response = fields.get("response")
        if response is None:
            return fields
        length = HOUR if fields.get("unit") == HOURS else self.day_minutes()
        minutes = round(response * length)
        if not length:
            message = _(
                "A working day has no length yet: both parties need working calendars with hours "
                "in common."
            )
            self.add_error("unit", message)
        elif not 0 < minutes <= LONGEST_RESPONSE:
            self.add_error("response", _("A response time is between a minute and a year."))
        return {**fields, "response": minutes}

    def day_minutes(self) -> int:
        """How long a working day is by the calendars of the chosen side; 0 for no length."""
        side = self.cleaned_data.get("side") or Side.PROVIDER.value
        row = Sla.objects.select_related("provider__calendar", "receiver__calendar")
        promise = SlaPromise(sla=row.get(pk=self.sla.pk), side=side)
        calendars = calendars_for(promise)
        return usual_day(calendars, self.at) if calendars else 0

    def draft(self) -> PromiseDraft:
        """What was written, as the operation takes it."""
        fields = self.cleaned_data
        return PromiseDraft(
            Side(fields["side"]),
            fields["deliverable"],
            fields["quality"],
            fields["mitigation"],
            fields["response"],
        )


class QuotaForm(Refusing):
    """What a metric has to come to in each month."""

    version = VersionField(required=False)
    aspect = forms.ChoiceField(label=_("Measures"), choices=ASPECT_CHOICES)
    metric = forms.ModelChoiceField(
        label=_("Metric"), queryset=Metric.objects.none(), empty_label=_("Choose a metric")
    )
    bound = forms.ChoiceField(label=_("Each month"), choices=BOUND_CHOICES)
    amount = AmountField(
        label=pgettext_lazy("MOps", "Amount"), help_text=_("In the metric's unit.")
    )

    def __init__(self, *args: object, workspace: Workspace, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = metrics_to_choose(workspace)
        self.fields["metric"].queryset = rows
        self.fields["metric"].label_from_instance = lambda metric: metric.name

    @staticmethod
    def values_of(quota: Quota) -> dict[str, object]:
        """What the form shows first of a quota that is there."""
        names = ("aspect", "metric", "bound", "amount", "version")
        return {name: getattr(quota, name) for name in names}

    def draft(self) -> QuotaDraft:
        """What was written, as the operation takes it."""
        fields = self.cleaned_data
        return QuotaDraft(
            fields["metric"], fields["amount"], Bound(fields["bound"]), Aspect(fields["aspect"])
        )


class ReasonForm(Refusing):
    """Why a promise was broken, and what is done about it; months of a metric have no version."""

    version = VersionField(required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    mitigation = forms.CharField(
        label=_("What is done about it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    @staticmethod
    def values_of(clock: SlaClock) -> dict[str, object]:
        """What the form shows of a promise that was broken."""
        return {"reason": clock.reason, "mitigation": clock.mitigation}


class ClockForm(forms.Form):
    """What a button that stops a clock or lets it run on has seen."""

    version = VersionField()


def instant(label: object) -> forms.DateTimeField:
    """A moment that may be left out, which means now."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=False, widget=widget)


class PauseForm(Refusing):
    """Why a clock is paused, and since when."""

    version = VersionField(required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    paused_at = instant(_("Since, if not just now"))

    @staticmethod
    def values_of(clock: SlaClock) -> dict[str, object]:
        """What the form shows of a clock: why it was paused last."""
        last = clock.pauses.order_by("since").last()
        return {"reason": last.reason if last else ""}


class StopForm(Refusing):
    """That the answer is given, and when it was."""

    version = VersionField(required=False)
    stopped_at = instant(_("When it was, if not just now"))

    @staticmethod
    def values_of(clock: SlaClock) -> dict[str, object]:
        """What the form shows of a clock: when it was stopped, if it was."""
        return {"stopped_at": clock.stopped_at}


class SubjectForm(Refusing):
    """What an answer is owed to, and since when."""

    subject = forms.CharField(label=_("What is to be answered"), max_length=200)
    started_at = instant(_("When it came, if not just now"))
