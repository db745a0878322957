"""Which card waits for which: finding the way from one to another."""

from collections.abc import Iterable, Mapping


def chain(waits: Mapping[int, Iterable[int]], first: int, last: int) -> list[int]:
    """The shortest way of waiting from one card to another, both included; [] if there is none.

    `waits` says for a card which ones it waits for.
    """
    came_from: dict[int, int | None] = {first: None}
    edge = [first]
    while edge and last not in came_from:
        following = []
        for card in edge:
            for other in waits.get(card, ()):
                if other not in came_from:
                    came_from[other] = card
                    following.append(other)
        edge = following
    return _back(came_from, last) if last in came_from else []


def _back(came_from: Mapping[int, int | None], last: int) -> list[int]:
    """The way that was gone, from its begin."""
    way: list[int] = []
    step: int | None = last
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]
