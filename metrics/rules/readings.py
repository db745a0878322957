"""From the cells of a row to readings: pure, by the mapping, with a fault for each cell refused."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from metrics.rules.amounts import LIMIT, scale_amount, unscale
from metrics.rules.dims import LONGEST_VALUE, Dims, is_sound
from metrics.rules.faults import Fault, shown
from metrics.rules.fileshapes import Where
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.mapping import MappingDocument
from metrics.rules.measures import MetricMap
from metrics.rules.numbers import ReadNumber
from metrics.rules.rowdays import Setting, row_days

REMEMBERED = 50_000  # distinct texts whose meaning a column remembers
LONGEST_ID = 200
UNSAVED = "\ufdd0"  # before a formula of a workbook whose value is not stored
REFUSED = "\0"  # in place of a text that is refused: no text that is read has such a character
GROUP = 3  # digits that thousands marks group
MOST_DIGITS = 15  # of a scaled value that is within the limit whatever they are
Amount = Callable[[str], "int | str"]


class RowRead(NamedTuple):
    """One row, read: the values are (place of the metric in the mapping, scaled value).

    `span` is how many days it covers that end with `day`. `people` are (place of the metric, id of
    who did it); each has a value as well. `said` are the places of the metrics that the row names,
    where the mapping asks it to.
    """

    number: int
    day: date
    dims: Dims
    key: str
    values: list[tuple[int, int]]
    span: int = 1
    people: Sequence[tuple[int, str]] = ()
    said: tuple[int, ...] = ()


class Entry(NamedTuple):
    """How one metric is read from a row; a `place` or `who` of -1 is no column."""

    order: int
    amount: Amount
    place: int
    constant: str
    who: int
    when: list[tuple[int, frozenset[str]]]
    rounds: Callable[[str], bool]


class RowReader:
    """Reads rows of one table by one mapping; `decimals` says how exact each metric is."""

    def __init__(
        self,
        mapping: MappingDocument,
        columns: Sequence[str],
        decimals: Mapping[str, int],
        setting: Setting | None = None,
    ) -> None:
        """Resolve the columns once; they are known to be there."""
        self.columns = columns
        self._place = {name: place for place, name in enumerate(columns)}
        self.missing = frozenset(mapping.file.missing)
        setting = setting or Setting()
        self.day_of = row_days(mapping, setting)
        self.formulas = [self._place[name] for name in mapping.columns] if setting.typed else []
        self.day_places = [self._place[name] for name in mapping.day.columns]
        self._day = _remembering(self.day_of, self.day_places)
        self.dims = [(name, self._place[column]) for name, column in mapping.dims]
        self.key = [self._place[name] for name in mapping.key]
        self.expect = self._conditions(mapping.expect)
        self.long = self._place[mapping.long.metric] if mapping.long else -1
        self.chosen = any(entry.when or entry.id for entry in mapping.metrics)
        exact = {decimals[entry.metric] for entry in mapping.metrics}
        amounts = {places: self._amounts(_scaled_by(mapping, places)) for places in exact}
        self._rounds = {places: _rounds_by(mapping, places) for places in exact}
        self.entries = [
            self._entry(order, entry, amounts[decimals[entry.metric]], decimals[entry.metric])
            for order, entry in enumerate(mapping.metrics)
        ]

    def read(self, number: int, cells: Sequence[str]) -> RowRead | list[Fault]:
        """The row's readings, or everything that is wrong with it."""
        if len(cells) != len(self.columns):
            more = (("cells", str(len(cells))), ("expected", str(len(self.columns))))
            return [Fault("ragged", row=number, more=more)]
        faults = [
            self._fault(number, place, cells, "formula_unsaved")
            for place in self.formulas
            if cells[place].startswith(UNSAVED)
        ]
        if faults:
            return faults
        day = self._day(cells)
        if isinstance(day, str):
            faults.append(self._day_fault(number, cells, day))
        self._check(number, cells, faults)
        dims = self._read_dims(number, cells, faults)
        key = self._read_key(number, cells, faults)
        values, people, said = self._read_values(number, cells, faults)
        if faults or isinstance(day, str):
            return faults
        return RowRead(number, day[0], dims, key, values, day[1], people, said)

    def faults_in(self, number: int, cells: Sequence[str]) -> list[Fault]:
        """What is wrong with a row of which it is known that something is."""
        found = self.read(number, cells)
        if not isinstance(found, list):
            raise TypeError(f"row {number} was refused by its columns and not by itself")
        return found

    def _entry(self, order: int, entry: MetricMap, amount: Amount, decimals: int) -> Entry:
        return Entry(
            order,
            amount,
            self._place.get(entry.column, -1),
            "1" if entry.id else entry.constant,
            self._place.get(entry.id, -1),
            self._conditions(entry.when),
            self._rounds[decimals],
        )

    def _conditions(self, where: Where) -> list[tuple[int, frozenset[str]]]:
        return [(self._place[column], frozenset(texts)) for column, texts in where]

    def _fault(self, number: int, place: int, cells: Sequence[str], code: str) -> Fault:
        more = (("limit", str(LIMIT)),) if code == "out_of_range" else ()
        column = self.columns[place] if place >= 0 else ""
        value = shown(cells[place].removeprefix(UNSAVED)) if place >= 0 else ""
        return Fault(code, row=number, column=column, value=value, more=more)

    def _day_fault(self, number: int, cells: Sequence[str], code: str) -> Fault:
        """A day in parts is told whole: no part of it may be wrong by itself."""
        column = self.columns[self.day_places[0]]
        value = shown(" ".join(cells[place].strip() for place in self.day_places))
        return Fault(code, row=number, column=column, value=value)

    def _check(self, number: int, cells: Sequence[str], faults: list[Fault]) -> None:
        """Each row has the texts that the mapping expects, and names a metric that it knows."""
        for place, texts in self.expect:
            if cells[place].strip() not in texts:
                more = (("expected", ", ".join(sorted(texts))),)
                fault = self._fault(number, place, cells, "not_expected")
                faults.append(Fault(fault.code, number, fault.column, fault.value, more=more))
        if self.long >= 0 and not any(_holds(entry.when, cells) for entry in self.entries):
            faults.append(self._fault(number, self.long, cells, "metric_not_named"))

    def _read_dims(self, number: int, cells: Sequence[str], faults: list[Fault]) -> Dims:
        found: list[tuple[str, str | None]] = []
        for name, place in self.dims:
            value = self.dim_of(cells[place])
            if value == REFUSED:
                faults.append(self._fault(number, place, cells, "bad_dimension"))
            found.append((name, value))
        return tuple(found)

    def dim_of(self, cell: str) -> str | None:
        """The dimension's value, None where there is none, REFUSED where it is unfit."""
        text = cell.strip()
        if text in self.missing:
            return None
        if len(text) > LONGEST_VALUE or not is_sound(text):
            return REFUSED
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def _read_key(self, number: int, cells: Sequence[str], faults: list[Fault]) -> str:
        """The explicit key of the row, or nothing where the mapping names none."""
        if not self.key:
            return ""
        key = key_of([cells[place] for place in self.key])
        if not key.strip("|"):
            faults.append(self._fault(number, self.key[0], cells, "no_key"))
        elif not is_fit_key(key):
            faults.append(self._fault(number, self.key[0], cells, "bad_key"))
        return key

    def _read_values(
        self, number: int, cells: Sequence[str], faults: list[Fault]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, str]], tuple[int, ...]]:
        """The values, who did what, and the metrics that the row was told to speak of."""
        found: list[tuple[int, int]] = []
        people: list[tuple[int, str]] = []
        said: list[int] = []
        for order, amount, place, constant, who, when, _rounds in self.entries:
            if when and not _holds(when, cells):
                continue
            value = amount(cells[place] if place >= 0 else constant)
            if self.chosen:
                said.append(order)
            if not isinstance(value, int):
                if value:
                    faults.append(self._fault(number, place, cells, value))
                continue
            if who >= 0:
                person = self._person(number, who, cells, faults)
                if not person:
                    continue
                people.append((order, person))
            found.append((order, value))
        return found, people, tuple(said)

    def _person(self, number: int, place: int, cells: Sequence[str], faults: list[Fault]) -> str:
        """The id of who did it, or nothing where there is none."""
        person = self.person_of(cells[place])
        if person == REFUSED:
            faults.append(self._fault(number, place, cells, "bad_id"))
        return person

    def person_of(self, cell: str) -> str:
        """The id, empty where there is none, REFUSED where it is unfit."""
        text = cell.strip()
        if text in self.missing:
            return ""
        if len(text) > LONGEST_ID or not is_sound(text):
            return REFUSED
        return unicodedata.normalize("NFC", text)

    def _amounts(self, scaled: Amount) -> Amount:
        """A function from a cell to its scaled value, to "" for missing, or to a fault's code."""
        missing, memory = self.missing, dict[str, "int | str"]()

        def read(text: str) -> "int | str":
            found = memory.get(text)
            if found is None:
                found = "" if text.strip() in missing else scaled(text)
                if len(memory) >= REMEMBERED:
                    memory.clear()
                memory[text] = found
            return found

        return read


def _scaled_by(mapping: MappingDocument, decimals: int) -> Amount:
    """A function from a cell that is not missing to its value with so many decimals."""
    scaled = _scaled_reader(mapping.read_number, decimals)
    if not mapping.file.signs:
        scaled = _plain_first(scaled, mapping.file.decimal, decimals)
    return scaled


def _rounds_by(mapping: MappingDocument, decimals: int) -> Callable[[str], bool]:
    """A function from a cell to whether it has more decimals than so many."""
    mark, number = mapping.file.decimal or ".", mapping.read_number

    def rounds(text: str) -> bool:
        whole, _mark, part = text.partition(mark)
        if whole.isdigit() and (not part or (part.isdigit() and len(part) <= decimals)):
            return False
        found = number(text)
        kept = None if isinstance(found, str) else scale_amount(found, decimals)
        return kept is not None and found != unscale(kept, decimals)

    return rounds


def key_of(cells: Sequence[str]) -> str:
    """The cells of an explicit key as one text; only bars where all of them are empty."""
    if len(cells) == 1:
        return _escaped(cells[0].strip())
    return "|".join([_escaped(cell.strip()) for cell in cells])


def is_fit_key(key: str) -> bool:
    """Whether a key that is not empty can be stored."""
    return len(key) <= LONGEST_KEY and is_sound(key)


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("|", "\\|")


def _holds(when: Sequence[tuple[int, frozenset[str]]], cells: Sequence[str]) -> bool:
    """Whether the row has one of the texts in each of the columns."""
    return all(cells[place].strip() in texts for place, texts in when)


def _scaled_reader(number: ReadNumber, decimals: int) -> Amount:
    """A function from a text to its scaled value, or to the code of what is wrong with it."""

    def read(text: str) -> "int | str":
        found = number(text)
        if isinstance(found, str):
            return found
        value = scale_amount(found, decimals)
        return "out_of_range" if value is None else value

    return read


def _plain_first(otherwise: Amount, decimal: str, decimals: int) -> Amount:
    """The same function, faster where the text is but digits and perhaps the decimal mark."""
    most, factor = MOST_DIGITS - decimals, 10**decimals
    mark, grouped = decimal or ".", 0 if decimal else GROUP

    def read(text: str) -> "int | str":
        if not text.isascii():
            return otherwise(text)
        if text.isdigit():
            return int(text) * factor if len(text) <= most else otherwise(text)
        whole, _mark, part = text.partition(mark)
        fits = len(whole) <= most and len(part) <= decimals and len(part) != grouped
        if fits and whole.isdigit() and part.isdigit():
            return int(whole + part.ljust(decimals, "0"))
        return otherwise(text)

    return read


def _remembering(
    read: Callable[[tuple[str, ...]], "tuple[date, int] | str"], places: Sequence[int]
) -> Callable[[Sequence[str]], "tuple[date, int] | str"]:
    """The same function over a row, remembering the texts it has read: days repeat."""
    memory: dict[tuple[str, ...], tuple[date, int] | str] = {}

    def recall(cells: Sequence[str]) -> "tuple[date, int] | str":
        texts = tuple(cells[place] for place in places)
        found = memory.get(texts)
        if found is None:
            if len(memory) >= REMEMBERED:
                memory.clear()
            found = memory[texts] = read(texts)
        return found

    return recall
