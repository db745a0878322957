"""Which is best, and how sure that is: intervals around values, and who cannot be told apart.

Intervals are of 95 %:

* wilson: a share of counts, no more above than below; Wilson's score interval.
* poisson: a count, or a count per something; Byar's approximation of the Poisson interval.
* poisson_below: an amount per count (a cost per lead); the count below varies, Byar again.
* delta: an amount per amount; the spread of its periods by the delta method, from 8 periods on.
* none: nothing is known about the spread (a level, a formula).

Two values are told apart when the interval of their difference leaves out zero, which is made of
the intervals of both (MOVER, Newcombe's way for Wilson's).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

Z = 1.959963984540054  # 95 % of a normal distribution lie within so many deviations
LEAST_PERIODS = 8
NINTH = 1 / 9


@dataclass(frozen=True)
class Interval:
    """Where the true value lies in 95 of 100 cases, and how that was worked out."""

    low: float
    high: float
    method: str


Measured = tuple[float, Interval]  # a value and what it lies in


def wilson(hits: float, of: float) -> Interval:
    """The interval of a share; 0 <= hits <= of, of > 0."""
    share, square = hits / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low = 0.0 if not hits else max(0.0, middle - half)
    return Interval(low, 1.0 if hits == of else min(1.0, middle + half), "wilson")


def poisson(count: float) -> Interval:
    """The interval of a count, 0 or more."""
    return Interval(
        count * (1 - NINTH / count - Z / (3 * sqrt(count))) ** 3 if count >= 1 else 0.0,
        (count + 1) * (1 - NINTH / (count + 1) + Z / (3 * sqrt(count + 1))) ** 3,
        "poisson",
    )


def delta(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """The interval of sum(above) / sum(below), from the spread of its periods around it."""
    many, below = len(pairs), sum(pair[1] for pair in pairs)
    if many < LEAST_PERIODS or not below:
        return None
    value = sum(pair[0] for pair in pairs) / below
    spread = sum((above - value * own) ** 2 for above, own in pairs) / (many - 1)
    half = Z * sqrt(spread / many) / abs(below / many)
    return Interval(value - half, value + half, "delta")


@dataclass(frozen=True)
class Candidate:
    """A value with what it stands on.

    `above` and `below` are numerator and denominator (a count has no `below`), `counts` says of
    both whether they are counts; `pairs` are the same by period, where amounts are divided.
    """

    name: str | None
    value: Decimal | None
    n: Decimal | None
    above: Decimal | None = None
    below: Decimal | None = None
    counts: tuple[bool, bool] = (False, False)
    pairs: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Ranked:
    """A candidate in its place: 1 is best, equal places cannot be told apart; None is unranked."""

    candidate: Candidate
    interval: Interval | None
    place: int | None


def interval_of(one: Candidate, scale: Decimal = Decimal(1)) -> Interval | None:
    """The candidate's interval in the unit of its value; None where nothing is known."""
    if one.value is None or one.above is None:
        return None
    above = float(one.above)
    if one.below is None:
        return poisson(above) if one.counts[0] and above >= 0 else None
    below, factor = float(one.below), float(scale)
    if below <= 0 or above < 0:
        return None
    found = _quotient(above, below, one)
    return found and Interval(found.low * factor, found.high * factor, found.method)


def _quotient(above: float, below: float, one: Candidate) -> Interval | None:
    """The interval of above / below."""
    tops, bottoms = one.counts
    if tops and bottoms and above <= below:
        return wilson(above, below)
    if tops:
        around = poisson(above)
        return Interval(around.low / below, around.high / below, "poisson")
    if bottoms and (around := poisson(below)).low > 0:
        return Interval(above / around.high, above / around.low, "poisson_below")
    return None if bottoms else delta(one.pairs)


def difference(one: Measured, other: Measured) -> tuple[float, float]:
    """The interval of one value minus another, made of the intervals of both."""
    (p, mine), (q, theirs) = one, other
    below = sqrt((p - mine.low) ** 2 + (theirs.high - q) ** 2)
    above = sqrt((mine.high - p) ** 2 + (q - theirs.low) ** 2)
    return p - q - below, p - q + above


def apart(one: Measured, other: Measured) -> bool:
    """Whether two values differ by more than chance, from their intervals."""
    low, high = difference(one, other)
    return not low <= 0 <= high


def rank(
    candidates: Sequence[Candidate], *, scale: Decimal, least: Decimal, upwards: bool
) -> list[Ranked]:
    """Best first; who has fewer than `least` or no value comes last, without a place.

    Who cannot be told apart from the first of a place shares it. Without intervals every value
    has a place of its own, and equal values share theirs.
    """
    able = [one for one in candidates if one.value is not None and _is_enough(one, least)]
    able.sort(key=lambda one: (_key(upwards)(one), one.name or ""))
    found: list[Ranked] = []
    first: Ranked | None = None
    for order, one in enumerate(able, 1):
        around = interval_of(one, scale)
        place = first.place if first and not _differ(first, one, around) else order
        found.append(Ranked(one, around, place))
        if first is None or place != first.place:
            first = found[-1]
    rest = [one for one in candidates if one not in able]
    rest.sort(key=lambda one: (-(one.n or Decimal(0)), one.name or ""))
    return found + [Ranked(one, interval_of(one, scale), None) for one in rest]


def _is_enough(one: Candidate, least: Decimal) -> bool:
    """Whether it stands on enough; where no volume is known none is asked for."""
    return one.n is None or one.n >= least


def _key(upwards: bool) -> Callable[[Candidate], Decimal]:  # noqa: FBT001
    def key(one: Candidate) -> Decimal:
        value = one.value or Decimal(0)
        return -value if upwards else value

    return key


def _differ(first: Ranked, one: Candidate, around: Interval | None) -> bool:
    """Whether one is worse than the first of a place."""
    best = first.candidate.value
    if best is None or one.value is None or first.interval is None or around is None:
        return one.value != best
    return apart((float(best), first.interval), (float(one.value), around))
