"""Forecasting goals, by reviews and never in a request."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import numpy as np

from goals.models import Goal, GoalForecast
from goals.queries.forecasts import forecasts_of, is_forecast, terms_key
from goals.rules import amounts
from goals.rules.forecasting import Timeline
from goals.rules.outlooks import NOT_ADDING_UP, Outlook, Terms, outlook, side_of
from goals.rules.progress import Basis
from metrics.queries.parts import Parts, read_parts
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

    The goals must come with their metrics. 4 queries, whatever their number.
    """
    wanted = [goal for goal in goals if is_forecast(goal, until)]
    rows = forecasts_of(wanted) if wanted else {}
    due = [
        goal
        for goal in wanted
        if (row := rows.get(goal.pk)) is None
        or (row.until, row.revision) != (until, revisions.get(goal.metric_id, 0))
    ]
    if not due:
        return 0
    asked = {(goal.metric_id, goal.definition_revision) for goal in due}
    parts = read_parts(workspace, asked, Span(until - BACK, until))
    lines = {one: _line(found) for one, found in parts.items()}
    made = []
    for goal in due:
        one = (goal.metric_id, goal.definition_revision)
        found = _outlook(goal, parts.get(one), lines.get(one), rows.get(goal.pk), until)
        row = _row(goal, found, rows.get(goal.pk), until)
        row.revision, row.made_at = revisions.get(goal.metric_id, 0), at
        made.append(row)
    GoalForecast.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["goal"], update_fields=FIELDS
    )
    return len(made)


def _outlook(
    goal: Goal,
    parts: Parts | None,
    line: Timeline | None,
    row: GoalForecast | None,
    until: date,
) -> Outlook:
    if parts is None:
        return Outlook(NOT_ADDING_UP)
    basis = Basis(goal.basis)
    side = side_of(
        basis,
        target=goal.target,
        baseline=goal.baseline,
        lower_is_better=goal.metric.direction == "down",
    )
    terms = Terms(
        basis,
        Grain(goal.grain),
        goal.window,
        goal.target,
        side,
        additive=goal.metric.kind == "additive",
    )
    kept = row.fit if row is not None and _is_young(row, until) else None
    return outlook(line, terms, scale=parts.scale, seed=goal.pk, kept=kept)


def _is_young(row: GoalForecast, until: date) -> bool:
    return row.fitted_on is not None and (until - row.fitted_on).days < FIT_DAYS


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
