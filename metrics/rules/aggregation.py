"""How metrics add up: sums first, formulas last; a ratio is the ratio of sums, never a mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from metrics.rules.amounts import EXACT, unscale
from metrics.rules.arithmetic import (
    ORDINARY,
    RANGES,
    Missing,
    Range,
    evaluate,
)
from metrics.rules.formula import Node, Number, Op, Ref, divides
from metrics.rules.uniques import Count

SIGNIFICANT = 12
LEAST_DECIMALS = 6
RATIO = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_UP)


class Kind(StrEnum):
    """How the values of a measured metric combine over days, and over dimensions."""

    ADDITIVE = "additive"
    LAST = "last"
    UNIQUE = "unique"


Amount = int | Count
Amounts = Mapping[int, Amount]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A measured metric that a value is made of; its amounts are scaled by its decimals."""

    id: int
    key: str
    decimals: int = 0
    kind: Kind = Kind.ADDITIVE


@dataclass(frozen=True, slots=True)
class Step:
    """A computed metric on the way to the value, from leaves and earlier steps by their keys."""

    key: str
    node: Node


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value or the reason why there is none; where it is not exact, what it lies between.

    Reasons: no_data, no_denominator, too_large, not_additive (a count of people that was asked
    for another window than it was taken over).
    """

    value: Decimal | None
    reason: str = ""
    exact: bool = True
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True)
class Recipe:
    """What a metric is made of: its leaves, the steps in order, and the key asked for."""

    leaves: tuple[Leaf, ...]
    steps: tuple[Step, ...]
    key: str

    @property
    def inputs(self) -> tuple[int, ...]:
        """The measured metrics, by id."""
        return tuple(leaf.id for leaf in self.leaves)

    @property
    def is_computed(self) -> bool:
        """Whether a formula makes the value."""
        return bool(self.steps)

    def value(self, amounts: Amounts) -> Decimal | None:
        """The value from the amounts of the leaves; no observations is None, never 0."""
        return self.outcome(amounts).value

    def outcome(self, amounts: Amounts) -> Outcome:
        """The value with its reason and bounds."""
        vague = any(not isinstance(amount, int) and not amount.exact for amount in amounts.values())
        best: dict[str, Decimal | Missing] = {}
        for leaf in self.leaves:
            best[leaf.key] = _best(amounts.get(leaf.id), leaf.decimals)
        found = self._computed(best)
        value = None if isinstance(found, Missing) else self._settled(found)
        reason = found.value if isinstance(found, Missing) else ""
        if not vague:
            return Outcome(value, reason)
        bounds = self._bounds(amounts)
        if isinstance(bounds, Missing):
            return Outcome(value, reason, exact=False)
        lower, upper = self._settled(bounds.lower), self._settled(bounds.upper)
        return Outcome(value, reason, exact=False, lower=lower, upper=upper)

    def _computed(self, env: dict[str, Decimal | Missing]) -> Decimal | Missing:
        for step in self.steps:
            env[step.key] = evaluate(step.node, env, ORDINARY)
        return env[self.key]

    def _bounds(self, amounts: Amounts) -> Range | Missing:
        env: dict[str, Range | Missing] = {
            leaf.key: _range(amounts.get(leaf.id), leaf.decimals) for leaf in self.leaves
        }
        for step in self.steps:
            env[step.key] = evaluate(step.node, env, RANGES)
        return env[self.key]

    def _settled(self, value: Decimal) -> Decimal:
        """Exact where nothing was divided, else to 12 digits or 6 decimals, whichever is finer."""
        if not self.steps:
            return value
        if any(divides(step.node) for step in self.steps):
            value = rounded(value)
        return shortest(value)


def _best(amount: Amount | None, decimals: int) -> Decimal | Missing:
    if amount is None:
        return Missing.NO_DATA
    if isinstance(amount, int):
        return unscale(amount, decimals)
    return Missing.NOT_ADDITIVE if amount.value is None else unscale(amount.value, decimals)


def _range(amount: Amount | None, decimals: int) -> Range | Missing:
    if amount is None:
        return Missing.NO_DATA
    if isinstance(amount, int):
        return Range(unscale(amount, decimals), unscale(amount, decimals))
    return Range(unscale(amount.lower, decimals), unscale(amount.upper, decimals))


def ratio_node(above: str, below: str, scale: Decimal) -> Node:
    """What a ratio computes, as the formula that it is."""
    top: Node = Ref(above)
    return Op("/", (top if scale == 1 else Op("*", (Number(scale), top)), Ref(below)))


def divide(numerator: Decimal, denominator: Decimal, scale: Decimal) -> Decimal | None:
    """Return scale x numerator / denominator to 12 digits; None without a denominator."""
    if not denominator:
        return None
    return shortest(RATIO.divide(EXACT.multiply(scale, numerator), denominator))


def rounded(value: Decimal) -> Decimal:
    """To 12 significant digits, or to 6 decimals where that is finer; half up."""
    last = min(value.adjusted() - SIGNIFICANT + 1, -LEAST_DECIMALS)
    return value.quantize(Decimal(1).scaleb(last), rounding=ROUND_HALF_UP, context=EXACT)


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
