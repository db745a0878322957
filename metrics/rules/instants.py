"""Instants as programs write them: a day, a time and an offset; the offset is never guessed."""

import re
from datetime import datetime

INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
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
