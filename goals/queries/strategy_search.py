"""Finding strategies by title."""

from django.db.models import Q

from goals.models import Strategy
from workspaces.models import Workspace
from workspaces.queries.search import matching, zero_if
from workspaces.rules.search import MOST_HITS


def find_strategies(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Strategy]:
    """Strategies by title, best first, open before those put away; 1 query."""
    rows = Strategy.objects.filter(workspace=workspace)
    found = matching(rows, text, ["title"]).annotate(closed=zero_if(Q(closed_at=None)))
    return list(found.order_by("inside", "closed", "later", "-pk")[:limit])
