"""When an alert is raised: breached, with enough volume, and for long enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from metrics.rules.aggregation import share


class Condition(StrEnum):
    """What a rule looks for."""

    ABOVE = "above"
    BELOW = "below"
    RISE = "rise"
    FALL = "fall"
    ANOMALY = "anomaly"


class Compare(StrEnum):
    """What a change is measured against."""

    PREVIOUS = "previous"
    YEAR = "year"


class Verdict(StrEnum):
    """What the newest whole periods say: raise it, take it back, or leave it as it is."""

    RAISED = "raised"
    CALM = "calm"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Terms:
    """What a rule asks for; `threshold` is a share for rise and fall."""

    condition: Condition
    threshold: Decimal | None
    floor: Decimal | None
    persistence: int


@dataclass(frozen=True)
class Bucket:
    """A whole period: its value, what it is compared with, its volume, and its usual range."""

    value: Decimal | None
    before: Decimal | None = None
    volume: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def breaches(terms: Terms, bucket: Bucket) -> bool | None:
    """Whether one period breaches; None where it cannot be said: missing is not zero."""
    if bucket.value is None:
        return None
    if terms.condition is Condition.ANOMALY:
        return _outside(bucket.value, bucket)
    if terms.threshold is None:
        return None
    if terms.condition in {Condition.RISE, Condition.FALL}:
        return _changed(terms.condition, terms.threshold, bucket)
    above = terms.condition is Condition.ABOVE
    return bucket.value > terms.threshold if above else bucket.value < terms.threshold


def judge(terms: Terms, buckets: Sequence[Bucket]) -> Verdict:
    """The verdict on the newest periods, oldest first.

    Raised when the last `persistence` periods all breach with at least `floor` volume; calm when
    the newest of them does not; undecided when one of them says nothing, or for not long enough.
    """
    last = list(buckets[-terms.persistence :])
    found = [_counted(terms, bucket) for bucket in last]
    if not found or found[-1] is None:
        return Verdict.UNDECIDED
    if found[-1] is False:
        return Verdict.CALM
    enough = len(found) == terms.persistence and all(found)
    return Verdict.RAISED if enough else Verdict.UNDECIDED


def _counted(terms: Terms, bucket: Bucket) -> bool | None:
    """A breach counts only with enough behind it; too little says nothing."""
    breach = breaches(terms, bucket)
    if breach and terms.floor is not None and (bucket.volume or Decimal(0)) < terms.floor:
        return None
    return breach


def _outside(value: Decimal, bucket: Bucket) -> bool | None:
    if bucket.low is None or bucket.high is None:
        return None
    return not bucket.low <= value <= bucket.high


def _changed(condition: Condition, threshold: Decimal, bucket: Bucket) -> bool | None:
    change = share(bucket.value, bucket.before)
    if change is None:
        return None
    return change >= threshold if condition is Condition.RISE else change <= -threshold
