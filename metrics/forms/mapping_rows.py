"""What one line of the page says: of a column, of rows that are counted, of a name, of a rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.mapping_form import CarriedField, words
from metrics.models.definitions import Metric
from metrics.rules.lists import listed

NEW = "+"
Choices = Sequence[tuple[str, Any]]
ROLES: Choices = [
    ("", _("Leave out")),
    ("day", _("Day")),
    ("until", _("Last day of a range")),
    ("month", _("Month (day in parts)")),
    ("day_of_month", _("Day of the month (in parts)")),
    ("year", _("Year (day in parts)")),
    ("key", _("Key of the row")),
    ("dim", _("Dimension")),
    ("metric", _("Metric")),
    ("named", _("Name of the row's metric")),
    ("value", _("Value of the named metric")),
]
KINDS: Choices = [
    ("additive", _("adds up")),
    ("last", _("level: the last one counts")),
    ("unique", _("people: does not add up")),
]
UNITS: Choices = [
    ("count", _("Count")),
    ("currency", _("Money")),
    ("number", _("Number")),
    ("duration", pgettext_lazy("MOps", "Duration")),
    ("percent", _("Percent")),
]
ROWS, PEOPLE, VALUES = "rows", "people", "values"
COUNTS: Choices = [
    (ROWS, _("each row")),
    (PEOPLE, _("each person once, by")),
    (VALUES, _("the values in")),
]
EXPECT, SKIP = "expect", "skip"
RULES: Choices = [
    (EXPECT, _("Every row must say, in")),
    (SKIP, _("No data are the rows that say, in")),
]


class MoneySelect(forms.Select):
    """Marks the metrics in money, so that the page asks for the currency of the file."""

    money: Collection[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **named: Any) -> dict[str, Any]:
        """One option, marked where it is in money."""
        found = super().create_option(name, value, *args, **named)
        found["attrs"] |= {"data-money": "1"} if value in self.money else {}
        return found


@dataclass(frozen=True)
class KnownMetrics:
    """The metrics that a line can name: key and name of each, and the keys of those in money."""

    choices: Choices
    money: frozenset[str]


def known_metrics(metrics: Mapping[str, Metric]) -> KnownMetrics:
    """The workspace's metrics as the lines offer them; money is named with its currency."""
    choices = [
        (key, f"{metric.name} ({metric.currency})" if metric.currency else metric.name)
        for key, metric in metrics.items()
    ]
    return KnownMetrics(choices, frozenset(key for key, one in metrics.items() if one.currency))


class LineForm(forms.Form):
    """A line among others: its controls are named by what the line is about."""

    about = ""

    def dress(self) -> None:
        """Give each control its class, and a name that says which line it belongs to."""
        for name, field in self.fields.items():
            kind = "select" if isinstance(field, forms.ChoiceField) else "input"
            kind = "tick" if isinstance(field, forms.BooleanField) else f"{kind} input-s"
            label = f"{field.label}: {self.about}" if self.about else field.label
            field.widget.attrs |= {"class": kind, "aria-label": label, "data-part": name}

    def said(self, name: str) -> Any:
        """What the control says now, sent or proposed."""
        return self[name].value()

    def put(self, field: str, message: object) -> None:
        """Say at the control what is wrong with it."""
        self.fields[field].widget.attrs["aria-invalid"] = "true"
        self.add_error(field, str(message))


class MeasureForm(LineForm):
    """A metric that is there, or a new one."""

    metric = forms.ChoiceField(label=_("Metric"), required=False, widget=MoneySelect)
    name = forms.CharField(label=_("Name of the new metric"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Over days it"), required=False, choices=KINDS)
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

    def __init__(self, *args: Any, known: KnownMetrics, **kwargs: Any) -> None:
        """Offer the workspace's metrics beside a new one."""
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(NEW, _("New metric")), *known.choices]
        self.fields["metric"].widget.money = known.money
        self.dress()

    @property
    def is_odd(self) -> bool:
        """Whether it counts in a way that is not to be overlooked."""
        wrong = any(name in self.errors for name in ("kind", "decimals", "direction", "amount"))
        return wrong or self.said("kind") not in (None, "", KINDS[0][0])

    def need_name(self, given: dict[str, Any]) -> None:
        """Say at the field that a new metric has no name."""
        if given.get("metric") == NEW and not given.get("name"):
            self.put("name", _("Name the new metric."))


class ColumnForm(MeasureForm):
    """What one column of the file is."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=ROLES)
    dim = forms.CharField(label=_("Name of the dimension"), required=False, max_length=63)
    part = forms.BooleanField(label=_("part of the key"), required=False)

    def __init__(
        self, *args: Any, column: str, samples: Sequence[str] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        """Keep the column's name and a few of its values."""
        self.about = self.column = column
        self.samples = samples
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A new metric and a dimension need a name."""
        given = super().clean() or {}
        if given.get("role") == "dim" and not (given.get("dim") or "").strip():
            self.put("dim", _("Name the dimension."))
        if given.get("role") == "metric":
            self.need_name(given)
        return given


class CountForm(MeasureForm):
    """Rows, people or values that are counted, perhaps of some of the rows alone."""

    counts = forms.ChoiceField(label=_("Count"), required=False, choices=COUNTS)
    column = forms.TypedChoiceField(label=_("Column"), required=False, empty_value="")
    amount = forms.CharField(label=_("Each counts as"), required=False, max_length=30)
    only = forms.TypedChoiceField(label=_("Only where"), required=False, empty_value="")
    texts = words(_("says one of"))
    also = CarriedField(required=False)

    def __init__(self, *args: Any, columns: Sequence[str], **kwargs: Any) -> None:
        """Offer the columns of the file."""
        super().__init__(*args, **kwargs)
        offer_columns(self.fields["column"], columns, "–")
        offer_columns(self.fields["only"], columns, _("all rows"))

    @property
    def further(self) -> list[tuple[str, str]]:
        """Conditions beyond the one that has controls: columns and their words."""
        bound = self.is_bound and self.is_valid()
        held = self.cleaned_data.get("also") if bound else self.initial.get("also")
        found = held if isinstance(held, dict) else {}
        return [
            (str(column), ", ".join(map(str, texts if isinstance(texts, list) else [texts])))
            for column, texts in found.items()
        ]

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        given = self.cleaned_data
        return given.get("metric") == NEW and not given.get("name")

    def clean(self) -> dict[str, Any]:
        """People and values need a column, a condition its words; without a name nothing counts."""
        given = self.cleaned_data = super().clean() or {}
        if self.is_blank:
            return given
        if given.get("counts") in (PEOPLE, VALUES) and not given.get("column"):
            self.put("column", _("Say in which column."))
        if bool(given.get("only")) != bool(listed(given.get("texts") or "")):
            self.put("texts", _("Say the column and what has to stand there."))
        return given


class NameForm(MeasureForm):
    """What a name in the file stands for, where each row names its metric."""

    text = forms.CharField(label=_("In the file"), required=False, max_length=200)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        return not self.cleaned_data.get("text")

    def clean(self) -> dict[str, Any]:
        """A name stands for a metric."""
        given = self.cleaned_data = super().clean() or {}
        if not self.is_blank:
            self.need_name(given)
        return given


class RuleForm(LineForm):
    """What each row has to say in a column, or which rows are no data."""

    what = forms.ChoiceField(label=_("Rule"), required=False, choices=RULES)
    column = forms.TypedChoiceField(label=_("Column"), required=False, empty_value="")
    texts = words(_("One of these"))

    def __init__(self, *args: Any, columns: Sequence[str], **kwargs: Any) -> None:
        """Offer the columns of the file."""
        super().__init__(*args, **kwargs)
        self.dress()
        offer_columns(self.fields["column"], columns, "–")

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        return not (self.cleaned_data.get("column") or self.cleaned_data.get("texts"))

    def clean(self) -> dict[str, Any]:
        """A rule needs a column and words."""
        given = self.cleaned_data = super().clean() or {}
        if bool(given.get("column")) != bool(listed(given.get("texts") or "")):
            self.put("texts", _("Say the column and what has to stand there."))
        return given


def one_line(column: str) -> str:
    """A column's name as a control sends it: a browser changes the line breaks within."""
    return " ".join(column.split())


def offer_columns(field: forms.TypedChoiceField, columns: Sequence[str], nothing: Any) -> None:
    """Let the field choose a column of the file, or none."""
    named = {one_line(column): column for column in reversed(columns)}
    field.choices = [("", nothing), *((one_line(column), column) for column in columns)]
    field.coerce = lambda text: named[text]
