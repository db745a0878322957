"""How work flows: what the times of cards mean. Times are elapsed seconds, nights and holidays too.

started    the first entry into a column that is neither the first of its board nor done
cycle time from started until done; a card that was never started has none
lead time  from when the card was made until done
A card that was taken up again counts from its first start until it was done last.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from workspaces.rules.days import local_day

FEWEST = 5  # of fewer cards no percentile is told
WEEK = 7
SHARES = (50, 85, 95)
Span = tuple[datetime, datetime | None]


class Stage(StrEnum):
    """What a column is for the flow; one that was removed is of the middle."""

    TO_DO = "to_do"
    WORK = "work"
    DONE = "done"


@dataclass(frozen=True)
class Leg:
    """A time in one column, until `left` or still; `place` names the column."""

    place: str
    stage: Stage
    came: datetime
    left: datetime | None


@dataclass(frozen=True)
class Journey:
    """A card's way over its board, in order; `gone` is when it was put away undone."""

    card: int
    made: datetime
    done: datetime | None
    gone: datetime | None
    legs: tuple[Leg, ...]
    halts: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Spread:
    """How many values there are and, of at least FEWEST, their percentiles (nearest rank)."""

    n: int
    p50: float | None = None
    p85: float | None = None
    p95: float | None = None

    @property
    def is_told(self) -> bool:
        """Whether there are enough to tell anything."""
        return self.p50 is not None


@dataclass(frozen=True)
class Dwelling:
    """The times of finished cards in one column: of how many, together, and held up of that."""

    place: str
    spread: Spread
    seconds: float
    halted: float

    @property
    def halted_share(self) -> float | None:
        """The sum of the held-up times over the sum of all, None where no time passed."""
        return self.halted / self.seconds if self.seconds else None


def started_at(journey: Journey) -> datetime | None:
    """When the card was first taken into work; None if never, or only after it was done."""
    first = next((leg.came for leg in journey.legs if leg.stage is Stage.WORK), None)
    if first is None or (journey.done is not None and first > journey.done):
        return None
    return first


def cycle_time(journey: Journey) -> float | None:
    """Seconds from started until done; None where one of the two is missing."""
    start = started_at(journey)
    if start is None or journey.done is None:
        return None
    return (journey.done - start).total_seconds()


def lead_time(journey: Journey) -> float | None:
    """Seconds from made until done; None while it is not done."""
    return (journey.done - journey.made).total_seconds() if journey.done else None


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that so many percent of the values do not exceed: one that happened."""
    ordered = sorted(values)
    return ordered[max(1, ceil(len(ordered) * share / 100)) - 1]


def spread_of(values: Iterable[float]) -> Spread:
    """The 50th, 85th and 95th percentile, or only how many where there are fewer than FEWEST."""
    known = list(values)
    if len(known) < FEWEST:
        return Spread(len(known))
    return Spread(len(known), *(percentile(known, share) for share in SHARES))


def throughput(
    done: Iterable[date], first: date, last: date, week_starts_on: int
) -> list[tuple[date, int]]:
    """How many were done in each week that touches these days, by the week's first day."""
    begin = first - timedelta(days=(first.isoweekday() - week_starts_on) % WEEK)
    weeks = {begin + timedelta(days=WEEK * n): 0 for n in range((last - begin).days // WEEK + 1)}
    for day in done:
        if first <= day <= last:
            weeks[begin + timedelta(days=(day - begin).days // WEEK * WEEK)] += 1
    return list(weeks.items())


def cumulative(
    journeys: Iterable[Journey],
    band_of: Mapping[str, str],
    *,
    days: tuple[date, date],
    zone: str,
) -> dict[str, list[int]]:
    """How many cards stood in each band at the end of each local day, from first to last.

    `band_of` says to which band a place belongs; others are their own band. What was put away
    undone leaves its band on that day; what was put away done stays among the done.
    """
    first, last = days
    length = (last - first).days + 1
    steps: dict[str, list[int]] = defaultdict(lambda: [0] * (length + 1))
    for journey in journeys:
        for leg in journey.legs:
            left = _earlier(leg.left, journey.gone if leg.stage is not Stage.DONE else None)
            begin = max(0, (local_day(leg.came, zone) - first).days)
            end = length if left is None else min(length, (local_day(left, zone) - first).days)
            if begin < end:
                band = steps[band_of.get(leg.place, leg.place)]
                band[begin] += 1
                band[end] -= 1
    return {band: _summed(changes[:length]) for band, changes in steps.items()}


def dwellings(journeys: Iterable[Journey]) -> dict[str, Dwelling]:
    """By place: the times that finished cards stood there, in all their visits, before done.

    A halt counts in the column where the card stood while it lasted.
    """
    stood: dict[str, list[float]] = defaultdict(list)
    halted: dict[str, float] = defaultdict(float)
    for journey in journeys:
        mine: dict[str, float] = defaultdict(float)
        halts = _merged(journey.halts, journey.done)
        for leg in journey.legs:
            if leg.stage is not Stage.DONE and leg.left is not None:
                mine[leg.place] += (leg.left - leg.came).total_seconds()
                halted[leg.place] += sum(_overlap(halt, (leg.came, leg.left)) for halt in halts)
        for place, seconds in mine.items():
            stood[place].append(seconds)
    return {
        place: Dwelling(place, spread_of(times), sum(times), halted[place])
        for place, times in stood.items()
    }


def _merged(halts: Iterable[Span], done: datetime | None) -> list[tuple[datetime, datetime]]:
    """Halts as times that do not overlap; one that goes on lasts until the card was done."""
    found: list[tuple[datetime, datetime]] = []
    closed = [(since, until or done) for since, until in halts]
    for since, until in sorted((since, until) for since, until in closed if until is not None):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        elif until > since:
            found.append((since, until))
    return found


def _overlap(one: tuple[datetime, datetime], two: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], two[1]) - max(one[0], two[0])).total_seconds())


def _earlier(one: datetime | None, two: datetime | None) -> datetime | None:
    known = [moment for moment in (one, two) if moment is not None]
    return min(known) if known else None


def _summed(changes: Iterable[int]) -> list[int]:
    """Running sums."""
    total, sums = 0, []
    for change in changes:
        total += change
        sums.append(total)
    return sums
