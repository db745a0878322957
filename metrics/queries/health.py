"""What the clock has noted as late."""

from django.db.models import QuerySet

from metrics.models.quality import Lapse
from workspaces.models import Workspace


def late_of(workspace: Workspace) -> QuerySet[Lapse]:
    """Metrics whose data were late when the clock last looked, by name."""
    rows = Lapse.objects.select_related("metric").filter(workspace=workspace, closed_at=None)
    return rows.order_by("metric__name", "pk")
