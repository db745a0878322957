"""The page of the mapping as one form: what it collects becomes a mapping document."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from metrics.forms.composing import (
    Composer,
    Document,
    carried_in,
    definition_in,
    inputs_of,
    key_for,
    unmeasured_in,
)
from metrics.forms.mapping_form import MappingForm
from metrics.forms.mapping_rows import (
    EXPECT,
    NEW,
    SKIP,
    ColumnForm,
    CountForm,
    KnownMetrics,
    LineForm,
    NameForm,
    RuleForm,
    known_metrics,
)
from metrics.models.definitions import Metric
from metrics.queries.ready import name_of
from metrics.rules.dayformats import GREGORIAN
from metrics.rules.digits import ASCII
from metrics.rules.guesses import metric_key
from metrics.rules.mapping import REPLACE_DAYS
from metrics.rules.ready import Ready
from workspaces.rules.errors import Problem

ONCE = ("day", "until", "month", "day_of_month", "year", "named", "value")
MOST_LINES = 200
SAMPLES = 3
READY = "ready-"
Offer = Callable[[Mapping[str, str], str], list[Ready]]


@dataclass
class FirstValues:
    """What the page shows first: of the file, by column, and the lines of each kind.

    `is_said` where somebody has described the file: what they left unticked stays so.
    """

    whole: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: list[dict[str, Any]] = field(default_factory=list)
    names: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    is_said: bool = False


@dataclass(frozen=True)
class Beginning:
    """The beginning of the file: the columns that are shown by their place, and rows."""

    columns: Sequence[tuple[int, str]]
    rows: Sequence[Sequence[str]]

    def texts(self, place: int) -> list[str]:
        """What different texts stand in a column."""
        texts = (row[place].strip() for row in self.rows if place < len(row))
        return [text for text in dict.fromkeys(texts) if text]


@dataclass(frozen=True)
class Offered:
    """A rate as the page offers it: its name and those of what it divides."""

    rate: Ready
    name: str
    above: str
    below: str
    is_wanted: bool


class MappingForms:
    """The whole page: what holds for the file, one form per column, and lines beside them."""

    def __init__(
        self,
        data: QueryDict | None,
        beginning: Beginning,
        *,
        metrics: Mapping[str, Metric],
        first: FirstValues,
        offer: Offer,
    ) -> None:
        """`metrics` are the workspace's by key; `offer` finds rates for columns, keys, a source."""
        self._metrics, self._data, self._is_said = metrics, data, first.is_said
        self.known = {key: metric.name for key, metric in metrics.items()}
        self.whole = MappingForm(data, initial=first.whole)
        known = known_metrics(metrics)
        self.columns = [
            ColumnForm(
                data,
                prefix=f"c{place}",
                column=name,
                samples=beginning.texts(place)[:SAMPLES],
                known=known,
                initial=first.columns.get(name, {}),
            )
            for place, name in beginning.columns
        ]
        names = [name for _place, name in beginning.columns]
        more = data.get("more", "") if data else ""
        self.names = self._lines(NameForm, "t", "text", first.names, more, known=known)
        self.counts = self._lines(
            CountForm, "n", "counts", first.counts, more, known=known, columns=names
        )
        self.rules = self._lines(RuleForm, "r", "what", first.rules, more, columns=names)
        self._name_all(beginning, known)
        measured = {name: key for name, (key, _name) in self._measured().items()}
        self.offers = offer(measured, str(self.whole["source"].value() or ""))
        self.composer: Composer | None = None

    def _lines(
        self,
        kind: type[LineForm],
        prefix: str,
        sure: str,
        first: Sequence[dict[str, Any]],
        more: str,
        **options: Any,
    ) -> list[Any]:
        """The lines that were sent, or the first ones and a blank; one more if it is asked for."""
        data, found = self._data, []
        if data is not None:
            while f"{prefix}{len(found)}-{sure}" in data and len(found) < MOST_LINES:
                found.append(kind(data, prefix=f"{prefix}{len(found)}", **options))
        blank = 1 if data is None or more == prefix or not found else 0
        for initial in [*(first if data is None else ()), *[{}] * blank]:
            found.append(kind(prefix=f"{prefix}{len(found)}", initial=initial, **options))
        return found

    def _name_all(self, beginning: Beginning, known: KnownMetrics) -> None:
        """Where a column names the row's metric and nothing is said of the names: propose them."""
        said = any(form.said("text") for form in self.names)
        place = next(
            (place for (place, _name), form in zip(beginning.columns, self.columns, strict=True)
             if form.said("role") == "named"), -1,
        )  # fmt: skip
        if said or place < 0:
            return
        self.names = [
            NameForm(
                prefix=f"t{number}",
                known=known,
                initial={"text": text, **measure_named(text, self.known)},
            )
            for number, text in enumerate(beginning.texts(place)[: MOST_LINES // 2])
        ]

    def _measured(self) -> dict[str, tuple[str, str]]:
        """Key and name of the metric by the column that it is read from, as it stands now."""
        found: dict[str, tuple[str, str]] = {}
        carried = carried_in(self.whole.carried)

        def is_taken(key: str, name: str) -> bool:
            new = dict(found.values())
            return self.known.get(key, name) != name or new.get(key, name) != name

        for form in self.columns:
            chosen, name = str(form.said("metric") or NEW), str(form.said("name") or "")
            if form.said("role") == "metric" and chosen == NEW:
                found[form.column] = (key_for(name, carried, is_taken), name)
            elif form.said("role") == "metric":
                found[form.column] = (chosen, self.known.get(chosen, chosen))
        return found

    @property
    def ready(self) -> list[Offered]:
        """The rates that can be computed, and whether each is wanted: at first every share is.

        Of a file that is described already, those that its mapping defines.
        """
        names, carried = dict(self._measured().values()), carried_in(self.whole.carried)
        return [
            Offered(one, name_of(one), names[one.above], names[one.below],
                    self._wants(one.starter.key, first=self._at_first(one, carried)))
            for one in self.offers
        ]  # fmt: skip

    def _at_first(self, one: Ready, carried: Mapping[str, Document]) -> bool:
        return bool(definition_in(carried, one)) or (one.is_share and not self._is_said)

    @property
    def kept(self) -> list[tuple[str, str, bool]]:
        """The other computed metrics that a carried mapping brings: key, name, if it is wanted.

        What divides a column that is left out by now is gone.
        """
        base = self.whole.carried
        carried = carried_in(base)
        offered = {key for one in self.offers if (key := definition_in(carried, one))}
        gone = self._left_out(base)
        return [
            (key, str(carried[key]["name"]), self._wants(key, first=True))
            for key in unmeasured_in(base)
            if key not in offered and gone.isdisjoint(inputs_of(carried[key]))
        ]

    def _left_out(self, base: Document) -> set[str]:
        """Metrics that the carried mapping reads and the page, as it was sent, does not."""
        if self._data is None:
            return set()
        lines = [form for form in (*self.counts, *self.names) if form.is_bound]
        said = [str(form.said("metric") or NEW) for form in lines]
        new = [str(form.said("name") or "") for form in lines]
        carried = carried_in(base)
        read = {key for key, _name in self._measured().values()} | {*said, *self.known}
        read |= {key for key, entry in carried.items() if entry["name"] in new}
        return carried.keys() - set(unmeasured_in(base)) - read

    def _wants(self, key: str, *, first: bool) -> bool:
        return first if self._data is None else bool(self._data.get(READY + key))

    @property
    def is_long(self) -> bool:
        """Whether a column names the metric of each row."""
        return any(form.said("role") == "named" for form in self.columns)

    @property
    def has_more(self) -> bool:
        """Whether anything of what is seldom needed is said."""
        names = ("zone", "footer", "signs", "complete", "skip_first_cell", "calendar", "digits")
        rules = [form for form in self.rules if form.said("column")]
        whole = self.whole
        usual = (None, "", False, ASCII, GREGORIAN)
        said = any(whole[name].value() not in usual for name in names)
        return bool(said or rules or any(name in whole.errors for name in names))

    @property
    def counts_something(self) -> bool:
        """Whether rows or people are counted."""
        return any(
            form.said("name") or form.said("metric") not in (None, NEW) for form in self.counts
        )

    def is_valid(self) -> bool:
        """Whether each form is, so that all errors show at once."""
        lines = [form for form in (*self.names, *self.counts, *self.rules) if form.is_bound]
        if not all([self.whole.is_valid(), *(form.is_valid() for form in (*self.columns, *lines))]):
            return False
        for role in ONCE:
            for form in self._of_role(role)[1:]:
                form.put("role", _("Another column has this role."))
        self._need_own_names()
        self._need_day()
        self._need_measure()
        return not any(form.errors for form in (self.whole, *self.columns, *lines))

    def _need_own_names(self) -> None:
        seen = set(self.whole.carried.get("held", {}))
        for form in self._of_role("dim"):
            name = metric_key(form.cleaned_data["dim"])
            if name in seen:
                message = _("Another column has this name. Tell them apart by Latin letters.")
                form.put("dim", message)
            seen.add(name)

    def _need_day(self) -> None:
        parts = self._of_role("month") and self._of_role("day_of_month")
        if not (self._of_role("day") or parts or self.whole.cleaned_data["fixed_day"]):
            self.whole.add_error(None, _("Say which column holds the day."))

    def _need_measure(self) -> None:
        named, value = self._of_role("named"), self._of_role("value")
        metrics = self._of_role("metric")
        if not (named or value or metrics or self._filled(self.counts)):
            self.whole.add_error(None, _("Say which column holds the values of a metric."))
        if bool(named) != bool(value):
            (named or value)[0].put(
                "role", _("One column names the metric, another has its value.")
            )
        if named and value and not self._filled(self.names):
            self.whole.add_error(None, _("Say below which metric each of the names is."))
        for form in metrics if named else ():
            form.put("role", _("Here each row names its metric: leave this column out."))
        for form in self._filled(self.counts) if named else ():
            form.put("counts", _("Here each row names its metric: nothing else can be counted."))

    def _of_role(self, role: str) -> list[ColumnForm]:
        return [form for form in self.columns if form.cleaned_data.get("role") == role]

    @staticmethod
    def _filled(lines: Sequence[Any]) -> list[Any]:
        return [form for form in lines if form.is_bound and not form.is_blank]

    def document(self) -> Document:
        """The mapping document that the forms say; `parse_mapping` judges it."""
        self.composer = made = Composer(self.whole, self._metrics)
        rules = made.rules(self._filled(self.rules))
        days = {role: forms[0].column for role in ONCE if (forms := self._of_role(role))}
        found: Document = {
            "version": 1,
            "source": self.whole.cleaned_data["source"],
            "file": made.file() | {"skip_where": rules[SKIP]},
            "day": made.day(days),
            "key": made.key(
                [
                    form.column
                    for form in self.columns
                    if form.cleaned_data["role"] == "key" or form.cleaned_data["part"]
                ]
            ),
            "dims": self._dims(made),
            EXPECT: rules[EXPECT],
        }
        if "named" in days:
            found["long"] = made.long(days["named"], days["value"], self._filled(self.names))
        else:
            found["metrics"] = made.metrics(self._of_role("metric"), self._filled(self.counts))
        kept = [key for key, _name, is_wanted in self.kept if is_wanted]
        found["create"] = made.create(kept, [one.rate for one in self.ready if one.is_wanted])
        return found | ({"mode": REPLACE_DAYS} if self.whole.cleaned_data["complete"] else {})

    def _dims(self, made: Composer) -> Document:
        held = made.base.get("held", {})
        found: Document = {str(name): {"column": str(column)} for name, column in held.items()}
        for form in self._of_role("dim"):
            name = metric_key(form.cleaned_data["dim"])
            found[name] = {"column": form.column}
            made.places[f"/dims/{name}"] = (form, "dim")
        return found

    def named(self, problems: Sequence[Problem]) -> list[Problem]:
        """The same, each called by the name of its control instead of its place in a document."""
        found = []
        for problem in problems:
            control = self.composer.control_of(problem.pointer) if self.composer else None
            if control is None:
                found.append(problem)
                continue
            form, field = control
            name = getattr(form, "about", "") or form.fields[field].label
            found.append(replace(problem, pointer="", message=f"{name}: {problem.message}"))
        return found

    def place(self, problems: Sequence[Problem]) -> list[Problem]:
        """Say each problem at its control; those that have none are returned."""
        left = []
        for problem in problems:
            found = self.composer.control_of(problem.pointer) if self.composer else None
            if found is None:
                left.append(problem)
            else:
                found[0].put(found[1], problem.message)
        return left


def measure_named(text: str, known: Mapping[str, str]) -> dict[str, Any]:
    """The metric that a name in the file seems to mean: one that is there, or a new one."""
    for key, name in known.items():
        if text.casefold() in (key, name.casefold()):
            return {"metric": key}
    return {"metric": NEW, "name": text[:80], "unit": "number", "decimals": 2}


def pretty(document: Mapping[str, Any]) -> str:
    """The mapping document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)
