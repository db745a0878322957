"""How a fetch runs: a row falls due, is claimed, asks chunk by chunk, and stores each at once.

Whoever claims a fetch holds a lease and a version; every write of progress asks for both. A chunk
is stored in one transaction with the day up to which the fetch has come, so that a fetch that was
killed goes on there, and a chunk that is read twice changes nothing. Nothing is asked over the
network inside a transaction.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from connectors.models.connectors import DONE, FAILED, OPEN, RUNNING, WAITING, Connector, Fetch
from connectors.operations.callers import caller_of
from connectors.operations.loading import Chunk, Target, close_run, open_target, store_chunk
from connectors.queries.connectors import description_of
from connectors.rules.rows import MOST_FAULTS, Read, RowReader, merged
from connectors.rules.schedules import MOST_ATTEMPTS, next_due, wait_after
from connectors.rules.windows import chunks, next_days, words
from connectors.sources.calling import Caller, Clock, Trouble
from connectors.sources.paging import pages
from connectors.verbs import CONNECTOR_FETCHED
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.periods import DAY, Span
from workspaces.operations.recording import record
from workspaces.rules.errors import Invalid, Refused, Stale
from workspaces.sources.web import Limits

LEASE = timedelta(seconds=180)  # longer than a page and a token may take together
CLAIMS = timedelta(seconds=20)  # how long a job goes on claiming further fetches
PATIENCE = timedelta(seconds=150)  # a fetch gives way to others and goes on in the next job
LONGEST = timedelta(seconds=280)  # all pages of a chunk; with the two above within a job's limit
MOST_STARTS = 5  # without a chunk stored; then something kills the worker each time
AT_A_TIME = 20


class _Overtaken(Exception):
    """The lease was lost: to another worker, or because somebody paused the source."""


def schedule_due(*, at: datetime) -> int:
    """Make a fetch of every connector that is due, once for each instant; safe to run twice.

    What was missed while nobody looked is made up for by one fetch.
    """
    due = Connector.objects.filter(next_due_at__lte=at, paused_at=None, removed_at=None)
    made = 0
    for connector in due.select_related("workspace").order_by("next_due_at")[:100]:
        made += _schedule(connector, at)
    return made


@transaction.atomic
def _schedule(connector: Connector, at: datetime) -> int:
    was = connector.next_due_at or at
    then = next_due(
        connector.schedule,
        local_time=connector.local_time,
        zone=connector.workspace.timezone,
        after=at,
    )
    mine = Connector.objects.filter(pk=connector.pk, next_due_at=was, paused_at=None)
    if not mine.update(next_due_at=then) or connector.fetches.filter(state__in=OPEN).exists():
        return 0
    _fetch, is_new = Fetch.objects.get_or_create(
        connector=connector,
        due_at=was,
        defaults={"workspace_id": connector.workspace_id, "not_before": at},
    )
    return int(is_new)


def fetch_waiting(*, clock: Clock, at_once: int) -> int:
    """Run what waits, one after the other, while at most `at_once` run anywhere; how many."""
    began, done = clock(), 0
    while done < AT_A_TIME and clock() - began < CLAIMS:
        fetch = _next_waiting(clock(), at_once)
        if fetch is None:
            break
        run_fetch(fetch, clock=clock)
        done += 1
    return done


def _next_waiting(at: datetime, at_once: int) -> Fetch | None:
    """Claim the fetch that has waited longest; whoever updates its version first has it."""
    if Fetch.objects.filter(state=RUNNING, leased_until__gt=at).count() >= at_once:
        return None
    ready = Fetch.objects.filter(state__in=OPEN, not_before__lte=at).order_by("not_before", "pk")
    return next((fetch for fetch in ready[:AT_A_TIME] if claim_fetch(fetch, at=at)), None)


def claim_fetch(fetch: Fetch, *, at: datetime) -> bool:
    """Take the lease of a fetch; False where somebody else has it or it needs no work."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    claimed = Fetch.objects.filter(free, pk=fetch.pk, version=fetch.version, state__in=OPEN).update(
        version=F("version") + 1,
        starts=F("starts") + 1,
        state=RUNNING,
        leased_until=at + LEASE,
    )
    if claimed:
        fetch.refresh_from_db()
    return bool(claimed)


def run_fetch(fetch: Fetch, *, clock: Clock) -> Fetch:
    """Run a fetch that the caller holds, to its end, to a failure, or until it has to give way."""
    try:
        _run(fetch, clock)
    except _Overtaken:
        fetch.refresh_from_db()
    except Trouble as trouble:
        _after_trouble(fetch, trouble, clock())
    except Unreadable as refusal:
        _end(fetch, FAILED, refusal.faults, clock())
    except (Refused, Invalid, Stale) as refusal:
        fault = Fault("store_refused", more=(("why", str(refusal)),))
        _end(fetch, FAILED, (fault,), clock())
    return fetch


def _run(fetch: Fetch, clock: Clock) -> None:
    began = clock()
    if fetch.starts > MOST_STARTS:
        raise Unreadable(Fault("interrupted", value=str(MOST_STARTS)))
    connector = Connector.objects.select_related("workspace").get(pk=fetch.connector_id)
    description = description_of(connector)
    caller = caller_of(
        connector, description, limits=Limits(loopback=settings.WEB_LOOPBACK), clock=clock
    )
    if fetch.first is None:
        _settle_days(fetch, connector, began)
    target = open_target(fetch, connector, description, caller.params, at=clock())
    _note(fetch, clock(), run=target.run, started_at=fetch.started_at or began)
    for days in chunks(_days_left(fetch), description.window.chunk):
        if clock() - began > PATIENCE:
            _give_way(fetch, clock())
            return
        chunk = _ask(fetch, caller, target, days)
        target.refuse(chunk)
        readings = target.readings(chunk)
        with transaction.atomic():
            counts = store_chunk(target, chunk, readings, at=clock())
            _note(fetch, clock(), **counts, done_until=days.last, attempt=0, starts=1)
    _end(fetch, DONE, (), clock())


def _settle_days(fetch: Fetch, connector: Connector, at: datetime) -> None:
    """Write down which days this fetch asks for, so that it asks for the same when it goes on."""
    window = description_of(connector).window
    today = connector.workspace.day_of(at)
    days = next_days(window, done=connector.fetched_until, today=today)
    if days is None:
        days = Span(today, today)
    _note(fetch, at, first=days.first, last=days.last)


def _days_left(fetch: Fetch) -> Span:
    first = fetch.first if fetch.done_until is None else fetch.done_until + DAY
    if first is None or fetch.last is None:
        raise RuntimeError("a fetch that runs knows its days")
    return Span(first, fetch.last)


def _ask(fetch: Fetch, caller: Caller, target: Target, days: Span) -> Chunk:
    """Everything that the server says of these days; the lease is renewed with each page."""
    reader = RowReader(caller.description, caller.params, target.decimals, target.zone, days.last)
    inside = days if caller.description.replace else None
    reads: list[Read] = []
    faults: list[Fault] = []
    rows = rejected = 0
    began = caller.clock()
    for page in pages(caller, words(days, target.zone)):
        for number, row in enumerate(page.rows, page.first):
            found = reader.read(number, row, inside)
            if found and isinstance(found[0], Fault):
                rejected += 1
                faults += found[: MOST_FAULTS - len(faults)]  # type: ignore[arg-type]
            else:
                reads += found  # type: ignore[arg-type]
        rows += len(page.rows)
        if caller.clock() - began > LONGEST:
            raise Trouble(Fault("too_long"))
        _note(fetch, caller.clock(), pages=fetch.pages + 1, bytes=fetch.bytes + page.size)
    once = merged(reads, add=caller.description.add_same)
    if isinstance(once, Fault):
        raise Unreadable(once)
    return Chunk(days, once, rows, rejected, faults, reader.silent)


def _note(fetch: Fetch, at: datetime, **fields: Any) -> None:
    """Write progress and renew the lease; stop where the fetch is no longer ours."""
    fields["leased_until"] = at + LEASE
    if not Fetch.objects.filter(pk=fetch.pk, version=fetch.version).update(**fields):
        raise _Overtaken
    for name, value in fields.items():
        setattr(fetch, name, value)


def _give_way(fetch: Fetch, at: datetime) -> None:
    """Let the lease go with the work half done; the next job goes on."""
    mine = Fetch.objects.filter(pk=fetch.pk, version=fetch.version)
    mine.update(state=WAITING, leased_until=None, not_before=at, starts=0)
    fetch.refresh_from_db()


def _after_trouble(fetch: Fetch, trouble: Trouble, at: datetime) -> None:
    """Try again later what may pass, as often as is sensible; give up loudly what does not."""
    attempt = fetch.attempt + 1
    if not trouble.passing:
        _end(fetch, FAILED, (trouble.fault,), at, said=trouble.said)
        return
    if attempt >= MOST_ATTEMPTS:
        more = (("attempts", str(attempt)), ("why", trouble.fault.code))
        fault = Fault("gave_up", value=trouble.fault.value, more=more)
        _end(fetch, FAILED, (fault,), at, said=trouble.said)
        return
    wait = wait_after(attempt, asked=trouble.wait, chance=random.random())  # noqa: S311  jitter
    mine = Fetch.objects.filter(pk=fetch.pk, version=fetch.version)
    mine.update(
        state=WAITING,
        leased_until=None,
        attempt=attempt,
        starts=0,
        not_before=at + wait,
        faults=[trouble.fault.as_json()],
        said=trouble.said,
    )
    fetch.refresh_from_db()


@transaction.atomic
def _end(
    fetch: Fetch, state: str, faults: Sequence[Fault], at: datetime, *, said: str = ""
) -> None:
    """Write down how the fetch went, once, for itself, its connector and the log."""
    told = [fault.as_json() for fault in faults]
    if state == DONE:
        told = fetch.faults if fetch.rejected else []
    mine = Fetch.objects.filter(pk=fetch.pk, version=fetch.version)
    if not mine.update(state=state, finished_at=at, leased_until=None, faults=told, said=said):
        fetch.refresh_from_db()
        return
    fetch.refresh_from_db()
    close_run(fetch, at=at)
    connector = Connector.objects.filter(pk=fetch.connector_id)
    if state == DONE:
        connector.update(fetched_until=fetch.last, succeeded_at=at, failures=0)
    else:
        connector.update(failures=F("failures") + 1)
    counts = {name: getattr(fetch, name) for name in ("new", "changed", "unchanged", "withdrawn")}
    if state == FAILED or fetch.new or fetch.changed or fetch.withdrawn:
        subject = connector.get()
        record(
            CONNECTOR_FETCHED, subject, by=fetch.asked_by, at=at, name=subject.name, state=state,
            **counts,
        )  # fmt: skip
