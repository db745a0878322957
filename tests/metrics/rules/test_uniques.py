from datetime import date, timedelta

import pytest

from metrics.rules.uniques import (
    Count,
    Tally,
    hash_of_people,
    hash_recipient,
    load_tally,
    merge,
    tally_of,
)

D = date(2026, 1, 5)
WEEK = (D, D + timedelta(6))


def people(*ids, day=D):
    return tally_of([(1, day, who, 0) for who in ids], sketched=False)


def snapshots(*counts, span=1, day=D, series=1):
    return tally_of([(series, day, count, span) for count in counts], sketched=False)


def sketch(ids):
    return tally_of([(1, D, hash_recipient(1, str(n)), 0) for n in ids], sketched=True)


def test_who_is_in_both_counts_once():
    assert merge([people(1, 2), people(2, 3)]).count(*WEEK) == Count(3, 3, 3, exact=True)


def test_counts_without_ids_only_bound_the_answer():
    assert merge([snapshots(2), snapshots(2)]).count(*WEEK) == Count(None, 2, 4, exact=False)


def test_one_count_over_its_own_window_is_exact():
    held = snapshots(7, span=7, day=WEEK[1])
    assert held.count(*WEEK) == Count(7, 7, 7, exact=True)


@pytest.mark.parametrize("window", [(D + timedelta(1), D + timedelta(6)), (D, D + timedelta(5))])
def test_a_count_whose_window_reaches_out_is_certain_of_nobody(window):
    held = snapshots(7, span=7, day=WEEK[1])
    assert held.count(*window) == Count(None, 0, 7, exact=False)


JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def month_and_weeks(series=1):
    """300 in January; 220 and 120 in its first two whole weeks, and 90 in one that began before."""
    last = date(2026, 1, 11)
    weeks = [
        snapshots(count, span=7, day=last + timedelta(7 * n), series=series)
        for n, count in ((-1, 90), (0, 220), (1, 120))
    ]
    return [snapshots(300, span=31, day=JANUARY[1], series=series), *weeks]


def test_a_count_over_the_asked_days_is_exact_beside_counts_of_parts_of_them():
    assert merge(month_and_weeks()).count(*JANUARY) == Count(300, 300, 300, exact=True)
    assert merge(month_and_weeks()[1:3]).count(*WEEK) == Count(220, 220, 220, exact=True)


def test_parts_bound_from_above_where_they_hold_all_days():
    days = [snapshots(10, day=D + timedelta(n)) for n in range(7)]
    both = merge([*days, snapshots(50, span=14, day=WEEK[1])])
    assert both.count(*WEEK) == Count(None, 10, 50, exact=False)
    assert merge([*days, snapshots(90, span=7, day=WEEK[1])]).count(*WEEK).upper == 70


def test_counts_of_several_series_are_of_other_people():
    both = merge([*month_and_weeks(1), *month_and_weeks(2)])
    assert both.count(*JANUARY) == Count(None, 300, 600, exact=False)
    apart = merge([month_and_weeks(1)[0], *month_and_weeks(2)[2:]])
    assert apart.count(*JANUARY) == Count(None, 300, 640, exact=False)


def test_very_many_windows_are_bounded_by_their_sum():
    many = merge(snapshots(1, day=D + timedelta(n), span=3) for n in range(600))
    assert many.snapshots.windows is None
    assert many.count(D - timedelta(5), D + timedelta(700)) == Count(None, 1, 600, exact=False)
    some = merge(snapshots(1, day=D + timedelta(n)) for n in range(300))
    assert load_tally(some.dump()).snapshots.windows is None


def test_people_and_counts_bound_the_answer_together():
    both = merge([people(1, 2, 3), snapshots(2)])
    assert both.count(*WEEK) == Count(None, 3, 5, exact=False)


def test_nobody_is_zero_for_certain():
    assert merge([]).count(*WEEK) == Count(0, 0, 0, exact=True)
    assert snapshots(0).count(*WEEK) == Count(0, 0, 0, exact=True)


def test_a_sketch_says_how_wrong_it_may_be():
    held = sketch(range(20_000))
    count = held.count(*WEEK)
    assert not count.exact
    assert count.lower <= 20_000 <= count.upper
    assert abs(count.value - 20_000) <= 20_000 * 0.03
    assert 0 < count.error < 0.05


def test_sketches_merge():
    both = merge([sketch(range(15_000)), sketch(range(10_000, 20_000))])
    assert abs(both.count(*WEEK).value - 20_000) <= 20_000 * 0.03


def test_the_order_of_facts_does_not_change_an_estimate():
    assert hash_of_people(sketch(range(5_000))) == hash_of_people(sketch(reversed(range(5_000))))


@pytest.mark.parametrize(
    "make",
    [
        Tally,
        lambda: people(1, 2**31 - 1),
        lambda: snapshots(10**15, 3, span=30),
        lambda: merge([people(5), snapshots(4)]),
        lambda: sketch(range(1_000)),
    ],
)
def test_a_stored_tally_is_the_same_again(make):
    """Made here: a sketch that a list keeps to the end is told as a leak by its library."""
    tally = make()
    again = load_tally(tally.dump())
    assert again.count(*WEEK) == tally.count(*WEEK)
    assert hash_of_people(again) == hash_of_people(tally)
    assert again.snapshots == tally.snapshots
