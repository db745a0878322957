"""The fields of the mapping that hold for the whole file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.rules.dayformats import MONTH_NAMES
from metrics.rules.daymaps import MOST_SPAN
from metrics.rules.digits import ASCII, NATIVE
from metrics.rules.fileshapes import DECIMALS
from metrics.rules.guesses import FORMATS

DECIMAL_CHOICES = [
    ("", _("As detected")),
    (DECIMALS[0], _("Point: 1234.5")),
    (DECIMALS[1], _("Comma: 1234,5")),
]
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
CARRIED = {"file": dict, "key": list, "metrics": list, "create": list, "long": dict}
CARRIED |= {"held": dict, "found": list}


def words(label: Any, hint: Any = "") -> forms.CharField:
    """A line of texts with commas between them."""
    return forms.CharField(label=label, required=False, max_length=12_000, help_text=hint)


class CarriedField(forms.JSONField):
    """What is handed from one sending of the page to the next, unseen."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Nothing, where it is nested without end."""
        try:
            return super().to_python(value)
        except RecursionError:
            return None


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
    zone = forms.CharField(
        label=_("Times are in the zone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "zones", "dir": "ltr"}),
        help_text=_(
            "Such as UTC. Each moment then counts on the day that it has in this workspace; "
            "without a zone the day counts that the file writes."
        ),
    )
    skip_first_cell = words(
        _("Rows that are totals"),
        _("What their first cell says, separated by commas: Total, Gesamt."),
    )
    footer = words(
        _("The table ends before"), _("How the first line below it begins: Grand Totals.")
    )
    complete = forms.BooleanField(
        label=_("The file is complete for its days"),
        required=False,
        help_text=_(
            "What this source brought for the same metrics and days and the file does not name "
            "any more is then withdrawn. The check tells how many values that are."
        ),
    )
    base = CarriedField(required=False)
    decimal = forms.ChoiceField(label=_("Decimal mark"), required=False, choices=DECIMAL_CHOICES)
    thousands = forms.ChoiceField(
        label=_("Thousands mark"), required=False, choices=THOUSANDS_CHOICES
    )
    missing = words(
        _("Signs for a missing value"),
        _("Separated by commas; an empty cell is always missing. Missing is never zero."),
    )
    signs = words(_("Signs beside numbers"), _("They are read over, such as €, $ or pcs."))
    digits = forms.ChoiceField(
        label=_("Digits"),
        required=False,
        choices=[(ASCII, "0123456789"), (NATIVE, _("Persian, Arabic and Thai ones, too"))],
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(
            attrs={"placeholder": "EUR", "dir": "ltr", "autocapitalize": "characters"}
        ),
        help_text=_("Three letters: that of the amounts in the file."),
    )
    encoding = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    delimiter = forms.CharField(widget=forms.HiddenInput, max_length=5, required=False)
    header_row = forms.IntegerField(widget=forms.HiddenInput, min_value=1)  # of a later table: far

    formats = FORMATS

    def clean_base(self) -> dict[str, Any]:
        """What no field shows; parts of other kinds are forgotten."""
        given = self.cleaned_data["base"]
        found = given if isinstance(given, dict) else {}
        return {
            name: found[name] for name, kind in CARRIED.items() if isinstance(found.get(name), kind)
        }

    @property
    def carried(self) -> dict[str, Any]:
        """What no field shows, of the page as it was sent or as it is first shown."""
        if not self.is_bound:
            return dict(self.initial.get("base") or {})
        self.is_valid()
        return self.cleaned_data.get("base") or {}

    def put(self, field: str, message: object) -> None:
        """Say at the field what is wrong with it."""
        self.add_error(field, str(message))
