"""Keeping everybody whom a goal concerns told of how it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from goals.models import Goal
from goals.queries.raci import audience_of
from goals.rules.status import Status
from goals.verbs import NOTICE_STATUS, STATUS_CHANGED
from workspaces.models import Workspace
from workspaces.operations.notifications import Notice, notify


def said_of(goal: Goal) -> dict[str, Any]:
    """What the log and a notice say of a status that has just changed."""
    return {
        "title": goal.title,
        "was": goal.previous_status,
        "now": goal.status,
        "was_word": Status(goal.previous_status).word,
        "now_word": Status(goal.status).word,
    }


def tell_status(changed: Sequence[Goal], *, at: datetime) -> int:
    """Tell owners, everybody with a role, and stakeholders of new statuses; how many notices."""
    if not changed:
        return 0
    audience = audience_of(changed)
    spaces = Workspace.objects.filter(pk__in={goal.workspace_id for goal in changed})
    slugs = dict(spaces.values_list("pk", "slug"))
    told = 0
    for goal in changed:
        link = f"/w/{slugs[goal.workspace_id]}/goals/{goal.pk}/"
        notice = Notice(NOTICE_STATUS, STATUS_CHANGED, link, said_of(goal))
        told += notify(notice, goal, to=audience[goal.pk], by=None, at=at)
    return told
