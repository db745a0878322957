"""Lists of goals: for the table, the API and the forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from goals.models import Goal
from goals.queries.figures import Standing
from goals.queries.standing import standings
from goals.queries.steps import joined, worse_below
from goals.rules.steps import Together
from metrics.models import Metric
from workspaces.models import Workspace
from workspaces.rules.tree import walk


def goals_of(workspace: Workspace) -> QuerySet[Goal]:
    """All goals with metric, owner and stakeholder, oldest first; 1 query."""
    rows = Goal.objects.select_related("metric", "owner__user", "stakeholder")
    return rows.filter(workspace=workspace).order_by("start", "pk")


def open_goals(workspace: Workspace) -> QuerySet[Goal]:
    """The goals that are still reviewed; 1 query."""
    return goals_of(workspace).filter(closed_at=None)


def metrics_to_choose(workspace: Workspace) -> QuerySet[Metric]:
    """The metrics that a goal may be set on, by name; 1 query."""
    return Metric.objects.filter(workspace=workspace, retired_at=None).order_by("name", "pk")


def counts_by_status(workspace: Workspace) -> dict[str, int]:
    """How many open goals stand where, by the last review; 1 query."""
    rows = Goal.objects.filter(workspace=workspace, closed_at=None).values_list("status")
    return dict(rows.annotate(count=Count("pk")).order_by())


@dataclass(frozen=True)
class Line:
    """One line of the goals' table: the goal, how it stands, where in the tree."""

    goal: Goal
    standing: Standing
    depth: int
    steps: int
    together: Together | None = None
    under: str = ""  # the title of the goal above it, where that is shown, too

    @property
    def name(self) -> str:
        """The title; of a part without the title of the goal that was split, which stands above."""
        return self.goal.title.removeprefix(f"{self.under} · ") if self.under else self.goal.title

    @property
    def worse(self) -> str:
        """What the steps say together where that is worse than the goal itself, else empty."""
        return worse_below(self.standing, self.together)


def goal_lines(
    workspace: Workspace,
    goals: Sequence[Goal],
    at: datetime,
    *,
    as_tree: bool,
    curves: bool = True,
) -> list[Line]:
    """The table's lines, as a tree (parents before their steps) or in the given order."""
    found = standings(workspace, goals, at, curves=curves)
    by_id = {goal.pk: goal for goal in goals}
    parents: Mapping[int, int | None] = {
        goal.pk: goal.parent_id if as_tree else None for goal in goals
    }
    below = joined((goal, found[goal.pk]) for goal in goals) if as_tree else {}
    return [
        Line(
            by_id[place.key],
            found[place.key],
            place.depth,
            place.below,
            below.get(place.key),
            _title_above(by_id, place.key) if place.depth else "",
        )
        for place in walk(parents, list(by_id))
    ]


def _title_above(goals: Mapping[int, Goal], pk: int) -> str:
    above = goals.get(goals[pk].parent_id or 0)
    return above.title if above else ""
