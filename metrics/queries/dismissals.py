"""Which finding somebody wants out of sight."""

from datetime import datetime
from itertools import chain

from metrics.queries.catalogue import metrics_of
from metrics.queries.quality import Asked, Row, findings
from workspaces.models import Workspace


def find_finding(workspace: Workspace, finding: str, *, at: datetime) -> Row | None:
    """The open finding of that id in the last 92 days with data, or those of a metric, or None."""
    keys = metrics_of(workspace).values_list("key", flat=True)
    asked = chain([Asked()], (Asked(metric=key) for key in keys))
    rows = chain.from_iterable(findings(workspace, one, at=at) for one in asked)
    return next((row for row in rows if row.finding.id == finding), None)
