"""People by the id that the outside knows them by: found, or made before any fact is written.

An id becomes a small dense number, so that the bitmaps of a metric's people stay small.
"""

import json
from collections.abc import Collection

from django.db import connection

from metrics.models.observations import Recipient
from metrics.operations.storing import on_postgres

AT_ONCE = 5_000


def find_recipients(workspace_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """The numbers of those who are known here, by external id; 1 query."""
    if not external_ids:
        return {}
    named = "= ANY(%s)" if on_postgres() else "IN (SELECT value FROM json_each(%s))"
    wanted = sorted(external_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT external_id, id FROM metrics_recipient
                WHERE workspace_id = %s AND external_id {named}""",  # noqa: S608  constants
            [workspace_id, wanted if on_postgres() else json.dumps(wanted)],
        )
        return dict(cursor.fetchall())


def prepare_recipients(workspace_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """The numbers of all of these; who is new gets one, whoever else adds the same meanwhile."""
    found = find_recipients(workspace_id, external_ids)
    missing = sorted(set(external_ids) - found.keys())
    if not missing:
        return found
    rows = [Recipient(workspace_id=workspace_id, external_id=name) for name in missing]
    Recipient.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return found | find_recipients(workspace_id, missing)
