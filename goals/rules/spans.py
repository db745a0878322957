"""Which days a goal looks at: so far, before it, a year before, and the buckets in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from goals.rules.progress import Basis
from metrics.rules.periods import DAY, Grain, Period, Span, period_of, periods, year_before

LONGEST_DAYS = 3660
SHORT_DAYS, MIDDLE_DAYS, LONG_DAYS = 21, 140, 1100


@dataclass(frozen=True)
class Measure:
    """Read the metric over `span` and divide by `parts` (1, or the whole buckets in the span)."""

    span: Span
    parts: int = 1


def span_year_before(span: Span) -> Span:
    """The same days of the year before."""
    return Span(year_before(span.first), year_before(span.last))


def years_before(day: date, count: int) -> date:
    """The same day so many years before."""
    for _year in range(count):
        day = year_before(day)
    return day


def last_whole(grain: Grain, day: date) -> Period:
    """The last bucket of the grain that ends on or before the day."""
    current = period_of(day, grain)
    return current if current.end == day else period_of(current.start - DAY, grain)


def whole_buckets(grain: Grain, span: Span) -> list[Period]:
    """The buckets that lie wholly inside the span, in order."""
    touched = periods(grain, span.first, span.last)
    return [bucket for bucket in touched if span.first <= bucket.start and bucket.end <= span.last]


def latest_buckets(grain: Grain, day: date, count: int) -> list[Period]:
    """The last `count` whole buckets up to the day, oldest first."""
    found = [last_whole(grain, day)]
    while len(found) < count:
        found.append(period_of(found[-1].start - DAY, grain))
    return found[::-1]


def typical(grain: Grain, span: Span, *, additive: bool) -> Measure | None:
    """The metric over a span: a ratio as it is, a total as the mean of its whole buckets.

    None when a total is asked of a span that holds no whole bucket.
    """
    if not additive:
        return Measure(span)
    inside = whole_buckets(grain, span)
    if not inside:
        return None
    return Measure(Span(inside[0].start, inside[-1].end), len(inside))


def so_far(basis: Basis, grain: Grain, span: Span, *, additive: bool) -> Measure | None:
    """What v(t) reads, where the span runs from the goal's start to t."""
    if basis is Basis.LEVEL:
        bucket = last_whole(grain, span.last)
        return Measure(Span(bucket.start, bucket.end))
    if basis is Basis.AVERAGE:
        return typical(grain, span, additive=additive)
    return Measure(span)


def of_baseline(basis: Basis, grain: Grain, span: Span, *, additive: bool) -> Measure | None:
    """What b reads: the whole total for sums, one typical bucket for levels and averages."""
    if basis in {Basis.LEVEL, Basis.AVERAGE}:
        return typical(grain, span, additive=additive)
    return Measure(span)


def default_baseline(basis: Basis, grain: Grain, window: Span, *, complete: date) -> Span:
    """Where to measure when nobody said: see the three cases.

    Year over year compares with the same days of the year before. A level starts from the last
    whole bucket before the goal, so that progress is 0 on the first day. Everything else takes as
    many days as the goal has, right before it; never later than the last complete day.
    """
    if basis is Basis.YOY:
        return span_year_before(window)
    last = min(window.first - DAY, complete)
    if basis is Basis.LEVEL:
        bucket = last_whole(grain, last)
        return Span(bucket.start, bucket.end)
    return Span(last - timedelta(days=window.days - 1), last)


def checkpoints(span: Span) -> Iterator[Span]:
    """Cut a span into stretches for a small curve: days to quarters, by its length."""
    if span.days <= SHORT_DAYS:
        grain = Grain.DAY
    elif span.days <= MIDDLE_DAYS:
        grain = Grain.WEEK
    else:
        grain = Grain.MONTH if span.days <= LONG_DAYS else Grain.QUARTER
    for bucket in periods(grain, span.first, span.last):
        yield Span(max(bucket.start, span.first), min(bucket.end, span.last))
