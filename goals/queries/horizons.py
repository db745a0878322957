"""A goal's last month against its quarter and its end."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from goals.models import Goal
from goals.queries.courses import asked_spans, earlier_years, share_on
from goals.queries.figures import Standing
from goals.queries.windows import Numbers, Questions
from goals.rules.progress import Basis
from goals.rules.spans import Measure, last_whole, so_far, span_year_before
from metrics.rules.periods import DAY, Calendar, Grain, Span, bucket_end, bucket_start
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day


class Reach(StrEnum):
    """How far a line looks."""

    MONTH = "month"
    QUARTER = "quarter"
    END = "end"


@dataclass(frozen=True)
class Horizon:
    """What days of a goal brought, and what they should have; both in the metric's unit.

    At the end it is what the forecast says, against the target.
    """

    reach: Reach
    span: Span
    value: Decimal | None
    due: Decimal | None
    is_forecast: bool = False


@dataclass(frozen=True)
class _Asked:
    reach: Reach
    span: Span
    measure: Measure | None
    before: Span | None


def horizons_of(
    workspace: Workspace, goal: Goal, standing: Standing, at: datetime
) -> list[Horizon]:
    """The last whole month and the quarter so far, as far as they touch the goal, and its end.

    The goal comes with its metric; without one there is nothing. Quarters are those of the
    workspace's fiscal year. At most five queries.
    """
    if not goal.has_number:
        return []
    asked = _asked(workspace, goal, last_complete_day(at, workspace.timezone))
    years = earlier_years(workspace, [goal]).get(goal.pk, [])
    questions = Questions()
    for one in asked:
        for span in (one.measure.span if one.measure else None, one.before):
            if span is not None:
                questions.ask(goal, span)
    days = [day for one in asked for day in (one.span.first - DAY, one.span.last)]
    for span in asked_spans(years, [day for day in days if day >= goal.start]):
        questions.ask(goal, span)
    numbers = questions.answer(workspace)
    found = [
        Horizon(
            one.reach,
            one.span,
            numbers.measured(goal, one.measure),
            _due(goal, one, years, numbers),
        )
        for one in asked
    ]
    middle = standing.forecast.middle if standing.forecast else None
    return [*found, Horizon(Reach.END, goal.window, middle, standing.target, is_forecast=True)]


def _asked(workspace: Workspace, goal: Goal, now: date) -> list[_Asked]:
    """The stretches of the goal's own days that are looked at."""
    fiscal = Calendar(year_starts_in=workspace.fiscal_year_starts_in)
    month = last_whole(Grain.MONTH, now)
    quarter = bucket_start(now, Grain.QUARTER, fiscal)
    spans = {
        Reach.MONTH: Span(month.start, month.end),
        Reach.QUARTER: Span(quarter, min(now, bucket_end(quarter, Grain.QUARTER))),
    }
    found = []
    for reach, whole in spans.items():
        first, last = max(whole.first, goal.start), min(whole.last, goal.end)
        if first <= last:
            found.append(_ask(goal, reach, Span(first, last)))
    return found


def _ask(goal: Goal, reach: Reach, span: Span) -> _Asked:
    basis = Basis(goal.basis)
    additive = goal.metric.kind == "additive"
    measure = so_far(basis, Grain(goal.grain), span, additive=additive)
    before = span_year_before(span) if basis is Basis.YOY else None
    return _Asked(reach, span, measure, before)


def _due(goal: Goal, asked: _Asked, years: list[Span], numbers: Numbers) -> Decimal | None:
    """What the stretch should have brought: its part of a total, else the way by its end."""
    basis = Basis(goal.basis)
    if goal.stays or basis is Basis.AVERAGE:
        return goal.target
    share = share_on(goal, asked.span.last, years=years, numbers=numbers)
    if basis is Basis.CUMULATIVE:
        day = asked.span.first - DAY
        sooner = share_on(goal, day, years=years, numbers=numbers) if day >= goal.start else 0
        return goal.target * (share - sooner)
    if goal.baseline is None:
        return None
    if basis is Basis.LEVEL:
        return goal.baseline + (goal.target - goal.baseline) * share
    before = numbers.over(goal, asked.before) if asked.before else None
    return before * goal.target / goal.baseline if before is not None and goal.baseline else None
