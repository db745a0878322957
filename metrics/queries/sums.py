"""Sums as the tiers hold them: exact whole numbers; they become values in `series`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value

from metrics.models.definitions import UNIQUE, Metric
from metrics.models.observations import DirtyMark, Observation, Series, TotalMark
from metrics.models.rollups import MetricRollup, Rollup
from metrics.queries.uniques import window_begins
from metrics.rules.periods import Grain

SPLIT = 10**9  # sums of halves stay far below 2^63 on every database
Sums = dict[int, int]  # input metric: scaled sum; a metric without observations is not in it
Owner = int  # a series, or a metric where all its series are meant


def of_tiles(
    owners: Collection[Owner],
    ranges: Mapping[Grain, Sequence[tuple[date, date]]],
    *,
    of_series: bool,
) -> Iterator[tuple[Owner, int, date, int]]:
    """(owner, code of the grain, first day, sum) of every bucket that starts in these ranges.

    Days are summed from the facts, all else comes from the rollups; 1 query.
    """
    parts = []
    buckets: dict[Grain, Sequence[tuple[date, date]]] = {
        grain: pairs for grain, pairs in ranges.items() if grain is not Grain.DAY
    }
    if buckets:
        parts.append(_tiers(owners, buckets, of_series=of_series))
    if Grain.DAY in ranges:
        parts.append(_days(owners, ranges[Grain.DAY], of_series=of_series))
    if not parts:
        return
    query = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for owner, grain, start, high, low in query.iterator(chunk_size=5_000):
        yield owner, grain, start, int(high) * SPLIT + int(low)


def _tiers(
    owners: Collection[Owner],
    ranges: Mapping[Grain, Sequence[tuple[date, date]]],
    *,
    of_series: bool,
) -> QuerySet[Any]:
    name = "series_id" if of_series else "metric_id"
    tier = Rollup if of_series else MetricRollup
    which = Q()
    for grain, pairs in ranges.items():
        which |= Q(grain=grain.code) & _within("bucket", pairs)
    rows = tier._default_manager.filter(which, **{f"{name}__in": owners})  # type: ignore[attr-defined]
    return rows.order_by().values_list(name, "grain", "bucket", Value(0), "total")


def _days(
    owners: Collection[Owner], pairs: Sequence[tuple[date, date]], *, of_series: bool
) -> QuerySet[Any]:
    name = "series_id" if of_series else "series__metric_id"
    facts = Observation.objects.filter(_within("day", pairs), **{f"{name}__in": owners})
    rows = facts.order_by().annotate(grain=Value(Grain.DAY.code))
    grouped_rows = rows.values_list(name, "grain", "day")
    return grouped_rows.annotate(high=Sum(F("value") / SPLIT), low=Sum(F("value") % SPLIT))


def _within(name: str, pairs: Sequence[tuple[date, date]]) -> Q:
    """The condition that a day lies in one of the ranges."""
    which = Q()
    for pair in pairs:
        which |= Q(**{f"{name}__range": pair})
    return which


@dataclass(frozen=True)
class State:
    """Whether newer facts of a metric wait to be rolled up, and its first and last day with one.

    The first day of a count without ids is the one on which its window begins; `cadence` is what
    was stated.
    """

    pending: bool
    first: date | None
    last: date | None
    cadence: int | None = None


def states_of(metric_ids: Collection[int], *, extents: bool) -> dict[int, State]:
    """The state of measured metrics; without `extents` the last day is that of the rollups alone.

    1 query, and with extents 1 more for the windows of unique metrics.
    """
    rows = Metric.objects.filter(pk__in=metric_ids).annotate(
        pending=Exists(DirtyMark.objects.filter(series__metric_id=OuterRef("pk")))
        | Exists(TotalMark.objects.filter(metric_id=OuterRef("pk"))),
    )
    if not extents:
        years = MetricRollup.objects.filter(metric_id=OuterRef("pk"), grain=Grain.YEAR.code)
        rows = rows.annotate(last=Subquery(years.order_by("-bucket").values("last_day")[:1]))
        told = rows.values_list("pk", "pending", "last", "cadence_days")
        return {pk: State(pending, None, last, cadence) for pk, pending, last, cadence in told}
    first = Observation.objects.filter(series_id=OuterRef("pk")).order_by("day").values("day")[:1]
    last = Observation.objects.filter(series_id=OuterRef("pk")).order_by("-day").values("day")[:1]
    series = Series.objects.filter(metric_id=OuterRef("pk")).order_by().values("metric_id")
    rows = rows.annotate(
        first=Subquery(series.annotate(least=Min(Subquery(first))).values("least")),
        last=Subquery(series.annotate(most=Max(Subquery(last))).values("most")),
    )
    found = list(rows.values_list("pk", "kind", "pending", "first", "last", "cadence_days"))
    counting = [pk for pk, kind, *_rest in found if kind == UNIQUE]
    begins = window_begins(counting) if counting else {}
    return {
        pk: State(pending, min(start, begins.get(pk, start)) if start else None, end, cadence)
        for pk, _kind, pending, start, end, cadence in found
    }


def extent(states: Iterable[State]) -> tuple[date, date] | None:
    """The first and the last day with a fact of all of them; None where there is none."""
    known = [(state.first, state.last) for state in states if state.first and state.last]
    if not known:
        return None
    return min(first for first, _last in known), max(last for _first, last in known)


def days_with_facts(metric_ids: Collection[int], first: date, last: date) -> set[date]:
    """The days of a range on which any of these metrics has a fact; 1 query."""
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    return set(facts.values_list("day", flat=True).order_by().distinct())


def totals_of(metric_ids: Collection[int], first: date, last: date) -> Sums:
    """The sum of all facts of each metric in a range, from the facts themselves; 1 query."""
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    rows = facts.values_list("series__metric_id").annotate(
        high=Sum(F("value") / SPLIT), low=Sum(F("value") % SPLIT)
    )
    return {pk: int(high) * SPLIT + int(low) for pk, high, low in rows.order_by()}


def series_of(metric_ids: Collection[int]) -> list[tuple[int, int, dict[str, str]]]:
    """(series, metric, dims) of everything that these metrics have; 1 query."""
    return list(
        Series.objects.filter(metric_id__in=metric_ids)
        .order_by("metric_id", "id")
        .values_list("id", "metric_id", "dims")
    )
