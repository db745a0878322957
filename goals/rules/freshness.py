"""When a goal's data are late: the metric's own rule, and when a window's data are all in.

The rule itself is metrics.rules.freshness: by the cadence and lag that were stated, else silence
longer than twice the usual gap between days with data plus two days. So a daily metric of which
nothing was stated is late after 4 days, a weekly one after 16. A page of the metric and a goal on
it say the same.
"""

from datetime import date, timedelta

from metrics.rules import freshness

LOOK_BACK_DAYS = 90
LEAST_PATIENCE_DAYS = freshness.LEAST_PATIENCE


def is_late(data_until: date | None, *, now: date, gap: int, lag: int | None = None) -> bool:
    """Whether the data are late at the end of the day `now`; a goal without any data waits, too."""
    return data_until is None or freshness.is_late(data_until, now=now, gap=gap, lag=lag)


def all_in(data_until: date | None, *, end: date, gap: int) -> bool:
    """Whether no more data are due for a window: they reach its end, or the next lie beyond it."""
    return data_until is not None and data_until + timedelta(days=gap - 1) >= end
