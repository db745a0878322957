"""The form of the mapping: what it collects becomes a mapping document, nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.imports import SPOKEN, WRITTEN
from metrics.rules.dayformats import MONTH_NAMES
from metrics.rules.fileshapes import DECIMALS, FileShape
from metrics.rules.guesses import FORMATS, Guess, less_is_better, metric_key, metric_name
from metrics.rules.mapping import MappingDocument

ROLES = [
    ("", _("Leave out")),
    ("day", _("Day")),
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
NEW = "+"


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
        help_text=_("Where month and day have columns of their own and no column says the year."),
    )
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
    encoding = forms.CharField(widget=forms.HiddenInput, max_length=20)
    delimiter = forms.CharField(widget=forms.HiddenInput, max_length=5)
    header_row = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=100)

    formats = FORMATS


class MappingForms:
    """The whole page: what holds for the file, and one form per column."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        metrics: Sequence[tuple[str, str]],
        initial: dict[str, dict[str, Any]],
    ) -> None:
        """`metrics` are (key, name); `initial` has an entry per column, and "" for the file."""
        self.metrics = dict(metrics)
        self.whole = MappingForm(data, initial=initial.get("", {}))
        known = [(key, name) for key, name in metrics]
        self.columns = [
            ColumnForm(
                data,
                prefix=f"c{place}",
                column=name,
                samples=_samples(rows, place),
                known=known,
                initial=initial.get(name, {}),
            )
            for place, name in enumerate(columns)
        ]

    def is_valid(self) -> bool:
        """Whether each form is, so that all errors show at once."""
        if not all([self.whole.is_valid(), *(form.is_valid() for form in self.columns)]):
            return False
        for role in ("day", "month", "day_of_month", "year"):
            for form in self._of_role(role)[1:]:
                form.add_error("role", _("Another column has this role."))
        if not self._of_role("day") and not (
            self._of_role("month") and self._of_role("day_of_month")
        ):
            self.whole.add_error(None, _("Say which column holds the day."))
        if not self._of_role("metric") and not self.whole.cleaned_data["counted"]:
            self.whole.add_error(None, _("Say which column holds the values of a metric."))
        return not any([self.whole.errors, *(form.errors for form in self.columns)])

    def _of_role(self, role: str) -> list[ColumnForm]:
        return [form for form in self.columns if form.cleaned_data.get("role") == role]

    def document(self) -> dict[str, Any]:
        """The mapping document that the forms say; `parse_mapping` judges it."""
        whole = self.whole.cleaned_data
        by_role = {role: [form.column for form in self._of_role(role)] for role, _word in ROLES}
        found: dict[str, Any] = {
            "version": 1,
            "source": whole["source"],
            "file": {
                "encoding": whole["encoding"],
                "delimiter": SPOKEN.get(whole["delimiter"], whole["delimiter"]),
                "decimal": whole["decimal"],
                "thousands": SPOKEN.get(whole["thousands"], whole["thousands"]),
                "header_row": whole["header_row"],
                "missing": ["", *(text.strip() for text in whole["missing"].split(","))],
            },
            "day": self._day(whole, by_role),
            "key": by_role["key"],
            "dims": {
                metric_key(form.cleaned_data["dim"]): {"column": form.column}
                for form in self.columns
                if form.cleaned_data["role"] == "dim"
            },
            "metrics": [],
            "create": [],
        }
        self._add_metrics(found, whole["counted"])
        return found

    def _day(self, whole: dict[str, Any], by_role: dict[str, list[str]]) -> dict[str, Any]:
        names = whole["month_names"] or "en"
        if by_role["day"]:
            return {
                "column": by_role["day"][0],
                "format": whole["day_format"] or "%Y-%m-%d",
                "month_names": names,
            }
        roles = {"month": "month", "day_of_month": "day", "year": "year"}
        parts = {part: by_role[role][0] for role, part in roles.items() if by_role[role]}
        found: dict[str, Any] = {"parts": parts, "month_names": names}
        if whole["year"] and "year" not in parts:
            found["year"] = whole["year"]
        return found

    def _add_metrics(self, found: dict[str, Any], counted: str) -> None:
        for form in self.columns:
            given = form.cleaned_data
            if given["role"] != "metric":
                continue
            key = given["metric"]
            if key == NEW:
                key = metric_key(given["name"])
                found["create"].append(self._new(key, given))
            found["metrics"].append({"metric": key, "column": form.column})
        if counted:
            key = next(
                (k for k, name in self.metrics.items() if name == counted), metric_key(counted)
            )
            if key not in self.metrics:
                found["create"].append(self._new(key, {"name": counted}))
            found["metrics"].append({"metric": key, "constant": "1"})

    def _new(self, key: str, given: Mapping[str, Any]) -> dict[str, Any]:
        unit = given.get("unit") or "count"
        found = {"key": key, "name": given["name"], "kind": "additive", "unit": unit}
        if unit == "currency":
            found["currency"] = self.whole.cleaned_data["currency"].upper()
        if given.get("direction") == "down":
            found["direction"] = "down"
        return found | {"decimals": given.get("decimals") or 0}


def _samples(rows: Sequence[Sequence[str]], place: int, most: int = 3) -> list[str]:
    """The first few different values of a column."""
    found = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place].strip())
    return list(found)[:most]


def initial_of_guess(
    guess: Guess, source: str, known: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """What the page shows first of a file that nobody has described yet."""
    found: dict[str, dict[str, Any]] = {"": _shape(guess.shape) | {"source": source}}
    if guess.day and guess.day.in_parts:
        found[guess.day.month] = {"role": "month"}
        found[guess.day.day] = {"role": "day_of_month"}
        if guess.day.year_column:
            found[guess.day.year_column] = {"role": "year"}
        found[""] |= {"month_names": guess.day.month_names}
    elif guess.day:
        found[guess.day.column] = {"role": "day"}
        found[""] |= {"day_format": guess.day.format}
    if guess.key:
        found[guess.key] = {"role": "key"}
    for column in guess.dims:
        found[column] = {"role": "dim", "dim": metric_key(column)}
    for column, decimals in guess.metrics:
        key = metric_key(column)
        new = {
            "metric": NEW,
            "name": metric_name(column),
            "unit": "number" if decimals else "count",
            "direction": "down" if less_is_better(column) else "up",
        }
        found[column] = {"role": "metric", "decimals": decimals} | (
            {"metric": key} if key in known else new
        )
    return found


def initial_of_mapping(
    mapping: MappingDocument, known: Mapping[str, str], read_as: FileShape
) -> dict[str, dict[str, Any]]:
    """What the page shows of a mapping that is there, for a file that was read as `read_as`."""
    day, created = mapping.day, {entry.key: entry for entry in mapping.create}
    found: dict[str, dict[str, Any]] = {
        "": _shape(_as_read(mapping.file, read_as))
        | {"source": mapping.source, "month_names": day.month_names, "year": day.year}
        | {"day_format": "" if day.in_parts else day.format}
    }
    roles = {
        day.column: "day",
        day.month: "month",
        day.day: "day_of_month",
        day.year_column: "year",
    }
    found |= {column: {"role": role} for column, role in roles.items() if column}
    found |= {column: {"role": "key"} for column in mapping.key}
    found |= {column: {"role": "dim", "dim": name} for name, column in mapping.dims}
    for entry in mapping.metrics:
        new = created.get(entry.metric)
        if not entry.column:
            found[""]["counted"] = known.get(entry.metric) or (new.name if new else entry.metric)
        elif entry.metric in known or new is None:
            found[entry.column] = {"role": "metric", "metric": entry.metric}
        else:
            parts = ("name", "unit", "decimals", "direction")
            shown = {"metric": NEW} | {part: getattr(new, part) for part in parts}
            found[entry.column] = {"role": "metric"} | shown
            found[""]["currency"] = new.currency or found[""].get("currency", "")
    return found


def _as_read(stated: FileShape, read_as: FileShape) -> FileShape:
    """The stated shape, with what was detected in the file."""
    return replace(
        stated,
        encoding=read_as.encoding,
        delimiter=read_as.delimiter,
        header_row=read_as.header_row,
    )


def _shape(shape: FileShape) -> dict[str, Any]:
    return {
        "encoding": shape.encoding,
        "delimiter": WRITTEN.get(shape.delimiter, shape.delimiter),
        "header_row": shape.header_row,
        "decimal": shape.decimal,
        "thousands": WRITTEN.get(shape.thousands, shape.thousands),
        "missing": ", ".join(text for text in shape.missing if text),
    }


def pretty(document: Mapping[str, Any]) -> str:
    """The mapping document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)
