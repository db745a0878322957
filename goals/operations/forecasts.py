"""Forecasting goals, by reviews and never in a request."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

import numpy as np
from django.db.models import Max

from goals.models import ForecastRecord, Goal, GoalForecast
from goals.queries.forecasts import forecasts_of, is_forecast, terms_key
from goals.queries.growth import asked_now
from goals.queries.levels import read_levels, reads_level
from goals.rules import amounts
from goals.rules.forecasting import Side, Timeline
from goals.rules.levels import level_outlook
from goals.rules.outlooks import NOT_ADDING_UP, Futures, Outlook, Terms, outlook, side_of
from goals.rules.progress import Basis
from goals.rules.track_record import Claim, Horizon, is_due
from metrics.queries.parts import Asked, Parts, read_parts
from metrics.rules.periods import Grain, Span
from workspaces.models import Workspace

BACK = timedelta(days=1456)
FIT_DAYS = 7  # for so long the back-test of a goal serves
FIELDS = (
    "terms",
    "revision",
    "until",
    "reason",
    "low_value",
    "middle_value",
    "high_value",
    "chance_value",
    "model",
    "fit",
    "fitted_on",
    "path",
    "made_at",
)


def forecast_goals(
    workspace: Workspace,
    goals: Iterable[Goal],
    revisions: Mapping[int, int],
    *,
    until: date,
    at: datetime,
) -> int:
    """Forecast the goals whose numbers, day or terms have moved since; returns how many.

    The goals must come with their metrics. 6 queries, whatever their number, and a few more where
    levels are among them or growth, which reads the year before. What is claimed is kept for the
    track record, each kind in its stride.
    """
    wanted = [goal for goal in goals if is_forecast(goal, until)]
    rows = forecasts_of(wanted) if wanted else {}
    due = [
        goal
        for goal in wanted
        if (row := rows.get(goal.pk)) is None
        or (row.until, row.revision) != (until, revisions.get(goal.metric.pk, 0))
    ]
    if not due:
        return 0
    parts = read_parts(workspace, {_asked(goal) for goal in due}, Span(until - BACK, until))
    lines = {one: _line(found) for one, found in parts.items()}
    flat = [goal for goal in due if parts.get(_asked(goal)) is None and reads_level(goal)]
    levels = read_levels(workspace, flat, until)
    targets = asked_now(workspace, due, until)
    made, claimed, futures = [], {}, Futures()
    for goal in sorted(due, key=lambda one: (*_asked(one), one.end)):
        terms, kept = _terms(goal, targets[goal.pk]), _kept(rows.get(goal.pk), until)
        if goal.pk in levels:
            found = level_outlook(levels[goal.pk], terms, seed=goal.pk, kept=kept)
        else:
            one = _asked(goal)
            found = _outlook(parts.get(one), lines.get(one), terms, kept, futures)
        row = _row(goal, found, rows.get(goal.pk), until)
        row.revision, row.made_at = revisions.get(goal.metric.pk, 0), at
        made.append(row)
        claimed[goal] = found
    GoalForecast.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["goal"], update_fields=FIELDS
    )
    _keep(claimed, until)
    return len(made)


def _keep(claimed: Mapping[Goal, Outlook], until: date) -> None:
    """Keep the claims whose turn it is; 2 queries."""
    rows = ForecastRecord.objects.filter(goal__in=claimed)
    named = rows.values_list("goal_id", "horizon", "terms").order_by()
    before = {
        (goal, horizon, terms): last
        for goal, horizon, terms, last in named.annotate(last_made=Max("made_on"))
    }
    kept = []
    for goal, found in claimed.items():
        for claim in found.claims:
            terms = terms_key(goal) if claim.horizon is Horizon.END else ""
            if is_due(claim.horizon, before.get((goal.pk, claim.horizon.value, terms)), until):
                kept.append(_record(goal, claim, found, terms, until))
    ForecastRecord.objects.bulk_create(kept, ignore_conflicts=True)


def _record(goal: Goal, claim: Claim, found: Outlook, terms: str, until: date) -> ForecastRecord:
    """What is claimed of a goal's metric; of its end with the chance."""
    low, middle, high = map(amounts.stored, claim.band)
    row = ForecastRecord(
        workspace_id=goal.workspace_id,
        goal=goal,
        metric_id=goal.metric.pk,
        definition_revision=goal.definition_revision,
        horizon=claim.horizon.value,
        terms=terms,
        made_on=until,
        first=claim.days.first,
        last=claim.days.last,
        parts=claim.parts,
        low_value=low,
        middle_value=middle,
        high_value=high,
    )
    if claim.horizon is Horizon.END and found.chance is not None:
        row.chance, row.target_value = float(found.chance), amounts.stored(found.target)
        row.side = _side(goal).value
    return row


def _side(goal: Goal) -> Side:
    return side_of(
        Basis(goal.basis),
        target=goal.target,
        baseline=goal.baseline,
        lower_is_better=goal.metric.direction == "down",
    )


def _outlook(
    parts: Parts | None,
    line: Timeline | None,
    terms: Terms,
    kept: dict[str, Any] | None,
    futures: Futures,
) -> Outlook:
    """The same numbers have the same futures: what is likely of one goal fits that of another."""
    if parts is None:
        return Outlook(NOT_ADDING_UP)
    seed = 0 if line is None else crc32(line.values.tobytes())
    return outlook(line, terms, scale=parts.scale, seed=seed, kept=kept, futures=futures)


def _asked(goal: Goal) -> Asked:
    return goal.metric.pk, goal.definition_revision


def _terms(goal: Goal, target: Decimal) -> Terms:
    """What is forecast, with the target as it is known now."""
    return Terms(
        Basis(goal.basis),
        Grain(goal.grain),
        goal.window,
        target,
        _side(goal),
        additive=goal.metric.kind == "additive",
    )


def _kept(row: GoalForecast | None, until: date) -> dict[str, Any] | None:
    """The back-test from before, as long as it serves."""
    if row is None or row.fitted_on is None or (until - row.fitted_on).days >= FIT_DAYS:
        return None
    return dict(row.fit) if row.fit else None


def _row(goal: Goal, found: Outlook, before: GoalForecast | None, until: date) -> GoalForecast:
    """The row of a goal, whose back-test keeps the day on which it was made."""
    same = before is not None and found.fit is not None and before.fit == found.fit
    return GoalForecast(
        goal=goal,
        terms=terms_key(goal),
        until=until,
        reason=found.reason,
        low_value=amounts.stored(found.low),
        middle_value=amounts.stored(found.middle),
        high_value=amounts.stored(found.high),
        chance_value=amounts.stored(found.chance),
        model=found.model,
        fit=found.fit,
        fitted_on=before.fitted_on if same and before is not None else until,
        path=[step.as_json() for step in found.path],
    )


def _line(parts: Parts | None) -> Timeline | None:
    """The days of a metric as arrays, from the first with data to the last."""
    if parts is None or not parts.days:
        return None
    first, last = min(parts.days), max(parts.days)
    above = np.full((last - first).days + 1, np.nan)
    below = np.full(len(above), np.nan)
    for day, (over, under) in parts.days.items():
        place = (day - first).days
        above[place] = np.nan if over is None else float(over)
        below[place] = np.nan if under is None else float(under)
    if not parts.is_ratio:
        return Timeline(first, above)
    return Timeline(first, np.where(np.isnan(below), np.nan, np.nan_to_num(above)), below)
