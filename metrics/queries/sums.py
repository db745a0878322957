"""Sums as the tiers hold them: exact whole numbers; they become values in `series`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from metrics.models.observations import DirtyMark, Observation, Series, TotalMark
from metrics.models.rollups import MetricRollup, Rollup
from metrics.rules.periods import Grain

SPLIT = 10**9  # sums of halves stay far below 2^63 on every database
Sums = dict[int, int]  # input metric: scaled sum; a metric without observations is not in it
Owner = int  # a series, or a metric where all its series are meant


def facts_by_day(
    owners: Collection[Owner], first: date, last: date, *, of_series: bool
) -> Iterator[tuple[Owner, date, int]]:
    """(owner, day, sum) of the facts of a range; 1 query."""
    name = "series_id" if of_series else "series__metric_id"
    facts = Observation.objects.filter(day__range=(first, last), **{f"{name}__in": owners})
    yield from _summed(facts, name)


def facts_on_days(
    metric_ids: Collection[int], days: Collection[date]
) -> Iterator[tuple[int, date, int]]:
    """(metric, day, sum) of the facts of these days; 1 query."""
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__in=sorted(days))
    yield from _summed(facts, "series__metric_id")


def _summed(facts: QuerySet[Observation], owner: str) -> Iterator[tuple[int, date, int]]:
    rows = facts.values_list(owner, "day").annotate(
        high=Sum(F("value") / SPLIT), low=Sum(F("value") % SPLIT)
    )
    for own, day, high, low in rows.order_by().iterator(chunk_size=5_000):
        yield own, day, int(high) * SPLIT + int(low)


def totals_of(metric_ids: Collection[int], first: date, last: date) -> Sums:
    """The sum of all facts of each metric in a range, from the facts themselves; 1 query."""
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    rows = facts.values_list("series__metric_id").annotate(
        high=Sum(F("value") / SPLIT), low=Sum(F("value") % SPLIT)
    )
    return {pk: int(high) * SPLIT + int(low) for pk, high, low in rows.order_by()}


def rollups_of(
    owners: Collection[Owner], grain: Grain, first: date, last: date, *, of_series: bool
) -> Iterator[tuple[Owner, date, int]]:
    """(owner, bucket, sum) of the buckets that start in the range; 1 query."""
    tier = Rollup if of_series else MetricRollup
    name = "series_id" if of_series else "metric_id"
    rows = tier._default_manager.filter(  # type: ignore[attr-defined]
        grain=grain.code, bucket__range=(first, last), **{f"{name}__in": owners}
    )
    yield from rows.values_list(name, "bucket", "total").iterator(chunk_size=5_000)


def metric_rollups(
    metric_ids: Collection[int], grains: Iterable[Grain], first: date, last: date
) -> dict[tuple[int, int, date], int]:
    """Sums by (metric, code of the grain, bucket) for buckets that start in the range; 1 query."""
    rows = MetricRollup.objects.filter(
        metric_id__in=metric_ids,
        grain__in=[grain.code for grain in grains],
        bucket__range=(first, last),
    ).values_list("metric_id", "grain", "bucket", "total")
    return {row[:3]: row[3] for row in rows}


def series_of(metric_ids: Collection[int]) -> list[tuple[int, int, dict[str, str]]]:
    """(series, metric, dims) of everything that these metrics have; 1 query."""
    return list(
        Series.objects.filter(metric_id__in=metric_ids)
        .order_by("metric_id", "id")
        .values_list("id", "metric_id", "dims")
    )


def are_pending(metric_ids: Collection[int]) -> bool:
    """Whether facts of these metrics are not in their rollups yet; 1-2 queries."""
    return (
        DirtyMark.objects.filter(series__metric_id__in=metric_ids).exists()
        or TotalMark.objects.filter(metric_id__in=metric_ids).exists()
    )


def extents_of(metric_ids: Collection[int]) -> dict[int, tuple[date, date]]:
    """The first and the last day that have a fact, by metric, from the facts; 1 query."""
    first = Observation.objects.filter(series_id=OuterRef("id")).order_by("day").values("day")[:1]
    last = Observation.objects.filter(series_id=OuterRef("id")).order_by("-day").values("day")[:1]
    rows = (
        Series.objects.filter(metric_id__in=metric_ids)
        .annotate(first=Subquery(first), last=Subquery(last))
        .exclude(first=None)
        .values_list("metric_id", "first", "last")
    )
    found: dict[int, tuple[date, date]] = {}
    for pk, start, end in rows:
        known = found.get(pk, (start, end))
        found[pk] = (min(start, known[0]), max(end, known[1]))
    return found


def grouped(
    rows: Iterable[tuple[Owner, date, int]], group_of: Mapping[Owner, tuple[object, int]]
) -> dict[object, dict[date, Sums]]:
    """Sums by group, bucket and metric; `group_of` says for an owner its group and its metric."""
    found: dict[object, dict[date, Sums]] = defaultdict(lambda: defaultdict(dict))
    for owner, bucket, total in rows:
        place = group_of.get(owner)
        if place is not None:
            sums = found[place[0]][bucket]
            sums[place[1]] = sums.get(place[1], 0) + total
    return found
