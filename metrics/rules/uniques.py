"""How many different people: sets that merge over days and dimensions, and what bounds the rest.

A tally holds the people of a bucket, exactly (a Roaring bitmap of their dense ids) or by a sketch
(CPC, of hashes), and beside them the snapshots: counts that came without ids, each bound to the
window that it was counted over. Sets are united, so that nobody counts twice; snapshots cannot be
united, so that they only bound the answer: at least the greatest, at most all of them together.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from struct import Struct
from typing import Any

from datasketches import cpc_sketch, cpc_union
from pyroaring import BitMap

LG_K = 13  # 0.8 % of error; 12 has 1.1 %
DEVIATIONS = 2  # the bounds of an estimate hold in 95 of 100 cases
FORMAT = 1
HEAD = Struct("<BIqII16sI")  # format, then the snapshots, then the length of the sketch
LONGEST_RECIPIENT = 300
MOST_SPAN = 3_660  # days that one count of people covers
PERSON = 0  # the span of a fact whose value is a person and no count


@dataclass(frozen=True)
class Count:
    """How many people; `value` is None where only the bounds are known.

    `error` is the greatest relative distance of the bounds from an estimated value.
    """

    value: int | None
    lower: int
    upper: int
    exact: bool
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Counts without ids: how many, the greatest, their sum, the days from first to last."""

    count: int = 0
    greatest: int = 0
    total: int = 0
    first: date | None = None
    last: date | None = None

    def with_one(self, day: date, span: int, value: int) -> "Snapshots":
        """These and the count of the `span` days that end with `day`."""
        begin = day - timedelta(days=span - 1)
        return self.merged(Snapshots(1, value, value, begin, day))

    def merged(self, other: "Snapshots") -> "Snapshots":
        """Both together."""
        if not self.count or not other.count:
            return self if self.count else other
        begins = (self.first or date.min, other.first or date.min)
        ends = (self.last or date.max, other.last or date.max)
        return Snapshots(
            self.count + other.count,
            max(self.greatest, other.greatest),
            self.total + other.total,
            min(begins),
            max(ends),
        )

    def are_inside(self, first: date, last: date) -> bool:
        """Whether no window reaches beyond these days."""
        if self.first is None or self.last is None:
            return True
        return first <= self.first and self.last <= last


NO_SNAPSHOTS = Snapshots()


@dataclass(frozen=True, slots=True)
class Tally:
    """The people of a bucket: a bitmap of ids or a sketch of hashes, and the snapshots."""

    people: BitMap | None = None
    sketch: Any = None
    snapshots: Snapshots = NO_SNAPSHOTS

    def count(self, first: date, last: date) -> Count:
        """How many they were from `first` to `last`, the days that the tally was made from."""
        known = self._people()
        held = self.snapshots
        if not held.count:
            return known
        certain = held.are_inside(first, last)
        lower = max(known.lower, held.greatest) if certain else known.lower
        upper = known.upper + held.total
        exact = known.exact and certain and lower == upper
        return Count(lower if exact else None, lower, upper, exact)

    def _people(self) -> Count:
        """Those whose ids or hashes are known."""
        if self.sketch is None:
            found = len(self.people) if self.people is not None else 0
            return Count(found, found, found, exact=True)
        value = round(self.sketch.get_estimate())
        lower = int(self.sketch.get_lower_bound(DEVIATIONS))
        upper = max(value, round(self.sketch.get_upper_bound(DEVIATIONS)))
        error = max(upper - value, value - lower) / value if value else 0.0
        return Count(value, lower, upper, exact=False, error=error)

    def dump(self) -> bytes:
        """The tally as it is stored."""
        held = self.snapshots
        sketch = self.sketch.serialize() if self.sketch is not None else b""
        head = HEAD.pack(
            FORMAT,
            held.count,
            held.greatest,
            held.first.toordinal() if held.first else 0,
            held.last.toordinal() if held.last else 0,
            held.total.to_bytes(16, "little", signed=True),
            len(sketch),
        )
        return head + sketch + (self.people.serialize() if self.people is not None else b"")


NOBODY = Tally()


def load_tally(stored: bytes | memoryview) -> Tally:
    """The tally that `dump` made these bytes of."""
    data = bytes(stored)
    _format, count, greatest, first, last, total, length = HEAD.unpack_from(data)
    snapshots = NO_SNAPSHOTS
    if count:
        begin, end = date.fromordinal(first), date.fromordinal(last)
        whole = int.from_bytes(total, "little", signed=True)
        snapshots = Snapshots(count, greatest, whole, begin, end)
    at = HEAD.size
    sketch = cpc_sketch.deserialize(data[at : at + length]) if length else None
    rest = data[at + length :]
    return Tally(BitMap.deserialize(rest) if rest else None, sketch, snapshots)


def tally_of(facts: Iterable[tuple[date, int, int]], *, sketched: bool) -> Tally:
    """The tally of facts (day, value, span): span 0 is a person's id or hash, else a count."""
    people: list[int] = []
    snapshots = NO_SNAPSHOTS
    for day, value, span in facts:
        if span == PERSON:
            people.append(value)
        else:
            snapshots = snapshots.with_one(day, span, value)
    if not people:
        return Tally(None, None, snapshots)
    if sketched:
        return Tally(None, _sketch_of(people), snapshots)
    return Tally(BitMap(array("I", people)), None, snapshots)


def _sketch_of(hashes: Sequence[int]) -> Any:
    """A sketch of the hashes; in one order, so that the same facts give the same estimate."""
    sketch = cpc_sketch(LG_K)
    for value in sorted(set(hashes)):
        sketch.update(value)
    return sketch


def merge(tallies: Iterable[Tally]) -> Tally:
    """All of them as one; who is in several counts once."""
    people, sketches, snapshots = [], [], NO_SNAPSHOTS
    for tally in tallies:
        if tally.people is not None:
            people.append(tally.people)
        if tally.sketch is not None:
            sketches.append(tally.sketch)
        snapshots = snapshots.merged(tally.snapshots)
    return Tally(_united(people), _united_sketch(sketches), snapshots)


def _united(people: Sequence[BitMap]) -> BitMap | None:
    if len(people) <= 1:
        return people[0] if people else None
    return BitMap.union(*people)


def _united_sketch(sketches: Sequence[Any]) -> Any:
    if not sketches:
        return None
    union = cpc_union(LG_K)
    for sketch in sketches:
        union.update(sketch)
    return union.get_result()


def hash_of_people(tally: Tally) -> str:
    """A short text that differs where the people do; a sketch is told by its estimate."""
    if tally.sketch is not None:
        return f"~{tally.sketch.get_estimate():.6f}"
    held = tally.people if tally.people is not None else BitMap()
    return blake2b(held.to_array().tobytes(), digest_size=8).hexdigest()


def hash_recipient(workspace_id: int, recipient: str) -> int:
    """A 63-bit number that stands for a person whose id is not kept."""
    digest = blake2b(f"{workspace_id}|{recipient}".encode(), digest_size=8, person=b"mops-who")
    return int.from_bytes(digest.digest(), "big") >> 1


def recipient_key(day: date, dims: str, recipient: str) -> str:
    """The key of a fact about a person that has none of its own: the same again is no news."""
    return f"{day.isoformat()}|{dims}|@{recipient}"


def snapshot_key(plain: str, span: int) -> str:
    """The key of a count without a key of its own: counts of other windows are other facts."""
    return plain if span == 1 else f"{plain}|{span}"
