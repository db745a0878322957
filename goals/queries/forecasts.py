"""The forecasts that reviews stored, as far as they still hold."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from goals.models import CheckIn, Goal, GoalForecast

OLDEST_DAYS = 2  # behind the last complete day: then no worker has looked


def terms_key(goal: Goal) -> str:
    """Everything that a forecast of a goal depends on but the numbers; a change outdates it."""
    return " ".join(
        str(part)
        for part in (
            goal.metric_id,
            goal.definition_revision,
            goal.basis,
            goal.grain,
            goal.start,
            goal.end,
            goal.target_value,
            goal.baseline_value,
            goal.metric.direction,
        )
    )


def is_forecast(goal: Goal, until: date) -> bool:
    """Whether a goal is one to forecast: it reaches for a target, has begun and is not over."""
    return (
        goal.has_number
        and goal.closed_at is None
        and not goal.stays
        and goal.start <= until < goal.end
    )


def forecasts_of(goals: Iterable[Goal], *, paths: bool = False) -> dict[int, GoalForecast]:
    """The stored forecast of each goal by its id, where its terms are still the same; 1 query.

    They bring the confidence that the owner told last. Their paths come with them only where asked
    for: a list of goals does not show any.
    """
    by_id = {goal.pk: goal for goal in goals}
    said = CheckIn.objects.filter(goal=OuterRef("goal"), told_at__isnull=False)
    latest = said.exclude(confidence_value="").order_by("-told_at", "-pk")
    rows = GoalForecast.objects.filter(goal__in=by_id).annotate(
        told_confidence=Subquery(latest.values("confidence_value")[:1])
    )
    return {
        row.goal_id: row
        for row in (rows if paths else rows.defer("path"))
        if row.terms == terms_key(by_id[row.goal_id])
    }


def holding(rows: dict[int, GoalForecast], goal: Goal, until: date) -> GoalForecast | None:
    """The forecast that a goal is judged by at the end of a day, if one is young enough."""
    row = rows.get(goal.pk)
    if row is None or not is_forecast(goal, until):
        return None
    return row if (until - row.until).days <= OLDEST_DAYS else None


def why_none(goal: Goal, row: GoalForecast | None, until: date) -> str:
    """Why an open goal shows no forecast at the end of a day; empty where it has one or is over."""
    if goal.closed_at is not None or until >= goal.end or not goal.has_number:
        return ""
    if row is not None:
        return row.why
    if goal.stays:
        return _("A line that is kept is judged by its days and not forecast.")
    if until < goal.start:
        return _("It is forecast once it has begun.")
    return _("No forecast yet: the next review draws it.")


def unforecast(goals: Collection[Goal], until: date) -> set[int]:
    """The goals to forecast that have none of their present terms; 1 query."""
    wanted = [goal for goal in goals if is_forecast(goal, until)]
    rows = forecasts_of(wanted) if wanted else {}
    return {goal.pk for goal in wanted if goal.pk not in rows}
