"""When a connector is due next, and how long it waits after a failure that may pass."""

from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

HOURLY, DAILY = "hourly", "daily"
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED = timedelta(hours=24)  # a server may ask for more patience than we would have
MOST_ATTEMPTS = 6


def next_due(schedule: str, *, local_time: time, zone: str, after: datetime) -> datetime:
    """The next instant after `after`: hourly at the minute, or daily at the local time."""
    local = ZoneInfo(zone)
    here = after.astimezone(local)
    if schedule == HOURLY:
        due = here.replace(minute=local_time.minute, second=0, microsecond=0).astimezone(UTC)
        return due if due > after else due + timedelta(hours=1)
    day = here.date()
    for ahead in range(3):
        moment = datetime.combine(day + timedelta(days=ahead), local_time, local)
        due = moment.astimezone(UTC)
        if due > after:
            return due
    raise AssertionError("one of three days lies ahead")


def wait_after(attempt: int, *, asked: timedelta | None, chance: float) -> timedelta:
    """How long to wait after the n-th failed attempt (from 1): doubled each time, with jitter.

    `chance` lies from 0 to 1 and spreads the second half of the wait, so that connectors that
    failed together do not come back together; what the server asked for is the least.
    """
    doubled: timedelta = FIRST_WAIT * (1 << (attempt - 1))
    full = min(doubled, LONGEST_WAIT)
    wait = full * (0.5 + chance / 2)
    if asked is None:
        return wait
    return max(min(asked, LONGEST_ASKED) + timedelta(seconds=chance), wait)


def asked_wait(text: str, *, at: datetime) -> timedelta | None:
    """What a Retry-After says: seconds, or a date; None where it says nothing."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit():
        return min(timedelta(seconds=int(plain[:9])), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(plain)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - at, timedelta(0))
