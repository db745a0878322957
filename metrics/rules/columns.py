"""The same as `readings` for many rows at once: each different text of a column is read once.

What is wrong with a row, `RowReader` says; here it is only found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from metrics.rules.blocks import EMPTY, Block, Ints
from metrics.rules.column_values import Cells, Chunk, LongValues, Values, values_of
from metrics.rules.dims import Dims, is_sound
from metrics.rules.faults import Fault
from metrics.rules.folding import fold
from metrics.rules.keys import LONGEST_KEY
from metrics.rules.readings import REFUSED, REMEMBERED, RowReader, is_fit_key, key_of

FIRST_MIX, SECOND_MIX = 0x9E3779B97F4A7C15 - 2**64, 0xC2B2AE3D27D4EB4F - 2**64


@dataclass(frozen=True)
class ColumnsRead:
    """The rows that could be read, what was wrong with the others, and by what rows are alike.

    `likes` are equal for rows that share a key, or day and dimensions (and metrics and person where
    the mapping chooses rows); `prints` are equal for rows that are equal cell by cell. Both hold
    in this process alone. `rounded` counts values with more decimals than their metric.
    """

    block: Block
    faults: list[list[Fault]]
    likes: Ints
    prints: Ints
    rounded: int = 0


class ColumnReader:
    """Reads chunks of rows by a `RowReader`'s mapping."""

    def __init__(self, reader: RowReader) -> None:
        """Keep the reader, which knows the columns."""
        self._reader = reader
        self._days: dict[tuple[str, ...], int] = {}

    def read(self, numbers: Ints, columns: Cells) -> ColumnsRead:
        """The rows of these numbers, given as columns of the table's width."""
        chunk = Chunk(self._reader, columns, len(numbers))
        days, spans = self._placed(chunk)
        place, combos = _dims(chunk)
        keys = _keys(chunk)
        values = values_of(chunk)
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
        return ColumnsRead(block, faults, alike, prints, values.rounded_in(~chunk.bad))

    def _placed(self, chunk: "Chunk") -> tuple[Ints, Ints]:
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


def _dims(chunk: Chunk) -> tuple[Ints, list[Dims]]:
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


def _keys(chunk: Chunk) -> list[bytes] | None:
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


class _Likes:
    """By what rows are told apart beside their day and dimensions, or their key.

    That is, where the mapping chooses rows, of which metrics they speak and who did it.
    """

    def __init__(self, chunk: Chunk, values: Values | LongValues) -> None:
        self._ending = EMPTY
        self._said: list[tuple[tuple[int, ...], list[tuple[int, str]]]] = []
        if chunk.reader.chosen:
            first, self._ending = fold(values.marks(), chunk.rows)
            self._said = [values.said(row) for row in first.tolist()]

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
