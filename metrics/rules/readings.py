"""From the cells of a row to readings: pure, by the mapping, with a fault for each cell refused."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from metrics.rules.amounts import LIMIT, scale_amount
from metrics.rules.dayformats import MONTH_NAMES, calendar_day, day_reader, month_number
from metrics.rules.dims import LONGEST_VALUE, Dims, is_sound
from metrics.rules.faults import Fault, shown
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.mapping import DayMap, MappingDocument
from metrics.rules.numbers import number_reader

REMEMBERED = 50_000  # distinct texts whose meaning a column remembers
Column = Callable[[Sequence[str]], "int | str"]


class RowRead(NamedTuple):
    """One row, read: the values are (place of the metric in the mapping, scaled value)."""

    number: int
    day: date
    dims: Dims
    key: str
    values: list[tuple[int, int]]


class RowReader:
    """Reads rows of one table by one mapping; `decimals` says how exact each metric is."""

    def __init__(
        self, mapping: MappingDocument, columns: Sequence[str], decimals: Mapping[str, int]
    ) -> None:
        """Resolve the columns once; they are known to be there."""
        self._columns = columns
        self._place = {name: place for place, name in enumerate(columns)}
        self._missing = frozenset(mapping.file.missing)
        self._day = self._day_column(mapping.day)
        self._day_places = [self._place[name] for name in mapping.day.columns]
        self._dims = [(name, self._place[column]) for name, column in mapping.dims]
        self._key = [self._place[name] for name in mapping.key]
        self._values = [
            (
                order,
                self._amounts(mapping, decimals[entry.metric]),
                self._place.get(entry.column, -1),
                entry.constant,
            )
            for order, entry in enumerate(mapping.metrics)
        ]

    def read(self, number: int, cells: Sequence[str]) -> RowRead | list[Fault]:
        """The row's readings, or everything that is wrong with it."""
        if len(cells) != len(self._columns):
            more = (("cells", str(len(cells))), ("expected", str(len(self._columns))))
            return [Fault("ragged", row=number, more=more)]
        faults: list[Fault] = []
        day = self._day(cells)
        if isinstance(day, str):
            faults.append(self._day_fault(number, cells, day))
        dims = self._read_dims(number, cells, faults)
        key = self._read_key(number, cells, faults)
        values = self._read_values(number, cells, faults)
        if faults or isinstance(day, str):
            return faults
        return RowRead(number, day, dims, key, values)

    def _fault(self, number: int, place: int, cells: Sequence[str], code: str) -> Fault:
        more = (("limit", str(LIMIT)),) if code == "out_of_range" else ()
        column = self._columns[place] if place >= 0 else ""
        value = shown(cells[place]) if place >= 0 else ""
        return Fault(code, row=number, column=column, value=value, more=more)

    def _day_fault(self, number: int, cells: Sequence[str], code: str) -> Fault:
        """A day in parts is told whole: no part of it may be wrong by itself."""
        column = self._columns[self._day_places[0]]
        value = shown(" ".join(cells[place].strip() for place in self._day_places))
        return Fault(code, row=number, column=column, value=value)

    def _read_dims(self, number: int, cells: Sequence[str], faults: list[Fault]) -> Dims:
        found: list[tuple[str, str | None]] = []
        for name, place in self._dims:
            text = cells[place].strip()
            if text in self._missing:
                found.append((name, None))
                continue
            if len(text) > LONGEST_VALUE or not is_sound(text):
                faults.append(self._fault(number, place, cells, "bad_dimension"))
            found.append((name, text if text.isascii() else unicodedata.normalize("NFC", text)))
        return tuple(found)

    def _read_key(self, number: int, cells: Sequence[str], faults: list[Fault]) -> str:
        """The explicit key of the row, or nothing where the mapping names none."""
        if not self._key:
            return ""
        parts = [cells[place].strip() for place in self._key]
        key = "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
        if not any(parts):
            faults.append(self._fault(number, self._key[0], cells, "no_key"))
        elif len(key) > LONGEST_KEY or not is_sound(key):
            faults.append(self._fault(number, self._key[0], cells, "bad_key"))
        return key

    def _read_values(
        self, number: int, cells: Sequence[str], faults: list[Fault]
    ) -> list[tuple[int, int]]:
        found = []
        for order, amount, place, constant in self._values:
            value = amount(cells[place] if place >= 0 else constant)
            if isinstance(value, int):
                found.append((order, value))
            elif value:
                faults.append(self._fault(number, place, cells, value))
        return found

    def _day_column(self, day: DayMap) -> Callable[[Sequence[str]], "date | str"]:
        """A function from the row to its day, or to the code of what is wrong."""
        places = [self._place[name] for name in day.columns]
        if day.in_parts:
            months = MONTH_NAMES[day.month_names]

            def of_parts(texts: tuple[str, ...]) -> "date | str":
                year = texts[2].strip() if day.year_column else day.year
                known = isinstance(year, int) or (
                    year is not None and year.isascii() and year.isdigit()
                )
                found = (
                    calendar_day(year, month_number(texts[0], months), texts[1]) if known else None
                )
                return found or "not_a_day"

            return _remembering(of_parts, places)
        read = day_reader(day.format, day.month_names)
        missing = self._missing

        def of_text(texts: tuple[str, ...]) -> "date | str":
            if texts[0].strip() in missing:
                return "no_day"
            return read(texts[0]) or "not_a_day"

        return _remembering(of_text, places)

    def _amounts(self, mapping: MappingDocument, decimals: int) -> Callable[[str], "int | str"]:
        """A function from a cell to its scaled value, to "" for missing, or to a fault's code."""
        number = number_reader(mapping.file.decimal, mapping.file.thousands)
        missing, memory = self._missing, dict[str, "int | str"]()

        def read(text: str) -> "int | str":
            found = memory.get(text)
            if found is None:
                found = "" if text.strip() in missing else _scaled(number(text), decimals)
                if len(memory) >= REMEMBERED:
                    memory.clear()
                memory[text] = found
            return found

        return read


def _scaled(number: "Decimal | str", decimals: int) -> "int | str":
    if isinstance(number, str):
        return number
    found = scale_amount(number, decimals)
    return "out_of_range" if found is None else found


def _remembering(
    read: Callable[[tuple[str, ...]], "date | str"], places: Sequence[int]
) -> Callable[[Sequence[str]], "date | str"]:
    """The same function over a row, remembering the texts it has read: days repeat."""
    memory: dict[tuple[str, ...], date | str] = {}

    def recall(cells: Sequence[str]) -> "date | str":
        texts = tuple(cells[place] for place in places)
        found = memory.get(texts)
        if found is None:
            if len(memory) >= REMEMBERED:
                memory.clear()
            found = memory[texts] = read(texts)
        return found

    return recall
