"""The expected share of goals that reach for a target, by their course."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from goals.models import Goal
from goals.queries.windows import Numbers
from goals.rules.courses import Course, phased_share, seasonal_share
from goals.rules.pace import elapsed_share
from goals.rules.progress import GRADUAL, Basis, expected
from goals.rules.spans import years_before
from metrics.queries.series import first_weeks, inputs_of
from metrics.rules.periods import Span
from workspaces.models import Workspace

MOST_YEARS = 5


def earlier_years(workspace: Workspace, goals: Collection[Goal]) -> dict[int, list[Span]]:
    """The windows of earlier years by which seasonal goals go, by the goal's id, newest first.

    Only years that the metric's data cover from the first day, at most five. No query where no
    goal is seasonal, else 2.
    """
    return covered_years(workspace, [goal for goal in goals if goal.course == Course.SEASONAL])


def covered_years(workspace: Workspace, seasonal: Collection[Goal]) -> dict[int, list[Span]]:
    """The same for goals that need not be seasonal."""
    if not seasonal:
        return {}
    first = first_weeks(inputs_of(workspace, {goal.metric.pk for goal in seasonal}))
    return {goal.pk: list(_covered(goal, first)) for goal in seasonal}


def _covered(goal: Goal, first: Mapping[int, date]) -> Iterator[Span]:
    since = first.get(goal.metric.pk)
    for count in range(1, MOST_YEARS + 1):
        begins = years_before(goal.start, count)
        if since is None or begins < since:
            return
        yield Span(begins, years_before(goal.end, count))


def asked_spans(years: Sequence[Span], days: Iterable[date]) -> list[Span]:
    """What has to be read of earlier years to know the expected share at the end of each day."""
    wanted = list(days)
    return [
        span
        for count, year in enumerate(years, 1)
        for span in (year, *(Span(year.first, years_before(day, count)) for day in wanted))
    ]


def share_on(goal: Goal, day: date, *, years: Sequence[Span] = (), numbers: Numbers) -> Decimal:
    """The expected share at the end of a day, 0 to 1; always 1 for what is due at every moment."""
    basis = Basis(goal.basis)
    if goal.stays or basis not in GRADUAL:
        return expected(Basis.AVERAGE, elapsed_share(goal.window, day))
    if goal.course == Course.PHASED.value:
        baseline = (goal.baseline or Decimal(0)) if basis is Basis.LEVEL else Decimal(0)
        return phased_share(goal.window, goal.path, day, baseline=baseline, target=goal.target)
    return season_on(goal, day, years=years, numbers=numbers)


def season_on(goal: Goal, day: date, *, years: Sequence[Span], numbers: Numbers) -> Decimal:
    """The expected share at the end of a day as earlier years went; even without any."""
    totals = [
        (
            numbers.over(goal, Span(year.first, years_before(day, count))),
            numbers.over(goal, year),
        )
        for count, year in enumerate(years, 1)
    ]
    return seasonal_share(totals, goal.window, day)
