"""How far a goal has come, and how far it should have come, by its basis."""

from decimal import Decimal
from enum import StrEnum

ONE = Decimal(1)
ZERO = Decimal(0)


class Basis(StrEnum):
    """How a goal's value is to be read; it decides what progress means."""

    CUMULATIVE = "cumulative"
    LEVEL = "level"
    AVERAGE = "average"
    YOY = "yoy"


SUMMED = frozenset({Basis.CUMULATIVE, Basis.YOY})
GRADUAL = frozenset({Basis.CUMULATIVE, Basis.LEVEL})


def share_between(value: Decimal, *, baseline: Decimal, target: Decimal) -> Decimal | None:
    """How much of the way from baseline to target is done, in either direction; unclamped."""
    if target == baseline:
        return None
    return (value - baseline) / (target - baseline)


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """Growth as a share of what was before; undefined where that was nothing or less."""
    return now / before - ONE if before > ZERO else None


def progress(
    basis: Basis,
    *,
    value: Decimal | None,
    target: Decimal,
    baseline: Decimal | None,
    year_ago: Decimal | None = None,
) -> Decimal | None:
    """Progress p of product.md 5.5: 1 is the target, above is exceeded, below 0 is regressed.

    `year_ago` is the same days' value of the year before, which only year over year needs.
    """
    if value is None:
        return None
    if basis is Basis.CUMULATIVE:
        return value / target if target else None
    if baseline is None:
        return None
    if basis is Basis.YOY:
        return _share_of_growth(value, year_ago, target=target, baseline=baseline)
    return share_between(value, baseline=baseline, target=target)


def _share_of_growth(
    value: Decimal, year_ago: Decimal | None, *, target: Decimal, baseline: Decimal
) -> Decimal | None:
    """The growth so far as a share of the growth that was promised."""
    promised = growth(target, baseline)
    grown = None if year_ago is None else growth(value, year_ago)
    if grown is None or not promised:
        return None
    return grown / promised


def expected(basis: Basis, elapsed: Decimal) -> Decimal:
    """Expected share x(t): linear for sums and levels; whole at every t for averages and growth."""
    if basis in GRADUAL:
        return elapsed
    return ONE if elapsed > ZERO else ZERO
