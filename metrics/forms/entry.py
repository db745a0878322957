"""The grid's form: which grid is shown, and what was typed into its cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Metric
from metrics.models.definitions import UNIQUE
from metrics.operations.entering import Entry
from metrics.operations.observations import Reading
from metrics.queries.entry import (
    MOST_COLUMNS,
    USUAL_COLUMNS,
    Asked,
    Cell,
    Sheet,
    enterable,
)
from metrics.rules.amounts import Unfit, largest
from metrics.rules.dims import LONGEST_VALUE, MOST_DIMS, NAME, Dims, canonical, is_sound
from metrics.rules.pairs import pairs_as_text, read_pairs
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Grain
from metrics.rules.typed import as_typed, read_typed
from workspaces.models import Workspace

GRAINS = [
    (Grain.DAY.value, gettext_lazy("Days")),
    (Grain.WEEK.value, gettext_lazy("Weeks")),
    (Grain.MONTH.value, gettext_lazy("Months")),
]
MARKS = [(".", "1,234.5"), (",", "1.234,5")]
LONGEST_CELL = 80
FIRST_YEAR = FIRST_DAY.year + 2  # the grid also shows what lies before


class SheetForm(forms.Form):
    """Which grid: grain, last day, metrics, dimensions, and how its numbers are written."""

    grain = forms.ChoiceField(label=gettext_lazy("Rows"), choices=GRAINS, required=False)
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Numbers are written"), choices=MARKS, required=False
    )
    dims = forms.CharField(
        label=gettext_lazy("Dimensions"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"placeholder": "channel:email, region:EU", "dir": "auto"}),
        help_text=gettext_lazy('A value with a comma stands in quotes: region:"Zürich, München".'),
    )
    metric = forms.MultipleChoiceField(
        label=gettext_lazy("Metrics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, object], *, workspace: Workspace, today: date) -> None:
        """Offer the metrics that take values; the first few where none was chosen."""
        super().__init__(data)
        self.today = today
        self.offered = {metric.key: metric for metric in enterable(workspace)}
        self.fields["metric"].choices = [(key, m.name) for key, m in self.offered.items()]

    def clean_until(self) -> date:
        """A known day; today where none was said."""
        until: date = self.cleaned_data["until"] or self.today
        if not FIRST_YEAR <= until.year < LAST_DAY.year:
            raise forms.ValidationError(_("Choose a day between 1902 and 2199."))
        return until

    def clean_metric(self) -> list[Metric]:
        """At most ten columns."""
        keys = self.cleaned_data["metric"] or list(self.offered)[:USUAL_COLUMNS]
        if len(keys) > MOST_COLUMNS:
            message = _("Choose at most %(most)s metrics.") % {"most": MOST_COLUMNS}
            raise forms.ValidationError(message)
        return [self.offered[key] for key in keys]

    def clean_dims(self) -> Dims:
        """Pairs such as channel:email, with commas between them."""
        pairs = read_pairs(self.cleaned_data["dims"])
        dims = dict(pairs or ())
        sound = pairs is not None and all(
            NAME.match(name) and value and len(value) <= LONGEST_VALUE and is_sound(value)
            for name, value in dims.items()
        )
        if not sound or len(dims) < len(pairs or ()) or len(dims) > MOST_DIMS:
            message = _('Write dimensions as channel:email, region:"Zürich, München".')
            raise forms.ValidationError(message)
        return canonical(dims)

    def clean(self) -> dict[str, object]:
        """Every metric of the grid has its dimensions."""
        given = super().clean() or {}
        names = {name for name, _value in given.get("dims", ())}
        for metric in given.get("metric", ()):
            if metric.allowed_dims and not names <= set(metric.allowed_dims):
                message = _("“%(name)s” has no such dimension, it has: %(allowed)s.")
                allowed = ", ".join(metric.allowed_dims)
                self.add_error("dims", message % {"name": metric.name, "allowed": allowed})
        return given

    @property
    def asked(self) -> Asked:
        """The grid of a valid form."""
        given = self.cleaned_data
        grain = Grain(given["grain"] or Grain.DAY)
        return Asked(grain, given["until"], given["metric"], given["dims"])

    @property
    def mark(self) -> str:
        """The decimal mark."""
        return self.cleaned_data.get("decimal") or "."

    def query(self, **changes: str) -> str:
        """The same grid as a query string, with some words changed."""
        asked = self.asked
        dims = pairs_as_text(asked.dims)
        until = asked.until.isoformat()
        words = {"grain": asked.grain.value, "until": until, "decimal": self.mark, "dims": dims}
        words |= changes
        return urlencode([*words.items(), *(("metric", metric.key) for metric in asked.metrics)])


@dataclass(frozen=True)
class TypedCell:
    """A cell with what was typed into it; `error` is what is wrong, `theirs` what others say."""

    cell: Cell
    text: str
    was: str
    shown: str
    error: str = ""
    theirs: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Typed:
    """All cells by name, and what of them is to be saved."""

    cells: Mapping[str, TypedCell]
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        """How many cells cannot be saved."""
        return sum(bool(found.error) for found in self.cells.values())

    def against(self, changed: Mapping[tuple[int, str], object]) -> "Typed":
        """The same, with the cells marked that somebody else changed meanwhile."""
        cells = dict(self.cells)
        for name, entry in self.entries.items():
            if entry.name in changed:
                found = cells[name]
                cells[name] = replace(found, theirs=found.shown, was=was_of(found.cell))
        return Typed(cells, self.entries)


def untouched(sheet: Sheet, mark: str) -> Typed:
    """The grid before anybody typed."""
    return Typed({cell.name: shown_cell(cell, mark) for cell in sheet.cells})


def shown_cell(cell: Cell, mark: str) -> TypedCell:
    """A cell as it is stored."""
    text = as_typed(cell.text, mark)
    return TypedCell(cell, text, was_of(cell), text)


def was_of(cell: Cell) -> str:
    """What a form remembers of a cell: version and amount, nothing for nothing."""
    return "" if cell.version is None else f"{cell.version}:{cell.amount}"


def read_typed_cells(sheet: Sheet, data: Mapping[str, str], asked: Asked, mark: str) -> Typed:
    """What was typed: an entry for each cell that was changed, an error for each that is wrong."""
    cells, entries = {}, {}
    for cell in sheet.cells:
        text, was = str(data.get(f"v-{cell.name}", "")), str(data.get(f"w-{cell.name}", ""))
        amount = read_typed(text[:LONGEST_CELL], decimal=mark, decimals=cell.metric.decimals)
        version, before = _seen(was)
        shown = shown_cell(cell, mark)
        if isinstance(amount, Unfit) or (cell.metric.kind == UNIQUE and (amount or 0) < 0):
            code = amount.code if isinstance(amount, Unfit) else "out_of_range"
            cells[cell.name] = replace(shown, text=text, was=was, error=_fault(code, cell.metric))
        elif f"v-{cell.name}" not in data or amount == before:
            cells[cell.name] = shown
        else:
            cells[cell.name] = replace(shown, text=text, was=was)
            entries[cell.name] = _entry(cell, asked.dims, amount, version)
    return Typed(cells, entries)


def _entry(cell: Cell, dims: Dims, amount: int | None, version: int | None) -> Entry:
    """What is to stand in the cell; an emptied one is withdrawn."""
    period = cell.period
    reading = Reading(cell.metric.pk, period.end, amount or 0, dims, cell.key, period.days)
    return Entry(reading, version, withdrawn=amount is None)


def _seen(was: str) -> tuple[int | None, int | None]:
    """Version and amount of what the form remembers; nothing where it was tampered with."""
    version, _colon, amount = was.partition(":")
    whole = amount.removeprefix("-")
    if not (version.isdecimal() and whole.isdecimal() and len(was) < LONGEST_CELL):
        return None, None
    return int(version), int(amount)


def _fault(code: str, metric: Metric) -> str:
    """The sentence at a cell."""
    if code == "out_of_range":
        limit = largest(metric.decimals)
        return _("At most %(limit)s.") % {"limit": limit}
    if code == "is_percent":
        return _("Rates are computed: enter what they are made of.")
    return _("This is no number.")
