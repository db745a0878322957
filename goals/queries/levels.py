"""The past of levels: what metrics that do not add up came to in each whole period."""

from collections.abc import Collection
from datetime import date

from goals.models import Goal
from goals.queries.windows import Questions
from goals.rules.forecasting.shapes import TEMPOS
from goals.rules.levels import BACK, Levels
from goals.rules.progress import Basis
from goals.rules.spans import latest_buckets
from metrics.queries.parts import states_among
from metrics.queries.series import first_weeks, inputs_of
from metrics.rules.periods import Grain, Span
from workspaces.models import Workspace


def reads_level(goal: Goal) -> bool:
    """Whether the goal's value is that of its last period: a level, or the average of a state."""
    of_state = goal.basis == Basis.AVERAGE.value and goal.metric.kind == "last"
    return goal.basis == Basis.LEVEL.value or of_state


def read_levels(
    workspace: Workspace, goals: Collection[Goal], until: date
) -> dict[int, Levels | None]:
    """The levels of goals by their ids, in whole periods up to a day; a constant few queries.

    None for a goal whose metric has no data; quarters and years have none, for want of history.
    """
    asked = {(goal.metric.pk, goal.definition_revision) for goal in goals}
    if not asked:
        return {}
    states = states_among(workspace, asked)
    since = first_weeks(inputs_of(workspace, {goal.metric.pk for goal in goals}))
    spans: dict[int, list[Span]] = {}
    questions = Questions()
    for goal in goals:
        spans[goal.pk] = _spans(goal, since.get(goal.metric.pk), until)
        for span in spans[goal.pk]:
            questions.ask(goal, span)
    numbers = questions.answer(workspace)
    return {
        goal.pk: Levels.of(
            Grain(goal.grain),
            spans[goal.pk],
            [numbers.over(goal, span) for span in spans[goal.pk]],
            is_state=(goal.metric.pk, goal.definition_revision) in states,
        )
        for goal in goals
    }


def _spans(goal: Goal, since: date | None, until: date) -> list[Span]:
    """The whole periods with data, at most so many back."""
    grain = Grain(goal.grain)
    if grain not in TEMPOS or since is None:
        return []
    found = latest_buckets(grain, until, BACK[grain])
    return [Span(one.start, one.end) for one in found if one.end >= since]
