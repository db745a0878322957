"""Where the day of a row stands: the `day` part of a mapping document, in its four forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from metrics.rules.dayformats import (
    CALENDARS,
    GREGORIAN,
    MONTH_NAMES,
    UNIX,
    directives_of,
)
from metrics.rules.days import read_day
from metrics.rules.documents import Walk
from metrics.rules.periods import FIRST_DAY, LAST_DAY

YEARS = (FIRST_DAY.year, LAST_DAY.year)
MOST_SPAN = 3_700  # days that one value may cover: ten years
LAST_OF_SPAN = "last_day"
ISO = "%Y-%m-%d"


@dataclass(frozen=True)
class DayMap:
    """Where the day stands: a column, parts in columns of their own, a range, or one fixed day.

    A row from `column` `until` another day is put on the last of them, if `spanned` says so. A
    `fixed` day holds for each row, and covers the `span` days that end with it.
    """

    column: str = ""
    format: str = ISO
    month: str = ""
    day: str = ""
    year_column: str = ""
    year: int | None = None
    month_names: str = "en"
    calendar: str = GREGORIAN
    instant: bool = False
    timezone: str = "UTC"
    until: str = ""
    spanned: bool = False
    fixed: date | None = None
    span: int = 1

    @property
    def in_parts(self) -> bool:
        """Whether month and day have columns of their own."""
        return bool(self.month)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for the day."""
        found = (self.month, self.day, self.year_column) if self.in_parts else (self.column,)
        return tuple(name for name in (*found, self.until) if name)

    @property
    def pointer(self) -> str:
        """Where in the document the columns are named."""
        if self.in_parts:
            return "/day/parts"
        return "/day/from" if self.until else "/day/column"

    def as_json(self) -> dict[str, Any]:
        """The part as `day_map` reads it."""
        if self.fixed is not None:
            return {"fixed": self.fixed.isoformat(), "span": self.span}
        if self.in_parts:
            return self._parts_as_json()
        found: dict[str, Any] = {"column": self.column, "format": self.format}
        if self.until:
            found = {"from": self.column, "to": self.until, "format": self.format}
            found |= {"span": LAST_OF_SPAN} if self.spanned else {}
        if self.instant:
            found |= {"instant": True, "timezone": self.timezone}
        return found | self._language_as_json(only_odd=True)

    def _parts_as_json(self) -> dict[str, Any]:
        parts = {"month": self.month, "day": self.day}
        if self.year_column:
            parts["year"] = self.year_column
        return {"parts": parts} | self._language_as_json(only_odd=False)

    def _language_as_json(self, *, only_odd: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.month_names != "en" or not only_odd:
            found["month_names"] = self.month_names
        if self.calendar != GREGORIAN:
            found["calendar"] = self.calendar
        return found if self.year is None else found | {"year": self.year}


def day_map(walk: Walk, value: object) -> DayMap:
    """Read the part, in whichever form; what is wrong is noted on the walk."""
    if isinstance(value, Mapping) and "parts" in value:
        return _in_parts(walk, value)
    if isinstance(value, Mapping) and "fixed" in value:
        return _fixed(walk, value)
    if isinstance(value, Mapping) and ("from" in value or "to" in value):
        return _range(walk, value)
    known = ("column", "format", "month_names", "calendar", "year", "instant", "timezone")
    given = walk.members(value, "/day", known, needed=("column",))
    instant = walk.flag(given, "instant", "/day")
    form, year = _format(walk, given, instant=instant), _year(walk, given)
    zone = walk.text(given, "timezone", "/day", "UTC")
    if "timezone" in given and not (instant and is_zone(zone)):
        walk.fault("/day/timezone", "mapping_timezone", value=zone)
    return DayMap(
        column=walk.text(given, "column", "/day"),
        format=form,
        year=year,
        instant=instant or form in UNIX,
        timezone=zone,
        **_language(walk, given),
    )


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone, such as Europe/Warsaw."""
    try:
        return ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False


def _language(walk: Walk, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "month_names": walk.choice(given, "month_names", "/day", tuple(MONTH_NAMES), "en"),
        "calendar": walk.choice(given, "calendar", "/day", CALENDARS, GREGORIAN),
    }


def _year(walk: Walk, given: dict[str, Any]) -> int | None:
    return walk.whole(given, "year", "/day", None, YEARS)


def _format(walk: Walk, given: dict[str, Any], *, instant: bool = False) -> str:
    form = walk.text(given, "format", "/day", ISO)
    if form in UNIX:
        return form
    try:
        found = directives_of(form, yearless="year" in given)
    except ValueError as error:
        walk.fault("/day/format", "mapping_day_format", value=form, why=str(error))
        return form
    if instant and not {"H", "I"} & set(found):
        walk.fault("/day/format", "mapping_instant_format", value=form)
    return form


def _in_parts(walk: Walk, value: object) -> DayMap:
    known = ("parts", "month_names", "calendar", "year")
    given = walk.members(value, "/day", known, needed=("parts",))
    at = "/day/parts"
    parts = walk.members(given.get("parts"), at, ("month", "day", "year"), needed=("month", "day"))
    year = _year(walk, given)
    if ("year" in parts) == (year is not None):
        walk.fault("/day/year", "mapping_one_year")
    return DayMap(
        month=walk.text(parts, "month", at),
        day=walk.text(parts, "day", at),
        year_column=walk.text(parts, "year", at, ""),
        year=year,
        **_language(walk, given),
    )


def _range(walk: Walk, value: object) -> DayMap:
    """A row covers the days from one column to the other."""
    known = ("from", "to", "format", "span", "month_names", "calendar", "year")
    given = walk.members(value, "/day", known, needed=("from", "to"))
    form = _format(walk, given)
    return DayMap(
        column=walk.text(given, "from", "/day"),
        until=walk.text(given, "to", "/day"),
        format=form,
        year=_year(walk, given),
        spanned=walk.choice(given, "span", "/day", ("", LAST_OF_SPAN), "") == LAST_OF_SPAN,
        **_language(walk, given),
    )


def _fixed(walk: Walk, value: object) -> DayMap:
    """Every row stands on one day: the file itself does not say which."""
    given = walk.members(value, "/day", ("fixed", "span"), needed=("fixed",))
    day = read_day(given.get("fixed"))
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        walk.fault("/day/fixed", "mapping_fixed_day", value=given.get("fixed", ""))
    span = walk.whole(given, "span", "/day", 1, (1, MOST_SPAN)) or 1
    return DayMap(fixed=day or FIRST_DAY, span=span)
