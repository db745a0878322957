"""What a preset says of the files that one tool exports; the tools' own modules fill it in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Labels = Mapping[str, tuple[str, ...]]  # by language
MARKS = {
    "en": (".", ","), "de": (",", "."), "es": (",", "."), "fr": (",", " "), "pl": (",", " "),
    "pt": (",", "."), "it": (",", "."),
}  # fmt: skip
TOTALS = (
    "Total", "Totals", "Grand total", "Gesamt", "Summe", "Gesamtsumme", "Suma", "Razem", "Totale",
    "Total general", "Total général", "Totaal",
)  # fmt: skip
MISSING = ("", "--", "—", "-", "n/a", "N/A", "#N/A")
CURRENCY = "{currency}"


def english(*labels: str) -> Labels:
    """Labels that are known in English alone."""
    return {"en": labels}


@dataclass(frozen=True)
class Measure:
    """A metric and the column of its values; without labels it counts the rows.

    `when` are (labels of a column, texts): the other rows say nothing of it.
    """

    key: str
    name: str
    labels: Labels = field(default_factory=dict)
    unit: str = "count"
    decimals: int = 0
    direction: str = "up"
    kind: str = "additive"
    when: tuple[tuple[Labels, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Preset:
    """The exports of one tool: how they are known, and what their columns are.

    A file is such an export if it has a column for each of `needs` and none of `without`; `open`
    ones begin with a comment and take every column left of the numbers for a dimension. A file
    without a `day` column stands on the last day of the period that it states above its header.
    Without a column for its `key` a file that tells a `state`, and in which rows move from day to
    day, replaces the days that it covers. `weak` gives way to any other preset, `detect` says
    whether files are recognised at all.
    """

    name: str
    title: str
    source: str
    measures: tuple[Measure, ...]
    needs: tuple[Labels, ...] = ()
    without: tuple[str, ...] = ()
    day: Labels = field(default_factory=dict)
    formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    until: Labels = field(default_factory=dict)
    dims: Mapping[str, Labels] = field(default_factory=dict)
    key: tuple[Labels, ...] = ()
    currency: Labels = field(default_factory=dict)
    skip_empty: tuple[Labels, ...] = ()
    skip_where: tuple[tuple[Labels, tuple[str, ...]], ...] = ()
    skip_first_cell: tuple[str, ...] = TOTALS
    footer: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    open: bool = False
    state: bool = False
    dated: bool = True
    weak: bool = False
    detect: bool = True
    left_out: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which its labels are known, English first."""
        found = {language for labels in self.needs for language in labels} or {"en"}
        return tuple(sorted(found, key=lambda language: (language != "en", language)))


@dataclass(frozen=True)
class Head:
    """The beginning of a file: the lines above its header, the columns and the first rows."""

    above: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    typed: bool = False

    def texts(self, column: str) -> list[str]:
        """What stands in a column of the first rows."""
        place = list(self.columns).index(column)
        return [row[place].strip() for row in self.rows if place < len(row)]


def plain(label: str) -> str:
    """A label as it is compared: spelling differs in case and blanks."""
    return " ".join(label.replace("\u00a0", " ").split()).casefold()


def column_for(labels: Labels, language: str, columns: Sequence[str]) -> str:
    """The column that has one of the labels in the language, or nothing."""
    for label in labels.get(language, ()):
        pattern = re.escape(plain(label)).replace(re.escape(CURRENCY), "[a-z]{3}")
        for column in columns:
            if re.fullmatch(pattern, plain(column)):
                return column
    return ""


def currency_in(labels: Labels, language: str, column: str) -> str:
    """The currency that the name of a column states, or nothing."""
    for label in labels.get(language, ()):
        pattern = re.escape(plain(label)).replace(re.escape(CURRENCY), "([a-z]{3})")
        found = re.fullmatch(pattern, plain(column))
        if found and found.groups():
            return found[1].upper()
    return ""
