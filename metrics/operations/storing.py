"""How facts get into their table: staged, compared, written and marked in one transaction.

The caller has opened it, holds its metrics (FOR SHARE) and knows the series. Order of locks, the
same for everybody: places of keys in key order, new facts in key order, existing facts in key
order. So two writers can wait for each other, but never in a circle.
"""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from metrics.operations.bulk import MOST_AROUND, are_there, copy_incoming, copy_new, weeks_of
from metrics.operations.columns import FactColumns, Ints
from metrics.rules.days import stored_day

ANALYZE_FROM = 5_000
MANY = 1_000  # facts from which on it pays to try whether all of them are new
AT_ONCE = 2_000
INCOMING = "mops_incoming"
CORRECTED, MOVED, UNDONE = "corrected", "moved", "undone"
Place = tuple[int, date, int]  # series, day, hash of the key
LEAVING = "series_id integer, day date, khash bigint"


@dataclass
class Stored:
    """What became of the facts of one call."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Writer:
    """Who writes: the run, its source, and since when what it writes is known."""

    import_id: int
    source_id: int
    at: datetime


def store_facts(facts: FactColumns, writer: Writer, *, fresh: bool = True) -> Stored:
    """Write the facts that differ from what is stored, keep what they replace, mark their weeks.

    They come in the order of their place. Many facts of which none is stored yet go in at once,
    where `fresh` says that it may be so.
    """
    with connection.cursor() as cursor:
        if fresh and len(facts) >= MANY and _write_new(cursor, facts, writer):
            return Stored(new=len(facts))
        news = _news_in(cursor, facts)
        unchanged = len(facts) - len(news)
        if not len(news):
            return Stored(unchanged=unchanged)
        _stage(cursor, news)
        dropped = _drop_unchanged(cursor, len(news))
        unchanged += dropped
        if dropped == len(news):
            return Stored(unchanged=unchanged)
        moved = _move_keys(cursor, writer) if news.keyed.any() else 0
        new = _insert_new(cursor, writer)
        corrected = _correct(cursor, writer) if new + unchanged < len(facts) else 0
    # A fact that moved was inserted at its new place: to the sender it is a correction.
    return Stored(new - moved, corrected + moved, len(facts) - new - corrected)


def _news_in(cursor: Any, facts: FactColumns) -> FactColumns:
    """Without those of many facts that are known to be stored: replays need no staging."""
    if len(facts) < MANY or not on_postgres() or _is_thin(facts):
        return facts
    there = are_there(cursor, facts)
    return facts if there is None else facts.taken(~there)


def _is_thin(facts: FactColumns) -> bool:
    """Whether a few facts are strewn over so much that reading what lies between costs more."""
    if len(facts) >= ANALYZE_FROM:
        return False
    days = int(facts.day.max() - facts.day.min()) + 1
    return len(np.unique(facts.series)) * days > MOST_AROUND * len(facts)


def _write_new(cursor: Any, facts: FactColumns, writer: Writer) -> bool:
    """Write facts of which none is there yet; False, and nothing is written, where one is."""
    return copy_new(cursor, facts, writer) if on_postgres() else _insert_all(cursor, facts, writer)


def classify_facts(facts: FactColumns, source_id: int) -> Stored:
    """Say what `store_facts` would do, and write nothing."""
    with connection.cursor() as cursor:
        _stage(cursor, facts)
        cursor.execute(
            """SELECT CASE WHEN o.value = t.value AND o.span = t.span THEN 'unchanged'
                           WHEN o.value IS NOT NULL OR k.day IS NOT NULL THEN 'changed'
                           ELSE 'new' END AS verdict, count(*)
               FROM mops_incoming t
               LEFT JOIN metrics_keyplace k ON t.keyed AND k.metric_id = t.metric_id
                    AND k.source = %s AND k.khash = t.khash
               LEFT JOIN metrics_observation o ON o.series_id = t.series_id AND o.day = t.day
                    AND o.khash = t.khash
               GROUP BY 1""",
            [source_id],
        )
        return Stored(**dict(cursor.fetchall()))


def empty_places(places: Iterable[Place], reason: str, writer: Writer) -> int:
    """Move the facts at these places to the history and mark their weeks; how many."""
    with connection.cursor() as cursor:
        return _take_out(cursor, sorted(places), reason, writer)


def empty_where(cursor: Any, which: str, values: Sequence[Any], reason: str, writer: Writer) -> int:
    """The same for the facts `o` that a FROM clause yields, however many they are."""
    own_table(cursor, "mops_leaving", LEAVING)
    cursor.execute(f"INSERT INTO mops_leaving SELECT o.series_id, o.day, o.khash {which}", values)
    return _take_out_staged(cursor, reason, writer)


def mark_weeks(cursor: Any, places: str, values: Sequence[Any] = ()) -> None:
    """Append a mark for each series and ISO week of what a query yields as series_id and day."""
    week = "date_trunc('week', day)::date" if on_postgres() else "date(day, 'weekday 0', '-6 days')"
    cursor.execute(
        f"""INSERT INTO metrics_dirtymark (series_id, week)
            SELECT DISTINCT series_id, {week} FROM ({places}) x""",
        values,
    )


def on_postgres() -> bool:
    """Whether the database knows COPY, row locks and writing WITH; SQLite has one writer."""
    return connection.vendor == "postgresql"


def _stage(cursor: Any, facts: FactColumns) -> None:
    """Put the facts into a table of this connection's own."""
    own_table(
        cursor,
        INCOMING,
        "metric_id bigint, series_id integer, day date, khash bigint, value bigint, "
        "keyed boolean, span smallint",
    )
    if on_postgres():
        copy_incoming(cursor, INCOMING, facts)
        if len(facts) >= ANALYZE_FROM:
            cursor.execute(f"ANALYZE {INCOMING}")
        return
    columns = [facts.metric, facts.series, facts.day, facts.khash, facts.value]
    rows = _as_rows([*columns, facts.keyed, facts.span], days=2)
    cursor.executemany(f"INSERT INTO {INCOMING} VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)


def _insert_all(cursor: Any, facts: FactColumns, writer: Writer) -> bool:
    """The way of SQLite: it has one writer, so that what is not there now does not come."""
    if facts.keyed.any():
        return False
    rows = _as_rows([facts.khash, facts.value, facts.series, facts.day, facts.span], days=3)
    insert = f"""INSERT INTO metrics_observation
                     (khash, value, series_id, day, span, import_id, source)
                 VALUES (%s, %s, %s, %s, %s, {int(writer.import_id)}, {int(writer.source_id)})
                 ON CONFLICT DO NOTHING"""
    with transaction.atomic():
        cursor.executemany(insert, rows)
        if cursor.rowcount < len(facts):
            transaction.set_rollback(True)
            return False
    marks = _as_rows(list(weeks_of(facts)), days=1)
    cursor.executemany("INSERT INTO metrics_dirtymark (series_id, week) VALUES (%s, %s)", marks)
    return True


def _as_rows(columns: Sequence[Ints], *, days: int) -> Iterable[tuple[Any, ...]]:
    """Rows as SQLite takes them; the column at `days` are ordinals of days, and becomes texts."""
    lists: list[Sequence[Any]] = [column.tolist() for column in columns]
    texts = {day: date.fromordinal(day).isoformat() for day in set(lists[days])}
    lists[days] = [texts[day] for day in lists[days]]
    return zip(*lists, strict=True)


def own_table(cursor: Any, name: str, columns: str) -> None:
    """Make sure of an empty temporary table of this connection's own."""
    ending = "ON COMMIT DELETE ROWS" if on_postgres() else ""
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}) {ending}")
    cursor.execute(f"DELETE FROM {name}")


def _drop_unchanged(cursor: Any, staged: int) -> int:
    """Forget what is stored already with the same value: replays need no lock and leave no mark."""
    same = f"{SAME_PLACE} AND o.value = t.value AND o.span = t.span"
    cursor.execute(f"SELECT count(*) FROM {INCOMING} t JOIN metrics_observation o ON {same}")
    unchanged = int(cursor.fetchone()[0])
    if 0 < unchanged < staged:
        there = f"SELECT 1 FROM metrics_observation o WHERE {same}"
        cursor.execute(f"DELETE FROM {INCOMING} AS t WHERE EXISTS ({there})")
    return unchanged


KEY_IS = "k.metric_id = t.metric_id AND k.source = %s AND k.khash = t.khash AND t.keyed"
MOVES = "(k.series_id <> t.series_id OR k.day <> t.day)"


def _move_keys(cursor: Any, writer: Writer) -> int:
    """Note where each key stands now, and empty the places that keys have left; how many moved."""
    source = [writer.source_id]
    joined = f"FROM mops_incoming t JOIN metrics_keyplace k ON {KEY_IS}"
    while not _hold_keys(cursor, joined, source):
        pass  # a key was withdrawn while we waited for its place: by now it can be noted anew
    cursor.execute(f"SELECT k.series_id, k.day, k.khash {joined} AND {MOVES}", source)
    left = [(series, stored_day(day), khash) for series, day, khash in cursor.fetchall()]
    if not left:
        return 0
    emptied = _take_out(cursor, sorted(left), MOVED, writer)
    cursor.execute(
        f"""UPDATE metrics_keyplace AS k SET series_id = t.series_id, day = t.day
            FROM mops_incoming t WHERE {KEY_IS} AND {MOVES}""",
        source,
    )
    return emptied


def _hold_keys(cursor: Any, joined: str, source: list[int]) -> bool:
    """Note the keys that are new and lock the places of all; False where one has gone."""
    cursor.execute(
        """INSERT INTO metrics_keyplace (metric_id, source, khash, series_id, day)
           SELECT metric_id, %s, khash, series_id, day FROM mops_incoming
           WHERE keyed ORDER BY metric_id, khash
           ON CONFLICT (metric_id, source, khash) DO NOTHING""",
        source,
    )
    if not on_postgres():
        return True
    # In a statement of its own: the next one then sees what a writer before us has left.
    cursor.execute(f"SELECT 1 {joined} ORDER BY k.metric_id, k.khash FOR UPDATE OF k", source)
    held = len(cursor.fetchall())
    cursor.execute("SELECT count(*) FROM mops_incoming WHERE keyed")
    return bool(held == cursor.fetchone()[0])


def _take_out(cursor: Any, places: Sequence[Place], reason: str, writer: Writer) -> int:
    """Move the facts at these places from the facts into the history."""
    own_table(cursor, "mops_leaving", LEAVING)
    cursor.executemany("INSERT INTO mops_leaving VALUES (%s, %s, %s)", places)
    return _take_out_staged(cursor, reason, writer)


def _take_out_staged(cursor: Any, reason: str, writer: Writer) -> int:
    joined = f"mops_leaving t JOIN metrics_observation o ON {SAME_PLACE}"
    if on_postgres():
        order = "ORDER BY o.series_id, o.day, o.khash"
        cursor.execute(f"SELECT 1 FROM {joined} {order} FOR UPDATE OF o")
    _keep_history(cursor, joined, reason, writer)
    cursor.execute(
        """DELETE FROM metrics_observation
           WHERE (series_id, day, khash) IN (SELECT series_id, day, khash FROM mops_leaving)"""
    )
    taken = int(cursor.rowcount)
    mark_weeks(cursor, "SELECT series_id, day FROM mops_leaving")
    return taken


DIFFERS = "(o.value <> t.value OR o.span <> t.span)"
SAME_PLACE = "o.series_id = t.series_id AND o.day = t.day AND o.khash = t.khash"


def _keep_history(cursor: Any, which: str, reason: str, writer: Writer) -> None:
    """Copy the facts that the join yields as `o` into the history, known until now."""
    until = connection.ops.adapt_datetimefield_value(writer.at)
    cursor.execute(
        f"""INSERT INTO metrics_observationhistory (series_id, day, khash, value, source, import_id,
                replaced_by, known_from, known_to, reason, span)
            SELECT o.series_id, o.day, o.khash, o.value, o.source, o.import_id, %s,
                coalesce(r.created_at, %s), %s, %s, o.span
            FROM {which} LEFT JOIN metrics_importrun r ON r.id = o.import_id""",
        [writer.import_id, until, until, reason],
    )


def _insert_new(cursor: Any, writer: Writer) -> int:
    """Write the facts whose place is empty, and mark their weeks."""
    insert = """INSERT INTO metrics_observation
                    (khash, value, series_id, day, import_id, source, span)
                SELECT khash, value, series_id, day, %s, %s, span FROM mops_incoming
                WHERE true ORDER BY series_id, day, khash
                ON CONFLICT (series_id, day, khash) DO NOTHING"""
    values = [writer.import_id, writer.source_id]
    if on_postgres():
        cursor.execute(
            f"""WITH written AS ({insert} RETURNING series_id, day), marked AS (
                    INSERT INTO metrics_dirtymark (series_id, week)
                    SELECT DISTINCT series_id, date_trunc('week', day)::date FROM written)
                SELECT count(*) FROM written""",
            values,
        )
        return int(cursor.fetchone()[0])
    free = f"NOT EXISTS (SELECT 1 FROM metrics_observation o WHERE {SAME_PLACE})"
    mark_weeks(cursor, f"SELECT t.series_id, t.day FROM mops_incoming t WHERE {free}")
    cursor.execute(insert, values)
    return int(cursor.rowcount)


def _correct(cursor: Any, writer: Writer) -> int:
    """Replace the facts whose value differs, keep what they said before, mark their weeks."""
    differing = f"mops_incoming t JOIN metrics_observation o ON {SAME_PLACE} AND {DIFFERS}"
    lock = "ORDER BY o.series_id, o.day, o.khash FOR UPDATE OF o" if on_postgres() else ""
    cursor.execute(f"SELECT 1 FROM {differing} {lock}")
    found = len(cursor.fetchall())
    if not found:
        return 0
    mark_weeks(cursor, f"SELECT o.series_id, o.day FROM {differing}")
    _keep_history(cursor, differing, CORRECTED, writer)
    cursor.execute(
        f"""UPDATE metrics_observation AS o SET value = t.value, span = t.span, import_id = %s
            FROM mops_incoming t WHERE {SAME_PLACE} AND {DIFFERS}""",
        [writer.import_id],
    )
    return found


def placeholders(values: Collection[object]) -> str:
    """As many of them as there are values, for an IN."""
    return ", ".join(["%s"] * len(values))


def tell_planner() -> None:
    """Have PostgreSQL look at the facts after a bulk load, before a drain is planned."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE metrics_observation")
