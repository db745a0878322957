"""What a change brought: as many days from it on, against as many before it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from metrics.rules.periods import DAY, Span

LENGTHS = (7, 14, 28)  # whole weeks, so that week-ends weigh the same


class Verdict(StrEnum):
    """Whether an effect can be told."""

    TOO_EARLY = "too_early"
    LATE = "late"
    NO_DATA = "no_data"
    MEASURED = "measured"


@dataclass(frozen=True)
class Effect:
    """Both values in the metric's unit; `change` is a share, None where nothing was before."""

    verdict: Verdict
    before: Decimal | None = None
    after: Decimal | None = None
    change: Decimal | None = None


def spans_of(started_on: date, days: int) -> tuple[Span, Span]:
    """The days before a change, and as many from its first day on."""
    length = timedelta(days=days)
    return Span(started_on - length, started_on - DAY), Span(started_on, started_on + length - DAY)


def effect_of(
    after: Span,
    values: tuple[Decimal | None, Decimal | None],
    *,
    complete: date,
    data_until: date | None,
) -> Effect:
    """Compare the values before and after, once all days are over and their data are in."""
    if complete < after.last:
        return Effect(Verdict.TOO_EARLY)
    if data_until is None or data_until < after.last:
        return Effect(Verdict.LATE)
    was, now = values
    if was is None or now is None:
        return Effect(Verdict.NO_DATA, was, now)
    return Effect(Verdict.MEASURED, was, now, (now - was) / abs(was) if was else None)
