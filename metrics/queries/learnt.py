"""What was learnt about a metric: the facts that are known otherwise, and who brought that."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.queries.answers import Total, change_of
from metrics.queries.known import MOST_CHANGES, Change, Place, difference
from metrics.queries.totals import read_totals
from metrics.rules.amounts import unscale
from metrics.rules.periods import Span
from metrics.rules.uniques import PERSON


@dataclass(frozen=True)
class Learnt:
    """One fact: its place and value before (None: it was new) and after (None: taken out).

    A person has no value: being there is all that counts. `run` brought the change.
    """

    change: Change
    before: Decimal | None
    after: Decimal | None
    run: ImportRun | None

    @property
    def place(self) -> Place:
        """Where it stands, or stood until it was taken out."""
        found = self.change.after or self.change.before
        if found is None:
            raise AssertionError("a change has a place")
        return found

    @property
    def moved_from(self) -> Place | None:
        """Where it stood before, if that was another day or other dimensions."""
        old, new = self.change.before, self.change.after
        if old is None or new is None or (old.day, old.dims) == (new.day, new.dims):
            return None
        return old

    @property
    def difference(self) -> Decimal | None:
        """What it did to the sum of its days; None of a person."""
        if self.place.span == PERSON:
            return None
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True)
class RunPart:
    """One run, and how many facts it made new, corrected and took out."""

    run: ImportRun | None
    new: int
    corrected: int
    gone: int


@dataclass(frozen=True)
class WhatWasLearnt:
    """What is known otherwise at one instant than at an earlier one, by day.

    `span` are the days that it touches, with the metric's value over them as known at both;
    `is_cut` says that there is more than is listed.
    """

    changes: list[Learnt]
    runs: list[RunPart]
    is_cut: bool
    span: Span | None
    before: Total | None
    after: Total | None

    @property
    def change(self) -> Decimal | None:
        """From the value as it was known to the value as it is, as a share."""
        return change_of(self.after, self.before) if self.after else None


def what_was_learnt(metric: Metric, *, since: datetime, until: datetime) -> WhatWasLearnt:
    """What was learnt about a measured metric; a constant number of queries."""
    found = difference(metric, known_from=since, known_to=until)
    runs = ImportRun.objects.select_related("source", "by__user").in_bulk(
        {change.changed_by for change in found}
    )
    changes = [_learnt(change, metric, runs.get(change.changed_by)) for change in found]
    days = {place.day for one in found for place in (one.before, one.after) if place}
    span = Span(min(days), max(days)) if days else None
    return WhatWasLearnt(
        changes,
        _parts(changes),
        len(found) >= MOST_CHANGES,
        span,
        read_totals(metric, span, known_at=since).whole if span else None,
        read_totals(metric, span, known_at=until).whole if span else None,
    )


def _learnt(change: Change, metric: Metric, run: ImportRun | None) -> Learnt:
    before, after = (value_of(place, metric) for place in (change.before, change.after))
    return Learnt(change, before, after, run)


def value_of(place: Place | None, metric: Metric) -> Decimal | None:
    """What a fact said, in the metric's unit; None where there was none, and of a person."""
    if place is None or place.span == PERSON:
        return None
    return unscale(place.value, metric.decimals)


def _parts(changes: Collection[Learnt]) -> list[RunPart]:
    """The runs behind the changes, the one that brought most first."""
    runs = {one.change.changed_by: one.run for one in changes}
    kinds = Counter((one.change.changed_by, _kind(one.change)) for one in changes)
    parts = [
        RunPart(run, kinds[pk, "new"], kinds[pk, "corrected"], kinds[pk, "gone"])
        for pk, run in runs.items()
    ]
    return sorted(parts, key=lambda part: -(part.new + part.corrected + part.gone))


def _kind(change: Change) -> str:
    if change.before is None:
        return "new"
    return "gone" if change.after is None else "corrected"
