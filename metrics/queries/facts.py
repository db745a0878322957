"""The facts themselves, for programs that check what was stored and for who enters by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun, Source
from metrics.models.observations import KeyPlace, Observation, ObservationHistory, Series
from metrics.rules.amounts import unscale
from metrics.rules.dims import canonical, hash_of, is_sound, plain_value
from metrics.rules.keys import hash_key, plain_key, read_plain_key
from metrics.rules.periods import FIRST_DAY, LAST_DAY
from workspaces.models import Workspace

COPIES = 3  # of equal rows without a key, of which the key is told
Place = tuple[int, date, int]  # series, day, hash of the key


@dataclass(frozen=True)
class Wanted:
    """Which facts of a metric: days, source and key by name, dimensions; None is any."""

    first: date | None = None
    last: date | None = None
    source: str | None = None
    key: str | None = None
    where: Sequence[tuple[str, str | None]] = ()


@dataclass(frozen=True)
class Fact:
    """A fact as programs are told; a key of its own is stored as a hash only and is None."""

    metric: str
    day: date
    value: str
    dims: Mapping[str, str]
    source: str
    key: str | None
    version: int


@dataclass(frozen=True)
class Past:
    """What a fact said between two instants, and who said so; `until` None is still so."""

    day: date
    value: str
    dims: Mapping[str, str]
    since: datetime | None
    until: datetime | None
    by: str | None
    version: int
    reason: str


def facts_of(metric: Metric, wanted: Wanted) -> QuerySet[Observation]:
    """The observations that are wanted, with their series, by day; 1 query, 2 with a name."""
    days = (wanted.first or FIRST_DAY, wanted.last or LAST_DAY)
    rows = Observation.objects.filter(series__metric=metric, day__range=days)
    if wanted.source is not None or wanted.key is not None:
        sources = sources_of(metric.workspace_id, wanted.source)
        rows = rows.filter(source__in=sources)
        if wanted.key is not None:
            rows = rows.filter(khash__in=[hash_key(source, wanted.key) for source in sources])
    if wanted.where:
        rows = rows.filter(series__in=_series_with(metric, wanted.where))
    return rows.select_related("series").order_by("day", "series_id", "khash")


def _series_with(metric: Metric, where: Sequence[tuple[str, str | None]]) -> list[int]:
    """The series that have, of each dimension, one of the wanted values; 1 query."""
    accepted: dict[str, set[str | None]] = {}
    for name, value in where:
        accepted.setdefault(name, set()).add(plain_value(value))
    known = Series.objects.filter(metric=metric).values_list("pk", "dims")
    return [
        pk
        for pk, dims in known
        if all(dims.get(name) in values for name, values in accepted.items())
    ]


def sources_of(workspace_id: int, name: str | None) -> list[int]:
    """The ids of the sources of that name, of all without one; 1 query."""
    rows = Source.objects.filter(workspace=workspace_id)
    if name is not None:
        rows = rows.filter(name=name) if is_sound(name) else rows.none()
    return list(rows.values_list("pk", flat=True))


def source_names(workspace: Workspace) -> dict[int, str]:
    """The names of the workspace's sources; 1 query."""
    return dict(Source.objects.filter(workspace=workspace).values_list("pk", "name"))


def told_facts(
    metric: Metric, rows: Iterable[Observation], sources: Mapping[int, str]
) -> list[Fact]:
    """The rows as programs are told."""
    return [
        Fact(
            metric=metric.key,
            day=row.day,
            value=format(unscale(row.value, metric.decimals), "f"),
            dims=row.series.dims,
            source=sources.get(row.source, ""),
            key=_key_of(row),
            version=row.import_id,
        )
        for row in rows
    ]


def _key_of(row: Observation) -> str | None:
    """The key of a row that was sent without one, as it can be asked for."""
    dims = canonical(row.series.dims)
    keys = (plain_key(row.day, dims, copy) for copy in range(1, COPIES + 1))
    return next((key for key in keys if hash_key(row.source, key) == row.khash), None)


def places_of(source_id: int, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, int], Place]:
    """Where the facts of these (metric, key) would stand that say day and dimensions themselves.

    By metric and hash of the key. Keys that say nothing have their place in KeyPlace.
    """
    said = [(metric_id, key, read_plain_key(key)) for metric_id, key in wanted]
    plain = [(metric_id, key, found) for metric_id, key, found in said if found is not None]
    hashes = {(metric_id, hash_of(dims)) for metric_id, _key, (_day, dims) in plain}
    rows = Series.objects.filter(
        metric_id__in={metric_id for metric_id, _hash in hashes},
        dims_hash__in={code for _metric, code in hashes},
    )
    series = {(row.metric_id, row.dims_hash): row.pk for row in rows} if plain else {}
    return {
        (metric_id, khash): (series[metric_id, hash_of(dims)], day, khash)
        for metric_id, key, (day, dims) in plain
        if (metric_id, hash_of(dims)) in series
        for khash in [hash_key(source_id, key)]
    }


def facts_at(
    source_id: int, wanted: Sequence[tuple[int, str]]
) -> dict[tuple[int, int], Observation]:
    """The facts of these (metric, key), wherever they stand now, by metric and hash of the key.

    3 queries, whatever their number.
    """
    codes = {(metric_id, hash_key(source_id, key)) for metric_id, key in wanted}
    places = places_of(source_id, wanted)
    kept = KeyPlace.objects.filter(
        source=source_id,
        metric_id__in={metric_id for metric_id, _khash in codes},
        khash__in={khash for _metric, khash in codes},
    )
    for row in kept:
        if (row.metric_id, row.khash) in codes:
            places[row.metric_id, row.khash] = (row.series_id, row.day, row.khash)
    standing = set(places.values())
    rows = Observation.objects.filter(
        series_id__in={series_id for series_id, _day, _khash in standing},
        day__in={day for _series, day, _khash in standing},
        khash__in={khash for _series, _day, khash in standing},
    ).select_related("series")
    return {
        (row.series.metric_id, row.khash): row
        for row in rows
        if (row.series_id, row.day, row.khash) in standing
    }


def find_fact(metric: Metric, source: Source, key: str) -> Observation | None:
    """The fact of a key, wherever it stands now; 3 queries."""
    found = facts_at(source.pk, [(metric.pk, key)])
    return found.get((metric.pk, hash_key(source.pk, key)))


def history_of(metric: Metric, source: Source, key: str) -> list[Past]:
    """What the fact of a key said from its first day on, oldest first; at most 6 queries."""
    past = list(
        ObservationHistory.objects.filter(
            khash=hash_key(source.pk, key),
            source=source.pk,
            series_id__in=Series.objects.filter(metric=metric).values("pk"),
        ).order_by("known_to", "pk")
    )
    present = find_fact(metric, source, key)
    runs = ImportRun.objects.select_related("by__user").in_bulk(
        {row.import_id for row in past} | ({present.import_id} if present else set())
    )
    series = Series.objects.in_bulk({row.series_id for row in past})

    def said(
        row: Observation | ObservationHistory, dims: Mapping[str, str], until: datetime | None
    ) -> Past:
        run = runs.get(row.import_id)
        value = format(unscale(row.value, metric.decimals), "f")
        reason = row.reason if isinstance(row, ObservationHistory) else ""
        by = run.by.user.display_name if run and run.by else None
        learnt = run.created_at if run else None
        since = row.known_from if isinstance(row, ObservationHistory) else learnt
        return Past(row.day, value, dims, since, until, by, row.import_id, reason)

    told = [
        said(row, series[row.series_id].dims if row.series_id in series else {}, row.known_to)
        for row in past
    ]
    return [*told, said(present, present.series.dims, None)] if present else told
