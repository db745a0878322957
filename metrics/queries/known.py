"""As known on: what the facts said at an instant, from what stands and from the history.

A fact is known since its import was (`ImportRun.created_at`) until another took its place. An
import that was undone or cancelled has never been: no instant shows it. These read the facts, not
the rollups, so that they cost as much as the range is wide.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from metrics.models.definitions import SKETCH, Metric
from metrics.models.imports import Source
from metrics.models.observations import Series
from metrics.rules.days import stored_day
from metrics.rules.periods import Span
from metrics.rules.uniques import Tally, tally_of

Owner = int  # a series, or a metric where all its series are meant
MOST_CHANGES = 1_000
UNDONE = "undone"
STAYING = ("corrected", "moved", UNDONE)  # reasons by which no fact was taken out


@dataclass(frozen=True)
class Place:
    """Where a fact stood and what it said; `span` 0: the value is a person."""

    day: date
    dims: dict[str, str]
    value: int
    span: int
    import_id: int


@dataclass(frozen=True)
class Change:
    """One fact that is known otherwise; None before: it was new, None after: it was taken out."""

    source: str
    before: Place | None
    after: Place | None
    changed_by: int


def facts_as_known(
    owners: Collection[Owner], first: date, last: date, at: datetime, *, of_series: bool
) -> Iterator[tuple[Owner, date, int]]:
    """(owner, day, sum) as the facts would have said it at that instant; 1 query."""
    rows = _known(owners, (first, last), at, of_series=of_series)
    for (owner, day), facts in groupby(rows, key=itemgetter(0, 1)):
        yield owner, day, sum(fact[2] for fact in facts)


def tallies_as_known(
    owners: Collection[Owner], first: date, last: date, at: datetime, *, of_series: bool
) -> Iterator[tuple[Owner, date, Tally]]:
    """(owner, day, tally) as `uniques.tallies_of_days` would have said then; 2 queries."""
    name = "series" if of_series else "pk"
    sketches = _sketched(owners, name)
    rows = _known(owners, (first, last), at, of_series=of_series)
    for (owner, day), facts in groupby(rows, key=itemgetter(0, 1)):
        people = ((row[-1], *row[1:4]) for row in facts)
        yield owner, day, tally_of(people, sketched=owner in sketches)


def levels_as_known(
    series_ids: Collection[int], days: Collection[date], at: datetime
) -> dict[tuple[int, date], int]:
    """{(series, day): last value on or before it} as `levels.levels_at` would have said; 1 query.

    It reads all facts of the series up to the last day.
    """
    found: dict[tuple[int, date], int] = {}
    if not days:
        return found
    wanted = sorted(days)
    rows = _known(series_ids, (date.min, wanted[-1]), at, of_series=True)
    for series, facts in groupby(rows, key=itemgetter(0)):
        place, level = 0, None
        for _series, day, value, *_rest in facts:
            while place < len(wanted) and wanted[place] < day:
                if level is not None:
                    found[series, wanted[place]] = level
                place += 1
            level = value
        if level is not None:
            found.update({(series, later): level for later in wanted[place:]})
    return found


class KnownFact(NamedTuple):
    """A fact as it was known: its series, what it said, the hash of its key, and its run."""

    series_id: int
    day: date
    value: int
    khash: int
    import_id: int


def places_as_known(
    series_ids: Collection[int], span: Span, at: datetime, *, limit: int
) -> list[KnownFact]:
    """The facts of these days that were known at an instant, by day, at most `limit`; 1 query."""
    order = f"ORDER BY 2, 1, 6 LIMIT {limit:d}"
    rows = _known(series_ids, (span.first, span.last), at, of_series=True, order=order)
    return [
        KnownFact(series, day, value, khash, run)
        for _owner, day, value, _span, run, khash, series in rows
    ]


def difference(
    metric: Metric, *, known_from: datetime, known_to: datetime, limit: int = MOST_CHANGES
) -> list[Change]:
    """What was learnt about a metric between two instants, by day, at most `limit`; 4-5 queries.

    A fact whose key moved to another day or other dimensions is one change with both places; one
    that was corrected and then taken out was changed by what took it out.
    """
    dims = dict(Series.objects.filter(metric=metric).values_list("pk", "dims"))
    old = _history_rows(metric, known_from, known_to, limit)
    new = _new_rows(metric, known_from, known_to, limit)
    emptied = _emptied_by(metric, old.keys() - new.keys(), known_from, known_to)
    names = dict(Source.objects.filter(workspace_id=metric.workspace_id).values_list("pk", "name"))
    changes = []
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        changed_by = after.import_id if after else emptied.get(key, 0)
        if before and not changed_by:
            changed_by = before.replaced_by
        changes.append(
            Change(
                names.get(key[0], ""),
                before.place(dims) if before else None,
                after.place(dims) if after else None,
                changed_by,
            )
        )
    return sorted(changes, key=_by_day)[:limit]


def _by_day(change: Change) -> tuple[date, str, int]:
    place = change.after or change.before
    if place is None:
        raise AssertionError("a change has a place")
    return place.day, str(place.dims), place.value


@dataclass(frozen=True)
class _Row:
    series_id: int
    day: date
    value: int
    span: int
    import_id: int
    replaced_by: int

    def place(self, dims: dict[int, dict[str, str]]) -> Place:
        of = dims.get(self.series_id, {})
        return Place(self.day, of, self.value, self.span, self.import_id)


Key = tuple[int, int]  # source, hash of the key
CURRENT = """SELECT o.source, o.khash, o.series_id, o.day, o.value, o.span, o.import_id, 0
             FROM metrics_series s JOIN metrics_observation o ON o.series_id = s.id
             JOIN metrics_importrun r ON r.id = o.import_id WHERE s.metric_id = %s"""
FORMER = """SELECT h.source, h.khash, h.series_id, h.day, h.value, h.span, h.import_id,
                h.replaced_by
            FROM metrics_series s JOIN metrics_observationhistory h ON h.series_id = s.id
            WHERE s.metric_id = %s AND h.reason <> %s"""


def _history_rows(
    metric: Metric, known_from: datetime, known_to: datetime, limit: int
) -> dict[Key, _Row]:
    """What was known at the first instant and no longer at the second."""
    left = "AND h.known_from <= %s AND h.known_to > %s AND h.known_to <= %s"
    values = [metric.pk, UNDONE, *map(_instant, (known_from, known_from, known_to))]
    return _rows(f"{FORMER} {left} ORDER BY h.day LIMIT %s", [*values, limit])


def _new_rows(
    metric: Metric, known_from: datetime, known_to: datetime, limit: int
) -> dict[Key, _Row]:
    """What was known at the second instant and not at the first."""
    came = "AND r.created_at > %s AND r.created_at <= %s"
    passed = "AND h.known_from > %s AND h.known_from <= %s AND h.known_to > %s"
    first, last = _instant(known_from), _instant(known_to)
    return _rows(
        f"""SELECT * FROM ({CURRENT} {came} UNION ALL {FORMER} {passed}) x
            ORDER BY day LIMIT %s""",
        [metric.pk, first, last, metric.pk, UNDONE, first, last, last, limit],
    )


def _emptied_by(
    metric: Metric, keys: Collection[Key], known_from: datetime, known_to: datetime
) -> dict[Key, int]:
    """The run that last took out the fact of each key between two instants; 1 query if any."""
    if not keys:
        return {}
    hashes = sorted({khash for _source, khash in keys})
    values = [metric.pk, *STAYING, *map(_instant, (known_from, known_to)), *hashes]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT h.source, h.khash, h.replaced_by
                FROM metrics_series s JOIN metrics_observationhistory h ON h.series_id = s.id
                WHERE s.metric_id = %s AND h.reason NOT IN (%s, %s, %s)
                AND h.known_to > %s AND h.known_to <= %s
                AND h.khash IN ({", ".join(["%s"] * len(hashes))})
                ORDER BY h.known_to, h.id""",
            values,
        )
        return {(source, khash): run for source, khash, run in cursor.fetchall()}


def _rows(query: str, values: list[Any]) -> dict[Key, _Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {
            (source, khash): _Row(series, stored_day(day), *rest)
            for source, khash, series, day, *rest in cursor.fetchall()
        }


def _known(
    owners: Collection[Owner],
    span: tuple[date, date],
    at: datetime,
    *,
    of_series: bool,
    order: str = "ORDER BY 1, 2, 5, 6",
) -> Iterator[Sequence[Any]]:
    """(owner, day, value, span, run, hash, series) of facts known then, by owner and day."""
    if not owners:
        return
    wanted = sorted(owners)
    owner = "s.id" if of_series else "s.metric_id"
    among = f"{owner} IN ({', '.join(['%s'] * len(wanted))})"
    moment = _instant(at)
    query = f"""
        SELECT {owner} AS owner, o.day, o.value, o.span, o.import_id, o.khash, s.id
        FROM metrics_series s JOIN metrics_observation o ON o.series_id = s.id
        JOIN metrics_importrun r ON r.id = o.import_id
        WHERE {among} AND o.day BETWEEN %s AND %s AND r.created_at <= %s
        UNION ALL
        SELECT {owner}, h.day, h.value, h.span, h.import_id, h.khash, s.id
        FROM metrics_series s JOIN metrics_observationhistory h ON h.series_id = s.id
        WHERE {among} AND h.day BETWEEN %s AND %s AND h.known_from <= %s AND h.known_to > %s
        AND h.reason <> %s {order}"""
    values = [*wanted, *span, moment, *wanted, *span, moment, moment, UNDONE]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        for own, day, *rest in cursor.fetchall():
            yield own, stored_day(day), *rest


def _sketched(owners: Collection[Owner], name: str) -> set[Owner]:
    """Those of the owners whose people are hashes."""
    if name == "series":
        rows = Series.objects.filter(pk__in=owners, metric__counting=SKETCH)
        return set(rows.values_list("pk", flat=True))
    of_metric = Metric.objects.filter(pk__in=owners, counting=SKETCH)
    return set(of_metric.values_list("pk", flat=True))


def _instant(at: datetime) -> Any:
    """An instant as the database writes it."""
    return connection.ops.adapt_datetimefield_value(at)
