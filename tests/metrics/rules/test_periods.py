from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.rules.periods import (
    Grain,
    Period,
    bucket_start,
    count_periods,
    label,
    months_of_week,
    period_of,
    periods,
    previous,
    tiles,
    touched,
)

days = st.dates(date(1900, 1, 8), date(2199, 12, 1))
spans = st.integers(0, 1500)
grains = st.sampled_from(list(Grain))


@pytest.mark.parametrize(
    ("day", "grain", "name", "start", "end"),
    [
        (date(2016, 1, 31), Grain.DAY, "2016-01-31", "2016-01-31", "2016-01-31"),
        (date(2016, 1, 31), Grain.WEEK, "2016-W04", "2016-01-25", "2016-01-31"),
        (date(2016, 1, 31), Grain.MONTH, "2016-01", "2016-01-01", "2016-01-31"),
        (date(2016, 1, 31), Grain.QUARTER, "2016-Q1", "2016-01-01", "2016-03-31"),
        (date(2016, 1, 31), Grain.YEAR, "2016", "2016-01-01", "2016-12-31"),
        (date(2016, 2, 29), Grain.MONTH, "2016-02", "2016-02-01", "2016-02-29"),
        (date(2016, 12, 31), Grain.QUARTER, "2016-Q4", "2016-10-01", "2016-12-31"),
    ],
)
def test_a_day_lies_in_its_bucket(day, grain, name, start, end):
    found = period_of(day, grain)
    assert (label(found), found.start.isoformat(), found.end.isoformat()) == (name, start, end)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2016-01-03", "2015-W53"),
        ("2024-12-30", "2025-W01"),
    ],
)
def test_R04_weeks_are_named_after_the_year_of_their_thursday(day, name):
    assert label(period_of(date.fromisoformat(day), Grain.WEEK)) == name


def test_vector_10_a_day_on_which_the_clocks_change_is_one_day():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for day in (spring, autumn):
        assert period_of(day, Grain.DAY).days == 1
    assert period_of(spring, Grain.MONTH).days == period_of(autumn, Grain.MONTH).days == 31


@given(days, grains)
def test_buckets_contain_their_day_and_follow_each_other(day, grain):
    found = period_of(day, grain)
    assert found.start <= day <= found.end
    assert previous(found).end + timedelta(days=1) == found.start
    assert bucket_start(found.end, grain) == found.start


@given(days, spans, grains)
def test_periods_cover_a_range_without_gap_or_overlap(first, span, grain):
    last = first + timedelta(days=span)
    found = periods(grain, first, last)
    assert found[0].start <= first <= found[0].end
    assert found[-1].start <= last <= found[-1].end
    assert len(found) == count_periods(grain, first, last)
    for one, after in pairwise(found):
        assert one.end + timedelta(days=1) == after.start
    assert len({label(one) for one in found}) == len(found)


@given(days, spans)
def test_tiles_make_up_a_range_exactly(first, span):
    last = first + timedelta(days=span)
    covered = [
        one.start + timedelta(days=place) for one in tiles(first, last) for place in range(one.days)
    ]
    assert covered == [first + timedelta(days=place) for place in range(span + 1)]


@given(days, spans)
def test_tiles_are_whole_buckets_and_few(first, span):
    found = tiles(first, first + timedelta(days=span))
    assert all(one == period_of(one.start, one.grain) for one in found)
    assert sum(one.grain is Grain.DAY for one in found) <= 24


def test_an_empty_range_has_no_periods():
    assert periods(Grain.MONTH, date(2026, 2, 2), date(2026, 2, 1)) == []
    assert count_periods(Grain.MONTH, date(2026, 2, 2), date(2026, 2, 1)) == 0
    assert tiles(date(2026, 2, 2), date(2026, 2, 1)) == []


@given(days)
def test_a_week_touches_every_month_of_its_days(day):
    week = bucket_start(day, Grain.WEEK)
    months = {(week + timedelta(days=place)).replace(day=1) for place in range(7)}
    assert set(months_of_week(week)) == months
    assert set(touched([week])[Grain.MONTH]) == months


def test_a_bucket_is_cut_to_a_range():
    month = period_of(date(2016, 1, 15), Grain.MONTH)
    assert month.cut(date(2016, 1, 10), date(2016, 9, 9)) == Period(
        Grain.MONTH, date(2016, 1, 10), date(2016, 1, 31)
    )
