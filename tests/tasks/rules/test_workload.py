from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.workload import Job, capacity_in, load_of, spread, weeks_from

TODAY = date(2026, 3, 4)  # a Wednesday
DAY = timedelta(days=1)
HOLIDAY = date(2026, 3, 10)


def works(day):
    return day.isoweekday() <= 5 and day != HOLIDAY


def job(hours=8, start=None, due=None, pk=1):
    return Job(pk, 7, None if hours is None else Decimal(str(hours)), start, due)


def load(*jobs, weeks=3, capacity=40):
    return load_of(7, jobs, (TODAY, weeks_from(TODAY, weeks, 1)), (Decimal(capacity), 5), works)


days = st.integers(-30, 60).map(lambda n: TODAY + n * DAY)


@given(st.decimals("0.01", 500, places=2), days, st.integers(0, 40))
def test_no_hour_is_lost_and_none_lies_in_the_past_or_on_a_free_day(hours, start, lasts):
    found = spread(job(hours, start, start + lasts * DAY), TODAY, works)
    assert sum(found.values()) == hours
    assert all(day >= TODAY and works(day) for day in found)
    assert max(found.values()) - min(found.values()) <= Decimal("0.01")
    told = load(job(hours, start, start + lasts * DAY))
    assert told.hours == hours


def test_hours_lie_evenly_on_the_working_days_that_are_left():
    assert spread(job(4, date(2026, 3, 2), date(2026, 3, 5)), TODAY, works) == {
        TODAY: 2,
        TODAY + DAY: 2,
    }
    late = spread(job(3, due=date(2026, 2, 1)), TODAY, works)
    assert late == {TODAY: 3}
    weekend = spread(job(2, date(2026, 3, 7), date(2026, 3, 8)), TODAY, works)
    assert weekend == {date(2026, 3, 9): 2}
    assert spread(job(2, due=HOLIDAY), TODAY, works) == {HOLIDAY + DAY: 2}
    nobody_works = spread(job(2, due=HOLIDAY), TODAY, lambda day: False)
    assert nobody_works == {HOLIDAY: 2}


def test_a_week_has_the_hours_that_its_working_days_leave():
    weeks = weeks_from(TODAY, 3, 1)
    assert weeks == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    left = [capacity_in(week, TODAY, Decimal(40), works, 5) for week in weeks]
    assert left == [24, 32, 40]
    assert capacity_in(weeks[2], TODAY, Decimal(40), lambda day: False, 0) == 0
    assert weeks_from(TODAY, 1, 7) == [date(2026, 3, 1)]


def test_what_is_too_much_is_marked_and_what_says_too_little_is_counted_apart():
    found = load(
        job(30, due=date(2026, 3, 6), pk=1),
        job(10, date(2026, 3, 9), date(2026, 3, 9), pk=2),
        job(5, pk=3),
        job(None, due=TODAY, pk=4),
        job(6, due=date(2026, 6, 1), pk=5),
    )
    assert [cell.hours for cell in found.cells] == [30, 10, 0]
    assert found.cells[0].is_over
    assert not found.cells[1].is_over
    assert found.cells[0].jobs == {1: 30}
    assert (found.unplanned, found.unknown, found.later) == ({3: 5}, [4], 6)
