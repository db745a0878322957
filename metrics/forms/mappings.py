"""The form of the mapping: what it collects becomes a mapping document, nothing else."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from metrics.forms.imports import SPOKEN
from metrics.forms.mapping_form import FOUND, NEW, ROLES, ColumnForm, MappingForm
from metrics.rules.guesses import metric_key

KEPT_OF_DAY = ("instant", "timezone")


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
        for role in ("day", "until", "month", "day_of_month", "year"):
            for form in self._of_role(role)[1:]:
                form.add_error("role", _("Another column has this role."))
        parts = self._of_role("month") and self._of_role("day_of_month")
        if not (self._of_role("day") or parts or self.whole.cleaned_data["fixed_day"]):
            self.whole.add_error(None, _("Say which column holds the day."))
        if not (self._of_role("metric") or self._measures_otherwise()):
            self.whole.add_error(None, _("Say which column holds the values of a metric."))
        return not any([self.whole.errors, *(form.errors for form in self.columns)])

    def _measures_otherwise(self) -> bool:
        """Whether rows are counted, or the carried mapping measures what no field shows."""
        whole = self.whole.cleaned_data
        return bool(whole["counted"] or whole["base"].get("long") or self._carried())

    def _carried(self) -> list[dict[str, Any]]:
        """Metrics of the carried mapping that no field shows: by id, or of some rows alone."""
        entries = self.whole.cleaned_data["base"].get("metrics", [])
        return [
            entry
            for entry in entries
            if isinstance(entry, dict)
            and "column" not in entry
            and ("id" in entry or "when" in entry)
        ]

    def _of_role(self, role: str) -> list[ColumnForm]:
        return [form for form in self.columns if form.cleaned_data.get("role") == role]

    def document(self) -> dict[str, Any]:
        """The mapping document that the forms say; `parse_mapping` judges it."""
        whole, base = self.whole.cleaned_data, self.whole.cleaned_data["base"]
        by_role = {role: [form.column for form in self._of_role(role)] for role, _word in ROLES}
        found: dict[str, Any] = {
            "version": 1,
            "source": whole["source"],
            "file": self._file(whole, base),
            "day": self._day(whole, by_role),
            "key": by_role["key"],
            "dims": {
                metric_key(form.cleaned_data["dim"]): {"column": form.column}
                for form in self.columns
                if form.cleaned_data["role"] == "dim"
            },
            "create": [],
        }
        found |= {name: base[name] for name in ("expect", "mode") if base.get(name)}
        if base.get("long"):
            return found | {"long": base["long"], "create": base.get("create", [])}
        found["metrics"] = []
        self._add_metrics(found, whole["counted"])
        self._add_carried(found)
        return found

    def _file(self, whole: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = base.get("file", {}) | {
            "encoding": whole["encoding"],
            "delimiter": SPOKEN.get(whole["delimiter"], whole["delimiter"]),
            "decimal": whole["decimal"],
            "thousands": SPOKEN.get(whole["thousands"], whole["thousands"]),
            "header_row": whole["header_row"],
            "missing": ["", *listed(whole["missing"])],
            "skip_first_cell": listed(whole["skip_first_cell"]),
        }
        if base.get("header") == FOUND:
            del found["header_row"]
        return found

    def _day(self, whole: dict[str, Any], by_role: dict[str, list[str]]) -> dict[str, Any]:
        said = {"month_names": whole["month_names"] or "en"}
        said |= {"calendar": whole["calendar"]} if whole["calendar"] else {}
        form = whole["day_format"] or "%Y-%m-%d"
        if by_role["day"]:
            said |= {"format": form}
            if whole["year"] and not {"%Y", "%y"} & {form[at : at + 2] for at in range(len(form))}:
                said["year"] = whole["year"]
            return said | self._day_columns(whole, by_role)
        roles = {"month": "month", "day_of_month": "day", "year": "year"}
        parts = {part: by_role[role][0] for role, part in roles.items() if by_role[role]}
        if not parts and whole["fixed_day"]:
            return {"fixed": whole["fixed_day"].isoformat(), "span": whole["span"] or 1}
        found: dict[str, Any] = said | {"parts": parts}
        if whole["year"] and "year" not in parts:
            found["year"] = whole["year"]
        return found

    def _day_columns(
        self, whole: dict[str, Any], by_role: dict[str, list[str]]
    ) -> dict[str, Any]:  # fmt: skip
        """The column of the day, or the two of a range; an instant stays one."""
        column = by_role["day"][0]
        if by_role["until"]:
            spanned = {"span": "last_day"} if whole["spanned"] else {}
            return {"from": column, "to": by_role["until"][0]} | spanned
        carried = whole["base"].get("day", {})
        same = carried.get("column") == column
        return {"column": column} | {
            name: carried[name] for name in KEPT_OF_DAY if same and name in carried
        }

    def _add_metrics(self, found: dict[str, Any], counted: str) -> None:
        when = {
            entry["metric"]: {"when": entry["when"]}
            for entry in self.whole.cleaned_data["base"].get("metrics", [])
            if isinstance(entry, dict) and {"metric", "when"} <= entry.keys()
        }
        for form in self.columns:
            given = form.cleaned_data
            if given["role"] != "metric":
                continue
            key = given["metric"]
            if key == NEW:
                key = self._key(given["name"])
                found["create"].append(self._new(key, given))
            found["metrics"].append({"metric": key, "column": form.column} | when.get(key, {}))
        if counted:
            key = next((k for k, name in self.metrics.items() if name == counted), "")
            key = key or self._key(counted)
            if key not in self.metrics:
                found["create"].append(self._new(key, {"name": counted}))
            found["metrics"].append({"metric": key, "constant": "1"})

    def _add_carried(self, found: dict[str, Any]) -> None:
        """What no field shows, with its definitions."""
        found["metrics"] += self._carried()
        keys = {entry.get("metric") for entry in self._carried()}
        found["create"] += [entry for key, entry in self._defined().items() if key in keys]

    def _defined(self) -> dict[str, dict[str, Any]]:
        """The definitions that the carried mapping brings, by key."""
        entries = self.whole.cleaned_data["base"].get("create", [])
        return {
            str(entry["key"]): entry
            for entry in entries
            if isinstance(entry, dict) and {"key", "name"} <= entry.keys()
        }

    def _key(self, name: str) -> str:
        """The key that the carried mapping has for a metric of this name, or one made of it."""
        named = (key for key, entry in self._defined().items() if entry["name"] == name)
        return next(named, metric_key(name))

    def _new(self, key: str, given: Mapping[str, Any]) -> dict[str, Any]:
        unit = given.get("unit") or "count"
        carried = self._defined().get(key, {})
        found = {"kind": "additive"} | carried | {"key": key, "name": given["name"], "unit": unit}
        found.pop("currency", None)
        if unit == "currency":
            found["currency"] = self.whole.cleaned_data["currency"].upper()
        found["direction"] = given.get("direction") or found.get("direction", "up")
        return found | {"decimals": given.get("decimals") or 0}


def listed(text: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _samples(rows: Sequence[Sequence[str]], place: int, most: int = 3) -> list[str]:
    """The first few different values of a column."""
    found = dict.fromkeys(row[place] for row in rows if place < len(row) and row[place].strip())
    return list(found)[:most]


def pretty(document: Mapping[str, Any]) -> str:
    """The mapping document as people read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)
