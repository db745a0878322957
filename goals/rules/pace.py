"""How fast a goal moves against its time: elapsed share, when a verdict is possible, pace."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from goals.rules.progress import ONE, ZERO
from metrics.rules.periods import Span

LEAST_SHARE = Decimal("0.10")
MOST_SHARE = Decimal("0.25")
A_WEEK = Decimal(7)
TWO = Decimal(2)


def elapsed_share(window: Span, day: date) -> Decimal:
    """The share of the window that is over at the end of the day, from 0 to 1."""
    gone = Decimal((day - window.first).days + 1)
    return min(ONE, max(ZERO, gone / Decimal(window.days)))


def needed_days(window: Span) -> Decimal:
    """The days before which any verdict would be noise.

    A tenth of the window, or a week if that is longer, but never more than a quarter; in days
    rather than shares, so that nothing is rounded.
    """
    days = Decimal(window.days)
    return max(days * LEAST_SHARE, min(days * MOST_SHARE, A_WEEK))


def first_verdict_on(window: Span) -> date:
    """The local day on whose morning enough complete days have passed for a verdict."""
    needed = needed_days(window).to_integral_value(ROUND_CEILING)
    return window.first + timedelta(days=int(needed))


def too_early(window: Span, day: date) -> bool:
    """Whether a verdict at the end of the day would come too early."""
    return (day - window.first).days + 1 < needed_days(window)


def pace(progress: Decimal | None, expected: Decimal, *, ceiling: bool = False) -> Decimal | None:
    """Progress against expected share: 1 is as planned.

    A ceiling (a sum that lower is better of, such as a budget) is mirrored: each point used above
    the even spending counts as a point short, so the same bands judge it and nothing used is 2.
    """
    if progress is None or expected <= ZERO:
        return None
    ratio = progress / expected
    return TWO - ratio if ceiling else ratio
