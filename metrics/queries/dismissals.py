"""Which finding somebody wants out of sight."""

from datetime import date, datetime
from itertools import chain

from metrics.queries.catalogue import metrics_of
from metrics.queries.quality import Asked, Row, findings
from metrics.queries.series import latest_days
from metrics.rules.periods import DAY
from workspaces.models import Workspace


def find_finding(
    workspace: Workspace,
    finding: str,
    *,
    days: tuple[date | None, date | None] = (None, None),
    at: datetime,
) -> Row | None:
    """The open finding of that id in a range, or None.

    Without a last day it is looked for where `findings` looks without one: up to the last day with
    data of each metric, once for each day on which data end; without a first in 92 days.
    """
    first, last = days
    asked = [Asked(first=first, last=last)]
    if not last:
        yesterday = workspace.day_of(at) - DAY
        newest = latest_days(workspace, metrics_of(workspace).values_list("pk", flat=True))
        ends = sorted({min(day, yesterday) for day in newest.values()}, reverse=True)
        asked = [Asked(first=first, last=day) for day in ends if not first or first <= day]
    rows = chain.from_iterable(findings(workspace, one, at=at) for one in asked)
    return next((row for row in rows if row.finding.id == finding), None)
