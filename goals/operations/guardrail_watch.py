"""Noticing guardrails that break and mend, and telling whom the goal concerns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from goals.models import Guardrail
from goals.operations.updates import News, tell_news
from goals.queries.guardrails import Guarded, guarded_of
from goals.rules import amounts
from goals.rules.guardrails import Health, is_clear, settle
from goals.verbs import GUARDRAIL_BROKEN, GUARDRAIL_MENDED
from metrics.queries.series import revisions_of
from workspaces.models import Workspace
from workspaces.operations.recording import record

FIELDS = ("told", "told_at", "pending", "pending_on", "watched_revision", "watched_on")


def watch_guardrails(workspace: Workspace, *, at: datetime) -> int:
    """Look at the guardrails of open goals whose metric or day has moved; how many.

    Safe to run twice and by two at once: one that moved meanwhile is left for the next sweep.
    """
    today = workspace.day_of(at)
    rails = list(
        Guardrail.objects.select_related("metric", "goal")
        .filter(workspace=workspace, goal__closed_at=None)
        .order_by("pk")
    )
    revisions = revisions_of(workspace, {rail.metric_id for rail in rails})
    due = [
        rail
        for rail in rails
        if (rail.watched_revision, rail.watched_on) != (revisions.get(rail.metric_id, 0), today)
    ]
    if due:
        found = guarded_of(workspace, due, at)
        _store(due, found, revisions, today=today, at=at)
    return len(due)


@transaction.atomic
def _store(
    rails: Sequence[Guardrail],
    found: Mapping[int, Guarded],
    revisions: Mapping[int, int],
    *,
    today: date,
    at: datetime,
) -> None:
    """Write down what was seen, one event for each guardrail that broke or mended."""
    seen = {rail.pk: _fingerprint(rail) for rail in rails}
    rows = Guardrail.objects.select_related("metric", "goal").filter(pk__in=seen)
    kept = [
        row
        for row in rows.select_for_update(of=("self",)).order_by("pk")
        if _fingerprint(row) == seen[row.pk]
    ]
    changed = []
    for row in kept:
        before = row.told
        _hold(row, found[row.pk], today=today, at=at)
        row.watched_revision, row.watched_on = revisions.get(row.metric_id, 0), today
        if before != row.told and Health.BROKEN.value in {before, row.told}:
            changed.append(row)
    Guardrail.objects.bulk_update(kept, FIELDS)
    _tell(changed, found, at=at)


def _fingerprint(rail: Guardrail) -> tuple[object, ...]:
    """What must not have changed between reading the numbers and writing them down."""
    terms = (rail.bound_value, rail.grain, rail.definition_revision)
    return (*terms, *(getattr(rail, name) for name in FIELDS))


def _hold(rail: Guardrail, found: Guarded, *, today: date, at: datetime) -> None:
    clear = is_clear(found.margin, bound=rail.bound)
    guard = settle(rail.guard, found.health, clear=clear, today=today)
    if guard.told.value != rail.told:
        rail.told, rail.told_at = guard.told.value, at
    rail.pending = guard.pending.value if guard.pending else ""
    rail.pending_on = guard.pending_on


def _tell(rails: Sequence[Guardrail], found: Mapping[int, Guarded], *, at: datetime) -> None:
    news = []
    for rail in rails:
        verb = GUARDRAIL_BROKEN if rail.told == Health.BROKEN.value else GUARDRAIL_MENDED
        said = {
            "title": rail.goal.title,
            "metric": rail.metric.name,
            "guardrail": rail.pk,
            "value": amounts.stored(found[rail.pk].value),
            "bound": rail.bound_value,
            **rail.metric.measure,
        }
        record(verb, rail.goal, by=None, at=at, **said)
        news.append(News(rail.goal, verb, said, f"guardrail {rail.pk} {at.isoformat()}"))
    tell_news(news, at=at)
