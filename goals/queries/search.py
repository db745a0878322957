"""Finding goals by title."""

from django.db.models import Q

from goals.models import Goal
from workspaces.models import Workspace
from workspaces.queries.search import matching, zero_if
from workspaces.rules.search import MOST_HITS


def find_goals(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Goal]:
    """Goals by title, best first, open before closed, with their metrics; 1 query."""
    rows = Goal.objects.filter(workspace=workspace).select_related("metric")
    found = matching(rows, text, ["title"]).annotate(closed=zero_if(Q(closed_at=None)))
    return list(found.order_by("inside", "closed", "later", "-pk")[:limit])
