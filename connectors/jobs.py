"""What the clock does with connectors. Each job may run twice, and may die at any point."""

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from connectors.operations import fetching, tidying

MOST_AT_ONCE = 4


@shared_task(name="connectors.fetch")
def fetch() -> int:
    fetching.schedule_due(at=now())
    # The embedded worker has two threads; one stays free for imports and rollups.
    return fetching.fetch_waiting(clock=now, at_once=1 if settings.EMBEDDED else MOST_AT_ONCE)


@shared_task(name="connectors.tidy_fetches")
def tidy_fetches() -> int:
    return tidying.tidy_fetches(at=now())
