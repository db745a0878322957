"""The observations as data quality looks at them: by source and day, side by side, by coverage."""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Max, Min, Q, Sum

from metrics.models.definitions import Metric
from metrics.models.observations import Observation, Series
from metrics.queries.series import inputs_of
from metrics.queries.sums import SPLIT
from metrics.rules.days import stored_day
from metrics.rules.periods import Grain, Period, bucket_start, label, periods

MOST_ROWS = 200
PAIRS = """FROM (VALUES {places}) AS p
    JOIN metrics_series s ON s.metric_id = p.column1
    JOIN metrics_series t ON t.metric_id = p.column2 AND t.dims_hash = s.dims_hash
    JOIN metrics_observation o ON o.series_id = s.id AND o.day BETWEEN %s AND %s
    {partner}
    WHERE o.value > 0"""
SAME_ROW = "b.series_id = t.id AND b.day = o.day AND b.khash = o.khash"


def _pairs(pairs: Collection[tuple[int, int]]) -> str:
    """The rows of each pair of metrics side by side, found by the key of the facts.

    OFFSET 0 keeps PostgreSQL, which may know nothing yet of a table just filled, from walking all
    facts for each of them.
    """
    places = ", ".join(["(%s, %s)"] * len(pairs))
    if connection.vendor == "postgresql":
        partner = f"""CROSS JOIN LATERAL (
            SELECT value FROM metrics_observation b WHERE {SAME_ROW} OFFSET 0) b"""
    else:
        partner = f"JOIN metrics_observation b ON {SAME_ROW}"
    return PAIRS.format(places=places, partner=partner)


class DayFacts(NamedTuple):
    """What one source told of a metric on a day: how many observations, sum and least (scaled).

    `wide` of them cover several days that end with this one, `span` at most.
    """

    metric_id: int
    source_id: int
    day: date
    n: int
    total: int
    least: int
    wide: int
    span: int


def day_facts(metric_ids: Collection[int], first: date, last: date) -> list[DayFacts]:
    """Observations of a range by metric, source and day; 1 query."""
    facts = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    rows = facts.values_list("series__metric_id", "source", "day").annotate(
        n=Count("khash"),
        high=Sum(F("value") / SPLIT),
        low=Sum(F("value") % SPLIT),
        least=Min("value"),
        wide=Count("khash", filter=Q(span__gt=1)),
        span=Max("span"),
    )
    return [
        DayFacts(metric, source, day, n, int(high) * SPLIT + int(low), *rest)
        for metric, source, day, n, high, low, *rest in rows.order_by()
    ]


class Pair(NamedTuple):
    """Rows that have two metrics side by side, the first above zero.

    `without`: the second is 0 there. `above`: the first exceeds the second.
    """

    metric_id: int
    other_id: int
    without: int
    above: int
    first: date
    last: date


def compare_rows(pairs: Collection[tuple[int, int]], first: date, last: date) -> list[Pair]:
    """Pairs of metrics row by row: same source, key, day and dimensions; 1 query, or none."""
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.metric_id, t.metric_id,
                    sum(CASE WHEN b.value = 0 THEN 1 ELSE 0 END),
                    sum(CASE WHEN o.value > b.value THEN 1 ELSE 0 END), min(o.day), max(o.day)
                {_pairs(pairs)} AND b.value < o.value GROUP BY 1, 2""",
            [*_flat(pairs), first, last],
        )
        return [
            Pair(metric, other, int(without), int(above), stored_day(since), stored_day(until))
            for metric, other, without, above, since, until in cursor.fetchall()
        ]


class RowWithout(NamedTuple):
    """One row in which the second metric is 0 and the first is not; values are scaled."""

    day: date
    dims: dict[str, str]
    value: int


def rows_without(
    metric_id: int, other_id: int, first: date, last: date
) -> tuple[int, list[RowWithout]]:
    """How many rows have the first metric without the second, and the first 200; 2-3 queries."""
    pairs = [(metric_id, other_id)]
    values: list[Any] = [*_flat(pairs), first, last]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_pairs(pairs)} AND b.value = 0", values)
        count = int(cursor.fetchone()[0])
        cursor.execute(
            f"""SELECT o.day, o.series_id, o.value {_pairs(pairs)} AND b.value = 0
                ORDER BY o.day, o.series_id, o.khash LIMIT {MOST_ROWS}""",
            values,
        )
        rows = cursor.fetchall()
    dims = Series.objects.in_bulk({row[1] for row in rows})
    return count, [RowWithout(stored_day(day), dims[pk].dims, value) for day, pk, value in rows]


def _flat(pairs: Iterable[tuple[int, int]]) -> list[int]:
    return [pk for pair in pairs for pk in pair]


def series_by_source(
    metric_ids: Collection[int], first: date, last: date
) -> dict[tuple[int, int], set[frozenset[tuple[str, str]]]]:
    """The dimension values that each source told of each metric, by (metric, source); 2 queries."""
    if not metric_ids:
        return {}
    rows = Observation.objects.filter(series__metric_id__in=metric_ids, day__range=(first, last))
    told = list(rows.values_list("series_id", "source").order_by().distinct())
    series = Series.objects.filter(metric_id__in=metric_ids).values_list("id", "metric_id", "dims")
    known = {pk: (metric, frozenset(dims.items())) for pk, metric, dims in series}
    found: dict[tuple[int, int], set[frozenset[tuple[str, str]]]] = {}
    for pk, source in told:
        metric, dims = known[pk]
        found.setdefault((metric, source), set()).add(dims)
    return found


@dataclass(frozen=True)
class Covered:
    """One period of a group: how many of its days have data, and how many observations."""

    dims: dict[str, str | None]
    period: str
    start: date
    end: date
    days: int
    observations: int


def coverage(
    metric: Metric, *, grain: Grain, first: date, last: date, by: Sequence[str] = ()
) -> list[Covered]:
    """On how many days each period has data, by dimensions; 1-2 queries.

    Every period of the range is listed for every group, cut to the range, also those with none.
    """
    inputs = inputs_of(metric.workspace, [metric.pk])[metric.pk]
    rows = Observation.objects.filter(series__metric_id__in=inputs, day__range=(first, last))
    counted = rows.values_list("series_id", "day").annotate(n=Count("khash")).order_by()
    dims = dict(Series.objects.filter(metric_id__in=inputs).values_list("id", "dims") if by else ())
    days: dict[tuple[tuple[str | None, ...], date], set[date]] = {}
    counts: dict[tuple[tuple[str | None, ...], date], int] = {}
    for pk, day, n in counted.iterator(chunk_size=5_000):
        place = (tuple(dims[pk].get(name) for name in by) if by else (), bucket_start(day, grain))
        days.setdefault(place, set()).add(day)
        counts[place] = counts.get(place, 0) + n
    groups = sorted(
        {group for group, _start in days}, key=lambda g: [(v is None, v or "") for v in g]
    )
    return [
        _covered(
            dict(zip(by, group, strict=True)),
            period.cut(first, last),
            label(period),
            (len(days.get(place, ())), counts.get(place, 0)),
        )
        for group in groups
        for period in periods(grain, first, last)
        for place in [(group, period.start)]
    ]


def _covered(
    dims: dict[str, str | None], inside: Period, name: str, found: tuple[int, int]
) -> Covered:
    return Covered(dims, name, inside.start, inside.end, *found)
