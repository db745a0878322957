"""Two people who write in one thing: whether the later one has seen what the earlier one wrote."""

from collections.abc import Iterable, Mapping

FIRST = 1


def overtaken(touched: Mapping[str, int], seen: int, names: Iterable[str]) -> list[str]:
    """The names that were written after version `seen`, in their order.

    `touched` says in which version each name was written last; one that it does not hold was
    written when the thing was made, in version 1.
    """
    return [name for name in names if touched.get(name, FIRST) > seen]


def touch(touched: Mapping[str, int], names: Iterable[str], version: int) -> dict[str, int]:
    """The same, with these names written in `version`."""
    return {**touched, **dict.fromkeys(names, version)}
