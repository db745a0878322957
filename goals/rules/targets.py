"""What is promised: a percent of the baseline or a value; and which promises make no sense."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from goals.rules.progress import Basis

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Target:
    """Exactly one of the two is set: a change in percent of the baseline, or the value itself."""

    percent: Decimal | None = None
    value: Decimal | None = None


class Flaw(StrEnum):
    """Why a target cannot be promised."""

    NO_BASELINE = "no_baseline"
    PERCENT_OF_NOTHING = "percent_of_nothing"
    NOT_POSITIVE = "not_positive"
    SAME_AS_BASELINE = "same_as_baseline"
    WRONG_WAY = "wrong_way"


def value_of(target: Target, baseline: Decimal | None) -> Decimal | None:
    """The target in the metric's unit; None while a percent has no baseline to stand on."""
    if target.percent is None:
        return target.value
    return None if baseline is None else baseline * (HUNDRED + target.percent) / HUNDRED


def percent_of(value: Decimal, baseline: Decimal | None) -> Decimal | None:
    """The change that a target value means, in percent; undefined for a baseline of 0 or less."""
    if baseline is None or baseline <= 0:
        return None
    return (value / baseline - 1) * HUNDRED


def flaw(
    basis: Basis,
    target: Target,
    baseline: Decimal | None,
    *,
    lower_is_better: bool,
    stays: bool = False,
) -> Flaw | None:
    """The first reason why this cannot be a goal, or None.

    A sum is reached (or, where lower is better, not exceeded), so it needs a positive target and
    may do without a baseline; as much as before is a promise, a percent less is none. The others
    go from the baseline to the target: they need both, apart, and the way from one to the other
    must be the metric's better direction. A line that is to be kept (`stays`) may lie anywhere and
    needs a baseline only for a percent of it.
    """
    if stays:
        return _flaw_of_line(target, baseline)
    return _flaw_of_way(basis, target, baseline, lower_is_better=lower_is_better)


def _flaw_of_way(
    basis: Basis, target: Target, baseline: Decimal | None, *, lower_is_better: bool
) -> Flaw | None:
    """The first reason why the target cannot be reached from the baseline."""
    needs_baseline = basis is not Basis.CUMULATIVE or target.percent is not None
    if baseline is None:
        return Flaw.NO_BASELINE if needs_baseline else _flaw_of_sum(target.value)
    if baseline <= 0 and (target.percent is not None or basis is Basis.YOY):
        return Flaw.PERCENT_OF_NOTHING
    value = value_of(target, baseline)
    if basis is Basis.CUMULATIVE:
        less = target.percent is not None and target.percent < 0 and not lower_is_better
        return _flaw_of_sum(value) or (Flaw.WRONG_WAY if less else None)
    if value is None or value == baseline:
        return Flaw.SAME_AS_BASELINE
    return Flaw.WRONG_WAY if (value < baseline) is not lower_is_better else None


def _flaw_of_line(target: Target, baseline: Decimal | None) -> Flaw | None:
    """Only a percent of a baseline that is missing, zero or less draws no line."""
    if target.percent is None:
        return None
    if baseline is None:
        return Flaw.NO_BASELINE
    return Flaw.PERCENT_OF_NOTHING if baseline <= 0 else None


def _flaw_of_sum(value: Decimal | None) -> Flaw | None:
    """A sum of nothing or less is no target."""
    return None if value is not None and value > 0 else Flaw.NOT_POSITIVE
