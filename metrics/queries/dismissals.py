"""Which finding somebody wants out of sight."""

from datetime import date, datetime
from itertools import chain

from metrics.queries.catalogue import metrics_of
from metrics.queries.quality import Asked, Row, findings
from workspaces.models import Workspace


def find_finding(
    workspace: Workspace,
    finding: str,
    *,
    days: tuple[date | None, date | None] = (None, None),
    at: datetime,
) -> Row | None:
    """The open finding of that id in a range, or None.

    Without days in the last 92 with data, of the workspace or of any metric.
    """
    first, last = days
    keys = () if first or last else metrics_of(workspace).values_list("key", flat=True)
    asked = chain([Asked(first=first, last=last)], (Asked(metric=key) for key in keys))
    rows = chain.from_iterable(findings(workspace, one, at=at) for one in asked)
    return next((row for row in rows if row.finding.id == finding), None)
