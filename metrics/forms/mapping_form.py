"""The fields of the mapping: what holds for the whole file, and what one column is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.rules.dayformats import MONTH_NAMES
from metrics.rules.daymaps import MOST_SPAN
from metrics.rules.fileshapes import DECIMALS
from metrics.rules.guesses import FORMATS, metric_key

ROLES = [
    ("", _("Leave out")),
    ("day", _("Day")),
    ("until", _("Last day of a range")),
    ("month", _("Month (day in parts)")),
    ("day_of_month", _("Day of the month (in parts)")),
    ("year", _("Year (day in parts)")),
    ("key", _("Key of the row")),
    ("dim", _("Dimension")),
    ("metric", _("Metric")),
]
UNITS = [
    ("count", _("Count")),
    ("currency", _("Money")),
    ("number", _("Number")),
    ("duration", pgettext_lazy("MOps", "Duration")),
    ("percent", _("Percent")),
]
DECIMAL_CHOICES = [(DECIMALS[0], _("Point: 1234.5")), (DECIMALS[1], _("Comma: 1234,5"))]
THOUSANDS_CHOICES = [
    ("", pgettext_lazy("MOps", "None")),
    (",", _("Comma: 1,234")),
    (".", _("Point: 1.234")),
    ("space", _("Space: 1 234")),
    ("'", _("Apostrophe: 1'234")),
]
LANGUAGES = {
    "en": pgettext_lazy("MOps", "English"),
    "de": pgettext_lazy("MOps", "German"),
    "es": pgettext_lazy("MOps", "Spanish"),
    "fr": pgettext_lazy("MOps", "French"),
    "pl": pgettext_lazy("MOps", "Polish"),
    "pt": pgettext_lazy("MOps", "Portuguese"),
    "it": pgettext_lazy("MOps", "Italian"),
    "th": pgettext_lazy("MOps", "Thai"),
    "fa": pgettext_lazy("MOps", "Persian"),
    "vi": pgettext_lazy("MOps", "Vietnamese"),
}
MONTH_CHOICES = [(name, LANGUAGES[name]) for name in MONTH_NAMES]
CALENDAR_CHOICES = [
    ("gregorian", _("Gregorian")),
    ("jalali", _("Persian (Jalali)")),
    ("buddhist", _("Thai (Buddhist era)")),
]
NEW = "+"
FOUND = "found"  # the row of the names was found, and will be found in the next file
CARRIED: dict[str, type] = {
    "file": dict, "day": dict, "long": dict, "expect": dict, "mode": str, "header": str,
    "metrics": list, "create": list,
}  # fmt: skip


class ColumnForm(forms.Form):
    """What one column of the file is."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=ROLES)
    dim = forms.CharField(label=_("Name of the dimension"), required=False, max_length=63)
    metric = forms.ChoiceField(label=_("Metric"), required=False)
    name = forms.CharField(label=_("Name of the new metric"), required=False, max_length=80)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=UNITS)
    decimals = forms.TypedChoiceField(
        label=_("Decimals"),
        required=False,
        coerce=int,
        empty_value=0,
        choices=[(n, str(n)) for n in range(7)],
    )
    direction = forms.ChoiceField(
        label=_("Better"),
        required=False,
        choices=[("up", _("higher is better")), ("down", _("lower is better"))],
    )

    def __init__(
        self,
        *args: Any,
        column: str,
        samples: Sequence[str] = (),
        known: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """Offer the workspace's metrics beside a new one."""
        super().__init__(*args, **kwargs)
        self.column, self.samples = column, samples
        self.fields["metric"].choices = [(NEW, _("New metric")), *known]
        for name, field in self.fields.items():
            kind = "select" if isinstance(field, forms.ChoiceField) else "input"
            field.widget.attrs |= {
                "class": f"{kind} input-s",
                "aria-label": f"{field.label}: {column}",
            }
            field.widget.attrs["data-part"] = name

    def clean(self) -> dict[str, Any]:
        """A new metric and a dimension need a name."""
        given = super().clean() or {}
        if given.get("role") == "dim" and not metric_key(given.get("dim") or ""):
            self.add_error("dim", _("Name the dimension."))
        if given.get("role") == "metric" and given.get("metric") == NEW and not given.get("name"):
            self.add_error("name", _("Name the new metric."))
        return given


class MappingForm(forms.Form):
    """What holds for the whole file."""

    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        help_text=_("Files of one source correct each other; give the next export the same name."),
    )
    day_format = forms.CharField(
        label=_("Format of the day"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "day-formats", "dir": "ltr"}),
        help_text=_("%Y year, %m month, %d day, %b name of the month, %H:%M time."),
    )
    month_names = forms.ChoiceField(label=_("Month names"), required=False, choices=MONTH_CHOICES)
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1900,
        max_value=2200,
        help_text=_("Where the days of the file have no year."),
    )
    calendar = forms.ChoiceField(label=_("Calendar"), required=False, choices=CALENDAR_CHOICES)
    fixed_day = forms.DateField(
        label=_("One day for all rows"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where no column says the day: the last one that the file covers."),
    )
    span = forms.IntegerField(
        label=_("Days that the file covers"),
        required=False,
        min_value=1,
        max_value=MOST_SPAN,
        help_text=_("They end with that day. Values are never spread over days."),
    )
    spanned = forms.BooleanField(
        label=_("Put a row of several days on its last day"),
        required=False,
        help_text=_("Otherwise such rows are rejected. Shown under data quality."),
    )
    skip_first_cell = forms.CharField(
        label=_("Rows that are totals"),
        required=False,
        max_length=500,
        help_text=_("What their first cell says, separated by commas: Total, Gesamt."),
    )
    base = forms.JSONField(widget=forms.HiddenInput, required=False)
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=DECIMAL_CHOICES)
    thousands = forms.ChoiceField(
        label=_("Thousands mark"), required=False, choices=THOUSANDS_CHOICES
    )
    missing = forms.CharField(
        label=_("Signs for a missing value"),
        required=False,
        max_length=500,
        help_text=_("Separated by commas; an empty cell is always missing. Missing is never zero."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(
            attrs={"placeholder": "EUR", "dir": "ltr", "autocapitalize": "characters"}
        ),
        help_text=_("Three letters, for new metrics in money."),
    )
    counted = forms.CharField(
        label=_("Count the rows as"),
        required=False,
        max_length=80,
        help_text=_("The name of a metric that counts one per row, such as “Editions”."),
    )
    encoding = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    delimiter = forms.CharField(widget=forms.HiddenInput, max_length=5, required=False)
    header_row = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=100)

    formats = FORMATS

    def clean_base(self) -> dict[str, Any]:
        """What no field shows; parts of other kinds are forgotten."""
        given = self.cleaned_data["base"]
        kinds = {
            "file": dict,
            "day": dict,
            "long": dict,
            "expect": dict,
            "mode": str,
            "header": str,
        }
        kinds |= {"metrics": list, "create": list}
        found = given if isinstance(given, dict) else {}
        return {
            name: found[name] for name, kind in kinds.items() if isinstance(found.get(name), kind)
        }
