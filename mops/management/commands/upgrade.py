"""Bring the database to this version of the code; several at once wait for each other."""

import contextlib
import fcntl
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

LOCK = 0x4D4F5073  # "MOPs", a number that nothing else in the database uses


class Command(BaseCommand):
    """Migrate under a lock that the database, or the file system, frees when we die."""

    help = "Bring the database to this version; safe to start several times at once."

    def handle(self, *_args: object, **options: object) -> None:
        """Wait for our turn, then migrate; the second one finds nothing to do."""
        with one_at_a_time():
            call_command("migrate", interactive=False, verbosity=options["verbosity"])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the one lock of this database."""
    if connection.vendor != "postgresql":
        with (settings.VAR / "upgrade.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
