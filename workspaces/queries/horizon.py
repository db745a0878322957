"""Up to which event the log is whole: no event with a smaller id can still appear.

Ids are given before the commit, so a later one may be seen first. On PostgreSQL the newest id is
read, and then every transaction of this database that was writing at that moment is waited for;
what other databases of the server do is none of our business. SQLite has one writer.
"""

import time

from django.db import connection
from django.db.models import Max

from workspaces.models.events import Event

LOOKS = 20
PAUSE = 0.1  # seconds
WRITING = """
SELECT backend_xid::text FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def whole_until(*, looks: int = LOOKS) -> int | None:
    """The id up to which all is there, None while a transaction of before goes on for too long."""
    newest = _newest()
    if connection.vendor != "postgresql":
        return newest
    before = _writing()
    for look in range(looks):
        if not before & _writing():
            return newest
        if look + 1 < looks:
            time.sleep(PAUSE)
    return None


def _newest() -> int:
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _writing() -> set[str]:
    """The transactions that write in this database now, other than ours."""
    with connection.cursor() as cursor:
        cursor.execute(WRITING)
        return {xid for (xid,) in cursor.fetchall()}
