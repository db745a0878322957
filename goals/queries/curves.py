"""The small curve on a goal's card: a sum against its plan, or the periods of a level."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from goals.models import Goal
from goals.queries.courses import share_on
from goals.queries.windows import Numbers
from goals.rules.progress import SUMMED, Basis
from goals.rules.spans import checkpoints, latest_buckets, span_year_before
from metrics.rules.periods import Grain, Span

BUCKETS = 12


@dataclass(frozen=True)
class Curve:
    """Values from old to new and the level that they are set against.

    `against_plan` says that they are differences from the plan, so the level is 0.
    """

    points: list[Decimal | None] = field(default_factory=list)
    level: Decimal | None = None
    against_plan: bool = False


def curve_spans(basis: Basis, grain: Grain, span: Span) -> list[Span]:
    """The windows that the curve of a goal needs, where `span` runs from its start to now."""
    if basis not in SUMMED:
        buckets = latest_buckets(grain, span.last, BUCKETS)
        return [Span(bucket.start, bucket.end) for bucket in buckets]
    parts = list(checkpoints(span))
    before = [span_year_before(part) for part in parts] if basis is Basis.YOY else []
    return [*parts, *before]


def curve_of(
    goal: Goal, spans: Sequence[Span], numbers: Numbers, *, years: Sequence[Span] = ()
) -> Curve:
    """The curve from what was read for those windows."""
    basis = Basis(goal.basis)
    values = [numbers.over(goal, span) for span in spans]
    if basis not in SUMMED:
        return Curve(values, goal.target)
    if basis is Basis.CUMULATIVE:
        shares = [share_on(goal, span.last, years=years, numbers=numbers) for span in spans]
        plan = [goal.target * share for share in shares]
        return Curve(_against(values, plan), Decimal(0), against_plan=True)
    half = len(spans) // 2
    share = goal.target / goal.baseline if goal.baseline else Decimal(0)
    plan = [total * share for total in _running(values[half:])]
    return Curve(_against(values[:half], plan), Decimal(0), against_plan=True)


def _running(values: Sequence[Decimal | None]) -> list[Decimal]:
    """Totals up to each stretch; a stretch without data adds nothing."""
    total, totals = Decimal(0), []
    for value in values:
        total += value or Decimal(0)
        totals.append(total)
    return totals


def _against(values: Sequence[Decimal | None], plan: Sequence[Decimal]) -> list[Decimal | None]:
    """How far the running total is above its plan; a gap where nothing has come yet."""
    if not any(value is not None for value in values):
        return [None] * len(values)
    totals = _running(values)
    return [Decimal(0), *(total - due for total, due in zip(totals, plan, strict=True))]
