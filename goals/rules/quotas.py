"""What a metric must come to in each month for a promise to be kept."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from metrics.rules.periods import Span

SLACK = Decimal("0.9")  # of what is due by now: below it a month is at risk


class Aspect(StrEnum):
    """What a quota is about: how much is delivered, or how good it is."""

    QUANTITY = "quantity"
    QUALITY = "quality"


class Bound(StrEnum):
    """On which side of the amount the value has to lie; the amount itself is kept."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Verdict(StrEnum):
    """How a month of a quota stands."""

    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Quota:
    """An amount in the metric's unit, and whether months of the metric add up day by day."""

    amount: Decimal
    bound: Bound
    adds_up: bool

    def meets(self, value: Decimal) -> bool:
        """Whether a value keeps it."""
        if self.bound is Bound.AT_LEAST:
            return value >= self.amount
        return value <= self.amount


def month_of(day: date) -> Span:
    """The month that a day lies in."""
    last = monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last))


def verdict_of(
    quota: Quota, value: Decimal | None, month: Span, *, until: date | None, complete: date
) -> Verdict:
    """How a month stands when data reach to `until` and `complete` is the last complete day.

    A month is settled only when the data are in to its end: a gap at the end is not a breach.
    While it lasts, a sum is held against its even share of the days that have data.
    """
    if value is None or until is None:
        return Verdict.UNKNOWN
    if complete >= month.last:
        if until < month.last:
            return Verdict.UNKNOWN
        return Verdict.KEPT if quota.meets(value) else Verdict.BROKEN
    if not quota.adds_up:
        return Verdict.RUNNING if quota.meets(value) else Verdict.AT_RISK
    return _running(quota, value, month, until)


def _running(quota: Quota, value: Decimal, month: Span, until: date) -> Verdict:
    """A sum in the middle of its month."""
    days = (min(until, month.last) - month.first).days + 1
    by_now = quota.amount * max(days, 0) / month.days
    if quota.bound is Bound.AT_LEAST:
        fine = quota.meets(value) or value >= by_now * SLACK
    else:
        fine = quota.meets(value) and value * SLACK <= by_now
    return Verdict.RUNNING if fine else Verdict.AT_RISK


def months_between(first: date, last: date) -> list[Span]:
    """The whole months from the first that begins on or after a day up to that of another."""
    start = first if first.day == 1 else month_of(first).last + timedelta(days=1)
    found = []
    while start <= last:
        month = month_of(start)
        found.append(month)
        start = month.last + timedelta(days=1)
    return found
