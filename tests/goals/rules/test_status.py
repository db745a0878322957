"""The word for how a goal stands, and when it may change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.pace import pace
from goals.rules.status import BANDS, Facts, Held, Status, settle, verdict

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
paces = st.decimals(min_value=-3, max_value=3, places=3)
banded = st.sampled_from(sorted(BANDS))


def facts(pace_="1", **changes) -> Facts:
    found = None if pace_ is None else Decimal(pace_)
    usual = Facts(
        progress=Decimal("0.5"), pace=found, begun=True, early=False, late=False, over=False
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("pace_", "status"),
    [
        ("1.3", Status.ON_TRACK),
        ("0.90", Status.ON_TRACK),
        ("0.8999", Status.AT_RISK),
        ("0.70", Status.AT_RISK),
        ("0.6999", Status.OFF_TRACK),
        ("-2", Status.OFF_TRACK),
        (None, Status.UNKNOWN),
    ],
)
def test_the_bands_of_pace(pace_, status):
    assert verdict(facts(pace_)) is status


@pytest.mark.parametrize(
    ("chance", "status"),
    [
        ("0.999", Status.ON_TRACK),
        ("0.70", Status.ON_TRACK),
        ("0.6999", Status.AT_RISK),
        ("0.30", Status.AT_RISK),
        ("0.2999", Status.OFF_TRACK),
    ],
)
@pytest.mark.parametrize("pace_", ["0.1", "1.2", None])
def test_the_bands_of_chance_come_before_those_of_pace(chance, status, pace_):
    assert verdict(facts(pace_, chance=Decimal(chance))) is status


def test_a_broken_ceiling_has_no_chance_left():
    broken = facts(chance=Decimal("0.9"), ceiling=True, progress=Decimal("1.1"))
    assert verdict(broken) is Status.OFF_TRACK


@pytest.mark.parametrize(
    ("chance", "settled"), [("0.66", Status.ON_TRACK), ("0.65", Status.AT_RISK)]
)
def test_a_chance_on_the_border_waits_for_a_second_day(chance, settled):
    found = settle(Held(Status.ON_TRACK), facts(chance=Decimal(chance)), today=MONDAY)
    assert found.status is settled
    again = settle(found, facts(chance=Decimal(chance)), today=TUESDAY)
    assert again == Held(Status.AT_RISK)


def test_vector_4_is_off_track():
    assert verdict(facts(pace(Decimal("0.30"), Decimal("0.53")))) is Status.OFF_TRACK


def test_late_data_come_before_too_early_and_both_before_pace():
    assert verdict(facts("0.1", late=True, early=True)) is Status.UNKNOWN
    assert verdict(facts("0.1", early=True)) is Status.NEW
    assert verdict(facts(None, begun=False, late=True, progress=None)) is Status.NEW


@pytest.mark.parametrize(
    ("done", "status"),
    [
        ("1", Status.ACHIEVED),
        ("1.2", Status.ACHIEVED),
        ("0.999", Status.MISSED),
        (None, Status.UNKNOWN),
    ],
)
def test_after_the_window_only_the_target_counts(done, status):
    done = None if done is None else Decimal(done)
    assert verdict(facts("0.95", over=True, progress=done)) is status


def test_a_sum_that_has_reached_its_target_is_achieved_at_once():
    reached = facts("5", sums=True, progress=Decimal(1), early=True)
    assert verdict(reached) is Status.ACHIEVED
    assert verdict(replace(reached, late=True)) is Status.ACHIEVED


def test_a_level_at_its_target_is_only_met_for_now():
    assert verdict(facts("2", progress=Decimal(1))) is Status.ON_TRACK
    assert verdict(facts("2", progress=Decimal(1), over=True)) is Status.ACHIEVED


def test_a_reached_sum_stays_achieved_even_when_data_are_taken_back():
    held = settle(Held(Status.ACHIEVED), facts("0.2", sums=True), today=MONDAY)
    assert held == Held(Status.ACHIEVED)


def test_a_level_that_falls_back_is_no_longer_achieved():
    held = settle(Held(Status.ACHIEVED), facts("0.2"), today=MONDAY)
    assert held.status is Status.OFF_TRACK


def test_a_ceiling_is_achieved_only_when_the_window_is_over():
    spent = facts("1", sums=True, ceiling=True, progress=Decimal("0.5"))
    assert verdict(spent) is Status.ON_TRACK
    assert verdict(replace(spent, over=True)) is Status.ACHIEVED
    assert verdict(replace(spent, over=True, progress=Decimal(1))) is Status.ACHIEVED
    assert verdict(replace(spent, over=True, progress=Decimal("1.01"))) is Status.MISSED


def test_a_broken_ceiling_is_off_track_at_once_whatever_the_pace():
    broken = facts("0.95", sums=True, ceiling=True, progress=Decimal("1.01"))
    assert verdict(broken) is Status.OFF_TRACK
    assert settle(Held(Status.ON_TRACK), broken, today=MONDAY).status is Status.OFF_TRACK


def test_a_small_step_over_the_border_waits_for_a_second_day():
    first = settle(Held(Status.ON_TRACK), facts("0.88"), today=MONDAY)
    assert first == Held(Status.ON_TRACK, Status.AT_RISK, MONDAY)
    again = settle(first, facts("0.88"), today=MONDAY)
    assert again == first
    second = settle(again, facts("0.89"), today=TUESDAY)
    assert second == Held(Status.AT_RISK)


def test_coming_back_in_between_forgets_the_first_day():
    first = settle(Held(Status.ON_TRACK), facts("0.88"), today=MONDAY)
    back = settle(first, facts("0.91"), today=TUESDAY)
    assert back == Held(Status.ON_TRACK)
    assert settle(back, facts("0.88"), today=WEDNESDAY).status is Status.ON_TRACK


@pytest.mark.parametrize(
    ("held", "pace_", "status"),
    [
        (Status.ON_TRACK, "0.85", Status.AT_RISK),
        (Status.ON_TRACK, "0.851", Status.ON_TRACK),
        (Status.AT_RISK, "0.95", Status.ON_TRACK),
        (Status.AT_RISK, "0.949", Status.AT_RISK),
        (Status.AT_RISK, "0.65", Status.OFF_TRACK),
        (Status.AT_RISK, "0.651", Status.AT_RISK),
        (Status.OFF_TRACK, "0.75", Status.AT_RISK),
        (Status.OFF_TRACK, "0.749", Status.OFF_TRACK),
        (Status.ON_TRACK, "0.69", Status.OFF_TRACK),
    ],
)
def test_five_points_outside_the_band_change_it_at_once(held, pace_, status):
    assert settle(Held(held), facts(pace_), today=MONDAY).status is status


@pytest.mark.parametrize("held", [Status.NEW, Status.UNKNOWN, Status.MISSED])
def test_the_first_verdict_and_the_end_of_silence_need_no_second_day(held):
    assert settle(Held(held), facts("0.89"), today=MONDAY).status is Status.AT_RISK


def test_silence_changes_the_status_at_once():
    assert (
        settle(Held(Status.ON_TRACK), facts("1", late=True), today=MONDAY).status is Status.UNKNOWN
    )


@given(held=banded, pace_=paces)
def test_the_same_day_twice_changes_nothing_more(held, pace_):
    once = settle(Held(held), facts(pace_), today=MONDAY)
    assert settle(once, facts(pace_), today=MONDAY) == once


@given(held=banded, pace_=paces)
def test_two_days_of_the_same_pace_always_end_at_its_band(held, pace_):
    first = settle(Held(held), facts(pace_), today=MONDAY)
    second = settle(first, facts(pace_), today=TUESDAY)
    assert second == Held(verdict(facts(pace_)))


@given(held=banded, wobble=st.lists(st.sampled_from(["0.899", "0.901"]), min_size=1, max_size=30))
def test_wobbling_at_a_border_within_one_day_changes_nothing(held, wobble):
    now = Held(Status.ON_TRACK)
    for pace_ in wobble:
        now = settle(now, facts(pace_), today=MONDAY)
    assert now.status is Status.ON_TRACK
