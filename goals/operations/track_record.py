"""Holding what forecasts claimed against what came."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q

from goals.models import ForecastRecord
from goals.queries.rhythms import Wait, rhythms
from goals.queries.windows import Questions
from goals.rules import amounts
from goals.rules.forecasting import Side
from goals.rules.freshness import all_in
from goals.rules.spans import Measure
from goals.rules.track_record import is_inside
from metrics.models import Metric
from metrics.queries.series import revisions_of
from metrics.rules.periods import Span
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day

BATCH = 500
CORRECTED_DAYS = 400  # for so long after its days a claim follows corrections
SCORES = ("came_value", "came_revision", "scored_on", "inside", "hit")


def score_forecasts(*, at: datetime) -> int:
    """Score every claim whose days are over and whose data are in, or were corrected since.

    Each at most once a day; twice gives the same. Returns how many were scored.
    """
    waiting = ForecastRecord.objects.filter(_open(at.date() + timedelta(days=1)))
    spaces = waiting.order_by().values("workspace_id").distinct()
    return sum(
        _score_workspace(workspace, at)
        for workspace in Workspace.objects.filter(pk__in=spaces).order_by("pk")
    )


def _open(today: date) -> Q:
    """The claims that may have to be scored."""
    recent = Q(scored_on__lt=today, last__gte=today - timedelta(days=CORRECTED_DAYS))
    return Q(last__lt=today) & (Q(scored_on=None) | recent)


def _score_workspace(workspace: Workspace, at: datetime) -> int:
    today, until = workspace.day_of(at), last_complete_day(at, workspace.timezone)
    rows = ForecastRecord.objects.filter(_open(today), workspace=workspace, last__lte=until)
    ends = dict(rows.order_by().values_list("metric_id").annotate(Min("last")))
    if not ends:
        return 0
    revisions = revisions_of(workspace, list(ends))
    known = rhythms(workspace, [Wait(pk, until, end) for pk, end in ends.items()])
    scored = 0
    for metric in Metric.objects.filter(pk__in=ends).order_by("pk"):
        revision, rhythm = revisions.get(metric.pk, 0), known[metric.pk]
        moved = rows.filter(metric=metric).filter(Q(scored_on=None) | ~Q(came_revision=revision))
        due = [
            row
            for row in moved.order_by("pk")
            if all_in(rhythm.until, end=row.last, gap=rhythm.gap)
        ]
        for start in range(0, len(due), BATCH):
            _score(workspace, metric, due[start : start + BATCH], (revision, today))
        scored += len(due)
    return scored


@transaction.atomic
def _score(
    workspace: Workspace, metric: Metric, rows: Sequence[ForecastRecord], stamp: tuple[int, date]
) -> None:
    """Write down what came of some claims about one metric."""
    questions = Questions()
    for row in rows:
        row.metric = metric
        questions.ask(row, Span(row.first, row.last))
    numbers = questions.answer(workspace)
    for row in rows:
        came = numbers.measured(row, Measure(Span(row.first, row.last), row.parts))
        row.came_revision, row.scored_on = stamp
        row.came_value = amounts.stored(came)
        row.inside = None if came is None else is_inside((row.low, row.high), came)
        row.hit = None
        if came is not None and row.target is not None:
            met = came >= row.target if row.side == Side.AT_LEAST.value else came <= row.target
            row.hit = int(met)
    ForecastRecord.objects.bulk_update(rows, SCORES, batch_size=BATCH)
