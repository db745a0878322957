"""What many rows say of their metrics, by columns: each different text is read once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from metrics.rules.blocks import EMPTY, Ints
from metrics.rules.folding import encoded
from metrics.rules.readings import REFUSED, UNSAVED, Entry, RowReader

Mask = NDArray[np.bool_]
Cells = Sequence[Sequence[str]]  # columns
FAULT, MISSING = -(2**63), -(2**63) + 1  # in place of a value, which never is so small
NOBODY = -1


class Chunk:
    """The columns of some rows, each looked through once, and which rows are bad."""

    def __init__(self, reader: RowReader, columns: Cells, rows: int) -> None:
        """Find the rows that do not say what the mapping expects."""
        self.reader, self.columns, self.rows = reader, columns, rows
        self.bad: Mask = np.zeros(rows, bool)
        self._texts: dict[int, tuple[list[str], Ints]] = {}
        for place, texts in reader.expect:
            self.bad |= ~self.where(place, texts)
        for place in reader.formulas:
            found, codes = self.texts(place)
            self.bad |= np.array([text.startswith(UNSAVED) for text in found], bool)[codes]

    def texts(self, place: int) -> tuple[list[str], Ints]:
        """The different texts of a column, and for each row which it is."""
        if place not in self._texts:
            self._texts[place] = encoded(self.columns[place], self.rows)
        return self._texts[place]

    def where(self, place: int, wanted: frozenset[str]) -> Mask:
        """Where a column has one of the texts."""
        texts, codes = self.texts(place)
        return np.array([text.strip() in wanted for text in texts], bool)[codes]


class Values:
    """What the rows say of each metric, and who did it."""

    def __init__(self, chunk: Chunk) -> None:
        """Read every metric."""
        self._chunk = chunk
        self._every = np.ones(chunk.rows, bool)
        self.people: list[str] = []
        self._numbers: dict[str, int] = {}
        self._amounts: dict[tuple[int, object], Ints] = {}  # many metrics may read one column
        self._holds: list[Mask] = []  # which rows speak of the metric
        self._values: list[Ints] = []
        self._rounded: dict[int, Mask] = {}  # by order of the metric
        self.who: dict[int, Ints] = {}  # by order of the metric
        for entry in chunk.reader.entries:
            self._read(entry)

    def readings(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Row, metric, value and person of each reading, row by row."""
        rows = self._chunk.rows
        if len(self._values) == 1:
            there = np.flatnonzero(self._values[0] > MISSING)
            row, order = there.astype(np.int32), np.zeros(len(there), np.int16)
            value = self._values[0][there]
        else:
            table = np.stack(self._values, axis=1)
            found, which = np.nonzero(table > MISSING)
            row, order, value = found.astype(np.int32), which.astype(np.int16), table[found, which]
        if not self.who:
            return row, order, value, EMPTY
        nobody = np.full(rows, NOBODY, np.int32)
        people = np.stack([self.who.get(n, nobody) for n in range(len(self._values))], axis=1)
        return row, order, value, people[row, order]

    def marks(self) -> list[tuple[Ints, int]]:
        """By what rows differ in what they speak of, as (codes from 0, how many there are)."""
        columns = [(holds.astype(np.int64), 2) for holds in self._holds]
        whos = self.who.values() if not self._chunk.reader.key else ()
        return columns + [(who.clip(NOBODY) + 1, len(self.people) + 1) for who in whos]

    def said(self, row: int) -> tuple[tuple[int, ...], list[tuple[int, str]]]:
        """The metrics that a row speaks of, and who did it where that tells rows apart."""
        orders = tuple(order for order, holds in enumerate(self._holds) if holds[row])
        whos = self.who.items() if not self._chunk.reader.key else ()
        return orders, [(order, self.people[who[row]]) for order, who in whos if who[row] >= 0]

    def _read(self, entry: Entry) -> None:
        chunk, holds = self._chunk, self._every
        for place, texts in entry.when:
            holds = holds & chunk.where(place, texts)
        value = self._amounts_of(entry)
        chunk.bad |= holds & (value == FAULT)
        value = np.where(holds, value, MISSING) if entry.when else value
        if entry.who >= 0:
            who = self._who(entry.who)
            counts = value > MISSING
            chunk.bad |= counts & (who == NOBODY - 1)
            value = np.where(who == NOBODY, MISSING, value)
            self.who[entry.order] = np.where(value > MISSING, who, NOBODY).astype(np.int32)
        self._holds.append(holds)
        self._values.append(value)
        rounded = _rounded(self._chunk, entry)
        if rounded is not None:
            self._rounded[entry.order] = rounded & (value > MISSING)

    def _amounts_of(self, entry: Entry) -> Ints:
        place, amount = entry.place, entry.amount
        if place < 0:
            return _amounts(self._chunk, entry)
        if (place, amount) not in self._amounts:
            self._amounts[place, amount] = _amounts(self._chunk, entry)
        return self._amounts[place, amount]

    def rounded_in(self, rows: Mask) -> int:
        """How many values of these rows have more decimals than their metric."""
        return sum(int(np.count_nonzero(mask & rows)) for mask in self._rounded.values())

    def _who(self, place: int) -> Ints:
        """The person of each row: NOBODY, and one less for an id that is refused."""
        texts, codes = self._chunk.texts(place)
        table = np.empty(len(texts), np.int64)
        for at, text in enumerate(texts):
            person = self._chunk.reader.person_of(text)
            if person == REFUSED:
                table[at] = NOBODY - 1
            else:
                table[at] = self._numbers.setdefault(person, len(self.people)) if person else NOBODY
                if table[at] == len(self.people):
                    self.people.append(person)
        return table[codes]


class LongValues:
    """The same of a table whose rows name their metric: each speaks of one."""

    people: Sequence[str] = ()

    def __init__(self, chunk: Chunk) -> None:
        """Find the metric of each row and read its value."""
        texts, codes = chunk.texts(chunk.reader.long)
        names = {name: entry for entry in chunk.reader.entries for name in entry.when[0][1]}
        named = [names.get(text.strip()) for text in texts]
        orders = [entry.order if entry else NOBODY for entry in named]
        self._order = np.array(orders, np.int64)[codes]
        self._value = np.full(chunk.rows, MISSING, np.int64)
        self._rounded: Mask = np.zeros(chunk.rows, bool)
        ways = {entry.amount: entry for entry in named if entry}
        for amount, entry in ways.items():
            holds = np.array([one is not None and one.amount is amount for one in named])[codes]
            np.copyto(self._value, _amounts(chunk, entry), where=holds)
            rounded = _rounded(chunk, entry)
            if rounded is not None:
                self._rounded |= rounded & holds
        chunk.bad |= (self._order < 0) | (self._value == FAULT)
        self._count = len(chunk.reader.entries)

    def readings(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Row, metric, value and person of each reading, row by row."""
        there = np.flatnonzero(self._value > MISSING)
        order = self._order[there].astype(np.int16)
        return there.astype(np.int32), order, self._value[there], EMPTY

    def marks(self) -> list[tuple[Ints, int]]:
        """By what rows differ in what they speak of, as (codes from 0, how many there are)."""
        return [(self._order + 1, self._count + 1)]

    def rounded_in(self, rows: Mask) -> int:
        """How many values of these rows have more decimals than their metric."""
        return int(np.count_nonzero(self._rounded & rows & (self._value > MISSING)))

    def said(self, row: int) -> tuple[tuple[int, ...], list[tuple[int, str]]]:
        """The metric that a row speaks of; nobody is known to have done it."""
        order = int(self._order[row])
        return ((order,) if order >= 0 else ()), []


def values_of(chunk: Chunk) -> Values | LongValues:
    """What the rows say, and what they say it of."""
    return LongValues(chunk) if chunk.reader.long >= 0 else Values(chunk)


def _amounts(chunk: Chunk, entry: Entry) -> Ints:
    """The scaled value of each row, MISSING or FAULT."""
    if entry.place < 0:
        return np.full(chunk.rows, _amount(entry.amount, entry.constant), np.int64)
    texts, codes = chunk.texts(entry.place)
    table = np.fromiter((_amount(entry.amount, text) for text in texts), np.int64, len(texts))
    return table[codes]


def _rounded(chunk: Chunk, entry: Entry) -> Mask | None:
    """Which rows have a value with more decimals than the metric; None where none has."""
    if entry.place < 0:
        return None
    texts, codes = chunk.texts(entry.place)
    table = np.fromiter((entry.rounds(text) for text in texts), bool, len(texts))
    return table[codes] if table.any() else None


def _amount(read: Callable[[str], int | str], text: str) -> int:
    found = read(text)
    if isinstance(found, int):
        return found
    return FAULT if found else MISSING
