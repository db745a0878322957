"""Who was counted, by day and by bucket; `rules.uniques` unites tallies and counts them.

Tallies are rolled up, those of days too: facts whose marks wait are not in them yet
(`sums.states_of`). `metrics.queries.known` reads the facts themselves.
"""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import BinaryField
from django.db.models.functions import Substr

from metrics.models.rollups import MetricTally, SeriesTally
from metrics.rules.periods import Grain, bucket_end, bucket_start, next_start
from metrics.rules.uniques import HEAD, Tally, begin_of, load_tally, merge

Owner = int  # a series, or a metric where all its series are meant
STORED = (Grain.DAY, Grain.WEEK, Grain.MONTH)


def tallies_of_days(
    owners: Collection[Owner], first: date, last: date, *, of_series: bool
) -> Iterator[tuple[Owner, date, Tally]]:
    """(owner, day, tally) of the days that have people, by owner and day; 1 query."""
    yield from _stored(owners, Grain.DAY, (first, last), of_series=of_series)


def tallies_of_buckets(
    owners: Collection[Owner], grain: Grain, first: date, last: date, *, of_series: bool
) -> Iterator[tuple[Owner, date, Tally]]:
    """(owner, bucket, tally) of the buckets that start in the range, by owner; 1 query.

    Quarters and years are united from their months here.
    """
    if grain in STORED:
        yield from _stored(owners, grain, (first, last), of_series=of_series)
        return
    begin = bucket_start(first, grain)
    begin = begin if begin == first else next_start(begin, grain)
    end = bucket_end(bucket_start(last, grain), grain)
    if begin > last:
        return
    months = _stored(owners, Grain.MONTH, (begin, end), of_series=of_series)
    buckets = ((owner, bucket_start(month, grain), tally) for owner, month, tally in months)
    for (owner, bucket), parts in groupby(buckets, key=itemgetter(0, 1)):
        yield owner, bucket, merge(part[2] for part in parts)


def window_begins(metric_ids: Collection[int]) -> dict[int, date]:
    """The first day of the windows of each metric's counts without ids; 1 query, of heads."""
    head = Substr("tally", 1, HEAD.size, output_field=BinaryField())
    rows = MetricTally.objects.filter(metric_id__in=metric_ids, grain=Grain.MONTH.code)
    found: dict[int, date] = {}
    for metric_id, stored in rows.annotate(head=head).values_list("metric_id", "head"):
        begin = begin_of(stored)
        if begin is not None:
            found[metric_id] = min(begin, found.get(metric_id, begin))
    return found


def _stored(
    owners: Collection[Owner], grain: Grain, span: tuple[date, date], *, of_series: bool
) -> Iterator[tuple[Owner, date, Tally]]:
    tier, name = (SeriesTally, "series_id") if of_series else (MetricTally, "metric_id")
    rows = tier._default_manager.filter(  # type: ignore[attr-defined]
        grain=grain.code, bucket__range=span, **{f"{name}__in": owners}
    ).values_list(name, "bucket", "tally")
    for owner, bucket, tally in rows.order_by(name, "bucket").iterator(chunk_size=1_000):
        yield owner, bucket, load_tally(tally)
