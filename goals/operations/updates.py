"""Keeping everybody whom a goal concerns told of how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from goals.models import Goal
from goals.queries.raci import audience_of
from goals.rules.status import Status
from goals.verbs import NOTICE_STATUS, STATUS_CHANGED
from workspaces.models import Workspace
from workspaces.operations.notifications import Notice, Telling, notify_all
from workspaces.rules.verbs import Verb


@dataclass(frozen=True)
class News:
    """Something that happened to a goal; `occasion` tells two times of it apart."""

    goal: Goal
    verb: Verb
    said: dict[str, Any]
    occasion: str = ""


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
    return tell_news([News(goal, STATUS_CHANGED, said_of(goal)) for goal in changed], at=at)


def tell_news(news: Sequence[News], *, at: datetime) -> int:
    """Tell everybody whom the goals concern; they are of one workspace. How many notices."""
    if not news:
        return 0
    audience = audience_of([one.goal for one in news])
    slug = Workspace.objects.values_list("slug", flat=True).get(pk=news[0].goal.workspace_id)
    tellings = [
        Telling(
            Notice(NOTICE_STATUS, one.verb, goal_link(slug, one.goal), one.said, one.occasion),
            one.goal,
            audience[one.goal.pk],
        )
        for one in news
    ]
    return notify_all(tellings, by=None, at=at)


def goal_link(slug: str, goal: Goal) -> str:
    """The path of a goal's page."""
    return f"/w/{slug}/goals/{goal.pk}/"
