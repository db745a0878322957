"""Who reports to whom: loops refused, the lines as an indented list. All in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

DEEPEST = 12


@dataclass(frozen=True)
class Place:
    """Where somebody stands: how many are above them, how many right below."""

    key: int
    depth: int
    below: int


def would_loop(above: Mapping[int, int | None], key: int, boss: int | None) -> bool:
    """Whether reporting to `boss` would make somebody report to themselves in the end."""
    return key in _upwards(above, boss)


def depth_of(above: Mapping[int, int | None], key: int | None) -> int:
    """How long the line is from somebody up to the top, they themselves counted."""
    return len(_upwards(above, key))


def walk(above: Mapping[int, int | None], order: Sequence[int]) -> Iterator[Place]:
    """Everybody of `order` once, each after whom they report to, equals in `order`.

    Who reports to somebody who is not listed, or to nobody, stands at the top.
    """
    listed = set(order)
    below: dict[int | None, list[int]] = {}
    for key in order:
        boss = above.get(key)
        below.setdefault(boss if boss in listed else None, []).append(key)
    stack = [(key, 0) for key in reversed(below.get(None, []))]
    while stack:
        key, depth = stack.pop()
        reports = below.get(key, [])
        yield Place(key, depth, len(reports))
        stack.extend((report, depth + 1) for report in reversed(reports))


def _upwards(above: Mapping[int, int | None], key: int | None) -> set[int]:
    """Somebody and all above them; stops where a line that is already a loop comes round."""
    seen: set[int] = set()
    while key is not None and key not in seen:
        seen.add(key)
        key = above.get(key)
    return seen
