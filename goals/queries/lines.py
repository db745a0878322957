"""Goals that keep a line: which periods are judged, and how they were kept."""

from collections.abc import Sequence
from decimal import Decimal

from goals.models import Goal
from goals.queries.windows import Numbers
from goals.rules.aims import Aim, Keeping, keeping
from goals.rules.spans import whole_buckets
from metrics.rules.periods import Grain, Span


def judged_spans(goal: Goal, span: Span) -> list[Span]:
    """The whole periods of the goal inside the span that runs from its start to now."""
    return [Span(bucket.start, bucket.end) for bucket in whole_buckets(Grain(goal.grain), span)]


def keeping_of(
    goal: Goal, spans: Sequence[Span], numbers: Numbers, *, present: Decimal | None
) -> Keeping:
    """How the goal's line was kept in those periods; `present` is the last whole period's value."""
    found = [(span.days, numbers.over(goal, span)) for span in spans]
    return keeping(Aim(goal.aim), found, line=goal.target, present=present)
