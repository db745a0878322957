"""What rollups must say, worked out in plain Python from the stored observations."""

from collections import defaultdict

from metrics.models.observations import DirtyMark, Observation, Series, TotalMark
from metrics.models.rollups import MetricRollup, Rollup
from metrics.rules.periods import STORED, bucket_start


def expected_rollups():
    """(grain, series, bucket) -> n, total, min, max, last day and value; and by metric."""
    metric_of = dict(Series.objects.values_list("id", "metric_id"))
    of_series, of_metric = defaultdict(list), defaultdict(list)
    for fact in Observation.objects.all():
        assert fact.series_id in metric_of, "an orphan"
        for grain in STORED:
            bucket = bucket_start(fact.day, grain)
            of_series[grain.code, fact.series_id, bucket].append(fact)
            of_metric[grain.code, metric_of[fact.series_id], bucket].append(fact)
    series = {
        key: (*summed(rows), max(rows, key=lambda f: (f.day, f.import_id, f.khash)).value)
        for key, rows in of_series.items()
    }
    return series, {key: summed(rows) for key, rows in of_metric.items()}


def summed(rows):
    values = [row.value for row in rows]
    return len(values), sum(values), min(values), max(values), max(row.day for row in rows)


def stored_rollups():
    """What is stored, in the same shape."""
    series = {
        (r.grain, r.series_id, r.bucket): (r.n, r.total, r.vmin, r.vmax, r.last_day, r.last_value)
        for r in Rollup.objects.all()
    }
    metrics = {
        (r.grain, r.metric_id, r.bucket): (r.n, r.total, r.vmin, r.vmax, r.last_day)
        for r in MetricRollup.objects.all()
    }
    return series, metrics


def wrong_rollups():
    """The buckets, of series and of metrics, that differ; an empty list is what we want."""
    return [
        (key, there.get(key), wanted.get(key))
        for there, wanted in zip(stored_rollups(), expected_rollups(), strict=True)
        for key in sorted(there.keys() | wanted.keys())
        if there.get(key) != wanted.get(key)
    ]


def marks_left() -> int:
    return DirtyMark.objects.count() + TotalMark.objects.count()
