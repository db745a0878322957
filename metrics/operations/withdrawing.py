"""Taking back what a source no longer says: the facts of some days, or of some keys."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from metrics.models.imports import ImportRun
from metrics.models.observations import KeyPlace, Observation
from metrics.operations.storing import Place, Writer, empty_places
from metrics.rules.keys import hash_key
from workspaces.operations.waking import wake

JOB = "roll_up"
WITHDRAWN = "withdrawn"
AT_ONCE = 2_000
MetricKey = tuple[int, str]


def withdraw_absent(
    run: ImportRun,
    *,
    metric_ids: Collection[int],
    days: tuple[date, date],
    kept: Collection[MetricKey],
    at: datetime,
) -> int:
    """Take back the facts of the run's source on these days whose (metric, key) is not kept.

    In the caller's transaction, which holds the metrics; returns how many facts there were.
    """
    source_id = _source_of(run)
    stay = {(metric_id, hash_key(source_id, key)) for metric_id, key in kept}
    rows = Observation.objects.filter(
        series__metric_id__in=metric_ids, source=source_id, day__range=days
    ).values_list("series__metric_id", "series_id", "day", "khash")
    gone = {
        (metric_id, khash): (series_id, day, khash)
        for metric_id, series_id, day, khash in rows
        if (metric_id, khash) not in stay
    }
    return _take_back(run, source_id, gone, at)


def withdraw_keys(run: ImportRun, *, keys: Iterable[MetricKey], at: datetime) -> int:
    """Take back the facts of the run's source under these (metric, key), wherever they stand."""
    source_id = _source_of(run)
    wanted = sorted({(metric_id, hash_key(source_id, key)) for metric_id, key in keys})
    gone: dict[tuple[int, int], Place] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = set(wanted[start : start + AT_ONCE])
        rows = KeyPlace.objects.filter(
            source=source_id,
            metric_id__in={metric_id for metric_id, _khash in some},
            khash__in={khash for _metric, khash in some},
        )
        gone |= {
            (row.metric_id, row.khash): (row.series_id, row.day, row.khash)
            for row in rows
            if (row.metric_id, row.khash) in some
        }
    return _take_back(run, source_id, gone, at)


def _take_back(
    run: ImportRun, source_id: int, gone: dict[tuple[int, int], Place], at: datetime
) -> int:
    """Move the facts to the history, forget where their keys stood."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("facts are withdrawn together with what replaces them")
    if not gone:
        return 0
    taken = empty_places(gone.values(), WITHDRAWN, Writer(run.pk, source_id, at))
    for metric_id in sorted({metric_id for metric_id, _khash in gone}):
        hashes = sorted(khash for owner, khash in gone if owner == metric_id)
        for start in range(0, len(hashes), AT_ONCE):
            some = hashes[start : start + AT_ONCE]
            places = KeyPlace.objects.filter(source=source_id, metric_id=metric_id, khash__in=some)
            places.delete()
    wake(JOB)
    return taken


def _source_of(run: ImportRun) -> int:
    if run.source_id is None:
        raise RuntimeError("facts of nobody do not exist")
    return run.source_id
