"""Which days a fetch asks for: from the last one on, again those that may have been restated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metrics.rules.periods import DAY, Span


@dataclass(frozen=True)
class Window:
    """How far back the first fetch goes, how much is asked for again, how much at once.

    All are days; `lag` is how many of the last days are left out, 0 being up to today. What has no
    past, only a state of today, is asked for `today_only`.
    """

    days_back: int = 30
    overlap: int = 7
    chunk: int = 30
    lag: int = 0
    today_only: bool = False


def next_days(window: Window, *, done: date | None, today: date) -> Span | None:
    """The days to ask for, given the last day that has been fetched; None when there are none."""
    if window.today_only:
        return Span(today, today)
    last = today - window.lag * DAY
    first = (
        last - (window.days_back - 1) * DAY if done is None else done - (window.overlap - 1) * DAY
    )
    first = min(first, last)
    return Span(first, last) if first <= last else None


def chunks(days: Span, size: int) -> Iterator[Span]:
    """The span in parts of at most so many days, the oldest first."""
    first = days.first
    while first <= days.last:
        last = min(first + (size - 1) * DAY, days.last)
        yield Span(first, last)
        first = last + DAY


def words(days: Span, zone: str) -> dict[str, str]:
    """What a request may say of its days: as days, as instants, as milliseconds, here and there."""
    local = ZoneInfo(zone)
    start = datetime.combine(days.first, time(), local)
    end = datetime.combine(days.last + DAY, time(), local)
    return {
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "until": (days.last + DAY).isoformat(),
        "from_compact": f"{days.first:%Y%m%d}",
        "to_compact": f"{days.last:%Y%m%d}",
        "from_instant": _utc(start),
        "before_instant": _utc(start - timedelta(seconds=1)),
        "until_instant": _utc(end),
        "from_ms": str(int(start.timestamp() * 1000)),
        "until_ms": str(int(end.timestamp() * 1000)),
    }


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


WORDS = frozenset(words(Span(date(2000, 1, 1), date(2000, 1, 1)), "UTC"))
