"""Finding metrics by name or key."""

from django.db.models import Q

from metrics.models import Metric
from workspaces.models import Workspace
from workspaces.queries.search import matching, zero_if
from workspaces.rules.search import MOST_HITS


def find_metrics(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Metric]:
    """Metrics by name or key, best first, those in use before the retired; 1 query."""
    rows = Metric.objects.filter(workspace=workspace)
    found = matching(rows, text, ["name", "key"]).annotate(closed=zero_if(Q(retired_at=None)))
    return list(found.order_by("inside", "closed", "later", "name", "pk")[:limit])
