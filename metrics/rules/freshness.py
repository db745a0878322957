"""When data are late, judged by the rhythm in which they used to come."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from statistics import median

LEAST_PATIENCE = 3


def usual_gap(days: Iterable[date]) -> int:
    """The median number of days between days with data, at least 1."""
    ordered = sorted(set(days))
    gaps = [(b - a).days for a, b in pairwise(ordered)]
    return max(1, round(median(gaps))) if gaps else 1


def is_late(data_until: date | None, *, now: date, gap: int) -> bool:
    """Whether the last complete day `now` is further from the data than two gaps and two days."""
    if data_until is None:
        return False
    return (now - data_until).days > max(LEAST_PATIENCE, 2 * gap + 2)
