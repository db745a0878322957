"""Paths, values, windows and schedules, decided without a server or a database."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rules.paths import MISSING, find, find_all, leads_somewhere, read_path
from connectors.rules.schedules import asked_wait, next_due, wait_after
from connectors.rules.templates import filled_url
from connectors.rules.values import amount_of, reader_of_days
from connectors.rules.windows import Window, chunks, next_days, words
from metrics.rules.periods import DAY, Span

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANSWER = {
    "pages": [{"rows": [{"n": 1}, {"n": 2}]}, {"rows": []}, {"rows": [{"n": None}]}],
    "actions": [{"type": "click", "value": "9"}, {"type": "lead.web", "value": "3"}],
    "empty": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actions[0].value", "9"),
        ("actions[type=lead.web].value", "3"),
        ("actions[type=sale].value", MISSING),
        ("actions[7]", MISSING),
        ("empty", MISSING),
        ("empty.deeper", MISSING),
        ("pages[0].rows[1].n", 2),
        ("actions.value", MISSING),
    ],
)
def test_a_path_leads_to_one_value_or_to_none(path, value):
    assert find(ANSWER, read_path(path)) == value


def test_a_path_leads_to_every_row():
    rows = read_path("pages[].rows[]")
    assert [row["n"] for row in find_all(ANSWER, rows)] == [1, 2, None]
    assert leads_somewhere(ANSWER, rows)
    assert leads_somewhere([], read_path("[].results[]"))
    assert not leads_somewhere({}, rows)
    assert not leads_somewhere({"pages": [{}]}, rows)


@pytest.mark.parametrize(
    "text", ["a..b", ".a", "a.", "a[", "a]b", "a[-1]", "a[1:2]", "a[?(@.x)]", "a" * 201, "a.[0]"]
)
def test_what_is_no_path_is_none(text):
    assert read_path(text) is None


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_paths_fail(text):
    found = read_path(text)
    assert found is None or isinstance(find(ANSWER, found), object)


@pytest.mark.parametrize(
    ("value", "transform", "scaled"),
    [
        ("2500000000", "micros", 250000),
        (Decimal("4.0"), "number", 400),
        ("12.345", "number", 1235),
        (-1, "hundredths", -1),
        ("0.0375", "fraction", 375),
        ("1,000", "number", "is_grouped"),
        ("5%", "number", "is_percent"),
        ("", "number", "not_a_number"),
        (None, "number", "not_a_number"),
        ("1e30", "number", "out_of_range"),
    ],
)
def test_a_value_is_read_by_its_transform(value, transform, scaled):
    assert amount_of(value, transform, 2) == scaled


@pytest.mark.parametrize(
    ("transform", "value", "day"),
    [
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("date", "2026-02-30", None),
        ("compact_date", "20260302", date(2026, 3, 2)),
        ("instant", "2026-03-01T23:30:00Z", date(2026, 3, 2)),
        ("instant", "2026-03-01T23:30:00.123456789+0100", date(2026, 3, 1)),
        ("instant", "2026-03-01T23:30:00", None),
        ("instant", "9999-12-31T23:30:00-12:00", None),
        ("epoch_milliseconds", 1772407800000, date(2026, 3, 2)),
        ("epoch_milliseconds", "9" * 15, None),
        ("epoch_seconds", True, None),
        ("%d.%m.%Y", "02.03.2026", date(2026, 3, 2)),
    ],
)
def test_a_day_is_read_where_the_workspace_lives(transform, value, day):
    assert reader_of_days(transform, "Europe/Warsaw")(value) == day


@given(
    st.integers(1, 400), st.integers(1, 90), st.integers(1, 90), st.integers(0, 9),
    st.integers(-1, 400),
)  # fmt: skip
def test_no_day_between_two_fetches_is_left_out(back, overlap, chunk, lag, ago):
    today = date(2026, 3, 2)
    done = None if ago < 0 else today - ago * DAY
    days = next_days(Window(back, overlap, chunk, lag), done=done, today=today)
    assert days is not None
    assert days.last == today - lag * DAY
    assert done is None or days.first <= max(done, days.first)
    assert done is None or days.first <= done + DAY
    parts = list(chunks(days, chunk))
    assert (parts[0].first, parts[-1].last) == (days.first, days.last)
    assert all(one.last + DAY == two.first for one, two in itertools.pairwise(parts))


def test_a_day_begins_at_midnight_of_the_workspace_also_when_the_clocks_change():
    told = words(Span(date(2026, 3, 29), date(2026, 3, 29)), "Europe/Warsaw")
    assert told["from_instant"] == "2026-03-28T23:00:00Z"
    assert told["until_instant"] == "2026-03-29T22:00:00Z"
    assert int(told["until_ms"]) - int(told["from_ms"]) == 23 * 3600 * 1000


@pytest.mark.parametrize(
    ("schedule", "at", "zone", "after", "due"),
    [
        ("daily", time(6), "Europe/Warsaw", NOON, "2026-03-03T05:00"),
        ("daily", time(23), "Europe/Warsaw", NOON, "2026-03-02T22:00"),
        ("daily", time(2, 30), "Europe/Warsaw", datetime(2026, 3, 28, 12, tzinfo=UTC),
         "2026-03-29T01:30"),
        ("hourly", time(0, 20), "UTC", NOON, "2026-03-02T12:20"),
        ("hourly", time(0, 0), "UTC", NOON, "2026-03-02T13:00"),
        ("hourly", time(0, 20), "Asia/Kolkata", NOON, "2026-03-02T12:50"),
    ],
)  # fmt: skip
def test_a_connector_is_due_at_the_local_time(schedule, at, zone, after, due):
    found = next_due(schedule, local_time=at, zone=zone, after=after)
    assert found.isoformat()[:16] == due


@given(st.integers(1, 6), st.floats(0, 1), st.one_of(st.none(), st.integers(0, 10**6)))
def test_a_wait_is_never_shorter_than_what_was_asked_for(attempt, chance, asked):
    span = None if asked is None else timedelta(seconds=asked)
    wait = wait_after(attempt, asked=span, chance=chance)
    assert timedelta(seconds=15) <= wait <= timedelta(hours=24, seconds=1)
    assert span is None or wait >= min(span, timedelta(hours=24))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 02 Mar 2026 12:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("99999999999999", 86400),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text, seconds):
    found = asked_wait(text, at=NOON)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_a_parameter_never_makes_a_step_of_the_path():
    found = filled_url("https://a.example/{p}/x?q={p}", {"p": "../b?c=d#e"})
    assert found == "https://a.example/..%2Fb%3Fc%3Dd%23e/x?q=..%2Fb%3Fc%3Dd%23e"
