"""When data are late, learnt from the metric's own rhythm.

No source declares its cadence yet, so it is learnt: the middle gap between the days with data of
the last 90 days. One day alone tells no gap and counts as monthly. Data are late when the silence
is longer than twice that gap plus two days (never less than three), or longer than the 90 days.
So a daily metric is late after 4 days, a weekly one after 16, a monthly one after 62.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_high

LOOK_BACK_DAYS = 90
UNKNOWN_GAP_DAYS = 30
LEAST_PATIENCE_DAYS = 3


def usual_gap(days: Iterable[date]) -> int:
    """The middle number of days between one day with data and the next."""
    known = sorted(set(days))
    gaps = [(after - before).days for before, after in pairwise(known)]
    return median_high(gaps) if gaps else UNKNOWN_GAP_DAYS


def patience(gap: int) -> int:
    """How many silent days are borne before data count as late."""
    return max(LEAST_PATIENCE_DAYS, 2 * gap + 2)


def is_late(data_until: date | None, *, now: date, gap: int) -> bool:
    """Whether data that end at `data_until` are late at the end of the day `now`."""
    if data_until is None:
        return True
    silent = (now - data_until).days
    return silent > min(patience(gap), LOOK_BACK_DAYS)


def all_in(data_until: date | None, *, end: date, gap: int) -> bool:
    """Whether no more data are due for a window: they reach its end, or the next lie beyond it."""
    return data_until is not None and data_until + timedelta(days=gap - 1) >= end
