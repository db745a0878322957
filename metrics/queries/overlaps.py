"""In which layouts a source told its days, read for those that told them in more than one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from metrics.models.imports import STABLE, ImportRun, Source
from metrics.models.observations import Observation, Series
from metrics.rules.overlaps import Layout, Pairs, Told


class Place(NamedTuple):
    """Where facts stand: `span` days that end with `day`, brought by a run."""

    metric_id: int
    source_id: int
    series_id: int
    import_id: int
    day: date
    span: int


By = tuple[int, int]  # metric and source
NONE = frozenset[int]()


class Alone(NamedTuple):
    """Runs without a mapping that told on purpose by the dimensions that their rows have.

    All of some sources, those without keys, of which a batch tells its days as a whole; and what
    people typed. Where rows have keys, one without a dimension lacks it: no other breakdown.
    """

    sources: frozenset[int] = NONE
    runs: frozenset[int] = NONE

    def holds(self, place: Place) -> bool:
        """Whether the run of a place is one of them."""
        return place.source_id in self.sources or place.import_id in self.runs


def told_in_layouts(
    metric_ids: Collection[int], first: date, last: date, wide: Collection[By]
) -> dict[By, list[Told]]:
    """What each source told of each metric that it may have told twice; 2-8 queries.

    Those are `wide` ones, which have values of several days, and those of several layouts.
    """
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    runs = facts.values_list("series__metric_id", "source", "import_id").order_by().distinct()
    brought: dict[By, set[int]] = {}
    for metric, source, run in runs:
        brought.setdefault((metric, source), set()).add(run)
    layouts = layouts_of({run for found in brought.values() for run in found})
    bare = {by: found - layouts.keys() for by, found in brought.items() if found - layouts.keys()}
    alone = _alone(bare) if bare else Alone()
    doubtful = {
        by
        for by, found in brought.items()
        if by in wide or len({layouts.get(run) for run in found}) > 1
    }
    may = {by for by, runs in bare.items() if by[1] in alone.sources or runs & alone.runs}
    doubtful |= _by_several_names(facts, may - doubtful)
    if not doubtful:
        return {}
    rows = facts.filter(series__metric_id__in={metric for metric, _source in doubtful})
    places = rows.values_list(
        "series__metric_id", "source", "series_id", "import_id", "day", "span"
    )
    found = (Place(*row) for row in places.order_by().distinct().iterator(chunk_size=5_000))
    return told_by((place for place in found if place[:2] in doubtful), layouts, alone)


def _alone(bare: Mapping[By, Collection[int]]) -> Alone:
    """Which of the runs without a mapping told by the dimensions of their rows; 2 queries."""
    sources = Source.objects.filter(pk__in={source for _metric, source in bare}, keys=STABLE)
    typed = ImportRun.objects.filter(pk__in={pk for runs in bare.values() for pk in runs})
    return Alone(
        frozenset(sources.values_list("pk", flat=True)),
        frozenset(typed.filter(kind="manual").values_list("pk", flat=True)),
    )


def _by_several_names(facts: QuerySet[Observation], among: Collection[By]) -> set[By]:
    """Of which the rows have not all the same dimensions; 2 queries where there are any."""
    if not among:
        return set()
    rows = facts.filter(series__metric_id__in={metric for metric, _source in among})
    places = rows.values_list("series__metric_id", "source", "series_id").order_by().distinct()
    found: dict[By, set[int]] = {}
    for metric, source, pk in places:
        if (metric, source) in among:
            found.setdefault((metric, source), set()).add(pk)
    names = {
        pk: frozenset(dims)
        for pk, dims in Series.objects.filter(
            metric_id__in={metric for metric, _source in found}
        ).values_list("pk", "dims")
    }
    return {by for by, series in found.items() if len({names[pk] for pk in series}) > 1}


def layouts_of(runs: Collection[int]) -> dict[int, Layout]:
    """How each run of a file told what it brought; runs without a mapping have none; 1 query."""
    rows = ImportRun.objects.filter(pk__in=runs).exclude(file="")
    return {
        pk: Layout(frozenset(dims or ()), bool(key))
        for pk, dims, key in rows.values_list("pk", "mapping__dims", "mapping__key")
    }


def told_by(
    places: Iterable[Place], layouts: Mapping[int, Layout], alone: Alone | None = None
) -> dict[By, list[Told]]:
    """The places by layout; 1 query.

    What came without a mapping is one layout of all its names, or of those of each run `alone`.
    """
    alone = alone or Alone()
    kept = list(places)
    series = Series.objects.filter(metric_id__in={place.metric_id for place in kept})
    dims: dict[int, Pairs] = {
        pk: frozenset(pairs.items()) for pk, pairs in series.values_list("pk", "dims")
    }
    bare: dict[tuple[int, int, int], set[str]] = {}
    for place in kept:
        if place.import_id not in layouts:
            names = {name for name, _value in dims[place.series_id]}
            bare.setdefault(_batch(place, alone), set()).update(names)
    found: dict[By, dict[Layout, Told]] = {}
    for place in kept:
        by = (place.metric_id, place.source_id)
        layout = layouts.get(place.import_id) or Layout(frozenset(bare[_batch(place, alone)]))
        told = found.setdefault(by, {}).setdefault(layout, Told(layout))
        told.add(dims[place.series_id], place.day.toordinal(), place.span)
    return {by: list(told.values()) for by, told in found.items()}


def _batch(place: Place, alone: Alone) -> tuple[int, int, int]:
    """What is told as one: by the run, or by all runs of the source (0)."""
    return place.metric_id, place.source_id, place.import_id if alone.holds(place) else 0
