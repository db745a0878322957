"""From the filled page to the mapping document, and back from a place in it to the control."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from metrics.forms.imports import SPOKEN
from metrics.forms.mapping_rows import (
    EXPECT,
    NEW,
    PEOPLE,
    ROWS,
    SKIP,
    ColumnForm,
    CountForm,
    MeasureForm,
    NameForm,
    RuleForm,
)
from metrics.models.definitions import Metric
from metrics.queries.ready import as_definition
from metrics.rules.digits import ASCII
from metrics.rules.documents import escaped
from metrics.rules.guesses import metric_key
from metrics.rules.lists import listed
from metrics.rules.ready import Ready

KEPT_OF_FILE = ("sheet", "section")
DEFINED = ("unit", "decimals", "direction", "kind")
FIELDS = {
    "/source": "source", "/day": "day_format", "/day/timezone": "zone", "/day/year": "year",
    "/day/fixed": "fixed_day", "/day/span": "span", "/day/calendar": "calendar",
    "/day/month_names": "month_names", "/file/decimal": "decimal", "/file/thousands": "thousands",
    "/file/missing": "missing", "/file/digits": "digits", "/file/signs": "signs",
    "/file/skip_first_cell": "skip_first_cell", "/file/footer": "footer",
}  # fmt: skip
Document = dict[str, Any]


class Control(Protocol):
    """A form at one of whose fields something can be said."""

    fields: Mapping[str, Any]

    def put(self, field: str, message: object) -> None:
        """Say at the field what is wrong with it."""


class Composer:
    """Puts a document together, noting which control each part of it comes from."""

    def __init__(self, whole: Any, metrics: Mapping[str, Metric]) -> None:
        """`metrics` are those of the workspace by key."""
        self.whole, self._metrics = whole.cleaned_data, metrics
        self.base: Document = whole.cleaned_data["base"]
        self.places: dict[str, tuple[Control, str]] = {
            pointer: (whole, field) for pointer, field in FIELDS.items()
        }
        self._whole = whole
        self._carried = carried_in(self.base)
        self._new: dict[str, tuple[Document, Control]] = {}
        self._joined: dict[str, Document] = {}

    def control_of(self, pointer: str) -> tuple[Control, str] | None:
        """Where a part of the document is said, or the nearest part that it belongs to."""
        while pointer:
            if pointer in self.places:
                return self.places[pointer]
            pointer = pointer.rpartition("/")[0]
        return None

    def file(self) -> Document:
        """How the file is written; what was detected is not stated."""
        whole = self.whole
        carried = self.base.get("file", {})
        found = {name: carried[name] for name in KEPT_OF_FILE if name in carried}
        found |= {
            "encoding": whole["encoding"],
            "delimiter": SPOKEN.get(whole["delimiter"], whole["delimiter"]),
            "decimal": whole["decimal"],
            "thousands": SPOKEN.get(whole["thousands"], whole["thousands"]),
            "header_row": whole["header_row"],
            "missing": ["", *listed(whole["missing"])],
            "digits": whole["digits"] or ASCII,
        }
        found |= {name: listed(whole[name]) for name in ("signs", "skip_first_cell", "footer")}
        detected = [name for name in self.base.get("found", []) if isinstance(name, str)]
        return {name: value for name, value in found.items() if name not in detected}

    def day(self, columns: Mapping[str, str]) -> Document:
        """Where the day stands; `columns` are those of the day by their role."""
        whole, found = self.whole, {"month_names": self.whole["month_names"] or "en"}
        found |= {"calendar": whole["calendar"]} if whole["calendar"] else {}
        form = whole["day_format"] or "%Y-%m-%d"
        if columns.get("day"):
            found |= {"format": form}
            if whole["year"] and not ("%Y" in form or "%y" in form):
                found["year"] = whole["year"]
            return found | self._day_columns(columns)
        roles = {"month": "month", "day_of_month": "day", "year": "year"}
        parts = {part: columns[role] for role, part in roles.items() if columns.get(role)}
        if not parts and whole["fixed_day"]:
            return {"fixed": whole["fixed_day"].isoformat(), "span": whole["span"] or 1}
        if whole["year"] and "year" not in parts:
            found["year"] = whole["year"]
        return found | {"parts": parts}

    def _day_columns(self, columns: Mapping[str, str]) -> Document:
        """The column of the day, or the two of a range."""
        if columns.get("until"):
            spanned = {"span": "last_day"} if self.whole["spanned"] else {}
            return {"from": columns["day"], "to": columns["until"]} | spanned
        zone = self.whole["zone"]
        moment = {"instant": True, "timezone": zone} if zone else {}
        return {"column": columns["day"]} | moment

    def key(self, columns: Sequence[str]) -> list[str]:
        """The columns of the key; the order of a carried one stays, for it is part of the keys."""
        earlier = self.base.get("key", [])
        order = {name: place for place, name in enumerate(map(str, earlier))}
        return sorted(columns, key=lambda column: order.get(column, len(order)))

    def rules(self, rules: Sequence[RuleForm]) -> dict[str, Document]:
        """`expect` and `skip_where`, of several rules for one column all texts."""
        found: dict[str, Document] = {EXPECT: {}, SKIP: {}}
        at = {EXPECT: "/expect/", SKIP: "/file/skip_where/"}
        for form in rules:
            given = form.cleaned_data
            what, column = given["what"] or EXPECT, given["column"]
            found[what].setdefault(column, []).extend(listed(given["texts"]))
            self.places[at[what] + escaped(column)] = (form, "texts")
        return found

    def metrics(
        self, columns: Sequence[ColumnForm], counts: Sequence[CountForm]
    ) -> list[Document]:  # fmt: skip
        """The metrics of a wide file, in the order of a carried mapping: rows are named by it."""
        said: list[tuple[Document, MeasureForm]] = [
            ({"metric": self.measure(form), "column": form.column}, form) for form in columns
        ]
        said += [
            ({"metric": self.measure(form)} | _counted(form.cleaned_data), form) for form in counts
        ]
        order = {
            (str(entry.get("metric")), str(entry.get("column", ""))): place
            for place, entry in enumerate(self.base.get("metrics", []))
            if isinstance(entry, dict)
        }
        said.sort(
            key=lambda pair: order.get((pair[0]["metric"], pair[0].get("column", "")), len(order))
        )
        for place, (_entry, form) in enumerate(said):
            self._note(f"/metrics/{place}", form)
        return [entry for entry, _form in said]

    def _note(self, at: str, form: MeasureForm) -> None:
        wide = isinstance(form, ColumnForm)
        chosen = "name" if form.cleaned_data["metric"] == NEW else "metric"
        column = "role" if wide else "column"
        self.places |= {at: (form, chosen), f"{at}/column": (form, column)}
        if not wide:
            self.places |= {f"{at}/id": (form, column), f"{at}/constant": (form, "amount")}
            self.places[f"{at}/when"] = (form, "texts")

    def long(self, named: str, value: str, names: Sequence[NameForm]) -> Document:
        """The columns of a long file and what its names stand for."""
        found = {}
        for form in names:
            text = form.cleaned_data["text"]
            found[text] = self.measure(form)
            self.places[f"/long/names/{escaped(text)}"] = (form, "text")
        if names:
            self.places["/long"] = (names[0], "text")
        return {"metric": named, "value": value, "names": found}

    def measure(self, form: MeasureForm) -> str:
        """The key of the metric that a line names; a new one is defined."""
        given = form.cleaned_data
        if given["metric"] != NEW:
            return self._known(str(given["metric"]))
        key = self.key_for(given["name"])
        people = isinstance(form, CountForm) and given["counts"] == PEOPLE
        unit = given["unit"] or "count"
        found = self._carried.get(key, {}) | {
            "key": key,
            "name": given["name"],
            "kind": "unique" if people else given["kind"] or "additive",
            "unit": unit,
            "decimals": given["decimals"] or 0,
            "direction": given["direction"] or "up",
        }
        found.pop("currency", None)
        if unit == "currency":
            found["currency"] = self._currency(key)
        self._new.setdefault(key, (found, form))
        return key

    def _known(self, key: str) -> str:
        """A metric that is there; one in money is defined as it is, in the currency of the file."""
        metric = self._metrics[key]
        if metric.unit == "currency":
            names = ("key", "name", *DEFINED)
            self._joined[key] = {name: getattr(metric, name) for name in names}
            self._joined[key]["currency"] = self._currency(key)
        return key

    def _currency(self, key: str) -> str:
        """What the page says; of a carried mapping with several currencies, the metric's own."""
        several = {str(entry.get("currency") or "") for entry in self._carried.values()} - {""}
        own = str(self._carried.get(key, {}).get("currency") or "")
        return own if len(several) > 1 and own else str(self.whole["currency"].upper())

    def key_for(self, name: str) -> str:
        """The key of a metric of this name: a carried or known one, or a free one made of it."""
        return key_for(name, self._carried, self._is_taken)

    def _is_taken(self, key: str, name: str) -> bool:
        """Whether the key stands for something of another name, here or in the workspace."""
        new = self._new.get(key)
        there = self._metrics.get(key)
        return bool(there and there.name != name) or bool(new and new[0]["name"] != name)

    def create(self, kept: Collection[str], ready: Sequence[Ready]) -> list[Document]:
        """What is defined: new metrics, those of a carried mapping that are kept, rates.

        And metrics in money that are there: their currency has to be that of the file.
        """
        same = {one: key for one in ready if (key := definition_in(self._carried, one))}
        same = {one: key for one, key in same.items() if divides_same(self._carried[key], one)}
        kept = [*kept, *same.values()]
        beside = {key: self._carried[key] for key in kept if key not in self._new}
        order = {key: place for place, key in enumerate(self._carried)}
        made = beside | self._joined | {key: entry for key, (entry, _form) in self._new.items()}
        keys = sorted(made, key=lambda key: (order.get(key, len(order)), key))
        for place, key in enumerate(keys):
            if key in self._new:
                self._note_new(f"/create/{place}", self._new[key][1])
            elif key in self._joined:
                self.places[f"/create/{place}"] = (self._whole, "currency")
        money = {key: str(entry.get("currency") or "") for key, entry in made.items()}
        new = [as_definition(one, money).as_json() for one in ready if one not in same]
        return [made[key] for key in keys] + new

    def _note_new(self, at: str, form: Control) -> None:
        self.places |= {f"{at}/{field}": (form, field) for field in DEFINED}
        self.places |= {at: (form, "name"), f"{at}/currency": (self._whole, "currency")}


def key_for(
    name: str, carried: Mapping[str, Document], is_taken: Callable[[str, str], bool]
) -> str:  # fmt: skip
    """The key that a carried definition of this name has, or one made of it that is free."""
    for key, entry in carried.items():
        if entry["name"] == name:
            return key
    plain, copy = metric_key(name), 1
    key = plain
    while is_taken(key, name):
        copy += 1
        key = f"{plain[:60]}_{copy}"
    return key


def carried_in(base: Document) -> dict[str, Document]:
    """The definitions that a carried mapping brings, by key."""
    return {
        str(entry["key"]): entry
        for entry in base.get("create", [])
        if isinstance(entry, dict) and {"key", "name"} <= entry.keys()
    }


def unmeasured_in(base: Document) -> list[str]:
    """What a carried mapping defines beside what it reads from the file: computed metrics."""
    metrics, long = base.get("metrics", []), base.get("long", {})
    read = {str(entry.get("metric")) for entry in metrics if isinstance(entry, dict)}
    names = long.get("names") if isinstance(long, dict) else None
    read |= set(map(str, names.values())) if isinstance(names, dict) else set()
    return [key for key in carried_in(base) if key not in read]


def inputs_of(entry: Document) -> set[str]:
    """The metrics that a definition divides, if it does."""
    return {str(entry[name]) for name in ("numerator", "denominator") if entry.get(name)}


def definition_in(carried: Mapping[str, Document], one: Ready) -> str:
    """The key under which a carried mapping defines this rate, perhaps over other metrics."""
    same = (key for key, entry in carried.items() if divides_same(entry, one))
    is_there = inputs_of(carried.get(one.key, {}))
    return next(same, one.key if is_there else "")


def divides_same(entry: Document, one: Ready) -> bool:
    """Whether a definition divides the metrics that the rate divides."""
    return (entry.get("numerator"), entry.get("denominator")) == (one.above, one.below)


def _counted(given: Mapping[str, Any]) -> Document:
    """How a line counts, and in which rows."""
    ways: Document = {
        ROWS: {"constant": given["amount"].strip() or "1"},
        PEOPLE: {"id": {"column": given["column"]}},
    }
    found: Document = ways.get(given["counts"] or ROWS, {"column": given["column"]})
    also = given["also"] if isinstance(given["also"], dict) else {}
    when = ({given["only"]: listed(given["texts"])} if given["only"] else {}) | also
    return found | ({"when": when} if when else {})
