"""The check-ins of a goal, and the one that its owner owes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from goals.models import CheckIn, Goal
from goals.rules.checkins import Cadence, due_on
from workspaces.models import Membership, Workspace


@dataclass(frozen=True)
class CheckIns:
    """What was told, newest first; the reader's own draft; when the next is due."""

    told: list[CheckIn]
    draft: CheckIn | None
    due: date | None
    is_due: bool


def checkins_of(workspace: Workspace, goal: Goal, member: Membership, at: datetime) -> CheckIns:
    """All check-ins that a member may see; 1 query."""
    rows = CheckIn.objects.select_related("author__user", "acknowledged_by__user")
    mine = Q(told_at=None, author=member)
    found = list(rows.filter(Q(goal=goal), mine | ~Q(told_at=None)).order_by("-told_at", "-pk"))
    told = [row for row in found if not row.is_draft]
    draft = next((row for row in found if row.is_draft), None)
    last = told[0].told_at if told else None
    due = _due(goal, workspace.day_of(last) if last else None)
    return CheckIns(told, draft, due, due is not None and due <= workspace.day_of(at))


def next_due(workspace: Workspace, goals: Collection[Goal]) -> dict[int, date | None]:
    """When the next check-in of each goal is due, by its id; 1 query, none where none is owed."""
    owed = [goal.pk for goal in goals if goal.cadence != Cadence.NEVER.value]
    rows = CheckIn.objects.filter(goal__in=owed).exclude(told_at=None)
    last = dict(rows.values_list("goal_id").annotate(Max("told_at"))) if owed else {}
    return {
        goal.pk: _due(goal, workspace.day_of(last[goal.pk]) if goal.pk in last else None)
        for goal in goals
    }


def _due(goal: Goal, last: date | None) -> date | None:
    return due_on(Cadence(goal.cadence), goal.window, last) if goal.is_open else None
