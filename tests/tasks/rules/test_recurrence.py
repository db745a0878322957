"""On which days work comes back, held against a slow oracle that asks each day by itself."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.recurrence import LAST, Kind, OffDay, Pattern, Unfit, checked, missed
from tests.support.examples import examples

HORIZON = 800  # days that the oracle asks
HOLIDAYS = {date(2027, 12, 31), date(2028, 1, 3), date(2028, 2, 29)}


def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def always(_day):
    return True


def is_last_of_month(day):
    return (day + timedelta(days=1)).month != day.month


def months_since(start, day):
    return (day.year - start.year) * 12 + day.month - start.month


def on_day(wanted, day):
    return day.day == wanted or (day.day < wanted and is_last_of_month(day))


def week_of(day, begins):
    while day.weekday() != begins:
        day -= timedelta(days=1)
    return day


def is_raw(p, day):
    """Whether the pattern says this very day, asked of the day alone."""
    apart = (day - p.begins).days
    if p.kind is Kind.DAILY:
        return apart % p.every == 0
    if p.kind is Kind.WEEKLY:
        weeks = (week_of(day, p.weeks_begin) - week_of(p.begins, p.weeks_begin)).days // 7
        return day.weekday() in p.weekdays and weeks % p.every == 0
    months = months_since(p.begins, day)
    if p.kind is Kind.YEARLY:
        return months % (12 * p.every) == 0 and on_day(p.begins.day, day)
    if p.kind is Kind.MONTHLY_DAY:
        return months % p.every == 0 and on_day(p.day, day)
    same = [d for d in range(1, monthrange(day.year, day.month)[1] + 1)
            if date(day.year, day.month, d).weekday() == p.weekdays[0]]  # fmt: skip
    found = day.day == (same[-1] if p.place == LAST else same[p.place - 1])
    return found and months % p.every == 0


def oracle(p, asked):
    found = []
    for n in range(HORIZON):
        day = p.begins + timedelta(days=n)
        if not is_raw(p, day):
            continue
        if p.off_days is OffDay.SKIP and not asked(day):
            continue
        while p.off_days is OffDay.NEXT and not asked(day):
            day += timedelta(days=1)
        if day not in found:
            found.append(day)
    found = [day for day in found if p.until is None or day <= p.until]
    return found[: p.count] if p.count else found


patterns = st.builds(
    Pattern,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.AFTER_DONE]),
    begins=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    every=st.integers(1, 5),
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True).map(tuple),
    day=st.sampled_from([1, 15, 28, 29, 30, 31]),
    place=st.sampled_from([1, 2, 3, 4, LAST]),
    until=st.none() | st.dates(date(2027, 1, 1), date(2029, 6, 1)),
    count=st.none() | st.integers(1, 40),
    off_days=st.sampled_from(OffDay),
    weeks_begin=st.sampled_from([0, 5, 6]),
)


@examples(200)
@given(patterns)
def test_the_days_are_those_that_a_slow_oracle_finds(pattern):
    found = oracle(pattern, works)
    last = pattern.begins + timedelta(days=HORIZON - 40)
    wanted = [day for day in found if day <= last]
    assert pattern.days_between(pattern.begins - timedelta(days=1), last, works) == wanted


def days(most=6, begins=date(2027, 1, 31), **said):
    pattern = checked(Pattern(begins=begins, **said))
    return [str(day) for day in pattern.next_days(begins - timedelta(days=1), most, always)]


def test_a_day_that_a_month_lacks_is_its_last_and_returns_afterwards():
    assert days(kind=Kind.MONTHLY_DAY, day=31) == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30",
    ]  # fmt: skip
    assert days(5, date(2028, 2, 29), kind=Kind.YEARLY) == [
        "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
    ]  # fmt: skip


def test_what_comes_on_the_last_weekday_or_every_other_week():
    last_friday = {"kind": Kind.MONTHLY_WEEKDAY, "weekdays": (4,), "place": LAST}
    assert days(3, **last_friday) == ["2027-02-26", "2027-03-26", "2027-04-30"]
    both = {"kind": Kind.WEEKLY, "every": 2, "weekdays": (0, 6)}
    sunday = date(2027, 1, 31)
    assert days(3, sunday, **both) == ["2027-01-31", "2027-02-08", "2027-02-14"]
    assert days(3, sunday, **both, weeks_begin=6) == ["2027-01-31", "2027-02-01", "2027-02-14"]


def test_a_calendar_on_which_nobody_works_ends_the_search():
    for off_days in (OffDay.SKIP, OffDay.NEXT):
        pattern = Pattern(Kind.DAILY, date(2027, 1, 1), off_days=off_days)
        assert pattern.next_days(date(2026, 12, 31), 1, lambda _day: False) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("every", {"every": 0}),
        ("every", {"every": 100}),
        ("weekdays", {"kind": Kind.WEEKLY}),
        ("weekdays", {"kind": Kind.WEEKLY, "weekdays": (7,)}),
        ("weekdays", {"kind": Kind.MONTHLY_WEEKDAY, "weekdays": (1, 2), "place": 1}),
        ("place", {"kind": Kind.MONTHLY_WEEKDAY, "weekdays": (1,), "place": 5}),
        ("day", {"kind": Kind.MONTHLY_DAY, "day": 32}),
        ("until", {"until": date(2026, 1, 1)}),
        ("count", {"count": 0}),
        ("count", {"count": 3, "until": date(2029, 1, 1)}),
    ],
)
def test_a_pattern_that_cannot_be_names_its_field(field, said):
    with pytest.raises(Unfit) as told:
        checked(Pattern(**{"kind": Kind.DAILY, "begins": date(2027, 1, 1), **said}))
    assert told.value.field == field


def test_of_missed_days_the_latest_is_made_only_where_nothing_newer_comes():
    one, two, three = (date(2027, 1, n) for n in (1, 2, 3))
    args = {"all_of_them": False, "most": 30}
    assert missed([one, two], today=three, **args) == {one}
    assert missed([one, two, three], today=three, **args) == {one, two}
    assert missed([one, two], today=three, all_of_them=True, most=30) == set()
    assert missed([one, two], today=three, all_of_them=True, most=1) == {one}
    assert missed([], today=three, **args) == set()
