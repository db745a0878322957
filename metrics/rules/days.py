"""Days as programs write them: 2026-01-31 and nothing else."""

import re
from datetime import date

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_day(text: object) -> date | None:
    """The day of a text of exactly that form; None when it is no such text or no such day."""
    if not isinstance(text, str) or not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stored_day(value: date | str) -> date:
    """A day as raw SQL returns it: SQLite hands over text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
