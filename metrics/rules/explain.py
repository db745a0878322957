"""Why a value moved: its change split by segment into parts that add up to it exactly.

A ratio R = N / D over segments i is the sum of w_i * r_i: the share of the segment in the
denominator (w = d / D) times its own ratio (r = n / d). Between two windows

    dR = sum dw * r_mean + sum w_mean * dr

the first sum is the mix (the weight moved between segments), the second the rate (segments
themselves got better or worse). Because the shares of a window add up to one, a segment's mix is
told as dw * (r_mean - R_mean): the sum stays the same, and a segment below the mean that grows
counts as a loss. Arithmetic is done in fractions and written as decimals that add up exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

from metrics.rules.amounts import EXACT

K = TypeVar("K")
PLACES = Decimal("1e-12")
ROUNDED = Decimal("1e-11")  # values have 12 significant digits
HALF = Fraction(1, 2)
ZERO = Fraction(0)


@dataclass(frozen=True)
class Share:
    """One segment in one window: numerator and denominator, None where nothing was observed."""

    above: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """What one segment did to the change.

    `mix` is the effect of its share of the denominator, `rate` of its own ratio, `unrated` of a
    numerator without any denominator. `effect` is their sum. Shares are of the whole denominator.
    """

    share_before: Decimal | None
    share_after: Decimal | None
    value_before: Decimal | None
    value_after: Decimal | None
    mix: Decimal
    rate: Decimal
    unrated: Decimal

    @property
    def effect(self) -> Decimal:
        """All that the segment did."""
        return EXACT.add(EXACT.add(self.mix, self.rate), self.unrated)


@dataclass(frozen=True)
class Moved(Mapping[K, Part]):
    """A change by segment; `overlap` is what segments that share people leave over."""

    change: Decimal
    parts: dict[K, Part]
    overlap: Decimal

    def __getitem__(self, key: K) -> Part:
        """The part of one segment."""
        return self.parts[key]

    def __iter__(self):  # type: ignore[no-untyped-def]
        """The segments."""
        return iter(self.parts)

    def __len__(self) -> int:
        """How many segments there are."""
        return len(self.parts)

    @property
    def mix(self) -> Decimal:
        """The effect of weight that moved between segments."""
        return added(part.mix for part in self.parts.values())

    @property
    def rate(self) -> Decimal:
        """The effect of segments that changed by themselves."""
        return added(part.rate for part in self.parts.values())

    @property
    def unrated(self) -> Decimal:
        """The effect of numerators without a denominator."""
        return added(part.unrated for part in self.parts.values())


@dataclass(frozen=True)
class Whole:
    """Numerator, denominator and value of all segments together in one window."""

    above: Decimal
    below: Decimal
    value: Decimal


def split_ratio(
    before: Mapping[K, Share],
    after: Mapping[K, Share],
    *,
    whole: tuple[Whole, Whole],
    scale: Decimal = Decimal(1),
) -> Moved[K]:
    """Split the change of a ratio between two windows whose denominators are not zero.

    A segment that appears or vanishes has no change of rate: all it does is mix. One with a
    numerator and no denominator has no rate at all: what it adds is `unrated`. Where the parts of
    the whole are not sums of the segments (people in several of them), the rest is `overlap`.
    """
    mean = (ratio(whole[0].above, whole[0].below) + ratio(whole[1].above, whole[1].below)) * HALF
    keys = [*before, *(key for key in after if key not in before)]
    raw: list[Fraction] = []
    seen: list[tuple[_Side, _Side]] = []
    for key in keys:
        old = _Side.of(before.get(key, Share()), whole[0].below)
        new = _Side.of(after.get(key, Share()), whole[1].below)
        seen.append((old, new))
        raw += _effects(old, new, mean)
    change = EXACT.subtract(whole[1].value, whole[0].value)
    factor = Fraction(scale)
    written, overlap = written_out(
        [one * factor for one in raw],
        change,
        slack=max(abs(whole[0].value), abs(whole[1].value)) * ROUNDED,
    )
    parts = {
        key: Part(
            share_before=as_decimal(old.weight),
            share_after=as_decimal(new.weight),
            value_before=None if old.rate is None else as_decimal(old.rate * factor),
            value_after=None if new.rate is None else as_decimal(new.rate * factor),
            mix=written[place * 3],
            rate=written[place * 3 + 1],
            unrated=written[place * 3 + 2],
        )
        for place, (key, (old, new)) in enumerate(zip(keys, seen, strict=True))
    }
    return Moved(change, parts, overlap)


@dataclass(frozen=True)
class _Side:
    """A segment in one window: its share, its own ratio if it has one, its part of the whole."""

    weight: Fraction
    rate: Fraction | None
    alone: Fraction  # of the whole ratio, by a numerator without a denominator

    @classmethod
    def of(cls, share: Share, below: Decimal) -> "_Side":
        above, own = share.above or Decimal(0), share.below or Decimal(0)
        if own:
            return cls(ratio(own, below), ratio(above, own), ZERO)
        return cls(ZERO, None, ratio(above, below))


def _effects(old: _Side, new: _Side, mean: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Mix, rate and unrated of one segment."""
    unrated = new.alone - old.alone
    moved = new.weight - old.weight
    if old.rate is None or new.rate is None:
        known = old.rate if new.rate is None else new.rate
        return (moved * (known - mean) if known is not None else ZERO, ZERO, unrated)
    level = (old.rate + new.rate) * HALF
    return (
        moved * (level - mean),
        (old.weight + new.weight) * HALF * (new.rate - old.rate),
        unrated,
    )


@dataclass(frozen=True)
class Step:
    """What one segment added to a value that is summed; None where nothing was observed."""

    before: Decimal | None
    after: Decimal | None

    @property
    def effect(self) -> Decimal:
        """The difference; a segment without observations adds nothing."""
        return EXACT.subtract(self.after or Decimal(0), self.before or Decimal(0))


def split_sum(
    before: Mapping[K, Decimal | None],
    after: Mapping[K, Decimal | None],
    *,
    change: Decimal,
) -> tuple[dict[K, Step], Decimal]:
    """Each segment's part of a change, and what they leave over (people in several of them)."""
    keys = [*before, *(key for key in after if key not in before)]
    steps = {key: Step(before.get(key), after.get(key)) for key in keys}
    return steps, EXACT.subtract(change, added(step.effect for step in steps.values()))


def ratio(above: Decimal, below: Decimal) -> Fraction:
    """The exact quotient."""
    return Fraction(above) / Fraction(below)


def as_decimal(number: Fraction) -> Decimal:
    """The number to 12 places."""
    quotient = EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return quotient.quantize(PLACES, rounding=ROUND_HALF_UP, context=EXACT)


def added(many: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for one in many:
        total = EXACT.add(total, one)
    return total


def written_out(
    effects: Sequence[Fraction], change: Decimal, *, slack: Decimal
) -> tuple[list[Decimal], Decimal]:
    """The effects as decimals, and the rest, so that all of them add up to the change exactly.

    What only rounding leaves over (`slack` for the change, half a last place for each effect) goes
    to the largest effect; more than that is a rest that the segments do not explain.
    """
    found = [as_decimal(one) for one in effects]
    rest = EXACT.subtract(change, added(found))
    if found and abs(rest) <= slack + PLACES * len(found):
        place = max(range(len(found)), key=lambda at: abs(found[at]))
        found[place] = EXACT.add(found[place], rest)
        rest = Decimal(0)
    return found, rest
