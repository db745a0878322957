"""Clocks of answers that are owed: started, paused, stopped, warned of, explained."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from workspaces.models import Membership, SlaClock, SlaPause, SlaPromise, Stakeholder
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.queries.calendars import calendars_for, with_calendars
from workspaces.queries.formats import moment
from workspaces.rules.calendars import WorkCalendar, due
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.sla import State, deadline_of, state_of
from workspaces.verbs import (
    BREACH_EXPLAINED,
    CLOCK_AT_RISK,
    CLOCK_BROKEN,
    CLOCK_PAUSED,
    CLOCK_RESUMED,
    CLOCK_STARTED,
    CLOCK_STOPPED,
    SLA_NOTICE,
)

MINUTE = timedelta(minutes=1)
AT_ONCE = 500


@transaction.atomic
def start_clock(
    promise: SlaPromise,
    *,
    subject: str,
    started_at: datetime | None = None,
    by: Membership | None,
    at: datetime,
) -> SlaClock:
    """Begin to wait for an answer: the promised working time runs from now, or from `started_at`.

    That is when the question really came: while the agreement held, and not later than now.
    """
    promise = with_calendars(SlaPromise.objects.select_for_update(of=("self",))).get(pk=promise.pk)
    if promise.withdrawn_at is not None or promise.sla.ended_at is not None:
        raise Refused(_("This promise is not given any more."), code="ended")
    if promise.response_minutes is None:
        raise Refused(_("This promise names no response time."), code="no_response_time")
    if not subject.strip():
        raise Refused(_("Say what is to be answered."), code="required", field="subject")
    if started_at is not None:
        _refuse_moment("started_at", started_at, since=_begins(promise), at=at)
    clock = SlaClock(
        workspace_id=promise.workspace_id,
        promise=promise,
        subject=subject.strip(),
        started_at=started_at or at,
        started_by=by,
        promised_minutes=promise.response_minutes,
    )
    _reckon(clock, working_calendars(promise, at), [])
    clock.save()
    record(CLOCK_STARTED, promise.sla, by=by, at=at, **_told(clock))
    return clock


@transaction.atomic
def pause_clock(
    clock: SlaClock, *, reason: str, paused_at: datetime | None = None, version: int,
    by: Membership, at: datetime,
) -> SlaClock:  # fmt: skip
    """Stop the time, as while the other side owes an answer, from now or from `paused_at` on.

    Who was late by then stays late.
    """
    clock = _held(clock, version)
    if clock.paused_at is not None:
        raise Refused(_("This clock is paused already."), code="paused")
    if not reason.strip():
        raise Refused(_("Say why the clock is paused."), code="required", field="reason")
    since = paused_at or at
    _refuse_moment("paused_at", since, since=_changed_last(clock), at=at)
    if clock.broken_at is not None and state_of(clock.clock, since) is not State.LATE:
        clock.broken_at = None  # it stood still before it was over, and nobody had said so
    SlaPause.objects.create(
        workspace_id=clock.workspace_id, clock=clock, since=since, reason=reason.strip()
    )
    _reckon_and_save(clock, since, paused_at=since)
    record(CLOCK_PAUSED, clock.promise.sla, by=by, at=at, reason=reason.strip(), **_told(clock))
    return clock


@transaction.atomic
def resume_clock(clock: SlaClock, *, version: int, by: Membership, at: datetime) -> SlaClock:
    """Let the time run on."""
    clock = _held(clock, version)
    if clock.paused_at is None:
        raise Refused(_("This clock runs."), code="running")
    _end_pause(clock, at)
    _reckon_and_save(clock, at)
    record(CLOCK_RESUMED, clock.promise.sla, by=by, at=at, **_told(clock))
    return clock


@transaction.atomic
def stop_clock(
    clock: SlaClock, *, stopped_at: datetime | None = None, version: int, by: Membership,
    at: datetime,
) -> SlaClock:  # fmt: skip
    """Take the answer as given, now or at `stopped_at`; calendars of now freeze the verdict."""
    clock, ends = _held(clock, version), stopped_at or at
    _refuse_moment("stopped_at", ends, since=_changed_last(clock), at=at)
    _end_pause(clock, ends)
    _reckon_and_save(clock, ends, stopped_at=ends)
    state = state_of(clock.clock, at).value
    record(CLOCK_STOPPED, clock.promise.sla, by=by, at=at, state=state, **_told(clock))
    return clock


@transaction.atomic
def explain_breach(
    clock: SlaClock, *, reason: str, mitigation: str, version: int, by: Membership, at: datetime
) -> SlaClock:  # fmt: skip
    """Say why a promise was broken and what is done about it."""
    clock = _locked(clock, version)
    if state_of(clock.clock, at) not in {State.LATE, State.BROKEN}:
        raise Refused(_("This promise is not broken."), code="not_broken")
    if not reason.strip():
        raise Refused(_("Say why the promise was broken."), code="required", field="reason")
    clock.reason, clock.mitigation = reason.strip(), mitigation.strip()
    clock.version += 1
    clock.save(update_fields=["reason", "mitigation", "version"])
    record(BREACH_EXPLAINED, clock.promise.sla, by=by, at=at, reason=clock.reason, **_told(clock))
    return clock


def reckon_parties(parties: QuerySet[Stakeholder], *, at: datetime) -> None:
    """Reckon anew all open clocks of agreements that these are parties of."""
    given = SlaPromise.objects.filter(sla__ended_at=None)
    reckon_promises(
        given.filter(Q(sla__provider__in=parties) | Q(sla__receiver__in=parties)), at=at
    )


def reckon_promises(promises: QuerySet[SlaPromise], *, at: datetime) -> None:
    """Reckon anew the open clocks of promises; refused where no common working time is left."""
    given = promises.filter(withdrawn_at=None).exclude(response_minutes=None)
    for promise in with_calendars(given):
        calendars = working_calendars(promise, at)
        owed = _open_clocks().filter(promise=promise).exclude(due_at__lt=at)
        clocks = owed.prefetch_related("pauses")
        for clock in clocks.select_for_update(of=("self",)):
            _reckon(clock, calendars, clock.pauses.all())
            clock.save(update_fields=["due_at", "warn_at"])


def working_calendars(promise: SlaPromise, at: datetime) -> Sequence[WorkCalendar]:
    """The calendars of a promise, if both parties have one and ever work at once."""
    calendars = calendars_for(promise)
    if calendars is None:
        parties = (promise.sla.provider, promise.sla.receiver)
        name = next((party.name for party in parties if party.calendar is None), "")
        message = _("%(name)s has no working calendar yet: choose one for them first.")
        raise Refused(message % {"name": name}, code="no_calendar", field="response")
    if due(calendars, at, MINUTE) is None:
        message = _("The working calendars of the two parties have no hour in common.")
        raise Refused(message, code="no_common_hour", field="response")
    return calendars


def watch_clocks(*, at: datetime) -> int:
    """Tell of clocks that have become late or at risk; how many. May run twice."""
    told = 0
    waiting = _open_clocks().select_related("promise__sla__workspace").filter(warn_at__lte=at)
    late = waiting.filter(due_at__lt=at).order_by("due_at")
    for clock in late[:AT_ONCE]:
        told += _tell(clock, "broken_at", at)
    for clock in waiting.filter(warned_at=None, due_at__gte=at).order_by("warn_at")[:AT_ONCE]:
        told += _tell(clock, "warned_at", at)
    return told


@transaction.atomic
def _tell(clock: SlaClock, mark: str, at: datetime) -> int:
    """Mark a clock once, unless it was stopped or moved meanwhile, and say so."""
    same = _open_clocks().filter(pk=clock.pk, due_at=clock.due_at, **{mark: None})
    if not same.update(**{mark: at}):
        return 0
    verb = CLOCK_BROKEN if mark == "broken_at" else CLOCK_AT_RISK
    sla, told = clock.promise.sla, _told(clock)
    record(verb, sla, by=None, at=at, **told)
    link = f"/w/{sla.workspace.slug}/sla/{sla.pk}/#clock-{clock.pk}"
    parties = Stakeholder.objects.filter(pk__in=(sla.provider_id, sla.receiver_id))
    people = parties.exclude(member=None).values_list("member_id", flat=True)
    to = {*people, *([clock.started_by_id] if clock.started_by_id else [])}
    notify(Notice(SLA_NOTICE, verb, link, told), sla, to=to, by=None, at=at)
    return 1


def _open_clocks() -> QuerySet[SlaClock]:
    """Clocks of which nothing is settled."""
    return SlaClock.objects.filter(stopped_at=None, broken_at=None)


def _locked(clock: SlaClock, version: int) -> SlaClock:
    rows = SlaClock.objects.select_for_update(of=("self",)).select_related("promise__sla")
    row = rows.get(pk=clock.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this clock meanwhile."), current=row)
    return row


def _held(clock: SlaClock, version: int) -> SlaClock:
    """The row under lock, if it may still be changed."""
    row = _locked(clock, version)
    if row.stopped_at is not None:
        raise Refused(_("This clock is stopped."), code="stopped")
    return row


def _end_pause(clock: SlaClock, at: datetime) -> None:
    clock.pauses.filter(until=None).update(until=at)
    clock.paused_at = None


def _begins(promise: SlaPromise) -> datetime:
    """The first instant of the agreement, where the workspace is."""
    zone = ZoneInfo(promise.workspace.timezone)
    return datetime.combine(promise.sla.starts_on, time.min, zone)


def _changed_last(clock: SlaClock) -> datetime:
    """When the clock was started, or when its last pause began or ended."""
    pauses = clock.pauses.values_list("since", "until")
    return max([clock.started_at, *(edge for pause in pauses for edge in pause if edge)])


def _refuse_moment(name: str, chosen: datetime, *, since: datetime, at: datetime) -> None:
    """What is noted afterwards has happened, and after what was noted before."""
    if chosen > at:
        raise Refused(_("This is still to come."), code="future", field=name)
    if chosen < since:
        message = _("Choose a time from %(when)s on.") % {"when": moment(since)}
        raise Refused(message, code="too_early", field=name)


def _reckon_and_save(
    clock: SlaClock,
    at: datetime,
    *,
    paused_at: datetime | None = None,
    stopped_at: datetime | None = None,
) -> None:
    """The deadline with the pauses of now; who is late keeps the deadline that was missed."""
    clock.paused_at = paused_at
    if clock.broken_at is None and state_of(clock.clock, at) is not State.LATE:
        promise = with_calendars(SlaPromise.objects.all()).get(pk=clock.promise_id)
        calendars = calendars_for(promise)
        if calendars is not None:
            _reckon(clock, calendars, clock.pauses.all())
    clock.stopped_at = stopped_at
    clock.version += 1
    clock.save()


def _reckon(clock: SlaClock, calendars: Sequence[WorkCalendar], pauses: Iterable[SlaPause]) -> None:
    breaks = [(pause.since, pause.until) for pause in pauses]
    promised = clock.promised_minutes * MINUTE
    found = deadline_of(calendars, clock.started_at, promised, breaks)
    clock.due_at, clock.warn_at = found.due, found.warn


def _told(clock: SlaClock) -> dict[str, object]:
    return {"what": clock.subject, "deliverable": clock.promise.deliverable}
