"""Instants as programs write them: a day, a time and an offset; the offset is never guessed."""

import re
from datetime import date, datetime

from metrics.rules.days import read_day
from metrics.rules.periods import is_known_day
from workspaces.rules.days import end_of_day

INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-5][0-9])",
    re.ASCII,
)


def read_instant(text: object) -> datetime | None:
    """The instant of a text such as 2026-01-31T23:30:00Z, to the second; None when it is none.

    Up to nine digits of a second are taken and forgotten: only the day counts. A leap second and
    24:00 are none, and neither is a time without an offset.
    """
    found = INSTANT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    day, time, offset = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{time}{offset.upper()}")
    except ValueError:
        return None


def read_known(text: object) -> date | datetime | None:
    """A day, which stands for its end, or an instant with its offset; None when it is neither.

    The + of an offset may be a space, as which it arrives in a query string.
    """
    day = read_day(text)
    if day is not None or not isinstance(text, str):
        return day if day is not None and is_known_day(day) else None
    spelled = text.replace(" ", "+")
    if INSTANT.fullmatch(spelled) is None:
        return None
    try:
        found = datetime.fromisoformat(spelled)
    except ValueError:
        return None
    return found if is_known_day(found.date()) else None


def known_instant(known: date | datetime | None, zone: str) -> datetime | None:
    """The instant that is meant; the end of a day in the named zone."""
    if known is None or isinstance(known, datetime):
        return known
    return end_of_day(known, zone)
