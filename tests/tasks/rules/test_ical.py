from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.ical import Entry, escaped, folded, write_calendar
from tests.tasks.ical import read

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTRY = Entry(
    uid="7.1.card@mops",
    sequence=3,
    made_at=NOON,
    changed_at=NOON,
    first=date(2026, 2, 27),
    last=date(2026, 3, 1),
    summary="Brief",
    description="Launch · Ready",
    url="https://mops.example/w/acme/cards/7/",
    categories=("Mail, print", "Web"),
    priority=1,
)
SUMMARY = "Plan: a, b; c\\d\r\nATTACH:http://evil.example\x00\u2028END:VEVENT 🗓 " + "ą" * 80


def test_X11_a_title_stays_one_value_whatever_stands_in_it():
    calendar = read(write_calendar("A, b; c", [replace(ENTRY, summary=SUMMARY)]))
    (event,) = calendar.parts
    assert event["SUMMARY"] == SUMMARY.replace("\r\n", "\n").replace("\u2028", "\n").replace(
        "\0", ""
    )
    assert "ATTACH" not in event.said
    assert calendar["X-WR-CALNAME"] == "A, b; c"
    assert event["CATEGORIES"] == "Mail\\, print,Web"


@given(st.text(max_size=400))
def test_any_text_is_read_back_and_no_line_is_too_long(text):
    calendar = read(write_calendar("Board", [replace(ENTRY, summary=f"x{text}")]))
    again = read(write_calendar("Board", [replace(ENTRY, summary=calendar.parts[0]["SUMMARY"])]))
    assert again.parts[0]["SUMMARY"] == calendar.parts[0]["SUMMARY"]


@pytest.mark.parametrize("letter", ["a", "ą", "ส", "🗓"])
def test_lines_are_folded_by_octets_and_letters_stay_whole(letter):
    pieces = folded(f"SUMMARY:{letter * 200}").removesuffix(b"\r\n").split(b"\r\n ")
    assert all(len(piece) <= 75 for piece in pieces)
    assert len(pieces[0]) > 75 - len(letter.encode())
    assert b"".join(pieces).decode() == f"SUMMARY:{letter * 200}"
    assert escaped("a\\nb") == "a\\\\nb"


def test_days_are_whole_and_the_end_of_an_event_is_the_day_after():
    event = read(write_calendar("Board", [ENTRY])).parts[0]
    assert event.kind == "VEVENT"
    assert event.said["DTSTART"] == (";VALUE=DATE", "20260227")
    assert event.said["DTEND"] == (";VALUE=DATE", "20260302")
    assert (event["SEQUENCE"], event["DTSTAMP"]) == ("3", "20260302T120000Z")
    assert (event["PRIORITY"], event["TRANSP"]) == ("1", "TRANSPARENT")


def test_a_to_do_says_when_it_was_done_and_starts_before_it_is_due():
    done = replace(ENTRY, first=ENTRY.last, done_at=NOON)
    still, ready = read(write_calendar("Board", [ENTRY, done], as_todos=True)).parts
    assert (still.kind, still["DTSTART"], still["DUE"]) == ("VTODO", "20260227", "20260301")
    assert still["STATUS"] == "NEEDS-ACTION"
    assert (ready["STATUS"], ready["COMPLETED"]) == ("COMPLETED", "20260302T120000Z")
    assert "DTSTART" not in ready.said  # it must lie before the due day


def test_a_calendar_without_anything_still_holds_a_part():
    assert [part.kind for part in read(write_calendar("Empty", [])).parts] == ["VTIMEZONE"]
