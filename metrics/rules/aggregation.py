"""How metrics add up: by summing, or as the ratio of sums, never as a mean of ratios."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from metrics.rules.amounts import EXACT, unscale

SIGNIFICANT = 12
RATIO = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Recipe:
    """What a metric is made of: itself, or `scale` x numerator / denominator."""

    numerator: int
    numerator_decimals: int
    denominator: int | None = None
    denominator_decimals: int = 0
    scale: Decimal = Decimal(1)

    @property
    def inputs(self) -> tuple[int, ...]:
        """The additive metrics that are summed."""
        if self.denominator is None or self.denominator == self.numerator:
            return (self.numerator,)
        return (self.numerator, self.denominator)

    def value(self, sums: dict[int, int]) -> Decimal | None:
        """The value from the scaled sums of the inputs; no observations is None, never 0."""
        above = sums.get(self.numerator)
        if above is None:
            return None
        top = unscale(above, self.numerator_decimals)
        if self.denominator is None:
            return top
        below = sums.get(self.denominator, 0)
        return divide(top, unscale(below, self.denominator_decimals), self.scale)


def divide(numerator: Decimal, denominator: Decimal, scale: Decimal) -> Decimal | None:
    """Return scale x numerator / denominator to 12 digits; None without a denominator."""
    if not denominator:
        return None
    return shortest(RATIO.divide(EXACT.multiply(scale, numerator), denominator))


def shortest(value: Decimal) -> Decimal:
    """The same number without trailing zeros, without an exponent, and without minus zero."""
    if not value:
        return Decimal(0)
    short = value.normalize(EXACT)
    exponent = short.as_tuple().exponent
    return (
        short.quantize(Decimal(1), context=EXACT)
        if isinstance(exponent, int) and exponent > 0
        else short
    )


def share(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change from `before` to `now` as a share; None where nothing is to compare."""
    if now is None or not before:
        return None
    return RATIO.divide(now - before, abs(before))
