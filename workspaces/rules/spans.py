"""Half-open spans of anything that is ordered: joined, shared, and less one another."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar


class Ordered(Protocol):
    """Instants, minutes: what can be compared with its like."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...


Edge = TypeVar("Edge", bound=Ordered)
Pair = tuple[Edge, Edge]


def joined(spans: Iterable[Pair[Edge]]) -> list[Pair[Edge]]:
    """The spans in order, those that meet or overlap made one, empty ones left out."""
    found: list[Pair[Edge]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def shared(one: Sequence[Pair[Edge]], other: Sequence[Pair[Edge]]) -> list[Pair[Edge]]:
    """Where two lists of joined spans lie at once."""
    found: list[Pair[Edge]] = []
    here = there = 0
    while here < len(one) and there < len(other):
        start = max(one[here][0], other[there][0])
        end = min(one[here][1], other[there][1])
        if start < end:
            found.append((start, end))
        if one[here][1] <= other[there][1]:
            here += 1
        else:
            there += 1
    return found


def less(spans: Iterable[Pair[Edge]], breaks: Sequence[Pair[Edge]]) -> Iterator[Pair[Edge]]:
    """Joined spans without what lies in joined breaks, in order."""
    for begins, ends in spans:
        at = begins
        for start, end in breaks:
            if at < start and start < ends:
                yield at, start
            if start < ends and at < end:
                at = end
        if at < ends:
            yield at, ends
