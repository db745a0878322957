"""The sources of a workspace: until when each has data, in which rhythm, and how fresh that is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from metrics.models.imports import Source
from metrics.models.observations import Observation
from metrics.queries.freshness import LOOK_BACK
from metrics.rules.freshness import (
    ENDED,
    LEAST_DAYS,
    Rhythm,
    State,
    rhythm_of,
    state_of,
    usual_gap,
)
from workspaces.models import Workspace


@dataclass(frozen=True)
class SourceRow:
    """A source; without recent data it has no day.

    It has no state where no rhythm is known, or where it is not expected to send any more.
    """

    source: Source
    until: date | None
    rhythm: Rhythm | None
    state: State | None


def sources_of(workspace: Workspace, *, at: datetime) -> list[SourceRow]:
    """The sources by name, judged by their last 92 days before the newest of all; 3 queries."""
    sources = list(Source.objects.filter(workspace=workspace).order_by("name", "pk"))
    facts = Observation.objects.filter(series__metric__workspace=workspace)
    newest = facts.order_by("-day").values_list("day", flat=True).first()
    days: dict[int, list[date]] = {}
    if newest is not None:
        recent = facts.filter(day__gt=newest - LOOK_BACK).values_list("source", "day")
        for pk, day in recent.order_by().distinct():
            days.setdefault(pk, []).append(day)
    now = workspace.day_of(at) - timedelta(days=1)
    return [_row(source, days.get(source.pk, []), now) for source in sources]


def _row(source: Source, days: list[date], now: date) -> SourceRow:
    if not days:
        return SourceRow(source, None, None, None)
    rhythm = rhythm_of(source.cadence_days, source.lag_days, gap=usual_gap(days))
    until = max(days)
    state = state_of(until, now=now, rhythm=rhythm)
    is_known = bool(source.cadence_days) or len(days) >= LEAST_DAYS
    if source.cadence_days == ENDED or (state is not State.FRESH and not is_known):
        return SourceRow(source, until, rhythm, None)
    return SourceRow(source, until, rhythm, state)
