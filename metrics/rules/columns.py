"""The same as `readings` for many rows at once: each different text of a column is read once.

What is wrong with a row, `RowReader` says; here it is only found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.rules.blocks import EMPTY, Block, Ints
from metrics.rules.dims import Dims, is_sound
from metrics.rules.faults import Fault
from metrics.rules.folding import encoded, fold
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.readings import REFUSED, REMEMBERED, Entry, RowReader, is_fit_key, key_of

Mask = NDArray[np.bool_]
Cells = Sequence[Sequence[str]]  # columns
FAULT, MISSING = -(2**63), -(2**63) + 1  # in place of a value, which never is so small
NOBODY = -1
FIRST_MIX, SECOND_MIX = 0x9E3779B97F4A7C15 - 2**64, 0xC2B2AE3D27D4EB4F - 2**64


@dataclass(frozen=True)
class ColumnsRead:
    """The rows that could be read, what was wrong with the others, and by what rows are alike.

    `likes` are equal for rows that share a key, or day and dimensions (and metrics and person where
    the mapping chooses rows); `prints` are equal for rows that are equal cell by cell. Both hold
    in this process alone.
    """

    block: Block
    faults: list[list[Fault]]
    likes: Ints
    prints: Ints


class ColumnReader:
    """Reads chunks of rows by a `RowReader`'s mapping."""

    def __init__(self, reader: RowReader) -> None:
        """Keep the reader, which knows the columns."""
        self._reader = reader
        self._days: dict[tuple[str, ...], int] = {}

    def read(self, numbers: Ints, columns: Cells) -> ColumnsRead:
        """The rows of these numbers, given as columns of the table's width."""
        chunk = _Chunk(self._reader, columns, len(numbers))
        days, spans = self._placed(chunk)
        place, combos = _dims(chunk)
        keys = _keys(chunk)
        values = _Values(chunk)
        likes = _Likes(chunk, values)
        prints = np.fromiter(map(hash, zip(*columns, strict=True)), np.int64, chunk.rows)
        row, order, value, who = values.readings()
        block = Block(
            numbers, days, spans, place, np.ones(chunk.rows, np.int32), row, order, value, who,
            combos, values.people, keys, *(likes.endings if keys is None else ()),
        )  # fmt: skip
        alike = likes.of_keys(keys) if keys is not None else likes.of_places(block)
        faults = [
            self._reader.faults_in(int(numbers[at]), [column[at] for column in columns])
            for at in np.flatnonzero(chunk.bad).tolist()
        ]
        if faults:
            good = np.flatnonzero(~chunk.bad)
            block, alike, prints = block.taken(good), alike[good], prints[good]
        return ColumnsRead(block, faults, alike, prints)

    def _placed(self, chunk: "_Chunk") -> tuple[Ints, Ints]:
        """The day of each row, and how many days it covers."""
        places = self._reader.day_places
        texts = [chunk.texts(place)[0] for place in places]
        codes = [chunk.texts(place)[1] for place in places]
        counted = zip(codes, map(len, texts), strict=True)
        first, index = fold(counted, chunk.rows)
        if len(self._days) > REMEMBERED:
            self._days.clear()
        table = np.empty(len(first), np.int64)
        for at, row in enumerate(first.tolist()):
            said = tuple(text[code[row]] for text, code in zip(texts, codes, strict=True))
            found = self._days.get(said)
            if found is None:
                found = self._days[said] = _packed(self._reader.day_of(said))
            table[at] = found
        packed = table[index]
        chunk.bad |= packed < 0
        return (packed >> SPAN_BITS).astype(np.int32), (packed & SPAN_MASK).astype(np.int16)


SPAN_BITS = 16
SPAN_MASK = (1 << SPAN_BITS) - 1


def _packed(placed: Any) -> int:
    """Day and span in one number; below 0 for what is no day."""
    return -1 if isinstance(placed, str) else placed[0].toordinal() << SPAN_BITS | placed[1]


class _Chunk:
    """The columns of some rows, each looked through once, and which rows are bad."""

    def __init__(self, reader: RowReader, columns: Cells, rows: int) -> None:
        self.reader, self.columns, self.rows = reader, columns, rows
        self.bad: Mask = np.zeros(rows, bool)
        self._texts: dict[int, tuple[list[str], Ints]] = {}
        for place, texts in reader.expect:
            self.bad |= ~self.where(place, texts)

    def texts(self, place: int) -> tuple[list[str], Ints]:
        """The different texts of a column, and for each row which it is."""
        if place not in self._texts:
            self._texts[place] = encoded(self.columns[place], self.rows)
        return self._texts[place]

    def where(self, place: int, wanted: frozenset[str]) -> Mask:
        """Where a column has one of the texts."""
        texts, codes = self.texts(place)
        return np.array([text.strip() in wanted for text in texts], bool)[codes]


def _dims(chunk: _Chunk) -> tuple[Ints, list[Dims]]:
    """Which combination of dimensions each row has, and the combinations."""
    read: list[tuple[str, list[str | None], Ints]] = []
    for name, place in chunk.reader.dims:
        texts, codes = chunk.texts(place)
        values = [chunk.reader.dim_of(text) for text in texts]
        if REFUSED in values:
            chunk.bad |= np.array([value == REFUSED for value in values], bool)[codes]
        read.append((name, values, codes))
    first, index = fold(((codes, len(values)) for _name, values, codes in read), chunk.rows)
    names = [name for name, _values, _codes in read]
    told = [[values[code] for code in codes[first].tolist()] for _name, values, codes in read]
    rows = zip(*told, strict=True) if told else [()] * len(first)
    return _distinct([tuple(zip(names, values, strict=True)) for values in rows], index)


def _distinct(combos: list[Dims], index: Ints) -> tuple[Ints, list[Dims]]:
    """The same with each combination once: texts that differ may mean the same."""
    places = {dims: place for place, dims in enumerate(dict.fromkeys(combos))}
    table = np.array([places[dims] for dims in combos], np.int32)
    return table[index] if len(combos) else index.astype(np.int32), list(places)


def _keys(chunk: _Chunk) -> list[bytes] | None:
    """The explicit key of each row, as bytes; None where the mapping names none."""
    places = chunk.reader.key
    if not places:
        return None
    columns = [chunk.columns[place] for place in places]
    together = "".join(map("".join, columns))
    if len(columns) == 1 and "|" not in together and "\\" not in together:
        keys = list(map(str.strip, columns[0]))
    else:
        keys = [key_of(cells) for cells in zip(*columns, strict=True)]
    if not is_sound(together) or max(map(len, keys), default=0) > LONGEST_KEY:
        chunk.bad |= np.array([not is_fit_key(key) for key in keys], bool)
    empty = {"", "|" * (len(places) - 1)}
    if not empty.isdisjoint(keys):
        chunk.bad |= np.array([key in empty for key in keys], bool)
    return [key.encode(errors="replace") for key in keys]


class _Values:
    """What the rows say of each metric, and who did it."""

    def __init__(self, chunk: _Chunk) -> None:
        self._chunk = chunk
        self._every = np.ones(chunk.rows, bool)
        self.people: list[str] = []
        self._numbers: dict[str, int] = {}
        self._amounts: dict[tuple[int, object], Ints] = {}  # many metrics may read one column
        self.holds: list[Mask] = []  # which rows speak of the metric
        self._values: list[Ints] = []
        self.who: dict[int, Ints] = {}  # by order of the metric
        for entry in chunk.reader.entries:
            self._read(entry)
        if chunk.reader.long >= 0:
            chunk.bad |= ~np.logical_or.reduce(self.holds)

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
        self.holds.append(holds)
        self._values.append(value)

    def _amounts_of(self, entry: Entry) -> Ints:
        """The scaled value of each row, MISSING or FAULT."""
        if entry.place < 0:
            return np.full(self._chunk.rows, _amount(entry.amount, entry.constant), np.int64)
        place, amount = entry.place, entry.amount
        if (place, amount) not in self._amounts:
            texts, codes = self._chunk.texts(place)
            table = np.fromiter((_amount(amount, text) for text in texts), np.int64, len(texts))
            self._amounts[place, amount] = table[codes]
        return self._amounts[place, amount]

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


def _amount(read: Callable[[str], int | str], text: str) -> int:
    found = read(text)
    if isinstance(found, int):
        return found
    return FAULT if found else MISSING


class _Likes:
    """By what rows are told apart beside their day and dimensions, or their key.

    That is, where the mapping chooses rows, of which metrics they speak and who did it.
    """

    def __init__(self, chunk: _Chunk, values: _Values) -> None:
        self._ending = EMPTY
        self._said: list[tuple[tuple[int, ...], list[tuple[int, str]]]] = []
        if not chunk.reader.chosen:
            return
        orders = range(len(values.holds))
        whos = values.who.items() if not chunk.reader.key else ()
        columns = [(holds.astype(np.int64), 2) for holds in values.holds]
        columns += [(who.clip(NOBODY) + 1, len(values.people) + 1) for _order, who in whos]
        first, self._ending = fold(columns, chunk.rows)
        for row in first.tolist():
            said = tuple(order for order in orders if values.holds[order][row])
            people = [(order, values.people[who[row]]) for order, who in whos if who[row] >= 0]
            self._said.append((said, people))

    @property
    def endings(self) -> tuple[Ints, list[str]]:
        """Which text stands behind the key of each row, if any does, and the texts."""
        return self._ending, [_ending(said, people) for said, people in self._said]

    def of_keys(self, keys: list[bytes]) -> Ints:
        """A number for each row that stands for its key and of what it speaks."""
        found = np.fromiter(map(hash, keys), np.int64, len(keys))
        return self._mixed(found)

    def of_places(self, block: Block) -> Ints:
        """The same of its day and dimensions."""
        codes = np.fromiter(map(hash, block.combos), np.int64, len(block.combos))
        found = codes[block.place] if len(codes) else np.zeros(len(block), np.int64)
        return self._mixed(found + block.day * np.int64(FIRST_MIX))

    def _mixed(self, found: Ints) -> Ints:
        if not self._said:
            return found
        codes = [hash((said, tuple(people))) for said, people in self._said]
        return found * np.int64(SECOND_MIX) + np.array(codes, np.int64)[self._ending]


def _ending(said: Sequence[int], people: Sequence[tuple[int, str]]) -> str:
    """What stands behind the key of a row that was chosen."""
    return "|" + ",".join(map(str, said)) + "|" + _digest(people) if said else ""


def _digest(people: Sequence[tuple[int, str]]) -> str:
    """Who did it, short enough for a key."""
    if not people:
        return ""
    return blake2b(repr(list(people)).encode(), digest_size=12).hexdigest()
