"""Agreements: who promises what to whom, what is owed, what was kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from workspaces.models import Sla, SlaClock, SlaPromise, Stakeholder, Workspace
from workspaces.queries.calendars import calendars_for, with_calendars
from workspaces.rules.sla import Attainment, State, attainment_by_month, left_of, state_of

OPEN_SHOWN = 100
BREACHES_SHOWN = 50
PRESSING_SHOWN = 6
SOONEST_FIRST = (State.LATE, State.AT_RISK, State.RUNNING, State.PAUSED)


@dataclass(frozen=True)
class ClockLine:
    """A clock with its state; `left` is working time, None where it is not counted any more."""

    clock: SlaClock
    state: State
    left: timedelta | None = None

    @property
    def left_seconds(self) -> int | None:
        """The working time that is left, in seconds; 0 where it is over."""
        return None if self.left is None else max(0, int(self.left.total_seconds()))

    @property
    def over_seconds(self) -> int | None:
        """By how much working time it is over, in seconds."""
        return None if self.left is None else max(0, -int(self.left.total_seconds()))


@dataclass(frozen=True)
class Owed:
    """How many answers are owed, and how many of them are late or at risk."""

    open: int = 0
    late: int = 0
    at_risk: int = 0


def slas_of(workspace: Workspace) -> QuerySet[Sla]:
    """All agreements with their parties, those that hold first, by name; 1 query."""
    rows = Sla.objects.select_related("provider", "receiver").filter(workspace=workspace)
    return rows.order_by("ended_at", "name", "pk")


def agreements_of(stakeholder: Stakeholder) -> QuerySet[SlaPromise]:
    """The promises that a stakeholder gives or gets in agreements that hold; 1 query."""
    rows = SlaPromise.objects.select_related("sla__provider", "sla__receiver")
    party = Q(sla__provider=stakeholder) | Q(sla__receiver=stakeholder)
    given = rows.filter(party, withdrawn_at=None, sla__ended_at=None)
    return given.order_by("sla__name", "sla_id", "side", "pk")


def promises_of(slas: Collection[Sla]) -> dict[int, list[SlaPromise]]:
    """What is promised in each agreement, the first party's promises first; 1 query."""
    found: dict[int, list[SlaPromise]] = {sla.pk: [] for sla in slas}
    rows = SlaPromise.objects.select_related("sla__provider", "sla__receiver")
    for promise in rows.filter(sla__in=found, withdrawn_at=None).order_by("side", "pk"):
        found[promise.sla_id].append(promise)
    return found


def clocks_of(sla: Sla) -> QuerySet[SlaClock]:
    """All clocks of an agreement, the newest first; 1 query, pauses in a second."""
    related = ("promise__sla__provider", "promise__sla__receiver", "started_by__user")
    rows = SlaClock.objects.select_related(*related)
    clocks = rows.filter(promise__sla=sla).prefetch_related("pauses")
    return clocks.order_by("-started_at", "-pk")


def clocks_to_choose(workspace: Workspace, kept: int | None = None) -> QuerySet[SlaClock]:
    """The answers that are owed, and the clock that is kept, the soonest due first; 1 query."""
    rows = SlaClock.objects.select_related("promise__sla").filter(workspace=workspace)
    return rows.filter(Q(stopped_at=None) | Q(pk=kept)).order_by("due_at", "pk")


def open_clocks(sla: Sla, at: datetime) -> list[ClockLine]:
    """What is owed, the most urgent first, with the working time that is left; 5 queries."""
    rows = with_calendars(SlaPromise.objects.filter(sla=sla))
    calendars = {promise.pk: calendars_for(promise) for promise in rows}
    waiting = clocks_of(sla).filter(stopped_at=None).order_by("due_at", "pk")
    found = []
    for clock in waiting[:OPEN_SHOWN]:
        own, state = calendars[clock.promise_id], state_of(clock.clock, at)
        left = None
        if own is not None:
            promised = timedelta(minutes=clock.promised_minutes)
            pauses = [(pause.since, pause.until) for pause in clock.pauses.all()]
            left = left_of(own, clock.started_at, promised, pauses, at)
        found.append(ClockLine(clock, state, left))
    return sorted(found, key=lambda line: SOONEST_FIRST.index(line.state))


def pressing(workspace: Workspace, at: datetime, limit: int = PRESSING_SHOWN) -> list[ClockLine]:
    """What is owed and late, or at risk of it, the longest due first; 1 query."""
    related = ("promise__sla__provider", "promise__sla__receiver")
    waiting = SlaClock.objects.select_related(*related).filter(workspace=workspace, stopped_at=None)
    lines = [
        ClockLine(clock, state_of(clock.clock, at))
        for clock in waiting.filter(warn_at__lte=at).order_by("due_at", "pk")[:limit]
    ]
    return [line for line in lines if line.state in {State.LATE, State.AT_RISK}]


def breaches_of(sla: Sla, at: datetime) -> list[ClockLine]:
    """The latest broken promises, explained or not; 2 queries."""
    late = Q(stopped_at=None, due_at__lt=at) | Q(stopped_at__gt=F("due_at"))
    rows = clocks_of(sla).filter(late).order_by("-due_at", "-pk")[:BREACHES_SHOWN]
    return [ClockLine(clock, state_of(clock.clock, at)) for clock in rows]


def owed_in(slas: Collection[int], at: datetime) -> dict[int, Owed]:
    """What is owed in each agreement; 1 query."""
    rows = SlaClock.objects.filter(promise__sla__in=slas, stopped_at=None)
    found: dict[int, list[State]] = {}
    for clock in rows.select_related("promise"):
        found.setdefault(clock.promise.sla_id, []).append(state_of(clock.clock, at))
    return {
        pk: Owed(len(states), states.count(State.LATE), states.count(State.AT_RISK))
        for pk, states in found.items()
    }


def attainment_of(
    workspace: Workspace, slas: Collection[int], *, since: date, at: datetime
) -> dict[int, dict[date, Attainment]]:
    """The answers that were kept and broken, by agreement and local month; 1 query."""
    first = datetime.combine(since, time.min, ZoneInfo(workspace.timezone))
    settled = Q(stopped_at__gte=first) | Q(due_at__gte=first, due_at__lt=at)
    rows = SlaClock.objects.filter(settled, promise__sla__in=slas).select_related("promise")
    clocks: dict[int, list[SlaClock]] = {}
    for clock in rows:
        clocks.setdefault(clock.promise.sla_id, []).append(clock)
    return {
        pk: _since(since, attainment_by_month([c.clock for c in own], at, workspace.timezone))
        for pk, own in clocks.items()
    }


def _since(first: date, months: dict[date, Attainment]) -> dict[date, Attainment]:
    return {month: one for month, one in months.items() if month >= first}


def months_back(today: date, count: int) -> Sequence[date]:
    """The first days of the last so many months, the newest (of today) first."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
