"""Who was counted: tallies of days from the facts, of weeks and months from the days.

They follow the marks like the sums do, in the same transactions: a drain of series writes the
tallies of series, a drain of totals those of metrics, which unite their series'. Quarters and years
are united when they are read.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from metrics.models.definitions import SKETCH, UNIQUE, Metric
from metrics.models.observations import Series
from metrics.models.rollups import MetricTally, SeriesTally
from metrics.operations.storing import AT_ONCE, on_postgres, own_table
from metrics.rules.days import stored_day
from metrics.rules.periods import DAY, WEEK, Grain, bucket_end, bucket_start, months_of_week
from metrics.rules.uniques import Tally, hash_of_people, load_tally, merge, tally_of

OwnerWeek = tuple[int, date]
OwnerDay = tuple[int, date, Tally]
Row = tuple[int, int, date, bytes]  # grain, owner, bucket, tally
DAYS, WEEKS, MONTHS = Grain.DAY.code, Grain.WEEK.code, Grain.MONTH.code
SERIES = ("metrics_seriestally", "series_id")
METRICS = ("metrics_metrictally", "metric_id")
PIECE = 4 * 1024 * 1024  # bytes of tallies written by one statement
ROWS = 20_000  # facts fetched at once


def unique_metrics(metric_ids: Iterable[int]) -> dict[int, bool]:
    """Those of the metrics that count people, and whether by sketches; 1 query."""
    rows = Metric.objects.filter(pk__in=set(metric_ids), kind=UNIQUE)
    return {pk: counting == SKETCH for pk, counting in rows.values_list("pk", "counting")}


def recompute_series_tallies(cursor: Any, weeks: Iterable[OwnerWeek], sketched: set[int]) -> None:
    """Tally the days of these (series, week) anew, and the weeks and months that they lie in."""
    wanted = sorted(weeks)
    _stage(cursor, _days_of(wanted))
    found = list(_tallied(_facts_in_stage(), sketched.__contains__))
    _replace(cursor, SERIES, wanted, found)


def recompute_metric_tallies(cursor: Any, weeks: Iterable[OwnerWeek]) -> None:
    """The same for (metric, week), from the days of the metrics' series."""
    wanted = sorted(weeks)
    _stage(cursor, _days_of(wanted))
    _replace(cursor, METRICS, wanted, list(_united(_days_of_series(cursor))))


def rebuild_tallies(cursor: Any, metric_id: int) -> None:
    """Tally every fact of the metric anew; the caller has it to itself."""
    of_series = list(Series.objects.filter(metric_id=metric_id).values_list("pk", flat=True))
    cursor.execute("DELETE FROM metrics_metrictally WHERE metric_id = %s", [metric_id])
    for start in range(0, len(of_series), AT_ONCE):
        some = of_series[start : start + AT_ONCE]
        SeriesTally.objects.filter(series_id__in=some).delete()
    counted = unique_metrics([metric_id])
    if metric_id not in counted:
        return
    _write(cursor, SERIES, _buckets(_tallied_facts(metric_id, sketched=counted[metric_id])))
    _stage(cursor, [(metric_id, date.min, date.max)])
    _write(cursor, METRICS, _buckets(_united(_days_of_series(cursor))))


Key = tuple[int, int, date]  # grain, owner, bucket
Told = tuple[object, ...] | None


def wrong_tallies(metric_id: int) -> list[tuple[bool, Key, Told, Told]]:
    """Tallies that do not say what the facts say: (of a series?, key, stored, expected)."""
    counted = unique_metrics([metric_id])
    days = _tallied_facts(metric_id, sketched=counted[metric_id]) if counted else iter(())
    wanted = list(days)
    by_day: dict[date, list[Tally]] = {}
    for _series, day, tally in wanted:
        by_day.setdefault(day, []).append(tally)
    own = [(metric_id, day, merge(by_day[day])) for day in sorted(by_day)]
    return [
        (series, key, _told(there.get(key)), _told(expected.get(key)))
        for series, found in ((True, wanted), (False, own))
        for there, expected in [(_stored(metric_id, of_series=series), _by_key(found))]
        for key in sorted(there.keys() | expected.keys())
        if _told(there.get(key)) != _told(expected.get(key))
    ]


def _by_key(days: Iterable[OwnerDay]) -> dict[Key, Tally]:
    return {(grain, owner, bucket): tally for grain, owner, bucket, tally in _buckets(days)}


def _stored(metric_id: int, *, of_series: bool) -> dict[Key, Tally]:
    """What stands there, of the metric's series, or its own."""
    owner = "series_id" if of_series else "metric_id"
    tier = SeriesTally if of_series else MetricTally
    of_metric = {"series__metric_id" if of_series else "metric_id": metric_id}
    rows = tier._default_manager.filter(**of_metric)  # type: ignore[attr-defined]
    found = rows.values_list("grain", owner, "bucket", "tally")
    return {(grain, own, day): load_tally(tally) for grain, own, day, tally in found}


def _told(tally: Tally | None) -> Told:
    """A tally as something that can be compared and printed: how many, and a hash of who."""
    if tally is None:
        return None
    held = tally.snapshots
    return hash_of_people(tally), held.count, held.total


def _days_of(weeks: Iterable[OwnerWeek]) -> list[tuple[int, date, date]]:
    return [(owner, week, week + WEEK - DAY) for owner, week in weeks]


def _stage(cursor: Any, ranges: Sequence[tuple[int, date, date]]) -> None:
    """Put ranges of days by owner into a table of this connection's own."""
    own_table(cursor, "mops_ranges", "owner integer, bucket date, until date")
    if on_postgres():
        text = "".join(f"{owner}\t{first}\t{last}\n" for owner, first, last in ranges)
        cursor.copy_expert("COPY mops_ranges FROM STDIN", StringIO(text))
    else:
        cursor.executemany("INSERT INTO mops_ranges VALUES (%s, %s, %s)", ranges)


FACTS = "SELECT o.series_id, o.day, o.value, o.span FROM"
IN_RANGE = "o.series_id = b.owner AND o.day BETWEEN b.bucket AND b.until"


def _facts_in_stage() -> Iterator[Sequence[Any]]:
    """The facts of the staged series and days, by series and day."""
    if on_postgres():
        there = f"""mops_ranges b CROSS JOIN LATERAL (
                        SELECT * FROM metrics_observation o WHERE {IN_RANGE} OFFSET 0) o"""
    else:
        there = f"mops_ranges b CROSS JOIN metrics_observation o WHERE {IN_RANGE}"
    yield from _streamed(f"{FACTS} {there} ORDER BY o.series_id, o.day", [])


def _tallied_facts(metric_id: int, *, sketched: bool) -> Iterator[OwnerDay]:
    """Every day of every series of the metric."""
    rows = _streamed(
        f"""{FACTS} metrics_series s JOIN metrics_observation o ON o.series_id = s.id
            WHERE s.metric_id = %s ORDER BY o.series_id, o.day""",
        [metric_id],
    )
    yield from _tallied(rows, lambda _series: sketched)


def _streamed(query: str, values: list[Any]) -> Iterator[Sequence[Any]]:
    """Rows as they come, never all of them at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(ROWS):
            yield from rows


def _tallied(rows: Iterable[Sequence[Any]], sketched: Callable[[int], bool]) -> Iterator[OwnerDay]:
    for (series, day), facts in groupby(rows, key=itemgetter(0, 1)):
        yield series, stored_day(day), _tally(facts, sketched=sketched(series))


def _tally(facts: Iterable[Sequence[Any]], *, sketched: bool) -> Tally:
    plain = ((series, stored_day(day), value, span) for series, day, value, span in facts)
    return tally_of(plain, sketched=sketched)


def _days_of_series(cursor: Any) -> Iterator[OwnerDay]:
    """The tallies of days of all series of the staged metrics, by metric and day."""
    same = f"t.grain = {DAYS} AND t.series_id = s.id AND t.bucket BETWEEN b.bucket AND b.until"
    there = "mops_ranges b JOIN metrics_series s ON s.metric_id = b.owner"
    if on_postgres():
        joined = f"""{there} CROSS JOIN LATERAL (
                         SELECT * FROM metrics_seriestally t WHERE {same} OFFSET 0) t"""
    else:
        joined = f"{there} CROSS JOIN metrics_seriestally t WHERE {same}"
    cursor.execute(f"SELECT b.owner, t.bucket, t.tally FROM {joined} ORDER BY 1, 2, t.series_id")
    for owner, day, tally in cursor.fetchall():
        yield owner, stored_day(day), load_tally(tally)


def _united(days: Iterable[OwnerDay]) -> Iterator[OwnerDay]:
    """One tally for each owner and day; they come in that order."""
    for (owner, day), parts in groupby(days, key=itemgetter(0, 1)):
        yield owner, day, merge(part[2] for part in parts)


def _replace(
    cursor: Any, tier: tuple[str, str], weeks: Sequence[OwnerWeek], days: list[OwnerDay]
) -> None:
    """Put the days of these weeks in place of what stands there, then what they make up."""
    table, owner = tier
    _delete(cursor, tier, DAYS, _days_of(weeks))
    _write(cursor, tier, [(DAYS, *day) for day in days])
    _delete(cursor, tier, WEEKS, [(own, week, week) for own, week in weeks])
    _write(cursor, tier, [row for row in _buckets(days) if row[0] == WEEKS])
    months = sorted({(own, month) for own, week in weeks for month in months_of_week(week)})
    _delete(cursor, tier, MONTHS, [(own, month, month) for own, month in months])
    _stage(cursor, [(own, month, bucket_end(month, Grain.MONTH)) for own, month in months])
    cursor.execute(
        f"""SELECT t.{owner}, t.bucket, t.tally FROM mops_ranges b CROSS JOIN {table} t
            WHERE t.grain = {DAYS} AND t.{owner} = b.owner
            AND t.bucket BETWEEN b.bucket AND b.until ORDER BY 1, 2"""
    )
    stored = [(own, stored_day(day), load_tally(tally)) for own, day, tally in cursor.fetchall()]
    _write(cursor, tier, [row for row in _buckets(stored) if row[0] == MONTHS])


def _delete(
    cursor: Any, tier: tuple[str, str], grain: int, ranges: Sequence[tuple[int, date, date]]
) -> None:
    """Take out the tallies of a grain in these ranges, which are staged by that."""
    table, owner = tier
    _stage(cursor, ranges)
    gone = f"DELETE FROM {table} {{}} WHERE grain = {grain} AND {owner} = {{}}"
    if on_postgres():
        there = gone.format("AS t USING mops_ranges b", "b.owner")
        cursor.execute(f"{there} AND t.bucket BETWEEN b.bucket AND b.until")
    else:
        cursor.executemany(gone.format("", "%s") + " AND bucket BETWEEN %s AND %s", ranges)


def _buckets(days: Iterable[OwnerDay]) -> Iterator[tuple[int, int, date, Tally]]:
    """The days and the weeks and months that they make up; days come by owner, in order."""
    for owner, of_owner in groupby(days, key=itemgetter(0)):
        weeks: dict[date, list[Tally]] = {}
        months: dict[date, list[Tally]] = {}
        for _owner, day, tally in of_owner:
            yield DAYS, owner, day, tally
            weeks.setdefault(bucket_start(day, Grain.WEEK), []).append(tally)
            months.setdefault(bucket_start(day, Grain.MONTH), []).append(tally)
        for grain, found in ((WEEKS, weeks), (MONTHS, months)):
            for bucket, tallies in found.items():
                yield grain, owner, bucket, merge(tallies)


def _write(
    cursor: Any, tier: tuple[str, str], rows: Iterable[tuple[int, int, date, Tally]]
) -> None:
    """Insert tallies, as many at once as are few bytes."""
    table, owner = tier
    waiting: list[Row] = []
    size = 0
    for grain, own, bucket, tally in rows:
        waiting.append((grain, own, bucket, tally.dump()))
        size += len(waiting[-1][3])
        if size > PIECE or len(waiting) == AT_ONCE:
            _insert(cursor, table, owner, waiting)
            waiting, size = [], 0
    _insert(cursor, table, owner, waiting)


def _insert(cursor: Any, table: str, owner: str, rows: Sequence[Row]) -> None:
    into = f"INSERT INTO {table} (grain, {owner}, bucket, tally) VALUES"
    if not rows:
        return
    if on_postgres():
        places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
        cursor.execute(f"{into} {places}", [value for row in rows for value in row])
    else:
        cursor.executemany(f"{into} (%s, %s, %s, %s)", rows)
