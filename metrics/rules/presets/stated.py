"""The period that a report states above its header."""

import re
from collections.abc import Sequence
from datetime import date

from metrics.rules.dayformats import day_reader
from metrics.rules.periods import Span

ALL_TIME = (
    "all time", "gesamter zeitraum", "todo el periodo", "todo el período", "cały okres",
    "toutes les dates", "todo o período",
)  # fmt: skip
WORDED = (
    ("en", ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")),
    ("de", ("%d. %B %Y", "%d. %b %Y")),
    ("es", ("%d de %B de %Y", "%d %b %Y", "%d %B %Y")),
    ("fr", ("%d %B %Y", "%d %b %Y")),
    ("pl", ("%d %B %Y", "%d %b %Y")),
    ("pt", ("%d de %B de %Y", "%d de %b de %Y")),
    ("it", ("%d %B %Y", "%d %b %Y")),
)
COMPACT = day_reader("%Y%m%d")
AMERICAN = day_reader("%m/%d/%Y")


def period_in(above: Sequence[str]) -> Span | None:
    """The period of the lines above a header, or None where they state none, or all time."""
    text = "\n".join(above)
    found = _compact(text) or _american(text)
    for line in above:
        found = found or _worded(line)
    return found if found and found.first <= found.last else None


def is_all_time(above: Sequence[str]) -> bool:
    """Whether a report says that it covers all time."""
    return any(line.strip().casefold() in ALL_TIME for line in above)


def _compact(text: str) -> Span | None:
    """20231101-20231130 in a comment, or a start date and an end date."""
    match = re.search(r"^#\s*([0-9]{8})\s*-\s*([0-9]{8})\W*$", text, re.MULTILINE) or re.search(
        r"start date:\s*([0-9]{8}).*?end date:\s*([0-9]{8})", text, re.IGNORECASE | re.DOTALL
    )
    return _span(COMPACT(match[1]), COMPACT(match[2])) if match else None


def _american(text: str) -> Span | None:
    """Report Start: 09/01/2026, Report End: 09/02/2026."""
    day = r"([0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
    match = re.search(
        rf"report start:\s*{day}.*?report end:\s*{day}", text, re.IGNORECASE | re.DOTALL
    )
    return _span(AMERICAN(match[1]), AMERICAN(match[2])) if match else None


def _worded(line: str) -> Span | None:
    """July 8, 2025 - July 31, 2025, in the languages that are known; or one day alone."""
    ends = re.split(r"\s+[-–—]\s+", line.strip().strip('"'))
    for language, formats in WORDED:
        for form in formats:
            read = day_reader(form, language)
            found = [read(end) for end in ends]
            if all(found) and len(found) <= len(("first", "last")):
                return _span(found[0], found[-1])
    return None


def _span(first: date | None, last: date | None) -> Span | None:
    return Span(first, last) if first and last else None
