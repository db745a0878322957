"""How many different people: sets that merge over days and dimensions, and what bounds the rest.

A tally holds the people of a bucket, exactly (a Roaring bitmap of their dense ids) or by a sketch
(CPC, of hashes), and beside them the snapshots: counts that came without ids, each bound to the
window that it was counted over. Sets are united, so that nobody counts twice; snapshots cannot be
united, so that they only bound the answer: at least the greatest that lies inside, at most the
least sum that holds all their days.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from itertools import chain, groupby, pairwise
from operator import attrgetter
from struct import Struct
from typing import Any

from datasketches import cpc_sketch, cpc_union
from pyroaring import BitMap

from metrics.rules.periods import DAY

LG_K = 13  # 0.8 % of error; 12 has 1.1 %
DEVIATIONS = 2  # the bounds of an estimate hold in 95 of 100 cases
FORMAT = 2  # 1 knew no windows
HEAD = Struct("<BIqII16sI")  # format, then the snapshots, then the length of the sketch
WINDOW = Struct("<qIIq16s")  # owner, first, last, greatest, total
WINDOWS = Struct("<i")  # how many windows follow; -1: they were too many
MOST_WINDOWS = 200  # that a tally keeps: 8 KB
MOST_MERGED = 500  # that are told apart when tallies are read together
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
class Window:
    """What one series was told of the same days: the greatest count, and the sum of all."""

    owner: int
    first: date
    last: date
    greatest: int
    total: int


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Counts without ids: how many, the greatest, their sum, the days from first to last.

    `windows` are the same one by one; None where they are more than are kept.
    """

    count: int = 0
    greatest: int = 0
    total: int = 0
    first: date = date.max
    last: date = date.min
    windows: tuple[Window, ...] | None = ()

    def bounds(self, first: date, last: date) -> tuple[int, int]:
        """The fewest and the most people of these days, as far as windows end in them."""
        if self.windows is None:
            inside = first <= self.first and self.last <= last
            return (self.greatest if inside else 0), self.total
        inside_of = [one for one in self.windows if first <= one.first and one.last <= last]
        least = max((one.greatest for one in inside_of), default=0)
        owned = groupby(self.windows, key=attrgetter("owner"))
        return least, sum(least_cover(list(of), first, last) for _owner, of in owned)


def least_cover(windows: Sequence[Window], first: date, last: date) -> int:
    """The least sum of windows that hold every day of these that any of them holds.

    A month beside its weeks is so counted once, by the month or by the weeks.
    """
    cut = sorted(
        (min(one.last, last), max(one.first, first), one.total)
        for one in windows
        if one.first <= last and first <= one.last
    )
    if all(before[0] < after[1] for before, after in pairwise(cut)):
        return sum(total for _end, _begin, total in cut)
    reached: list[tuple[date, int]] = []  # a day, and the cost of holding all days up to it
    for end, begin, total in cut:
        owed = max((min(e, begin - DAY) for e, b, _total in cut if b < begin), default=None)
        costs = [cost for day, cost in reached if owed is not None and day >= owed]
        if owed is None or costs:
            reached.append((end, total + min(costs, default=0)))
    return min(cost for day, cost in reached if day == cut[-1][0])


def snapshots_of(windows: Iterable[Window], count: int) -> Snapshots:
    """So many counts, by their windows; those of the same series and days become one."""
    held: dict[tuple[int, date, date], Window] = {}
    for one in windows:
        place = (one.owner, one.first, one.last)
        other = held.get(place)
        if other is not None:
            greatest = max(one.greatest, other.greatest)
            one = replace(one, greatest=greatest, total=one.total + other.total)  # noqa: PLW2901
        held[place] = one
    found = [held[place] for place in sorted(held)]
    if not found:
        return NO_SNAPSHOTS
    return Snapshots(
        count,
        max(one.greatest for one in found),
        sum(one.total for one in found),
        min(one.first for one in found),
        max(one.last for one in found),
        tuple(found) if len(found) <= MOST_MERGED else None,
    )


def together(parts: Iterable[Snapshots]) -> Snapshots:
    """Several of them as one."""
    every = [part for part in parts if part.count]
    if len(every) <= 1:
        return every[0] if every else NO_SNAPSHOTS
    count = sum(part.count for part in every)
    told = [part.windows for part in every if part.windows is not None]
    if len(told) == len(every) and sum(map(len, told)) <= MOST_MERGED:
        return snapshots_of(chain.from_iterable(told), count)
    return Snapshots(
        count,
        max(part.greatest for part in every),
        sum(part.total for part in every),
        min(part.first for part in every),
        max(part.last for part in every),
        None,
    )


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
        least, most = held.bounds(first, last)
        lower, upper = max(known.lower, least), known.upper + most
        exact = known.exact and lower == upper
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
            held.first.toordinal(),
            held.last.toordinal(),
            held.total.to_bytes(16, "little", signed=True),
            len(sketch),
        )
        windows = _dump_windows(held.windows)
        return (
            head + sketch + windows + (self.people.serialize() if self.people is not None else b"")
        )


def _dump_windows(windows: Sequence[Window] | None) -> bytes:
    if windows is None or len(windows) > MOST_WINDOWS:
        return WINDOWS.pack(-1)
    rows = [
        WINDOW.pack(
            one.owner,
            one.first.toordinal(),
            one.last.toordinal(),
            one.greatest,
            one.total.to_bytes(16, "little", signed=True),
        )
        for one in windows
    ]
    return WINDOWS.pack(len(windows)) + b"".join(rows)


def _load_windows(data: bytes, at: int) -> tuple[tuple[Window, ...] | None, int]:
    """The windows that stand there, and where they end."""
    [count] = WINDOWS.unpack_from(data, at)
    begin = at + WINDOWS.size
    end = begin + max(0, count) * WINDOW.size
    if count < 0:
        return None, end
    found = (
        Window(
            owner,
            date.fromordinal(first),
            date.fromordinal(last),
            greatest,
            int.from_bytes(total, "little", signed=True),
        )
        for owner, first, last, greatest, total in WINDOW.iter_unpack(data[begin:end])
    )
    return tuple(found), end


def load_tally(stored: bytes | memoryview) -> Tally:
    """The tally that `dump` made these bytes of."""
    data = bytes(stored)
    format_, count, greatest, first, last, total, length = HEAD.unpack_from(data)
    at = HEAD.size + length
    sketch = cpc_sketch.deserialize(data[HEAD.size : at]) if length else None
    windows, at = _load_windows(data, at) if format_ == FORMAT else (None, at)
    snapshots = NO_SNAPSHOTS
    if count:
        begin, end = date.fromordinal(first), date.fromordinal(last)
        whole = int.from_bytes(total, "little", signed=True)
        snapshots = Snapshots(count, greatest, whole, begin, end, windows)
    rest = data[at:]
    return Tally(BitMap.deserialize(rest) if rest else None, sketch, snapshots)


def begin_of(head: bytes | memoryview) -> date | None:
    """The first day of the windows of a stored tally, of which only the HEAD is there."""
    _format, count, _greatest, first, *_rest = HEAD.unpack(bytes(head))
    return date.fromordinal(first) if count else None


def tally_of(facts: Iterable[tuple[int, date, int, int]], *, sketched: bool) -> Tally:
    """The tally of facts (series, day, value, span): span 0 is a person's id or hash, else a count.

    Counts of one series over the same days are of the same people, those of several are not.
    """
    people: list[int] = []
    windows: list[Window] = []
    for series, day, value, span in facts:
        if span == PERSON:
            people.append(value)
        else:
            windows.append(Window(series, day - timedelta(days=span - 1), day, value, value))
    snapshots = snapshots_of(windows, len(windows))
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
    people, sketches, snapshots = [], [], []
    for tally in tallies:
        if tally.people is not None:
            people.append(tally.people)
        if tally.sketch is not None:
            sketches.append(tally.sketch)
        snapshots.append(tally.snapshots)
    return Tally(_united(people), _united_sketch(sketches), together(snapshots))


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
