"""What the clock has noted as late."""

from metrics.models.quality import SourceHealth
from workspaces.models import Workspace


def late_of(workspace: Workspace) -> list[dict[str, str]]:
    """Metrics whose data were late when the clock last looked: key, name, state, until; 1 query."""
    rows = SourceHealth.objects.filter(workspace=workspace).values_list("late", flat=True)
    return next(iter(rows), [])
