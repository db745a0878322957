"""The form that says what a metric is; the operation judges it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.composing import key_for
from metrics.forms.formulas import one_line_end
from metrics.models import Metric
from metrics.models.definitions import (
    ADDITIVE,
    COUNTING_CHOICES,
    DERIVED,
    DIRECTION_CHOICES,
    EXACT,
    LAST,
    MEASURED,
    RATIO,
    STAGE_CHOICES,
    UNIQUE,
    UNIT_CHOICES,
)
from metrics.operations.definition_checks import MOST_DAYS, RESERVED, Definition
from metrics.operations.definitions import definition_of
from metrics.operations.formulas import ALWAYS, Beginning
from metrics.queries.catalogue import metrics_of
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership
from workspaces.queries.people import members_of

DECIMALS = [(n, str(n)) for n in range(7)]
KINDS = [  # in plain words
    (ADDITIVE, _("Counts or sums: values of days and rows add up, such as clicks or cost")),
    (LAST, _("Level: a stock, of which the last value counts, such as contacts or pipeline")),
    (UNIQUE, _("People: each counts once, however long the range, such as recipients")),
    (RATIO, _("Ratio: the sum of one metric over the sum of another, such as CTR")),
    (DERIVED, _("Formula: computed from any other metrics, such as ROI")),
]
TODAY, A_DAY, FROM_EVER = "today", "day", "always"
SINCE = [
    (TODAY, _("Today: what was before stays as it was computed")),
    (A_DAY, _("The day below")),
    (FROM_EVER, _("Always: the old way was a mistake")),
]


class DefinitionForm(Refusing):
    """Every field of a definition, and from when on a changed one is in force."""

    elsewhere = {"effective_from": "replaces_later"}
    beside = frozenset({"since", "since_day", "replaces_later"})

    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.CharField(
        label=pgettext_lazy("MOps", "Key"),
        required=False,
        max_length=63,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocapitalize": "none",
                "spellcheck": "false",
                "data-key-of": "id_name",
            }
        ),
        help_text=_(
            "How files and programs call it: small letters, digits, underscores. Empty: made of "
            "the name."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, initial=ADDITIVE, widget=forms.RadioSelect
    )
    counting = forms.ChoiceField(
        label=_("How people are counted"),
        choices=COUNTING_CHOICES,
        initial=EXACT,
        required=False,
        widget=forms.RadioSelect,
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
    formula = forms.CharField(
        label=_("Formula"),
        required=False,
        strip=False,  # no length either: browsers cut a longer paste without a word
        widget=forms.Textarea(
            attrs={"rows": 3, "dir": "ltr", "spellcheck": "false", "class": "mono"}
        ),
        help_text=_(
            "Keys of metrics or [names] of metrics, numbers, + - * / and brackets; "
            "min(…), max(…), abs(…), if_missing(x, y)."
        ),
    )
    since = forms.ChoiceField(
        label=_("In force from"),
        choices=SINCE,
        initial=TODAY,
        required=False,
        widget=forms.RadioSelect,
    )
    since_day = forms.DateField(
        label=_("Day on which the new way begins"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    replaces_later = forms.BooleanField(
        label=_("Give up the definitions that begin later"), required=False
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
    stage = forms.ChoiceField(
        label=_("Journey stage"), choices=[("", _("none")), *STAGE_CHOICES], required=False
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    cadence_days = forms.IntegerField(
        label=_("Data come every so many days"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("Empty: learned from the data. 0: no more are expected."),
    )
    lag_days = forms.IntegerField(
        label=_("Usual lag in days"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("How long a day's data take to come."),
    )
    allowed_dims = forms.CharField(
        label=_("Allowed dimensions"),
        required=False,
        max_length=700,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocapitalize": "none", "placeholder": "channel, campaign"}
        ),
        help_text=_("With commas between; empty: any."),
    )
    version = VersionField(required=False)

    def __init__(
        self, *args: Any, member: Membership, metric: Metric | None = None, **kwargs: Any
    ) -> None:
        """Offer the workspace's metrics and members; an existing metric keeps its key."""
        super().__init__(*args, **kwargs)
        workspace = member.workspace
        self.initial["owner"] = member.user.email
        known = list(metrics_of(workspace).exclude(pk=metric.pk if metric else None))
        parts = [(m.key, m.name) for m in known if m.kind in MEASURED]
        choices = [("", _("Choose a metric")), *parts]
        self.fields["numerator"].choices = self.fields["denominator"].choices = choices
        self.insertable = [(m.key, m.name) for m in known]
        people = [(m.user.email, m.user.display_name) for m in members_of(workspace)]
        self.fields["owner"].choices = [("", _("Nobody")), *people]
        self.metric = metric
        self.taken = RESERVED | set(
            Metric.objects.filter(workspace=workspace).values_list("key", flat=True)
        )
        if metric is not None:
            self.fields["key"].disabled = True
            self._show(definition_of(metric), metric.version, dict(people))

    def _show(self, now: Definition, version: int, people: dict[str, str]) -> None:
        """Begin with what the metric is; an owner who has left is no choice."""
        self.initial |= vars(now) | {"version": version}
        self.initial["allowed_dims"] = ", ".join(now.allowed_dims)
        self.initial["owner"] = now.owner if now.owner in people else ""

    def clean_formula(self) -> str:
        """Characters are counted as they were typed."""
        return one_line_end(self.cleaned_data["formula"])

    def clean(self) -> dict[str, Any]:
        """A day is needed where one was promised; a key that is missing is made of the name."""
        given = dict(super().clean() or {})
        if self.metric is None and "key" in given and not given["key"] and given.get("name"):
            given["key"] = key_for(given["name"], {}, lambda key, _name: key in self.taken)
        is_open = given.get("since") == A_DAY and not given.get("since_day")
        if is_open and "since_day" not in self.errors:
            self.add_error("since_day", _("Choose the day."))
        return given

    @property
    def beginning(self) -> Beginning:
        """The day from which it is computed in the new way, and what it may replace."""
        given = self.cleaned_data
        day = {FROM_EVER: ALWAYS, A_DAY: given.get("since_day")}.get(given.get("since"))
        return Beginning(day, replaces_later=given["replaces_later"])

    def definition(self) -> Definition:
        """What the form says, in the operation's words."""
        given = dict(self.cleaned_data)
        for name in ("version", "since", "since_day", "replaces_later"):
            given.pop(name)
        if given["kind"] != RATIO:
            given |= {"numerator": "", "denominator": "", "scale": "1"}
        if given["kind"] != DERIVED:
            given["formula"] = ""
        if "owner" not in self.data:
            given["owner"] = None
        given["scale"] = given["scale"] or "1"
        given["counting"] = given["counting"] or EXACT
        given["lag_days"] = given["lag_days"] or 0
        given["allowed_dims"] = tuple(given["allowed_dims"].replace(",", " ").split())
        given["currency"] = given["currency"].upper() if given["unit"] == "currency" else ""
        return Definition(**given)
