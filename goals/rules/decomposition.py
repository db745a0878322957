"""Splitting a goal into parts, exactly: the parts of every mode re-compose to the goal.

A rate is a share (0.1 is ten percent) for each part; amounts are rounded to the metric's decimals
half to even, and the last part takes the rounding. `sizes` are 1 for a whole period and less for
one that the window cuts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from enum import StrEnum

ONE, ZERO, HALF = Decimal(1), Decimal(0), Decimal("0.5")
EXACT = Context(prec=60)
CLOSE = Decimal("1e-40")
MOST_PARTS = 60
MEAN_DIGITS = 9  # as many as an amount is kept with


class Mode(StrEnum):
    """How the parts follow each other."""

    COMPOUND = "compound"
    LINEAR = "linear"
    SEASONAL = "seasonal"
    MANUAL = "manual"
    EACH = "each"


class Makes(StrEnum):
    """How the parts make the whole: they add up to it, end at it, or have it as their mean."""

    TOTAL = "total"
    END = "end"
    MEAN = "mean"


class SplitFlaw(StrEnum):
    """Why there are no parts."""

    NO_BASE = "no_base"
    NEGATIVE = "negative_parts"
    MANUAL_COUNT = "manual_count"
    MANUAL_SUM = "manual_sum"
    MANUAL_END = "manual_end"
    MANUAL_MEAN = "manual_mean"
    NO_YEAR_BEFORE = "no_year_before"
    REACHED = "reached"
    MISSING = "missing"


OFF = {
    Makes.TOTAL: SplitFlaw.MANUAL_SUM,
    Makes.END: SplitFlaw.MANUAL_END,
    Makes.MEAN: SplitFlaw.MANUAL_MEAN,
}


@dataclass(frozen=True)
class Split:
    """The parts, the rate from one to the next where there is one, or why there are none.

    `exact` are the parts before they were rounded.
    """

    parts: tuple[Decimal, ...] = ()
    rate: Decimal | None = None
    flaw: SplitFlaw | None = None
    exact: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Growth:
    """What parts come to against the base: of all together and of the last one, as shares."""

    total: Decimal
    exit: Decimal


def growth_of(levels: Sequence[Decimal], weights: Sequence[Decimal], base: Decimal) -> Growth:
    """The growth of parts on the base (> 0); each is written as if it were a whole one."""
    return Growth(mean_of(levels, weights) / base - ONE, levels[-1] / base - ONE)


def mean_of(levels: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal:
    """The mean of the levels, each by its weight."""
    with localcontext(EXACT):
        pairs = zip(levels, weights, strict=True)
        return sum((level * weight for level, weight in pairs), ZERO) / sum(weights, ZERO)


def rate_to_exit(ratio: Decimal, count: int) -> Decimal:
    """The compounding rate by which the last of so many parts is `ratio` times the base (> 0)."""
    with localcontext(EXACT):
        return (ratio.ln() / count).exp() - ONE


def rate_to_total(ratio: Decimal, sizes: Sequence[Decimal]) -> Decimal:
    """The compounding rate by which the parts come to `ratio` bases (> 0) together."""
    with localcontext(EXACT):
        low, high = -ONE, ONE
        while _compounded(high, sizes) < ratio:
            high *= 2
        while high - low > CLOSE:
            middle = (low + high) * HALF
            low, high = (middle, high) if _compounded(middle, sizes) < ratio else (low, middle)
        return (low + high) * HALF


def step_to_total(ratio: Decimal, sizes: Sequence[Decimal]) -> Decimal:
    """What each part adds of the base to the part before, so that all come to `ratio` bases."""
    with localcontext(EXACT):
        weight = sum((size * place for place, size in enumerate(sizes, 1)), ZERO)
        return (ratio - sum(sizes, ZERO)) / weight


def _compounded(rate: Decimal, sizes: Sequence[Decimal]) -> Decimal:
    """The sum of size times (1 + rate) to the place of each part, in bases."""
    total = ZERO
    for size in reversed(sizes):
        total = (total + size) * (ONE + rate)
    return total


def split_total(
    total: Decimal,
    mode: Mode,
    sizes: Sequence[Decimal],
    *,
    base: Decimal | None,
    shares: Sequence[Decimal],
    digits: int,
) -> Split:
    """A total (> 0) as parts that sum to it; `base` is what one whole part brought before.

    `shares` sum to something positive and are what the seasonal mode divides by.
    """
    if mode is Mode.SEASONAL:
        whole = sum(shares, ZERO)
        return _rounded_off([total * share / whole for share in shares], total, digits)
    if base is None or base <= 0:
        return Split(flaw=SplitFlaw.NO_BASE)
    rate, factors = _factors(mode, total / base, sizes)
    with localcontext(EXACT):
        exact = [base * size * factor for size, factor in zip(sizes, factors, strict=True)]
    found = _rounded_off(exact, total, digits)
    return found if found.flaw else replace(found, rate=rate)


def split_mean(
    target: Decimal,
    mode: Mode,
    weights: Sequence[Decimal],
    *,
    base: Decimal | None,
    year_ago: Sequence[Decimal | None],
    digits: int,
) -> Split:
    """Averages of which the mean by weight is the target; the last takes the rounding.

    By the season each part has the same growth on its own year before.
    """
    if mode is Mode.EACH:
        return Split((target,) * len(weights), ZERO, exact=(target,) * len(weights))
    if mode is Mode.SEASONAL:
        return _means_by_season(target, weights, year_ago, digits)
    if base is None or base <= 0:
        return Split(flaw=SplitFlaw.NO_BASE)
    rate, factors = _factors(mode, target / base * sum(weights, ZERO), weights)
    with localcontext(EXACT):
        exact = [base * factor for factor in factors]
    found = _means(exact, target, weights, digits)
    return found if found.flaw else replace(found, rate=rate)


def _means_by_season(
    target: Decimal, weights: Sequence[Decimal], year_ago: Sequence[Decimal | None], digits: int
) -> Split:
    known = [value for value in year_ago if value is not None]
    if len(known) != len(weights) or mean_of(known, weights) <= 0:
        return Split(flaw=SplitFlaw.NO_YEAR_BEFORE)
    with localcontext(EXACT):
        scale = target / mean_of(known, weights)
        return _means([value * scale for value in known], target, weights, digits)


def _means(
    exact: Sequence[Decimal], target: Decimal, weights: Sequence[Decimal], digits: int
) -> Split:
    """The averages rounded, the last as what is left to the target's mean."""
    parts = [round(part, digits) for part in exact[:-1]]
    with localcontext(EXACT):
        brought = sum((part * weight for part, weight in zip(parts, weights, strict=False)), ZERO)
        left = (target * sum(weights, ZERO) - brought) / weights[-1]
    parts.append(round(left, MEAN_DIGITS))
    if any(part < 0 for part in parts):
        return Split(flaw=SplitFlaw.NEGATIVE)
    return Split(tuple(parts), exact=tuple(exact))


def _factors(mode: Mode, ratio: Decimal, sizes: Sequence[Decimal]) -> tuple[Decimal, list[Decimal]]:
    """The rate, and each part in bases, so that they come to `ratio` bases together."""
    places = range(1, len(sizes) + 1)
    with localcontext(EXACT):
        if mode is Mode.COMPOUND:
            rate = rate_to_total(ratio, sizes)
            return rate, [(ONE + rate) ** place for place in places]
        rate = step_to_total(ratio, sizes)
        return rate, [ONE + rate * place for place in places]


def split_level(
    baseline: Decimal, target: Decimal, mode: Mode, count: int, *, digits: int
) -> Split:
    """The levels at the end of each part on the way from baseline to target; the last is it."""
    if mode is Mode.LINEAR:
        step = (target - baseline) / count
        levels = [baseline + step * place for place in range(1, count)]
        rate = step / baseline if baseline > 0 else None
    elif baseline <= 0 or target <= 0:
        return Split(flaw=SplitFlaw.NO_BASE)
    else:
        rate = rate_to_exit(target / baseline, count)
        with localcontext(EXACT):
            levels = [baseline * (ONE + rate) ** place for place in range(1, count)]
    rounded = (*(round(level, digits) for level in levels), target)
    return Split(rounded, rate, exact=(*levels, target))


def split_by_hand(
    parts: Sequence[Decimal],
    target: Decimal,
    weights: Sequence[Decimal],
    *,
    makes: Makes,
    digits: int,
) -> Split:
    """Parts as somebody gave them: one for each weight, and they make the target as it reads."""
    found = Split(tuple(parts), exact=tuple(parts))
    if len(parts) != len(weights):
        return replace(found, flaw=SplitFlaw.MANUAL_COUNT)
    if makes is Makes.TOTAL and any(part < 0 for part in parts):
        return replace(found, flaw=SplitFlaw.NEGATIVE)
    if round(come_to(parts, weights, makes), digits) != round(target, digits):
        return replace(found, flaw=OFF[makes])
    return found


def come_to(parts: Sequence[Decimal], weights: Sequence[Decimal], makes: Makes) -> Decimal:
    """What the parts make together."""
    if makes is Makes.MEAN:
        return mean_of(parts, weights)
    return parts[-1] if makes is Makes.END else sum(parts, ZERO)


@dataclass(frozen=True)
class Missed:
    """What became of a split so far: the plan, what closed parts really brought (None: no data)."""

    planned: Sequence[Decimal]
    actual: Sequence[Decimal | None]
    sizes: Sequence[Decimal]


def rebalance(total: Decimal, mode: Mode, missed: Missed, *, digits: int) -> Split:
    """The parts anew: closed ones as they came, the rest of the total over the open ones.

    Compound and linear go on from the last closed part; the other modes keep the proportions of
    the plan.
    """
    closed = [value for value in missed.actual if value is not None]
    if len(closed) != len(missed.actual):
        return Split(flaw=SplitFlaw.MISSING)
    rest = total - sum(closed, ZERO)
    if rest <= 0:
        return Split(flaw=SplitFlaw.REACHED)
    done = len(closed)
    kept = {Mode.COMPOUND: mode, Mode.LINEAR: mode}.get(mode, Mode.SEASONAL)
    shares = missed.planned[done:]
    if sum(shares, ZERO) <= 0:
        shares = missed.sizes[done:]
    base = closed[-1] / missed.sizes[done - 1] if closed and missed.sizes[done - 1] else None
    found = split_total(rest, kept, missed.sizes[done:], base=base, shares=shares, digits=digits)
    return found if found.flaw else Split((*closed, *found.parts), found.rate)


def rebalance_level(
    baseline: Decimal, target: Decimal, mode: Mode, missed: Missed, *, digits: int
) -> Split:
    """The levels anew: closed ones as they came, then from where one stands to the target.

    By hand the open parts keep their places on the way from the last closed part of the plan.
    """
    closed = [value for value in missed.actual if value is not None]
    if len(closed) != len(missed.actual):
        return Split(flaw=SplitFlaw.MISSING)
    now, open_ = closed[-1], missed.planned[len(closed) :]
    if (target - now) * (target - baseline) <= 0:
        return Split(flaw=SplitFlaw.REACHED)
    before = missed.planned[len(closed) - 1]
    if mode is Mode.MANUAL and target != before:
        scale = (target - now) / (target - before)
        levels = [round(target - (target - level) * scale, digits) for level in open_[:-1]]
        return Split((*closed, *levels, target))
    onward = Mode.COMPOUND if mode is Mode.COMPOUND else Mode.LINEAR
    found = split_level(now, target, onward, len(open_), digits=digits)
    return found if found.flaw else Split((*closed, *found.parts), found.rate)


def _rounded_off(exact: Sequence[Decimal], total: Decimal, digits: int) -> Split:
    """The parts rounded, the last as what is left; none of them may be negative."""
    parts = [round(part, digits) for part in exact[:-1]]
    parts.append(total - sum(parts, ZERO))
    if any(part < 0 for part in parts):
        return Split(flaw=SplitFlaw.NEGATIVE)
    return Split(tuple(parts), exact=tuple(exact))


class Meaning(StrEnum):
    """What people mean when they promise so many percent in so many parts."""

    COMPOUND_SHARE = "compound_share"
    LINEAR_SHARE = "linear_share"
    EACH_FULL = "each_full"
    EACH_SHARE = "each_share"
    COMPOUND_EXIT = "compound_exit"
    COMPOUND_TOTAL = "compound_total"
    LINEAR_TOTAL = "linear_total"


@dataclass(frozen=True)
class Reading:
    """One meaning with its parts as multiples of the base part, and the rate of each part."""

    meaning: Meaning
    rate: Decimal
    parts: tuple[Decimal, ...]

    @property
    def exit(self) -> Decimal:
        """The growth of the last part on the base, as a share."""
        return self._growth.exit

    @property
    def total(self) -> Decimal:
        """The growth of all parts on as many bases, as a share."""
        return self._growth.total

    @property
    def _growth(self) -> Growth:
        return growth_of(self.parts, [ONE] * len(self.parts), ONE)


def readings(promised: Decimal, count: int) -> list[Reading]:
    """The meanings of a promised growth (a share above -1) in so many equal parts."""
    part = promised / count
    sizes = [ONE] * count
    whole = (ONE + promised) * count
    exit_rate = rate_to_exit(ONE + promised, count)
    total_rate, step = rate_to_total(whole, sizes), step_to_total(whole, sizes)
    return [
        Reading(Meaning.COMPOUND_SHARE, part, _powers(part, count)),
        Reading(Meaning.LINEAR_SHARE, part, _steps(part, count)),
        Reading(Meaning.EACH_FULL, promised, (ONE + promised,) * count),
        Reading(Meaning.EACH_SHARE, part, (ONE + part,) * count),
        Reading(Meaning.COMPOUND_EXIT, exit_rate, _powers(exit_rate, count)),
        Reading(Meaning.COMPOUND_TOTAL, total_rate, _powers(total_rate, count)),
        Reading(Meaning.LINEAR_TOTAL, step, _steps(step, count)),
    ]


def _powers(rate: Decimal, count: int) -> tuple[Decimal, ...]:
    return tuple((ONE + rate) ** place for place in range(1, count + 1))


def _steps(rate: Decimal, count: int) -> tuple[Decimal, ...]:
    return tuple(ONE + rate * place for place in range(1, count + 1))
