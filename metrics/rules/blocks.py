"""Rows that were read, as columns: what pass 1 keeps and pass 2 stores."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from metrics.rules.dims import Dims, as_text

Ints = NDArray[Any]
T = TypeVar("T")
EMPTY = np.empty(0, np.int32)


@dataclass(frozen=True)
class Block:
    """Rows of a file: each one's `number`, `day` (as ordinal), `span` and `place` (in `combos`).

    A row's key is its text in `keys`, or else day, dimensions and `rank`, the how manieth of its
    like the row is, with what `endings` says behind it. A rank of 0 is a row that does not count:
    its key comes again. Readings follow the rows: `row` (its place in the block), `order` (of the
    metric in the mapping), scaled `value` and, where there are people, `who` (which of `people`; -1
    is nobody).
    """

    number: Ints
    day: Ints
    span: Ints
    place: Ints
    rank: Ints
    row: Ints
    order: Ints
    value: Ints
    who: Ints
    combos: Sequence[Dims]
    people: Sequence[str] = ()
    keys: Sequence[bytes] | None = None
    ending: Ints = field(default_factory=lambda: EMPTY)
    endings: Sequence[str] = ("",)

    def __len__(self) -> int:
        """How many rows."""
        return len(self.number)

    def taken(self, rows: Ints) -> "Block":
        """Only these rows, which ascend."""
        place = np.full(len(self), -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        there = place[self.row]
        kept = there >= 0
        return replace(
            self,
            number=self.number[rows],
            day=self.day[rows],
            span=self.span[rows],
            place=self.place[rows],
            rank=self.rank[rows],
            ending=self.ending[rows] if len(self.ending) else self.ending,
            keys=[self.keys[row] for row in rows.tolist()] if self.keys is not None else None,
            row=there[kept],
            order=self.order[kept],
            value=self.value[kept],
            who=self.who[kept] if len(self.who) else self.who,
        )

    @classmethod
    def together(cls, blocks: "Sequence[Block]") -> "Block":
        """Blocks of one file, at least one, as one."""
        if len(blocks) == 1:
            return blocks[0]
        starts = np.cumsum([0, *map(len, blocks[:-1])])
        place, combos = _named([(block.place, block.combos) for block in blocks])
        who, people = _named([(block.who, block.people) for block in blocks])
        ending, endings = _named([(block.ending, block.endings) for block in blocks])
        every = [block.keys for block in blocks if block.keys is not None]
        plain = ("number", "day", "span", "rank", "order", "value")
        return cls(
            **{name: np.concatenate([getattr(block, name) for block in blocks]) for name in plain},
            row=np.concatenate([block.row + at for block, at in zip(blocks, starts, strict=True)]),
            place=place,
            combos=combos,
            who=who,
            people=people,
            ending=ending,
            endings=endings,
            keys=list(chain.from_iterable(every)) if every else None,
        )

    def cuts(self, most: int) -> Iterator[tuple[int, int]]:
        """From which row to which one takes at most so many readings, evenly, or one row."""
        ends = np.cumsum(np.bincount(self.row, minlength=len(self)))
        parts = -(-len(self.row) // most) or 1
        most = -(-len(self.row) // parts)
        first = before = 0
        while first < len(self):
            last = max(int(np.searchsorted(ends, before + most, "right")), first + 1)
            yield first, last
            first, before = last, int(ends[last - 1])

    def key_texts(self) -> Sequence[bytes]:
        """The key of each row, as its bytes."""
        if self.keys is not None:
            return self.keys
        days, which = np.unique(self.day, return_inverse=True)
        begins = [f"{date.fromordinal(day).isoformat()}|".encode() for day in days.tolist()]
        middles = [f"{as_text(dims)}|".encode() for dims in self.combos]
        places = zip(which.tolist(), self.place.tolist(), self.rank.tolist(), strict=True)
        plain = [begins[day] + middles[place] + b"%d" % rank for day, place, rank in places]
        if not len(self.ending):
            return plain
        ends = [text.encode() for text in self.endings]
        return [key + ends[end] for key, end in zip(plain, self.ending.tolist(), strict=True)]


def _named(parts: Sequence[tuple[Ints, Sequence[T]]]) -> tuple[Ints, list[T]]:
    """Codes into lists of their own as codes into one list of different things; -1 stays."""
    known: dict[T, int] = {}
    found = []
    for codes, things in parts:
        table = [known.setdefault(thing, len(known)) for thing in things]
        found.append(np.array([*table, -1], np.int32)[codes])
    return np.concatenate(found), list(known)
