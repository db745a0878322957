"""The clock of working time, held against the local clock on the wall, over DST and holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from workspaces.rules.calendars import (
    WorkCalendar,
    between,
    due,
    usual_day,
    working,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OFFICE, NONE, ALL_DAY = ((540, 1020),), (), ((0, 1440),)
SAT_SUN = (OFFICE,) * 5 + (NONE,) * 2
FRIDAY = (OFFICE,) * 4 + (NONE, OFFICE, OFFICE)
THU_FRI = (OFFICE,) * 3 + (NONE, NONE, OFFICE, OFFICE)
ALWAYS = (ALL_DAY,) * 7
CHANGES = {  # the days around which each zone's clock changes; Tehran's did at midnight, until 2022
    "Europe/Warsaw": ["2025-03-30", "2025-10-26", "2026-03-29"],
    "Asia/Tehran": ["2022-03-22", "2022-09-21", "2022-09-22"],
    "Asia/Bangkok": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2025-03-09", "2025-11-02", "2026-03-08"],
}
ZONES = list(CHANGES)
CENTRES = [(zone, date.fromisoformat(day)) for zone, days in CHANGES.items() for day in days]


def day_hours():
    """Up to three stretches of a day, which may overlap."""
    stretch = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda s: s[0] < s[1])
    return st.lists(stretch, max_size=3).map(tuple)


@st.composite
def calendars(draw, centre=None):
    """A calendar: usual weeks or odd ones, with holidays about the day where the clock changes."""
    zone = draw(st.sampled_from(ZONES))
    middle = centre or date(2026, 3, 29)
    week = draw(st.sampled_from([SAT_SUN, FRIDAY, THU_FRI, ALWAYS]) | st.tuples(*[day_hours()] * 7))
    off = draw(st.lists(st.integers(-9, 9), max_size=4))
    return WorkCalendar(zone, week, frozenset(middle + n * DAY for n in off))


@st.composite
def cases(draw, parties=2):
    """Calendars, and three instants in order around a day on which a clock changes."""
    zone, middle = draw(st.sampled_from(CENTRES))
    found = draw(st.lists(calendars(middle), min_size=1, max_size=parties))
    found[0] = WorkCalendar(zone, found[0].week, found[0].holidays)
    noon = datetime.combine(middle, time(12), UTC)
    steps = draw(st.lists(st.integers(-9 * 1440, 9 * 1440), min_size=3, max_size=3))
    return found, sorted(noon + n * MINUTE for n in steps)


def pauses_near(middle):
    edge = st.integers(-9 * 1440, 9 * 1440).map(lambda n: middle + n * MINUTE)
    pair = st.tuples(edge, edge).map(lambda p: (min(p), max(p)))
    return st.lists(pair, max_size=4)


def works(calendar, at):
    """Whether it is working time, read off the wall."""
    wall = at.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    hours = calendar.week[wall.weekday()]
    return wall.date() not in calendar.holidays and any(a <= minute < b for a, b in hours)


@given(cases())
@examples(25)
def test_R10_working_time_is_what_the_clocks_on_the_walls_say(case):
    found, (since, _middle, until) = case
    until = min(until, since + 3 * DAY)
    minutes = (until - since) // MINUTE
    counted = sum(all(works(c, since + n * MINUTE) for c in found) for n in range(minutes))
    assert between(found, since, until) == counted * MINUTE


@given(cases())
@examples(40)
def test_R10_working_time_is_additive_and_never_negative(case):
    found, (first, second, third) = case
    whole = between(found, first, third)
    assert whole == between(found, first, second) + between(found, second, third)
    assert timedelta(0) <= whole <= third - first
    assert between(found, third, first) == timedelta(0)


@given(cases(), st.integers(1, 6 * 1440))
@examples(40)
def test_R10_the_due_instant_inverts_working_time(case, minutes):
    found, (start, _second, _third) = case
    promised = minutes * MINUTE
    ends = due(found, start, promised)
    if ends is None:
        assert between(found, start, start + 700 * DAY) < promised
    else:
        assert between(found, start, ends) == promised
        assert between(found, start, ends - MINUTE) < promised


@given(cases(), st.integers(1, 3 * 1440))
@examples(40)
def test_R10_nothing_is_due_outside_of_working_time_or_on_a_holiday(case, minutes):
    found, (start, _second, _third) = case
    ends = due(found, start, minutes * MINUTE)
    if ends is not None:
        before = ends - timedelta(microseconds=1)
        assert all(works(calendar, before) for calendar in found)
        for calendar in found:
            assert before.astimezone(ZoneInfo(calendar.zone)).date() not in calendar.holidays


@given(cases(), st.integers(0, 1440), st.integers(0, 1440))
@examples(40)
def test_R10_who_starts_later_or_promises_more_is_never_due_earlier(case, less, more):
    found, (start, later, _third) = case
    less, more = sorted((less, more))
    ends = [due(found, at, n * MINUTE) for at, n in ((start, less), (start, more), (later, less))]
    if None not in ends:
        assert ends[0] <= ends[1]
        assert ends[0] <= max(ends[2], later)


@given(st.data(), cases(), st.integers(1, 1440))
@examples(40)
def test_R10_a_pause_never_shortens(data, case, minutes):
    found, (start, middle, until) = case
    pauses = data.draw(pauses_near(middle))
    promised = minutes * MINUTE
    assert between(found, start, until, pauses) <= between(found, start, until)
    plain, paused = due(found, start, promised), due(found, start, promised, pauses)
    if plain is None:
        assert paused is None
    elif paused is not None:
        assert paused >= plain
        assert between(found, start, paused, pauses) == promised
    assert between(found, start, until, [(start, None)]) == timedelta(0)
    assert due(found, start, promised, [(start, None)]) is None


@given(cases(), cases())
@examples(40)
def test_R10_overlapping_hours_merge_and_two_calendars_never_work_more_than_one(case, other):
    found, (since, _middle, until) = case
    [calendar] = found[:1]
    doubled = WorkCalendar(calendar.zone, tuple(h * 2 for h in calendar.week), calendar.holidays)
    assert working([doubled], since, until) == working([calendar], since, until)
    assert working([calendar, doubled], since, until) == working([calendar], since, until)
    both = [calendar, other[0][0]]
    assert between(both, since, until) <= min(between([c], since, until) for c in both)
    assert working(both, since, until) == working(both[::-1], since, until)
    for (_a, ends), (begins, _b) in zip(
        (spans := working(both, since, until)), spans[1:], strict=False
    ):
        assert ends < begins


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Warsaw", "2026-03-29", 23),
        ("Europe/Warsaw", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Asia/Tehran", "2022-03-22", 23),
        ("Asia/Tehran", "2022-09-21", 25),
        ("Asia/Tehran", "2026-03-22", 24),
        ("Asia/Bangkok", "2026-03-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_R10_a_day_round_the_clock_has_the_hours_of_its_clock(zone, day, hours):
    off = date.fromisoformat(day)
    calendar = WorkCalendar(zone, ALWAYS)
    rest = WorkCalendar(zone, ALWAYS, frozenset([off]))
    noon = datetime.combine(off, time(12), UTC)
    worked = between([calendar], noon - 3 * DAY, noon + 3 * DAY)
    assert worked - between([rest], noon - 3 * DAY, noon + 3 * DAY) == timedelta(hours=hours)


def test_R10_two_working_days_over_both_week_ends_skip_thursday_to_sunday():
    """Tehran rests on Thursday and Friday, Warsaw on Saturday and Sunday."""
    both = [WorkCalendar("Asia/Tehran", THU_FRI), WorkCalendar("Europe/Warsaw", SAT_SUN)]
    wednesday = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)  # 9:30 in Tehran, 8:00 in Warsaw
    assert due(both, wednesday, timedelta(hours=7)) == datetime(2026, 7, 6, 7, 30, tzinfo=UTC)


def test_a_working_day_is_the_time_that_most_days_have_in_which_both_work():
    office, july = WorkCalendar("UTC", SAT_SUN), datetime(2026, 7, 1, tzinfo=UTC)
    early = WorkCalendar("UTC", (((420, 900),),) * 5 + (NONE,) * 2)
    warsaw, tehran = WorkCalendar("Europe/Warsaw", SAT_SUN), WorkCalendar("Asia/Tehran", THU_FRI)
    assert usual_day([office], july) == 480
    assert usual_day([office, early], july) == 360
    assert usual_day([warsaw, tehran], july) == 390  # 9:00 to 15:30 in Warsaw
    assert usual_day([warsaw, tehran], datetime(2026, 1, 1, tzinfo=UTC)) == 330
    assert usual_day([WorkCalendar("UTC", (NONE,) * 7)], july) == 0


def test_calendars_without_a_common_hour_are_never_due():
    night = WorkCalendar("UTC", (((0, 60),),) * 7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert due([night, WorkCalendar("UTC", SAT_SUN)], start, MINUTE) is None
