"""How a formula is worked out: over numbers, or over ranges that numbers certainly lie in.

What is missing makes the whole missing, with the first reason; x/0 is missing, never 0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Overflow
from enum import StrEnum
from typing import Any, Generic, TypeVar

from metrics.rules.formula import Node, Number, Ref

PRECISE = Context(prec=80, rounding=ROUND_HALF_EVEN, traps=[Overflow])
HIGHEST = Decimal(10) ** 40
ZERO = Decimal(0)
V = TypeVar("V")


class Missing(StrEnum):
    """Why there is no number."""

    NO_DATA = "no_data"
    NO_DENOMINATOR = "no_denominator"
    TOO_LARGE = "too_large"
    NOT_ADDITIVE = "not_additive"
    NOT_BOUNDED = "not_bounded"


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is not known exactly, but not below `lower` and not above `upper`."""

    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Arithmetic(Generic[V]):
    """A constant as a value, and each operation on values."""

    constant: Callable[[Decimal], V]
    operations: Mapping[str, Callable[[Sequence[V]], "V | Missing"]]


def evaluate(node: Node, env: Mapping[str, Any], arithmetic: "Arithmetic[Any]") -> Any:
    """The value of a formula whose metrics are in `env` by key, or what is Missing."""
    if isinstance(node, Number):
        return arithmetic.constant(node.value)
    if isinstance(node, Ref):
        return env.get(node.name, Missing.NO_DATA)
    found = [evaluate(part, env, arithmetic) for part in node.args]
    if node.name == "if_missing":
        return found[1] if isinstance(found[0], Missing) else found[0]
    values = []
    for part in found:
        if isinstance(part, Missing):
            return part
        values.append(part)
    return arithmetic.operations[node.name](values)


def _bounded(value: Decimal) -> "Decimal | Missing":
    return value if abs(value) <= HIGHEST else Missing.TOO_LARGE


def _divided(values: Sequence[Decimal]) -> "Decimal | Missing":
    above, below = values
    return _bounded(PRECISE.divide(above, below)) if below else Missing.NO_DENOMINATOR


ORDINARY: Arithmetic[Decimal] = Arithmetic(
    constant=lambda value: value,
    operations={
        "+": lambda v: _bounded(PRECISE.add(v[0], v[1])),
        "-": lambda v: _bounded(PRECISE.subtract(v[0], v[1])),
        "*": lambda v: _bounded(PRECISE.multiply(v[0], v[1])),
        "/": _divided,
        "neg": lambda v: PRECISE.minus(v[0]),
        "abs": lambda v: PRECISE.abs(v[0]),
        "min": min,
        "max": max,
    },
)


def _spanned(values: Sequence[Decimal]) -> "Range | Missing":
    found = Range(min(values), max(values))
    return found if max(abs(found.lower), abs(found.upper)) <= HIGHEST else Missing.TOO_LARGE


def _products(values: Sequence[Range]) -> "Range | Missing":
    a, b = values
    ends = [(x, y) for x in (a.lower, a.upper) for y in (b.lower, b.upper)]
    return _spanned([PRECISE.multiply(x, y) for x, y in ends])


def _quotients(values: Sequence[Range]) -> "Range | Missing":
    a, b = values
    if b.lower <= 0 <= b.upper:
        return Missing.NO_DENOMINATOR if b.lower == b.upper else Missing.NOT_BOUNDED
    ends = [(x, y) for x in (a.lower, a.upper) for y in (b.lower, b.upper)]
    return _spanned([PRECISE.divide(x, y) for x, y in ends])


def _absolute(values: Sequence[Range]) -> Range:
    (a,) = values
    ends = (abs(a.lower), abs(a.upper))
    return Range(ZERO if a.lower < 0 < a.upper else min(ends), max(ends))


RANGES: Arithmetic[Range] = Arithmetic(
    constant=lambda value: Range(value, value),
    operations={
        "+": lambda v: _spanned(
            [PRECISE.add(v[0].lower, v[1].lower), PRECISE.add(v[0].upper, v[1].upper)]
        ),
        "-": lambda v: _spanned(
            [PRECISE.subtract(v[0].lower, v[1].upper), PRECISE.subtract(v[0].upper, v[1].lower)]
        ),
        "*": _products,
        "/": _quotients,
        "neg": lambda v: Range(-v[0].upper, -v[0].lower),
        "abs": _absolute,
        "min": lambda v: Range(min(p.lower for p in v), min(p.upper for p in v)),
        "max": lambda v: Range(max(p.lower for p in v), max(p.upper for p in v)),
    },
)
