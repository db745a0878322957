"""Fetches that nobody looks at any more."""

from datetime import datetime, timedelta

from connectors.models.connectors import OPEN, Fetch

KEPT_FOR = timedelta(days=90)
KEPT_OF_EACH = 50  # of a connector, however old


def tidy_fetches(*, at: datetime) -> int:
    """Remove old fetches, but the last of each connector and those at work; returns how many.

    What they brought stays, and the runs that its facts name.
    """
    old = Fetch.objects.filter(due_at__lt=at - KEPT_FOR).exclude(state__in=OPEN)
    count = 0
    for connector in old.order_by().values_list("connector", flat=True).distinct():
        last = Fetch.objects.filter(connector=connector).values_list("pk", flat=True)
        kept = list(last.order_by("-pk")[:KEPT_OF_EACH])
        count += old.filter(connector=connector).exclude(pk__in=kept).delete()[0]
    return count
