"""Work as a metric: switching it on, and telling the metric what is done, undone and open."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count as numbers

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.operations.definition_checks import Definition
from metrics.operations.definitions import define_metric
from metrics.operations.observations import Reading, record_observations, withdraw_observations
from metrics.rules.dims import as_text
from tasks.models import ToldCount, WorkCount
from tasks.queries.counts import AGREEMENT, OF_CARDS, Fact, facts_of_work, told_of
from tasks.verbs import WORK_COUNTED, WORK_NOT_COUNTED
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Refused

log = logging.getLogger(__name__)
JOB = "count_work"
SOURCE = "Boards"
CHUNK = 2_000
Kind = WorkCount.Kind
KEYS = {
    Kind.DONE: "cards_done",
    Kind.ON_TIME: "cards_on_time",
    Kind.KEPT: "promises_kept",
    Kind.OPEN: "open_cards",
}


@transaction.atomic
def switch_count(
    workspace: Workspace, *, kind: str, on: bool, by: Membership, at: datetime
) -> WorkCount | None:
    """Let the work feed a built-in metric from now on, or no longer; its numbers stay.

    The first time defines the metric; a job tells it all that was done until now.
    """
    if kind not in Kind.values:
        raise Refused(
            _("There is nothing of the kind to count."), code="unknown_kind", field="kind"
        )
    held = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    row = WorkCount.objects.filter(workspace=held, kind=kind).select_related("metric").first()
    if (row is not None and row.is_on) == on:
        return row
    if row is None:
        metric = _define(held, Kind(kind), by=by, at=at)
        row = WorkCount.objects.create(
            workspace=held, kind=kind, metric=metric, begins_on=held.day_of(at)
        )
    else:
        row.is_on = on
        row.save(update_fields=["is_on"])
    verb = WORK_COUNTED if on else WORK_NOT_COUNTED
    record(verb, row, by=by, at=at, name=row.metric.name)
    wake(JOB)
    return row


def count_work(*, at: datetime) -> int:
    """Tell every built-in metric what has changed of the work; how many facts. May run twice."""
    rows = WorkCount.objects.filter(is_on=True).select_related("workspace", "metric")
    return sum(_feed(row, at) for row in rows.order_by("pk"))


def _feed(row: WorkCount, at: datetime) -> int:
    """Send what the metric lacks, take back what is so no more; while it is closed, wait."""
    wanted, told = facts_of_work(row, at), told_of(row, row.workspace.day_of(at))
    fresh = [key for key, fact in wanted.items() if not _is_told(told.get(key), fact)]
    gone = [key for key in told if key not in wanted]
    try:
        for keys in _chunks(fresh):
            _send(row, {key: wanted[key] for key in keys}, at)
        for keys in _chunks(gone):
            _take_back(row, keys, at)
    except Refused as refusal:
        log.warning("%s of %s waits: %s", row.kind, row.workspace, refusal.message)
        return 0
    return len(fresh) + len(gone)


@transaction.atomic
def _send(row: WorkCount, facts: dict[str, Fact], at: datetime) -> None:
    """Record the facts, and keep that they were told."""
    readings = [
        Reading(row.metric_id, fact.day, fact.value, fact.dims, _key(row, key))
        for key, fact in facts.items()
    ]
    record_observations(row.workspace, source=SOURCE, readings=readings, by=None, at=at, kind="job")
    ToldCount.objects.bulk_create(
        [
            ToldCount(
                workspace_id=row.workspace_id,
                count=row,
                key=key,
                day=fact.day,
                value=fact.value,
                dims=as_text(fact.dims),
            )
            for key, fact in facts.items()
        ],
        update_conflicts=True,
        unique_fields=["count", "key"],
        update_fields=["day", "value", "dims"],
    )


@transaction.atomic
def _take_back(row: WorkCount, keys: Sequence[str], at: datetime) -> None:
    """Withdraw facts: a card was taken up again, or is in the trash."""
    pairs = [(row.metric_id, _key(row, key)) for key in keys]
    withdraw_observations(row.workspace, source=SOURCE, keys=pairs, by=None, at=at)
    ToldCount.objects.filter(count=row, key__in=keys).delete()


def _key(row: WorkCount, key: str) -> str:
    return f"{row.kind}|{key}"


def _is_told(told: ToldCount | None, fact: Fact) -> bool:
    if told is None:
        return False
    return (told.day, told.value, told.dims) == (fact.day, fact.value, as_text(fact.dims))


def _chunks(keys: Iterable[str]) -> Iterator[Sequence[str]]:
    rows = list(keys)
    return (rows[first : first + CHUNK] for first in range(0, len(rows), CHUNK))


def _define(workspace: Workspace, kind: WorkCount.Kind, *, by: Membership, at: datetime) -> Metric:
    """The metric of a kind, under a key that is still free."""
    names = {
        Kind.DONE: (_("Cards done"), _("Cards that were finished, by the day when.")),
        Kind.ON_TIME: (_("Cards done on time"), _("Cards finished by their due day.")),
        Kind.KEPT: (_("Promises kept"), _("Answers that came in the time that was agreed on.")),
        Kind.OPEN: (_("Open cards"), _("Cards that are not done, at the end of the day.")),
    }
    name, description = names[kind]
    definition = Definition(
        _free_key(workspace, KEYS[kind]),
        name,
        kind="last" if kind == Kind.OPEN else "additive",
        direction="down" if kind == Kind.OPEN else "up",
        description=description,
        cadence_days=1,
        allowed_dims=(AGREEMENT,) if kind == Kind.KEPT else OF_CARDS,
    )
    return define_metric(workspace, definition=definition, by=by, at=at)


def _free_key(workspace: Workspace, stem: str) -> str:
    taken = set(Metric.objects.filter(workspace=workspace).values_list("key", flat=True))
    keys = (stem if number == 1 else f"{stem}_{number}" for number in numbers(1))
    return next(key for key in keys if key not in taken)
