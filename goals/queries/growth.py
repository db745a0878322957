"""The year before, read now: what growth is compared with."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from goals.models import Goal
from goals.queries.windows import Numbers, Questions
from goals.rules.growth import Base, base_days
from goals.rules.progress import Basis
from goals.rules.spans import span_year_before
from metrics.rules.periods import Span
from workspaces.models import Workspace


def asked_base(goal: Goal, complete: date) -> Span | None:
    """The days that `base_of` reads; None for a goal that promises no growth."""
    grows = Basis(goal.basis) is Basis.YOY
    return base_days(goal.window, complete=complete) if grows else None


def base_of(goal: Goal, numbers: Numbers, complete: date) -> Base | None:
    """What a goal's growth is compared with, from what was read; None where it promises none."""
    if Basis(goal.basis) is not Basis.YOY:
        return None
    span = base_days(goal.window, complete=complete)
    value = None if span is None else numbers.over(goal, span)
    return Base(
        value,
        known=span.days if span else 0,
        days=span_year_before(goal.window).days,
        when_set=goal.baseline,
    )


def asked_now(workspace: Workspace, goals: Iterable[Goal], complete: date) -> dict[int, Decimal]:
    """The target of each goal by its id, as the day `complete` knows it; a few queries.

    Of growth it is what the year before asks for; while that is not over, what it came to so far.
    """
    goals = list(goals)
    questions = Questions()
    for goal in goals:
        if span := asked_base(goal, complete):
            questions.ask(goal, span)
    numbers = questions.answer(workspace)
    bases = {goal.pk: base_of(goal, numbers, complete) for goal in goals}
    found = {}
    for goal in goals:
        base = bases[goal.pk]
        asked = goal.target if base is None else base.asked(goal.target)
        found[goal.pk] = goal.target if asked is None else asked
    return found
