"""In which layouts a source told its days, read for those that told them in more than one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from metrics.models.imports import ImportRun
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


def told_in_layouts(
    metric_ids: Collection[int], first: date, last: date, wide: Collection[By]
) -> dict[By, list[Told]]:
    """What each source told of each metric that it may have told twice; 2-4 queries.

    Those are `wide` ones, which have values of several days, and those of several layouts.
    """
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    runs = facts.values_list("series__metric_id", "source", "import_id").order_by().distinct()
    brought: dict[By, set[int]] = {}
    for metric, source, run in runs:
        brought.setdefault((metric, source), set()).add(run)
    layouts = layouts_of({run for found in brought.values() for run in found})
    doubtful = {
        by
        for by, found in brought.items()
        if by in wide or len({layouts.get(run) for run in found}) > 1
    }
    if not doubtful:
        return {}
    rows = facts.filter(series__metric_id__in={metric for metric, _source in doubtful})
    places = rows.values_list(
        "series__metric_id", "source", "series_id", "import_id", "day", "span"
    )
    found = (Place(*row) for row in places.order_by().distinct().iterator(chunk_size=5_000))
    return told_by((place for place in found if place[:2] in doubtful), layouts)


def layouts_of(runs: Collection[int]) -> dict[int, Layout]:
    """How each run of a file told what it brought; runs without a mapping have none; 1 query."""
    rows = ImportRun.objects.filter(pk__in=runs).exclude(file="")
    return {
        pk: Layout(frozenset(dims or ()), bool(key))
        for pk, dims, key in rows.values_list("pk", "mapping__dims", "mapping__key")
    }


def told_by(places: Iterable[Place], layouts: Mapping[int, Layout]) -> dict[By, list[Told]]:
    """The places by layout; what came without a mapping is one layout of all its names; 1 query."""
    kept = list(places)
    series = Series.objects.filter(metric_id__in={place.metric_id for place in kept})
    dims: dict[int, Pairs] = {
        pk: frozenset(pairs.items()) for pk, pairs in series.values_list("pk", "dims")
    }
    bare: dict[By, set[str]] = {}
    for place in kept:
        if place.import_id not in layouts:
            names = {name for name, _value in dims[place.series_id]}
            bare.setdefault((place.metric_id, place.source_id), set()).update(names)
    found: dict[By, dict[Layout, Told]] = {}
    for place in kept:
        by = (place.metric_id, place.source_id)
        layout = layouts.get(place.import_id) or Layout(frozenset(bare[by]))
        told = found.setdefault(by, {}).setdefault(layout, Told(layout))
        told.add(dims[place.series_id], place.day.toordinal(), place.span)
    return {by: list(told.values()) for by, told in found.items()}
