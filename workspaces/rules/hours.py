"""Working hours and holidays as people write them: 09:00-12:30, 13:00-17:00."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from workspaces.rules.calendars import DAY_MINUTES, WEEKDAYS, Hours
from workspaces.rules.spans import joined

STRETCH = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?")
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
HOUR = 60
LONGEST_NAME = 80


class Unreadable(Exception):
    """What was written says no hours or no day; `line` counts from 1."""

    def __init__(self, text: str, line: int = 1) -> None:
        """Keep what could not be read and where it stood."""
        super().__init__(text)
        self.text, self.line = text, line


class Overlapping(Unreadable):
    """Two stretches of a day share some time: one of them is a slip of the pen."""


def parse_hours(text: str) -> Hours:
    """The hours of a day in order, those that meet made one; nothing written is a day off.

    Raises Unreadable, and Overlapping with the second of two stretches that share time.
    """
    plain = text.translate(DIGITS).replace("،", ",").replace(";", ",")
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    stretches = sorted(_stretch(part) for part in parts)
    for (_first, ends), (begins, after) in pairwise(stretches):
        if begins < ends:
            raise Overlapping(hours_text([(begins, after)]))
    return tuple(joined(stretches))


def _stretch(text: str) -> tuple[int, int]:
    found = STRETCH.fullmatch(text)
    if found is None:
        raise Unreadable(text)
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if not (start < end <= DAY_MINUTES):
        raise Unreadable(text)
    return start, end


def _minutes(hour: str, minute: str | None) -> int:
    if int(minute or 0) >= HOUR:
        raise Unreadable(f"{hour}:{minute}")
    return int(hour) * HOUR + int(minute or 0)


def hours_text(hours: Iterable[Sequence[int]]) -> str:
    """The hours as one writes them; empty for a day off."""
    return ", ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in hours)


def clock_text(minutes: int) -> str:
    """Minutes since midnight as a time of day: 09:00, 24:00."""
    return f"{minutes // HOUR:02}:{minutes % HOUR:02}"


def parse_holidays(text: str) -> list[tuple[date, str]]:
    """Days with their names, one a line: 2026-12-25 Christmas. Raises Unreadable."""
    found: dict[date, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        word, _space, name = line.partition(" ")
        try:
            day = date.fromisoformat(word.translate(DIGITS))
        except ValueError as error:
            raise Unreadable(line, number) from error
        if day in found or len(name.strip()) > LONGEST_NAME:
            raise Unreadable(line, number)
        found[day] = name.strip()
    return sorted(found.items())


def is_week(week: Sequence[Hours]) -> bool:
    """Whether there are seven days of hours that lie within a day, some of them worked."""
    fits = all(0 <= start < end <= DAY_MINUTES for hours in week for start, end in hours)
    return len(week) == WEEKDAYS and fits and any(week)
