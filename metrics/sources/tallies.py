"""What is counted while a file is read: keys, repeats, days and what is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from itertools import islice, pairwise

from metrics.rules.keys import plain_key
from metrics.rules.readings import RowRead

MOST_GAPS = 20
_COPIES = 1 << 24  # more copies of one day and dimensions than a file has rows


class Keys:
    """Names each row: by its explicit key (the last one counts), or as the n-th of its like.

    Its like are the rows of the same day and dimensions and, where the mapping chooses rows, of the
    same metrics and person. `repeats` counts the rows that say what an earlier one said, cell by
    cell; only a row of a known key can be one, so that little is remembered.
    """

    def __init__(self, *, explicit: bool) -> None:
        self._explicit = explicit
        self._seen: dict[bytes, int] = {}
        self._further: set[int] = set()
        self.superseded: set[int] = set()
        self.repeats = 0

    def named(self, read: RowRead, cells: Sequence[str]) -> RowRead:
        """The row with its key."""
        if self._explicit:
            mark = blake2b(repr((read.key, read.said)).encode(), digest_size=12).digest()
            earlier = self._note(mark, cells, read.number)
            if earlier:
                self.superseded.add(earlier)
            return read
        like: tuple[object, ...] = (read.day, read.dims)
        if read.said:
            like = (*like, read.said, read.people)
        mark = blake2b(repr(like).encode(), digest_size=12).digest()
        copy = self._note(mark, cells, None) + 1
        key = plain_key(read.day, read.dims, copy)
        if read.said:
            key += "|" + ",".join(map(str, read.said)) + "|" + _digest(read.people)
        return read._replace(key=key)

    def _note(self, mark: bytes, cells: Sequence[str], number: int | None) -> int:
        """Remember a row under its mark; the number (or count) that stood there, or 0.

        The first row's fingerprint is kept beside it, those of further ones in a set.
        """
        print_ = hash(tuple(cells)) & _FINGERPRINT
        known = self._seen.get(mark)
        if known is None:
            self._seen[mark] = (number or 1) + print_ * _COPIES
            return 0
        earlier, first = known % _COPIES, known // _COPIES
        if print_ == first or print_ in self._further:
            self.repeats += 1
        else:
            self._further.add(print_)
        self._seen[mark] = (number or earlier + 1) + first * _COPIES
        return earlier


_FINGERPRINT = (1 << 60) - 1


def _digest(people: Sequence[tuple[int, str]]) -> str:
    """Who did it, short enough for a key."""
    if not people:
        return ""
    return blake2b(repr(list(people)).encode(), digest_size=12).hexdigest()


class Tally:
    """Counts of the rows that were read."""

    def __init__(self) -> None:
        self.readings = 0
        self.missing: Counter[str] = Counter()
        self.days: set[date] = set()
        self.spans = 0
        self.longest_span = 1

    def count(self, read: RowRead) -> None:
        """Count one row."""
        self.readings += len(read.values)
        for name, value in read.dims:
            if value is None:
                self.missing[name] += 1
        if read.span > 1:
            self.spans += 1
            self.longest_span = max(self.longest_span, read.span)
        if read.values:
            self.days.add(read.day)

    @property
    def first(self) -> date | None:
        """The first day that has a reading."""
        return min(self.days, default=None)

    @property
    def last(self) -> date | None:
        """The last one."""
        return max(self.days, default=None)

    def gaps(self) -> Iterator[tuple[date, date]]:
        """The first stretches of days without a reading, each as its first and last day."""
        found = (
            (date.fromordinal(before.toordinal() + 1), date.fromordinal(after.toordinal() - 1))
            for before, after in pairwise(sorted(self.days))
            if (after - before).days > 1
        )
        return islice(found, MOST_GAPS)
