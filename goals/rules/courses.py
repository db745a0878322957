"""The course of a goal to its target: even, through checkpoints, or as earlier years went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from goals.rules.pace import elapsed_share
from goals.rules.progress import ONE, ZERO, share_between
from metrics.rules.periods import DAY, Span

MOST_CHECKPOINTS = 60


class Course(StrEnum):
    """How the expected share grows from 0 before the start to 1 at the end."""

    LINEAR = "linear"
    PHASED = "phased"
    SEASONAL = "seasonal"


@dataclass(frozen=True)
class Checkpoint:
    """What should be reached at the end of a day: the total so far, or the level."""

    day: date
    value: Decimal


class CourseFlaw(StrEnum):
    """Why a course cannot be taken."""

    NOT_GRADUAL = "not_gradual"
    NOT_A_TOTAL = "not_a_total"
    LONGER_THAN_A_YEAR = "season_longer_than_a_year"
    NO_CHECKPOINTS = "no_checkpoints"
    NOT_PHASED = "not_phased"
    TOO_MANY = "too_many_checkpoints"
    OUTSIDE = "checkpoint_outside"
    OUT_OF_ORDER = "checkpoints_out_of_order"
    OFF_THE_WAY = "checkpoint_off_the_way"


def flaw_of_days(window: Span, checkpoints: Sequence[Checkpoint]) -> CourseFlaw | None:
    """Checkpoints lie inside the window, before its last day, each later than the one before."""
    days = [checkpoint.day for checkpoint in checkpoints]
    if len(days) > MOST_CHECKPOINTS:
        return CourseFlaw.TOO_MANY
    if any(not window.first <= day < window.last for day in days):
        return CourseFlaw.OUTSIDE
    ordered = all(one < other for one, other in pairwise(days))
    return None if ordered else CourseFlaw.OUT_OF_ORDER


def flaw_of_values(
    checkpoints: Sequence[Checkpoint], *, baseline: Decimal, target: Decimal
) -> CourseFlaw | None:
    """Each checkpoint is as far on the way as the one before it or farther, and none beyond it."""
    shares = [ZERO, *_shares(checkpoints, baseline=baseline, target=target), ONE]
    ordered = all(one <= other for one, other in pairwise(shares))
    return None if ordered else CourseFlaw.OFF_THE_WAY


def phased_share(
    window: Span,
    checkpoints: Sequence[Checkpoint],
    day: date,
    *,
    baseline: Decimal,
    target: Decimal,
) -> Decimal:
    """The expected share at the end of a day: straight lines from 0 through checkpoints to 1.

    `baseline` is 0 for a total, which starts from nothing.
    """
    days = [window.first - DAY, *(checkpoint.day for checkpoint in checkpoints), window.last]
    shares = [ZERO, *_shares(checkpoints, baseline=baseline, target=target), ONE]
    if day <= days[0]:
        return ZERO
    for place in range(1, len(days)):
        if day <= days[place]:
            before, gone = days[place - 1], Decimal((day - days[place - 1]).days)
            part = gone / (days[place] - before).days
            return shares[place - 1] + (shares[place] - shares[place - 1]) * part
    return ONE


def _shares(
    checkpoints: Sequence[Checkpoint], *, baseline: Decimal, target: Decimal
) -> list[Decimal]:
    found = (share_between(one.value, baseline=baseline, target=target) for one in checkpoints)
    return [ZERO if share is None else share for share in found]


def seasonal_share(
    years: Sequence[tuple[Decimal | None, Decimal | None]], window: Span, day: date
) -> Decimal:
    """The mean over earlier years of what had come by the day of what came until the end.

    `years` are (total to the same day, total to the end). Shrunk to the even course by n/(n+1)
    with n years, because one year is no season. A year without a positive total says nothing.
    """
    even = elapsed_share(window, day)
    if even in {ZERO, ONE}:
        return even
    shares = [(part or ZERO) / whole for part, whole in years if whole is not None and whole > 0]
    if not shares:
        return even
    count = Decimal(len(shares))
    return (sum(shares, ZERO) + even) / (count + 1)
