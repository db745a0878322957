"""What stands beside an entered value: what others have told of the same metric and days."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.fields.json import KeyTransform

from metrics.models.definitions import LAST, UNIQUE, Metric
from metrics.models.observations import Observation, Series
from metrics.queries.sums import SPLIT
from metrics.rules.amounts import plain, unscale
from metrics.rules.dims import Dims, canonical
from metrics.rules.periods import DAY, Grain, bucket_start

Days = tuple[date, date]
Place = tuple[int, date]  # a metric, and the first day of a period


@dataclass(frozen=True)
class Beside:
    """What one source has told: how many values, and their sum (None of people: no sum is true).

    Of a level it is what stands on the last of the days that anything is known of.
    """

    source: str
    facts: int
    value: Decimal | None

    @property
    def text(self) -> str:
        """The value as a plain decimal, empty where there is none."""
        return plain(self.value) or ""


@dataclass(frozen=True)
class _Told:
    source: int
    day: date
    facts: int
    amount: int


def beside(
    metrics: Sequence[Metric],
    *,
    days: Days,
    dims: Dims,
    grain: Grain | None,
    known: Collection[int],
    names: Mapping[int, str],
) -> dict[Place, list[Beside]]:
    """What is told of each (metric, first day of a period) in facts of these dimensions and finer.

    `known` are hashes of keys that are meant themselves; without a grain the days are one period;
    `names` are those of the sources. 1 query.
    """
    series = Series.objects.filter(metric__in=metrics)
    for place, (name, value) in enumerate(dims):
        series = series.alias(**{f"of{place}": KeyTransform(name, "dims")})
        series = series.filter(**{f"of{place}": value})
    facts = Observation.objects.filter(series_id__in=series.values("pk"), day__range=days)
    rows = (
        facts.exclude(khash__in=known)
        .order_by()
        .values_list("series__metric_id", "source", "day")
        .annotate(facts=Count("khash"), high=Sum(F("value") / SPLIT), low=Sum(F("value") % SPLIT))
    )
    places: dict[Place, list[_Told]] = defaultdict(list)
    for metric_id, source, day, count, high, low in rows:
        start = bucket_start(day, grain) if grain else days[0]
        told = _Told(source, day, count, int(high) * SPLIT + int(low))
        places[metric_id, start].append(told)
    kinds = {metric.pk: metric for metric in metrics}
    return {place: _by_source(kinds[place[0]], told, names) for place, told in places.items()}


def beside_fact(metric: Metric, fact: Observation, names: Mapping[int, str]) -> list[Beside]:
    """What others have told of the days and dimensions of a stored fact; 1 query."""
    days = (fact.day - DAY * (max(fact.span, 1) - 1), fact.day)
    dims = canonical(fact.series.dims)
    found = beside([metric], days=days, dims=dims, grain=None, known={fact.khash}, names=names)
    return found.get((metric.pk, days[0]), [])


def _by_source(metric: Metric, told: list[_Told], names: Mapping[int, str]) -> list[Beside]:
    """One for each source, by name."""
    if metric.kind == LAST:
        latest = max(one.day for one in told)
        told = [one for one in told if one.day == latest]
    counts: dict[int, int] = defaultdict(int)
    sums: dict[int, int] = defaultdict(int)
    for one in told:
        counts[one.source] += one.facts
        sums[one.source] += one.amount
    found = [
        Beside(
            names.get(source, ""),
            count,
            None if metric.kind == UNIQUE else unscale(sums[source], metric.decimals),
        )
        for source, count in counts.items()
    ]
    return sorted(found, key=lambda one: one.source)
