"""What stands under what: loops refused, a tree as an indented list. All in memory: hundreds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

DEEPEST = 12


@dataclass(frozen=True)
class Place:
    """Where somebody or something stands: how many are above, how many right below."""

    key: int
    depth: int
    below: int


def upwards(above: Mapping[int, int | None], key: int | None) -> list[int]:
    """Itself and all above, the nearest first; stops where a line that loops comes round."""
    chain: dict[int, None] = {}
    while key is not None and key not in chain:
        chain[key] = None
        key = above.get(key)
    return list(chain)


def would_loop(above: Mapping[int, int | None], key: int, parent: int | None) -> bool:
    """Whether putting it under that parent would put it, in the end, under itself."""
    return key in upwards(above, parent)


def depth_of(above: Mapping[int, int | None], key: int | None) -> int:
    """How long the line is up to the top, itself counted."""
    return len(upwards(above, key))


def walk(above: Mapping[int, int | None], order: Sequence[int]) -> Iterator[Place]:
    """Each of `order` once, after what it stands under, equals in `order`.

    What stands under nothing, or under what is not listed, stands at the top.
    """
    listed = set(order)
    below: dict[int | None, list[int]] = {}
    for key in order:
        parent = above.get(key)
        below.setdefault(parent if parent in listed else None, []).append(key)
    stack = [(key, 0) for key in reversed(below.get(None, []))]
    while stack:
        key, depth = stack.pop()
        under = below.get(key, [])
        yield Place(key, depth, len(under))
        stack.extend((one, depth + 1) for one in reversed(under))
