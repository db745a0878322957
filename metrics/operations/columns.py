"""Observations on their way in, as columns: an array for each thing that is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from metrics.rules.blocks import Block
from metrics.rules.column_values import NOBODY, Mask
from metrics.rules.dims import Dims
from metrics.rules.folding import fold
from metrics.rules.keys import hash_keys

Ints = NDArray[Any]


@dataclass(frozen=True)
class Columns:
    """Arrays of one length, and what their numbers stand for."""

    def __len__(self) -> int:
        """How many rows."""
        return len(self.arrays[0])

    @property
    def arrays(self) -> list[Ints]:
        """The arrays, in the order of the fields."""
        found = [getattr(self, field.name) for field in fields(self)]
        return [array for array in found if isinstance(array, np.ndarray)]

    def taken(self, which: Ints) -> Self:
        """Only these rows, in this order, or where a mask says so."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays = {name: of for name, of in found.items() if isinstance(of, np.ndarray)}
        return replace(self, **{name: array[which] for name, array in arrays.items()})


@dataclass(frozen=True)
class ReadingColumns(Columns):
    """Readings of one source: `which` of `metrics`, `day` (as ordinal), scaled `value`, `span`.

    `khash` is the hash of the key, `own` whether it came with the reading; `place` says which of
    `combos` the dimensions are, `who` which of `people` did it, or NOBODY.
    """

    which: Ints
    day: Ints
    value: Ints
    span: Ints
    khash: Ints
    own: Mask
    place: Ints
    who: Ints
    metrics: Sequence[int]
    combos: Sequence[Dims]
    people: Sequence[str]

    @property
    def metric(self) -> Ints:
        """The metric of each."""
        return np.array(self.metrics, np.int64)[self.which]

    @property
    def present(self) -> set[int]:
        """The metrics that have a reading."""
        return {self.metrics[which] for which in np.unique(self.which).tolist()}

    @cached_property
    def series(self) -> tuple[list[tuple[int, Dims]], Ints]:
        """Each (metric, dimensions) once, and which of them each reading has."""
        parts = [(self.which, len(self.metrics)), (self.place, len(self.combos))]
        first, index = fold(parts, len(self))
        metrics, places = self.which[first].tolist(), self.place[first].tolist()
        pairs = zip(metrics, places, strict=True)
        return [(self.metrics[which], self.combos[place]) for which, place in pairs], index

    @property
    def named(self) -> dict[int, set[str]]:
        """The people by metric."""
        there = self.who != NOBODY
        if not there.any():
            return {}
        parts = [(self.which[there], len(self.metrics)), (self.who[there], len(self.people))]
        first, _index = fold(parts, int(np.count_nonzero(there)))
        found: dict[int, set[str]] = {}
        metrics, who = self.which[there][first].tolist(), self.who[there][first].tolist()
        for which, person in zip(metrics, who, strict=True):
            found.setdefault(self.metrics[which], set()).add(self.people[person])
        return found


@dataclass(frozen=True)
class FactColumns(Columns):
    """Facts in the order of their key; `keyed` says which may turn up at another place later."""

    metric: Ints
    series: Ints
    day: Ints
    khash: Ints
    value: Ints
    span: Ints
    keyed: Mask


def columns_in(block: Block, metrics: Sequence[int], source_id: int) -> ReadingColumns:
    """The readings of a block of a file; `metrics` are in the order of its mapping."""
    rows = block.row
    return ReadingColumns(
        which=block.order,
        day=block.day[rows],
        value=block.value,
        span=block.span[rows],
        khash=hash_keys(source_id, block.key_texts())[rows],
        own=np.ones(len(rows), bool),
        place=block.place[rows],
        who=block.who if len(block.who) else np.full(len(rows), NOBODY, np.int32),
        metrics=metrics,
        combos=block.combos,
        people=block.people,
    )
