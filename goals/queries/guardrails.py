"""How the guardrails of goals stand: the last whole period of each against its bound."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from goals.models import Goal, Guardrail
from goals.queries.rhythms import Rhythm, Wait, rhythms
from goals.queries.windows import Questions
from goals.queries.wording import amount, day
from goals.rules.aims import Aim, margin
from goals.rules.freshness import is_late
from goals.rules.guardrails import Health
from goals.rules.spans import last_whole
from metrics.rules.periods import Grain, Span
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day


@dataclass(frozen=True)
class Guarded:
    """A guardrail with its numbers: value and margin in the metric's unit, `span` the days read."""

    guardrail: Guardrail
    health: Health
    value: Decimal | None
    margin: Decimal | None
    span: Span
    data_until: date | None

    @property
    def is_broken(self) -> bool:
        """Whether the last whole period lies on the wrong side of the bound."""
        return self.health is Health.BROKEN

    @property
    def line_shown(self) -> str:
        """The bound with its unit."""
        return amount(self.guardrail.bound, self.guardrail.metric)

    @property
    def note(self) -> str:
        """One sentence, in the reader's language."""
        if self.health is Health.UNKNOWN or self.margin is None:
            if self.data_until is None:
                return _("No data yet, so no verdict.")
            return _("Data until %(day)s, so no verdict.") % {"day": day(self.data_until)}
        gap = {"gap": amount(abs(self.margin), self.guardrail.metric)}
        if self.is_broken:
            return _("Broken by %(gap)s.") % gap
        return _("Holds with a margin of %(gap)s.") % gap


@dataclass(frozen=True)
class Watch:
    """What has to be read for one guardrail: its last whole period up to the day `now`."""

    guardrail: Guardrail
    now: date
    span: Span


def watches_of(workspace: Workspace, goals: Iterable[Goal], at: datetime) -> list[Watch]:
    """The guardrails of goals, oldest first, with the days to be read; 1 query.

    A closed goal is told as of the day on which it was closed.
    """
    by_id = {goal.pk: goal for goal in goals}
    rows = Guardrail.objects.select_related("metric").filter(goal__in=by_id).order_by("pk")
    return [_watch(row, by_id[row.goal_id], workspace, at) for row in rows]


def _watch(row: Guardrail, goal: Goal, workspace: Workspace, at: datetime) -> Watch:
    moment = at if goal.closed_at is None else min(at, goal.closed_at)
    now = last_complete_day(moment, workspace.timezone)
    bucket = last_whole(Grain(row.grain), now)
    return Watch(row, now, Span(bucket.start, bucket.end))


def guarded(watch: Watch, value: Decimal | None, rhythm: Rhythm) -> Guarded:
    """Judge one guardrail by its value."""
    row, now = watch.guardrail, watch.now
    gap = margin(Aim(row.side), value, line=row.bound)
    late = is_late(rhythm.feed or rhythm.until, now=now, gap=rhythm.cadence, lag=rhythm.lag)
    health = Health.UNKNOWN
    if gap is not None and not late:
        health = Health.BROKEN if gap < 0 else Health.HOLDS
    return Guarded(row, health, value, gap, watch.span, rhythm.until)


def guarded_of(
    workspace: Workspace, rails: Iterable[Guardrail], at: datetime
) -> dict[int, Guarded]:
    """How guardrails stand, by their ids; they come with metric and goal. A few queries for all."""
    watches = [_watch(row, row.goal, workspace, at) for row in rails]
    questions = Questions()
    for watch in watches:
        questions.ask(watch.guardrail, watch.span)
    known = rhythms(workspace, [Wait(w.guardrail.metric_id, w.now, w.now) for w in watches])
    numbers = questions.answer(workspace)
    return {
        watch.guardrail.pk: guarded(
            watch, numbers.over(watch.guardrail, watch.span), known[watch.guardrail.metric_id]
        )
        for watch in watches
    }
