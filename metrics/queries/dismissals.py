"""Which finding somebody wants out of sight."""

from datetime import datetime
from itertools import chain

from metrics.queries.catalogue import metrics_of
from metrics.queries.quality import Asked, Row, findings
from metrics.queries.series import latest_days
from metrics.rules.periods import DAY
from workspaces.models import Workspace


def find_finding(workspace: Workspace, finding: str, *, at: datetime) -> Row | None:
    """The open finding of that id, or None; looked for where `findings` looks without days.

    That is in the last 92 days with data of each metric: once for each day on which data end.
    """
    yesterday = workspace.day_of(at) - DAY
    newest = latest_days(workspace, metrics_of(workspace).values_list("pk", flat=True))
    ends = sorted({min(day, yesterday) for day in newest.values()}, reverse=True)
    rows = chain.from_iterable(findings(workspace, Asked(last=day), at=at) for day in ends)
    return next((row for row in rows if row.finding.id == finding), None)
