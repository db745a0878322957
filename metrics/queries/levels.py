"""Levels: what a series stood at on a day is its last value on or before it."""

# ruff: noqa: S608  statements are put together from constants of this app; values are parameters

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection


def levels_at(series_ids: Collection[int], days: Collection[date]) -> dict[tuple[int, date], int]:
    """The scaled last value on or before each day by (series, day); 1 query.

    A series without any value until then is not in it. Within a day the later import wins. It
    walks the facts' key once for each pair, however far back the value lies.
    """
    if not series_ids or not days:
        return {}
    listed = [sorted(series_ids), [day.isoformat() for day in sorted(days)]]
    if connection.vendor == "postgresql":
        series, wanted = "unnest(%s::integer[])", "unnest(%s::date[])"
        values: list[Any] = [*listed]
    else:
        series, wanted = (f"(SELECT value AS {name} FROM json_each(%s))" for name in "sd")
        values = [json.dumps(one) for one in listed]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s, d, (SELECT o.value FROM metrics_observation o
                    WHERE o.series_id = s AND o.day <= d
                    ORDER BY o.day DESC, o.import_id DESC, o.khash DESC LIMIT 1)
                FROM {series} AS s CROSS JOIN {wanted} AS d""",
            values,
        )
        rows = cursor.fetchall()
    return {
        (owner, day if isinstance(day, date) else date.fromisoformat(day)): value
        for owner, day, value in rows
        if value is not None
    }
