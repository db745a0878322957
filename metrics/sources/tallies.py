"""What is counted while a file is read: keys, repeats, days and what is missing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise

import numpy as np

from metrics.rules.blocks import Block, Ints

MOST_GAPS = 20


class Ranks:
    """Says of each row which of its like it is: rows of one key, or of one day and dimensions.

    `repeats` counts the rows that say what an earlier one said, cell by cell. What is remembered
    of a row is 16 bytes.
    """

    def __init__(self, *, explicit: bool) -> None:
        self._explicit = explicit
        self._likes: list[Ints] = []
        self._prints: list[Ints] = []
        self.repeats = 0
        self.superseded = 0

    def note(self, likes: Ints, prints: Ints) -> None:
        """Remember rows by numbers that are equal for rows alike, and for rows that are equal."""
        self._likes.append(likes)
        self._prints.append(prints)

    def settled(self) -> Ints:
        """The rank of each row: from 1 on, or with explicit keys 0 for each row but the last."""
        likes = np.concatenate(self._likes) if self._likes else np.empty(0, np.int64)
        order = np.argsort(likes, kind="stable")
        ordered = likes[order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))[: len(likes)]
        ranks = np.ones(len(likes), np.int32)
        if len(begins) == len(likes):
            return ranks
        lengths = np.diff(begins, append=len(likes))
        self._count_repeats(order[np.repeat(lengths > 1, lengths)])
        if self._explicit:
            ends = np.append(ordered[1:] != ordered[:-1], True)
            ranks[order] = ends
            self.superseded = len(likes) - len(begins)
        else:
            ranks[order] = np.arange(len(likes)) - np.repeat(begins, lengths) + 1
        return ranks

    def _count_repeats(self, rows: Ints) -> None:
        prints = np.concatenate(self._prints)[rows]
        self.repeats = len(prints) - len(np.unique(prints))


class Tally:
    """Counts of the rows that were read."""

    def __init__(self) -> None:
        self.rows = 0
        self.readings = 0
        self.missing: Counter[str] = Counter()
        self.days: set[int] = set()
        self._since: int | None = None
        self.spans = 0
        self.longest_span = 1

    def count(self, block: Block) -> None:
        """Count some rows."""
        self.rows += len(block)
        self.readings += len(block.row)
        of_each = np.bincount(block.place, minlength=len(block.combos)).tolist()
        for dims, count in zip(block.combos, of_each, strict=True):
            for name, value in dims:
                if value is None and count:
                    self.missing[name] += count
        self.days.update(np.unique(block.day[block.row]).tolist())
        if len(block.row):
            since = int((block.day[block.row] - block.span[block.row] + 1).min())
            self._since = since if self._since is None else min(since, self._since)
        long = block.span[block.span > 1]
        self.spans += len(long)
        self.longest_span = max(self.longest_span, int(long.max(initial=1)))

    @property
    def first(self) -> date | None:
        """The first day that has a reading."""
        return date.fromordinal(min(self.days)) if self.days else None

    @property
    def since(self) -> date | None:
        """The first day that a reading covers."""
        return date.fromordinal(self._since) if self._since else None

    @property
    def last(self) -> date | None:
        """The last one."""
        return date.fromordinal(max(self.days)) if self.days else None

    def gaps(self) -> Iterator[tuple[date, date]]:
        """The first stretches of days without a reading, and one more if there are more."""
        found = (
            (date.fromordinal(before + 1), date.fromordinal(after - 1))
            for before, after in pairwise(sorted(self.days))
            if after - before > 1
        )
        return islice(found, MOST_GAPS + 1)
