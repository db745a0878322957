"""Days as places on a timeline: which it shows, how wide a day is, where bars and ticks lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
WEEK = 7
BEFORE = 7  # days before today that are always shown
BACK, AHEAD = 120, 400  # days that are shown at most


class Zoom(StrEnum):
    """How near one looks."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


AHEAD_OF = {Zoom.DAYS: 21, Zoom.WEEKS: 70, Zoom.MONTHS: 210}  # days that are always shown
WIDTHS = {Zoom.DAYS: 36, Zoom.WEEKS: 12, Zoom.MONTHS: 4}  # of a day, in pixels


@dataclass(frozen=True)
class Tick:
    """A line with a day's name; `is_major` begins a month."""

    day: date
    x: int
    is_major: bool


@dataclass(frozen=True)
class Scale:
    """The days from `first` to `last`, each `per_day` pixels wide."""

    first: date
    last: date
    per_day: int

    @property
    def width(self) -> int:
        """All days together."""
        return ((self.last - self.first).days + 1) * self.per_day

    def x(self, day: date) -> int:
        """Where a day begins; days outside lie at the edge."""
        inside = min(max(day, self.first), self.last + DAY)
        return (inside - self.first).days * self.per_day

    def span(self, begins: date, ends: date) -> tuple[int, int] | None:
        """Where a bar begins and how wide it is; None where all of it lies outside."""
        if ends < self.first or begins > self.last:
            return None
        left = self.x(begins)
        return left, self.x(ends + DAY) - left


def scale_of(days: Iterable[date], today: date, zoom: Zoom, week_starts_on: int) -> Scale:
    """The days around today that hold all of `days`, whole weeks, and not endlessly many."""
    every = [*days, today - BEFORE * DAY, today + AHEAD_OF[zoom] * DAY]
    first = max(min(every), today - BACK * DAY)
    last = min(max(every), today + AHEAD * DAY)
    first -= DAY * ((first.isoweekday() - week_starts_on) % WEEK)
    last += DAY * ((week_starts_on - 1 - last.isoweekday()) % WEEK)
    return Scale(first, last, WIDTHS[zoom])


def ticks_of(scale: Scale, zoom: Zoom, week_starts_on: int) -> list[Tick]:
    """Each day, the first days of weeks, or of months."""
    count = (scale.last - scale.first).days + 1
    days = (scale.first + place * DAY for place in range(count))
    if zoom == Zoom.WEEKS:
        days = (day for day in days if day.isoweekday() == week_starts_on)
    elif zoom == Zoom.MONTHS:
        days = (day for day in days if day.day == 1)
    return [Tick(day, scale.x(day), _is_major(day, zoom)) for day in days]


def _is_major(day: date, zoom: Zoom) -> bool:
    if zoom == Zoom.MONTHS:
        return day.month == 1
    return day.day <= WEEK if zoom == Zoom.WEEKS else day.day == 1
