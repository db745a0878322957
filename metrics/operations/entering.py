"""Values that a person saw before they changed them: one by REST, a grid of them by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models.imports import MAY_MOVE, STABLE, Source
from metrics.models.observations import Observation
from metrics.operations.observations import (
    Reading,
    prepare_series,
    record_observations,
    withdraw_observations,
)
from metrics.operations.series import find_source
from metrics.queries.facts import facts_at
from metrics.rules.keys import hash_key, plain_key
from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Stale

MANUAL = "manual"  # the source of what people enter, and the kind of its runs
ANY = -1  # whatever stands there


@dataclass(frozen=True)
class Entry:
    """What is to stand under a key, and the version that was seen there: None is nothing.

    The reading's value counts, unless `withdrawn`.
    """

    reading: Reading
    seen: int | None = ANY
    withdrawn: bool = False

    @property
    def name(self) -> tuple[int, str]:
        """The metric and the key; without one of its own, the first row of its day and dims."""
        found = self.reading
        return found.metric_id, found.key or plain_key(found.day, found.dims, 1)


@dataclass(frozen=True)
class Entered:
    """How many values are new, changed and withdrawn."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0


def enter_values(
    workspace: Workspace,
    *,
    source: str,
    entries: Sequence[Entry],
    by: Membership | None,
    at: datetime,
    kind: str = "rest",
) -> Entered:
    """Store and withdraw values together; Stale where one was changed since it was seen.

    `current` of Stale says what stands there now: the fact or None, by (metric, key).
    """
    kept = [entry.reading for entry in entries if not entry.withdrawn]
    gone = [entry.name for entry in entries if entry.withdrawn]
    has_keys = any(reading.key is not None for reading in kept)
    origin = find_source(workspace, source, keys=MAY_MOVE if has_keys else STABLE)
    prepare_series(kept)
    with transaction.atomic():
        # Who enters a value where there is none yet has no row to lock but that of the source.
        Source.objects.select_for_update(no_key=True).get(pk=origin.pk)
        _refuse_stale(origin, entries)
        new = changed = 0
        if kept:
            stored = record_observations(
                workspace, source=source, readings=kept, by=by, at=at, kind=kind
            )
            new, changed = stored.new, stored.changed
        withdrawn = 0
        if gone:
            withdrawn = withdraw_observations(workspace, source=source, keys=gone, by=by, at=at)
    return Entered(new, changed, withdrawn)


def _refuse_stale(origin: Source, entries: Sequence[Entry]) -> None:
    """Compare what stands there with what was seen."""
    judged = [entry for entry in entries if entry.seen != ANY]
    present = facts_at(origin.pk, [entry.name for entry in judged])
    changed: dict[tuple[int, str], Observation | None] = {}
    for entry in judged:
        metric_id, key = entry.name
        fact = present.get((metric_id, hash_key(origin.pk, key)))
        if (fact.import_id if fact else None) != entry.seen:
            changed[metric_id, key] = fact
    if changed:
        raise Stale(_("Somebody changed this value meanwhile."), current=changed)
