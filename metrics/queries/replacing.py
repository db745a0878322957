"""What a file that is complete for its days would withdraw, told before it does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection, transaction

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.rules.keys import hash_key

Name = tuple[int, str]  # metric, key


@transaction.atomic
def left_out_of(
    run: ImportRun, names: Iterable[Sequence[Name]], there: Mapping[str, Metric]
) -> dict[str, int]:
    """How many facts the run's file does not name that its source has on its days, by metric.

    `names` come chunk by chunk and are kept in the database. A key that the file names on another
    day moves there and is not withdrawn.
    """
    spooled, source_id = run.details["spooled"], run.source_id or 0
    if not spooled["first"]:
        return {}
    days = (date.fromisoformat(spooled["first"]), date.fromisoformat(spooled["last"]))
    _open_table()
    for chunk in names:
        named = [(metric_id, hash_key(source_id, key)) for metric_id, key in chunk]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO mops_kept VALUES (%s, %s) ON CONFLICT DO NOTHING", named
            )
    found = {key: _count(source_id, metric.pk, days) for key, metric in sorted(there.items())}
    return {key: count for key, count in found.items() if count}


def _open_table() -> None:
    """An empty table of this connection's own for what the file names."""
    columns = "metric_id integer, khash bigint, PRIMARY KEY (metric_id, khash)"
    ending = "ON COMMIT DELETE ROWS" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS mops_kept ({columns}) {ending}")
        cursor.execute("DELETE FROM mops_kept")


def _count(source_id: int, metric_id: int, days: tuple[date, date]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM metrics_observation o
               WHERE o.source = %s AND o.day BETWEEN %s AND %s
               AND o.series_id IN (SELECT id FROM metrics_series WHERE metric_id = %s)
               AND NOT EXISTS (SELECT 1 FROM mops_kept n
                               WHERE n.metric_id = %s AND n.khash = o.khash)""",
            [source_id, *days, metric_id, metric_id],
        )
        return int(cursor.fetchone()[0])
