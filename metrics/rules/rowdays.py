"""The day on which a row stands, and how many days it covers, by the `day` part of a mapping."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from metrics.rules.dayformats import (
    MONTH_NAMES,
    ReadDay,
    calendar_day,
    day_reader,
    moment_reader,
    month_number,
)
from metrics.rules.daymaps import ISO, MOST_SPAN, DayMap
from metrics.rules.digits import NATIVE, to_ascii
from metrics.rules.mapping import MappingDocument

Placed = tuple[date, int]
RowDays = Callable[[tuple[str, ...]], "Placed | str"]  # from the cells of the day's columns


@dataclass(frozen=True)
class Setting:
    """Where a file is read: the zone whose days count, and whether its cells know their type."""

    zone: str = "UTC"
    typed: bool = False


def row_days(mapping: MappingDocument, setting: Setting) -> RowDays:
    """A function to (day, days covered), or to the code of what is wrong."""
    day, native = mapping.day, mapping.file.digits == NATIVE
    if day.fixed is not None:
        placed = (day.fixed, day.span)
        return lambda _texts: placed
    if day.in_parts:
        return _of_parts(day, native=native)
    read, missing = _of_text(day, setting, native=native), frozenset(mapping.file.missing)

    def of_text(texts: tuple[str, ...]) -> "Placed | str":
        if any(text.strip() in missing for text in texts):
            return "no_day"
        found = [read(text) for text in texts]
        if any(one is None for one in found):
            return "not_a_day"
        return _placed(day, [one for one in found if one])

    return of_text


def _placed(day: DayMap, found: list[date]) -> "Placed | str":
    """One day, or the last of several where the mapping says so: nothing is ever spread."""
    first, last = found[0], found[-1]
    if first == last:
        return last, 1
    span = (last - first).days + 1
    if span < 1:
        return "days_run_backwards"
    if span > MOST_SPAN:
        return "span_too_long"
    return (last, span) if day.spanned else "covers_several_days"


def _of_parts(day: DayMap, *, native: bool) -> RowDays:
    months = MONTH_NAMES[day.month_names]

    def read(texts: tuple[str, ...]) -> "Placed | str":
        plain = [to_ascii(text) if native else text for text in texts]
        year = plain[2].strip() if day.year_column else day.year
        known = isinstance(year, int) or (year is not None and year.isascii() and year.isdigit())
        if not known:
            return "not_a_day"
        found = calendar_day(year, month_number(plain[0], months), plain[1], day.calendar)
        return (found, 1) if found else "not_a_day"

    return read


def _of_text(day: DayMap, setting: Setting, *, native: bool) -> ReadDay:
    """A function from one cell to its day; an instant becomes the day that it has here."""
    if day.instant:
        moment = moment_reader(
            day.format, ZoneInfo(day.timezone), day.month_names,
            calendar=day.calendar, native=native,
        )  # fmt: skip
        here = ZoneInfo(setting.zone)

        def local(text: str) -> date | None:
            found = moment(text)
            return found.astimezone(here).date() if found else None

        return local
    read = day_reader(
        day.format, day.month_names, year=day.year, calendar=day.calendar, native=native
    )
    if not setting.typed:
        return read
    typed = day_reader(ISO)  # a workbook's own dates are written so, whatever its texts are

    def either(text: str) -> date | None:
        return typed(text.strip()[: len("2026-01-31")]) or read(text)

    return either
