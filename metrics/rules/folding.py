"""Columns of small numbers as one: which rows agree in all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count as counting
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
SMALL = 1 << 20  # a table of so many places costs less than sorting


def fold(columns: Iterable[tuple[Ints, int]], rows: int) -> tuple[Ints, Ints]:
    """For each way in which rows differ the first such row, and for each row its way.

    The columns are (codes from 0, how many there are).
    """
    index, size = np.zeros(rows, np.int64), 1
    for codes, count in columns:
        if size * count > SMALL:
            index, size = _dense(index, size)
        index, size = index * count + codes, size * count
    index, size = _dense(index, size)
    first = np.empty(size, np.int64)
    first[index[::-1]] = np.arange(rows - 1, -1, -1)
    return first, index


def _dense(codes: Ints, size: int) -> tuple[Ints, int]:
    """The codes as numbers without gaps, and how many there are."""
    if size > SMALL:
        found, index = np.unique(codes, return_inverse=True)
        return index, len(found)
    used = np.zeros(size, bool)
    used[codes] = True
    return (np.cumsum(used) - 1)[codes], int(np.count_nonzero(used))


def encoded(column: Sequence[str], rows: int) -> tuple[list[str], Ints]:
    """The different texts of a column, and for each row which it is."""
    place: dict[str, int] = defaultdict(counting().__next__)
    codes = np.fromiter(map(place.__getitem__, column), np.int64, rows)
    return list(place), codes
