"""What the open steps of goals say together."""

from collections.abc import Collection, Iterable
from datetime import datetime

from goals.models import Goal
from goals.queries.figures import Standing
from goals.queries.standing import standings
from goals.rules.steps import Step, Together, is_worse, together
from workspaces.models import Workspace


def steps_together(
    workspace: Workspace, goals: Collection[Goal], at: datetime
) -> dict[int, Together]:
    """The open steps of each goal as one, by the goal's id; a constant number of queries.

    Goals without open steps, and those whose steps weigh nothing, are left out.
    """
    rows = Goal.objects.select_related("metric").filter(
        parent__in=[goal.pk for goal in goals], closed_at=None
    )
    steps = list(rows.order_by("pk"))
    found = standings(workspace, steps, at, curves=False)
    return joined((step, found[step.pk]) for step in steps)


def joined(steps: Iterable[tuple[Goal, Standing]]) -> dict[int, Together]:
    """Steps whose standings are known, taken together by the goal that they serve."""
    below: dict[int, list[Step]] = {}
    for goal, standing in steps:
        if goal.parent_id is not None and goal.is_open:
            step = Step(goal.pk, standing.status, goal.weighs, standing.progress)
            below.setdefault(goal.parent_id, []).append(step)
    found = {parent: together(group) for parent, group in below.items()}
    return {parent: as_one for parent, as_one in found.items() if as_one is not None}


def worse_below(standing: Standing, found: Together | None) -> str:
    """The status of the steps together where it is worse than the goal's own, else empty."""
    worse = found is not None and is_worse(found.status, standing.status)
    return found.status.value if worse and found else ""
