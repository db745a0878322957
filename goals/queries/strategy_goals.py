"""What strategies say that a goal changes for people."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from goals.models import Goal, GoalSeat, StrategyGoal
from workspaces.models import Membership
from workspaces.rules.tree import upwards


@dataclass(frozen=True)
class ToldChange:
    """What a strategy says of a goal, or of one above it; `yours`: it touches the reader."""

    strategy_id: int
    title: str
    goal_id: int
    goal_title: str
    text: str
    yours: bool


def told_changes(goal: Goal, member: Membership) -> list[ToldChange]:
    """What open strategies say that the goal or those above it change; at most 4 queries.

    It touches whom it serves, who owns the goal or a step right below it, and who has a role in
    either.
    """
    line = _line_of(goal)
    rows = StrategyGoal.objects.filter(goal__in=line, strategy__closed_at=None).exclude(change="")
    found = list(rows.select_related("strategy", "goal").order_by("strategy__start", "pk"))
    touched = bool(found) and touches(goal, member)
    return [
        ToldChange(plan.pk, plan.title, above.pk, above.title, row.change, touched)
        for row in found
        for plan, above in [(row.strategy, row.goal)]
    ]


def touches(goal: Goal, member: Membership) -> bool:
    """Whether the goal is the member's in any way; at most 2 queries."""
    both = Q(pk=goal.pk) | Q(parent=goal, closed_at=None)
    goals = Goal.objects.filter(both, workspace=goal.workspace_id)
    if goals.filter(Q(owner=member) | Q(stakeholder__member=member)).exists():
        return True
    seats = GoalSeat.objects.filter(goal__in=goals)
    return seats.filter(Q(member=member) | Q(stakeholder__member=member)).exists()


def _line_of(goal: Goal) -> Collection[int]:
    """The goal and all that it serves; 1 query where it serves any."""
    if goal.parent_id is None:
        return [goal.pk]
    rows = Goal.objects.filter(workspace=goal.workspace_id)
    return upwards(dict(rows.values_list("pk", "parent_id")), goal.pk)
