"""What the page of one goal shows."""

from dataclasses import dataclass, field
from datetime import datetime

from goals.models import Goal
from goals.models.goals import SMART_WORDS
from goals.queries.catalogue import Line, goals_of
from goals.queries.charts import Chart, chart_of
from goals.queries.figures import Standing
from goals.queries.forecasts import why_none
from goals.queries.lint import Finding, findings_of
from goals.queries.standing import standings
from goals.queries.steps import joined, worse_below
from goals.rules.steps import Together
from metrics.models import Metric
from workspaces.models import Workspace
from workspaces.queries.events import Told, events_of
from workspaces.rules.tree import walk

SUBJECT = "goals.goal"
HISTORY = 20


@dataclass(frozen=True)
class GoalPage:
    """One goal with everything around it."""

    goal: Goal
    standing: Standing
    above: list[Goal]
    steps: list[Line]
    chart: Chart | None
    history: list[Told]
    metric: Metric
    together: Together | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def letters(self) -> list[tuple[str, object, str, list[Finding]]]:
        """The five letters with their words, the justification and what was found."""
        return [
            (name[0].upper(), word, getattr(self.goal, name), self._found(name))
            for name, word in SMART_WORDS
        ]

    @property
    def open_findings(self) -> int:
        """How many findings nobody has answered."""
        return sum(found.waiver is None for found in self.findings)

    def _found(self, letter: str) -> list[Finding]:
        return [found for found in self.findings if found.letter.value == letter]

    @property
    def worse(self) -> str:
        """What the steps say together where that is worse than the goal itself, else empty."""
        return worse_below(self.standing, self.together)

    @property
    def drivers(self) -> list[Line]:
        """The steps that decide what the steps say together, the heaviest first."""
        steps = {line.goal.pk: line for line in self.steps}
        return [steps[pk] for pk in self.together.drivers] if self.together else []

    @property
    def no_forecast(self) -> str:
        """Why there is no forecast, as a sentence; empty where there is one or nothing to come."""
        return why_none(self.goal, self.standing.forecast, self.standing.until)

    @property
    def redefined(self) -> bool:
        """Whether the metric's definition changed after the goal had pinned it."""
        return (
            self.goal.has_number
            and self.metric.definition_revision != self.goal.definition_revision
        )


def goal_page(workspace: Workspace, goal_id: int, at: datetime, *, view: str) -> GoalPage:
    """The goal, its place in the tree, its steps with their numbers, its chart and its history.

    The number of queries does not depend on how many steps there are.
    """
    goals = {
        goal.pk: goal for goal in goals_of(workspace).select_related("owner__reports_to__user")
    }
    goal = goals[goal_id]
    steps = [step for step in goals.values() if step.parent_id == goal_id]
    found = standings(workspace, [goal, *steps], at, paths=True)
    below = {place.key: place.below for place in walk(_parents(goals), list(goals))}
    standing = found[goal_id]
    return GoalPage(
        goal=goal,
        standing=standing,
        above=_above(goals, goal),
        steps=[
            Line(step, found[step.pk], 0, below.get(step.pk, 0), under=goal.title) for step in steps
        ],
        chart=_chart(goal, standing, view) if goal.has_number else None,
        history=events_of(workspace, SUBJECT, goal_id, HISTORY),
        metric=goal.metric,
        findings=findings_of(workspace, goal, at) if goal.is_open else [],
        together=joined((step, found[step.pk]) for step in steps).get(goal_id),
    )


def _chart(goal: Goal, standing: Standing, view: str) -> Chart:
    return chart_of(goal, until=standing.until, view=view, forecast=standing.forecast)


def _parents(goals: dict[int, Goal]) -> dict[int, int | None]:
    return {goal.pk: goal.parent_id for goal in goals.values()}


def _above(goals: dict[int, Goal], goal: Goal) -> list[Goal]:
    """The goals that this one serves, the highest first."""
    chain: list[Goal] = []
    parent = goals.get(goal.parent_id or 0)
    while parent is not None and parent not in chain:
        chain.append(parent)
        parent = goals.get(parent.parent_id or 0)
    return chain[::-1]
