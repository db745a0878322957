"""What is suspicious about numbers: gaps, jumps, impossible pairs, sources that tell the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from metrics.rules.periods import DAY

WEEK_DAYS = 7
WEEKS_TO_LEARN = 5  # values of a weekday before its rhythm is known
SELDOM = 0.25  # of the busiest weekday's values: below that nothing is expected on a weekday
WIDE = 6.0  # robust standard deviations
TO_DEVIATION = 1.4826  # of a median absolute deviation, for a normal distribution
LEAST_JUMP = 0.5  # of the usual value
FAR = 2  # clicks for each open
LEAST_CLICKS = 20  # of a day: fewer may well be of mails that were opened before
SHARED = 0.5  # of the smaller source's days and names
STEPS = ("impression", "click", "conversion")
OPENED, CLICKED = "open", "click"


class Kind(StrEnum):
    """What a finding is about."""

    LATE = "late"
    GAP = "gap"
    ABOVE_MAXIMUM = "above_maximum"
    FAR_ABOVE = "far_above"
    WITHOUT = "without"
    JUMP = "jump"
    NEGATIVE = "negative"
    DOUBLE = "double_counting"
    SPANS = "several_days"
    CURRENCIES = "currencies"


class Severity(StrEnum):
    """How bad it is: the numbers are wrong, may be wrong, or are worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One suspicious thing; `id` stays the same while the thing does."""

    kind: Kind
    severity: Severity
    metric_id: int
    first: date
    last: date
    count: int = 1
    data: dict[str, object] = field(default_factory=dict)
    apart: str = ""

    @property
    def id(self) -> str:
        """A name by which it is dismissed: kind, metric and what tells it apart."""
        text = f"{self.kind}|{self.metric_id}|{self.apart}"
        return blake2b(text.encode(), digest_size=10).hexdigest()


class Gap(NamedTuple):
    """Days without data between two that have some, both ends included."""

    first: date
    last: date


def gaps(days: Iterable[date], *, cadence: int) -> list[Gap]:
    """Where data are missing between the first and the last day that have some.

    With daily data each missing day counts, except on weekdays that hardly ever have any; with
    wider cadences a distance of more than one and a half of it.
    """
    ordered = sorted(set(days))
    quiet = _quiet_weekdays(ordered) if cadence == 1 else frozenset[int]()
    found = []
    for before, after in pairwise(ordered):
        if cadence == 1:
            missing = [day for day in _between(before, after) if day.weekday() not in quiet]
            if missing:
                found.append(Gap(missing[0], missing[-1]))
        elif (after - before).days > 1.5 * cadence:
            found.append(Gap(before + DAY, after - DAY))
    return found


def _between(before: date, after: date) -> list[date]:
    return [before + DAY * step for step in range(1, (after - before).days)]


def _quiet_weekdays(days: Sequence[date]) -> frozenset[int]:
    """Weekdays on which data hardly ever come, such as Sundays."""
    if not days or (days[-1] - days[0]).days < WEEKS_TO_LEARN * WEEK_DAYS:
        return frozenset()
    counts = [0] * WEEK_DAYS
    for day in days:
        counts[day.weekday()] += 1
    return frozenset(day for day in range(WEEK_DAYS) if counts[day] < SELDOM * max(counts))


class Jump(NamedTuple):
    """A value far from what is usual on such a day."""

    day: date
    value: float
    usual: float


def jumps(values: Mapping[date, float], *, since: date, weekly: bool = True) -> list[Jump]:
    """Values since a day that lie far from the median of the same weekday.

    Far is six robust deviations and half of the usual value. `weekly` is false for data that do
    not come daily: all values are then compared with each other.
    """
    groups: dict[int, list[float]] = {}
    for day, value in values.items():
        groups.setdefault(day.weekday() if weekly else 0, []).append(value)
    found = []
    for day in sorted(day for day in values if day >= since):
        group = groups[day.weekday() if weekly else 0]
        usual = median(group)
        spread = TO_DEVIATION * median(abs(value - usual) for value in group)
        off = abs(values[day] - usual)
        if len(group) > WEEKS_TO_LEARN and off > max(WIDE * spread, LEAST_JUMP * abs(usual)):
            found.append(Jump(day, values[day], usual))
    return found


def word_in(key: str, word: str) -> bool:
    """Whether a key of a metric speaks of it: total_clicks speaks of "click"."""
    return any(part in {word, f"{word}s"} for part in key.split("_"))


def funnel_pairs(keys: Mapping[int, str]) -> set[tuple[int, int]]:
    """(metric, metric that must come before it): conversions need clicks, clicks impressions."""
    found = set()
    for lower, upper in pairwise(STEPS):
        tops = [pk for pk, key in keys.items() if word_in(key, lower)]
        ends = [pk for pk, key in keys.items() if word_in(key, upper)]
        found |= {(end, top) for end in ends for top in tops if end != top}
    return found


def open_pairs(keys: Mapping[int, str]) -> set[tuple[int, int]]:
    """(clicks, opens): people who click have opened, so clicks far above opens are robots."""
    clicks = [pk for pk, key in keys.items() if word_in(key, CLICKED)]
    opens = [pk for pk, key in keys.items() if word_in(key, OPENED)]
    return {(click, opened) for click in clicks for opened in opens if click != opened}


class Far(NamedTuple):
    """The days on which clicks exceed opens, and what the worst of them has."""

    days: list[date]
    worst: date
    clicks: int
    opens: int


def far_days(clicks: Mapping[date, int], opens: Mapping[date, int]) -> Far | None:
    """The days known of both that have more than FAR clicks for each open, if there are any."""
    found = [
        day
        for day in sorted(clicks.keys() & opens.keys())
        if clicks[day] >= LEAST_CLICKS and clicks[day] > FAR * opens[day]
    ]
    if not found:
        return None
    worst = max(found, key=lambda day: clicks[day] - FAR * opens[day])
    return Far(found, worst, clicks[worst], opens[worst])


@dataclass(frozen=True)
class ToldBySource:
    """What one source told of a metric: its days, and the dimension values of its series."""

    source_id: int
    days: frozenset[date]
    dims: tuple[frozenset[tuple[str, str]], ...]


def tell_the_same(one: ToldBySource, other: ToldBySource) -> bool:
    """Whether two sources seem to report the same things for the same days.

    The same days: at least half of those of the smaller. The same things: by the dimensions that
    both have at least half of the smaller's combinations; a source without dimensions reports
    totals of everything.
    """
    shared = len(one.days & other.days)
    if not shared or shared < SHARED * min(len(one.days), len(other.days)):
        return False
    common = _names(one.dims) & _names(other.dims)
    if not common:
        return any(not dims for dims in (*one.dims, *other.dims))
    mine, theirs = _values(one.dims, common), _values(other.dims, common)
    return len(mine & theirs) >= SHARED * min(len(mine), len(theirs))


def _names(dims: Collection[frozenset[tuple[str, str]]]) -> set[str]:
    return {name for pairs in dims for name, _value in pairs}


def _values(
    dims: Collection[frozenset[tuple[str, str]]], names: set[str]
) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(pair for pair in pairs if pair[0] in names) for pairs in dims}
