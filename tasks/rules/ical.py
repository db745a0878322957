"""A calendar as RFC 5545 writes it: escaped, folded by octets, ended by CRLF; whole days only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD = 75  # octets in a line, its end not counted
BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x9f]")
DAY = timedelta(days=1)
NOWHERE = (  # a calendar holds at least one part: the zone of one that has nothing else
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Entry:
    """Something to do on whole days, from the first to the last of them.

    `changed_at` is when it was written last, `priority` 1 (most) to 9, 0 for none.
    """

    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    first: date
    last: date
    summary: str
    description: str
    url: str
    categories: tuple[str, ...] = ()
    priority: int = 0
    done_at: datetime | None = None


def write_calendar(name: str, entries: Iterable[Entry], *, as_todos: bool = False) -> bytes:
    """The calendar of that name, with an event or a to-do for each entry."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MOps//Boards//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    parts = [line for entry in entries for line in _part(entry, as_todos=as_todos)]
    lines += [*(parts or NOWHERE), "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A text that stays one value: no line end of its own, no separator, no control character."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return CONTROLS.sub("", BREAKS.sub("\\\\n", text))


def folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, no character torn apart."""
    pieces, piece, room = [], b"", FOLD
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", FOLD - 1  # the space that goes on
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"


def _part(entry: Entry, *, as_todos: bool) -> Iterator[str]:
    kind = "VTODO" if as_todos else "VEVENT"
    yield f"BEGIN:{kind}"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{_instant(entry.changed_at)}"
    yield f"CREATED:{_instant(entry.made_at)}"
    yield f"LAST-MODIFIED:{_instant(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield from _as_todo(entry) if as_todos else _as_event(entry)
    if entry.description:
        yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.categories:
        yield f"CATEGORIES:{','.join(escaped(word) for word in entry.categories)}"
    if entry.priority:
        yield f"PRIORITY:{entry.priority}"
    yield f"URL:{CONTROLS.sub('', BREAKS.sub('', entry.url))}"
    yield "CLASS:PRIVATE"
    yield f"END:{kind}"


def _as_event(entry: Entry) -> Iterator[str]:
    """Whole days, which keep nobody busy; the end is the day after the last one."""
    yield f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.last + DAY:%Y%m%d}"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"


def _as_todo(entry: Entry) -> Iterator[str]:
    """A start is said only where it lies before the due day."""
    if entry.first < entry.last:
        yield f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}"
    yield f"DUE;VALUE=DATE:{entry.last:%Y%m%d}"
    if entry.done_at is None:
        yield "STATUS:NEEDS-ACTION"
        return
    yield "STATUS:COMPLETED"
    yield f"COMPLETED:{_instant(entry.done_at)}"
    yield "PERCENT-COMPLETE:100"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
