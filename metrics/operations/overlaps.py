"""Whether a file tells days that its source has told already, in another way: a question to ask."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Max, Q

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.columns import ReadingColumns
from metrics.operations.withdrawing import Named, unnamed_places
from metrics.queries.overlaps import Place, layouts_of, told_by
from metrics.rules.mapping import REPLACE_DAYS, MappingDocument
from metrics.rules.overlaps import Layout, Told, days_between

REACH = timedelta(days=400)  # how long the spans are at most that reach into the file's days


@dataclass(frozen=True)
class InFile:
    """A file that was read: its mapping, the days that it covers, its readings by chunks."""

    mapping: MappingDocument
    days: tuple[date, date] | None
    chunks: Callable[[], Iterable[ReadingColumns]]

    @property
    def layout(self) -> Layout:
        """The dimensions by which it tells."""
        names = frozenset(name for name, _column in self.mapping.dims)
        return Layout(names, keyed=bool(self.mapping.key))

    @property
    def named(self) -> Iterator[Named]:
        """Every metric and key."""
        for found in self.chunks():
            yield from zip(found.metric.tolist(), found.khash.tolist(), strict=True)


def told_already(run: ImportRun, file: InFile, metrics: Sequence[Metric]) -> dict[str, int]:
    """How many days of each of these additive metrics would count twice, by key; only such.

    They count twice where what the source has told, and the file neither names nor replaces, tells
    the same by other dimensions or over other spans.
    """
    keys = {metric.pk: metric.key for metric in metrics}
    stored = _doubtful(run, file, list(keys)) if keys else []
    if not stored:
        return {}
    layouts = layouts_of({place.import_id for place in stored})
    brought = _brought(file, keys)
    found: dict[str, int] = {}
    for (metric_id, _source), told in told_by(stored, layouts).items():
        if metric_id in brought:
            days = {day for side in told for day in days_between(brought[metric_id], side)}
            found |= {keys[metric_id]: len(days)} if days else {}
    return dict(sorted(found.items()))


def _doubtful(run: ImportRun, file: InFile, metrics: Sequence[int]) -> list[Place]:
    """Where stands what the file leaves there and may tell again; 1-2 queries."""
    if file.days is None or run.source_id is None:
        return []
    first, last = file.days
    facts = Observation.objects.filter(
        Q(day__lte=last) | Q(span__gt=1),
        source=run.source_id,
        series__metric_id__in=metrics,
        day__range=(first, last + REACH),
    )
    spans = dict(facts.values_list("import_id").annotate(Max("span")).order_by())
    layouts = layouts_of(spans)
    alike = [pk for pk in spans if layouts.get(pk) == file.layout]
    is_wide = run.details["spooled"]["longest_span"] > 1
    if not is_wide and len(alike) == len(spans) and max(spans.values(), default=1) == 1:
        return []
    places = unnamed_places(
        run, file.named, metrics=metrics, days=(first, last + REACH),
        but_alone_of=() if is_wide else alike,
    )  # fmt: skip
    if file.mapping.mode != REPLACE_DAYS:
        return places
    return [place for place in places if place.day > last]


def _brought(file: InFile, keys: Iterable[int]) -> dict[int, Told]:
    """What the file tells of the metrics, by their id."""
    found = {metric_id: Told(file.layout) for metric_id in keys}
    for chunk in file.chunks():
        pairs, index = chunk.series
        dims = [frozenset((name, text) for name, text in dims if text) for _metric, dims in pairs]
        for at, day, span in np.unique(np.stack([index, chunk.day, chunk.span]), axis=1).T.tolist():
            if pairs[at][0] in found:
                found[pairs[at][0]].add(dims[at], day, span)
    return found
