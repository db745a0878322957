"""Goals under goals: cycles refused, a forest for the page. All in memory: there are hundreds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

DEEPEST = 12


@dataclass(frozen=True)
class Place:
    """Where a goal stands in the tree: how deep, and with how many steps right below it."""

    goal_id: int
    depth: int
    steps: int


def would_loop(parents: Mapping[int, int | None], goal_id: int, parent_id: int | None) -> bool:
    """Whether putting the goal under that parent would make it its own ancestor."""
    seen: set[int] = set()
    current = parent_id
    while current is not None and current not in seen:
        if current == goal_id:
            return True
        seen.add(current)
        current = parents.get(current)
    return False


def depth_of(parents: Mapping[int, int | None], goal_id: int | None) -> int:
    """How many goals stand above, the goal itself counted."""
    seen: set[int] = set()
    current = goal_id
    while current is not None and current not in seen:
        seen.add(current)
        current = parents.get(current)
    return len(seen)


def walk(parents: Mapping[int, int | None], order: Sequence[int]) -> Iterator[Place]:
    """Every goal once, parents before their steps, siblings in `order`.

    A goal whose parent is not among them stands at the top.
    """
    below: dict[int | None, list[int]] = {}
    for goal_id in order:
        parent = parents[goal_id]
        below.setdefault(parent if parent in parents else None, []).append(goal_id)
    stack = [(goal_id, 0) for goal_id in reversed(below.get(None, []))]
    while stack:
        goal_id, depth = stack.pop()
        steps = below.get(goal_id, [])
        yield Place(goal_id, depth, len(steps))
        stack.extend((step, depth + 1) for step in reversed(steps))
