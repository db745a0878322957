"""Which colour a line has: one for one name on all charts of a page."""

from collections.abc import Hashable, Sequence


def colours_of(charts: Sequence[Sequence[Hashable]], most: int) -> list[list[int]]:
    """A colour from 1 to `most` for each name of each chart, which has `most` names at most.

    A name keeps its colour from chart to chart; no chart has a colour twice. Where a page has more
    names than colours, one that would meet its own colour in another hand takes a free one.
    """
    kept: dict[Hashable, int] = {}
    return [_coloured(names, kept, most) for names in charts]


def _coloured(names: Sequence[Hashable], kept: dict[Hashable, int], most: int) -> list[int]:
    here: dict[Hashable, int] = {}
    for name in names:
        if name in kept and kept[name] not in here.values():
            here[name] = kept[name]
    for name in names:
        if name not in here:
            free = [one for one in range(1, most + 1) if one not in here.values()]
            here[name] = next((one for one in free if one not in kept.values()), free[0])
            kept.setdefault(name, here[name])
    return [here[name] for name in names]
