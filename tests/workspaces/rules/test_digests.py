"""The mail of the morning: one for a person and a local day, whatever clocks and people do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workspaces.rules.digests import LEAST_GAP, Last, due_digest

ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "UTC",
         "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca")  # fmt: skip
DAY = timedelta(days=1)


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_it_is_due_at_eight_and_tells_what_came_before():
    warsaw = "Europe/Warsaw"
    assert due_digest(at("2026-03-02T07:59", warsaw), zone=warsaw) is None
    due = due_digest(at("2026-03-02T09:30", warsaw), zone=warsaw)
    assert (due.day, due.until) == (date(2026, 3, 2), at("2026-03-02T08:00", warsaw))
    last = Last(due.day, at("2026-03-02T09:30", warsaw))
    assert due_digest(at("2026-03-02T23:59", warsaw), zone=warsaw, last=last) is None
    assert due_digest(at("2026-03-03T08:00", warsaw), zone=warsaw, last=last).day.day == 3


def test_after_three_days_without_a_worker_one_is_due():
    last = Last(date(2026, 3, 2), at("2026-03-02T08:00"))
    due = due_digest(at("2026-03-05T14:00"), zone="UTC", last=last)
    assert (due.day, due.until) == (date(2026, 3, 5), at("2026-03-05T08:00"))


def test_on_free_days_none_is_due():
    saturday = at("2026-03-07T10:00")
    assert due_digest(saturday, zone="UTC", workdays=range(5)) is None
    assert due_digest(saturday + 2 * DAY, zone="UTC", workdays=range(5)).day.day == 9


looks = st.lists(
    st.tuples(st.integers(1, 60 * 50), st.sampled_from(ZONES)), min_size=1, max_size=60
)


@given(start=st.integers(0, 500_000), looks=looks)
def test_no_local_day_has_two_and_two_are_never_close(start, looks):
    now, last, made = at("2026-01-01T00:00") + timedelta(minutes=start), None, []
    for minutes, zone in looks:
        now += timedelta(minutes=minutes)
        due = due_digest(now, zone=zone, last=last)
        if due:
            assert due.until <= now
            assert due.day == now.astimezone(ZoneInfo(zone)).date()
            last = Last(due.day, now)
            made.append(last)
    days = [one.day for one in made]
    assert days == sorted(set(days))
    assert all(b.at - a.at >= LEAST_GAP for a, b in pairwise(made))


@given(start=st.dates(date(2026, 1, 1), date(2026, 12, 1)), zone=st.sampled_from(ZONES))
def test_each_local_day_has_one_also_where_the_clock_is_put_on_or_back(start, zone):
    now = datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    last, days = None, []
    for _look in range(24 * 6 * 4):
        due = due_digest(now, zone=zone, last=last)
        if due:
            last = Last(due.day, now)
            days.append(due.day)
            assert now.astimezone(ZoneInfo(zone)).hour == 8
        now += timedelta(minutes=10)
    assert len(days) >= 3
    assert days == [days[0] + DAY * n for n in range(len(days))]
