"""What is done twice and what nobody does: overlaps and orphans among goals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from workspaces.rules.tree import upwards


@dataclass(frozen=True)
class Claim:
    """A goal as far as overlap is concerned: whose, on what, from when to when, under which."""

    goal_id: int
    metric_id: int | None
    owner_id: int | None
    start: date
    end: date
    parent_id: int | None = None


def overlaps(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of goals on one metric at once that two owners answer for, in order of the ids.

    A step and the goals above it are one work; goals without an owner are orphans, not doubles.
    """
    known = {claim.goal_id: claim for claim in claims}
    parents = {key: claim.parent_id for key, claim in known.items()}
    lines = {key: set(upwards(parents, key)) for key in known}
    by_metric: dict[int, list[Claim]] = {}
    for claim in sorted(known.values(), key=lambda claim: claim.goal_id):
        if claim.metric_id is not None:
            by_metric.setdefault(claim.metric_id, []).append(claim)
    for own in by_metric.values():
        yield from (pair for pair in combinations(own, 2) if _is_double(*pair, lines))


def _is_double(one: Claim, other: Claim, lines: Mapping[int, set[int]]) -> bool:
    if None in {one.owner_id, other.owner_id} or one.owner_id == other.owner_id:
        return False
    if one.end < other.start or other.end < one.start:
        return False
    return other.goal_id not in lines[one.goal_id] and one.goal_id not in lines[other.goal_id]
