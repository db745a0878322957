"""The benchmark of forecasts in small: the gates of docs/forecasting.md with loose bounds."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.forecasting.cases import by_grain, cases_of
from benchmarks.forecasting.rivals import by_rule, learned
from benchmarks.forecasting.scores import mean, scored
from benchmarks.forecasting.series import (
    COUNT,
    KINDS,
    held_out_numbers,
    made,
    open_numbers,
)
from benchmarks.forecasting.table import briers, naives, pooled, rows
from metrics.rules.periods import Grain

pytestmark = pytest.mark.once
ENOUGH = 60  # periods


@pytest.fixture(scope="module")
def found():
    return scored(
        (case for one in made(open_numbers()[:16]) for case in cases_of(one)), library=False
    )


def test_the_halves_hold_every_series_once_and_every_kind_alike():
    opened, held_out = open_numbers(), held_out_numbers()
    assert sorted(opened + held_out) == list(range(COUNT))
    counts = {kind: sum(KINDS[n % 4] is kind for n in held_out) for kind in KINDS}
    assert set(counts.values()) == {len(held_out) // 4}


def test_a_number_always_makes_the_same_series():
    one, again = (next(made([5])).values for _time in range(2))
    assert np.array_equal(one, again)
    assert one.min() >= 0


def test_weeks_and_months_of_a_series_are_sums_of_their_days():
    days = np.ones(1461)
    assert set(by_grain(days, Grain.WEEK)) == {7}
    assert by_grain(days, Grain.MONTH)[:3].tolist() == [31, 28, 31]


def test_bands_of_four_in_five_hold_about_four_times_in_five(found):
    ours = [one.ours for one in pooled(found)]
    assert 0.70 < mean(ours, "sum_covered") < 0.92
    assert 0.70 < mean(ours, "covered") < 0.92


@pytest.mark.parametrize("name", ["sum_pinball", "pinball", "mase"])
def test_forecasts_are_better_than_the_season_before(found, name):
    pool = pooled(found)
    assert mean([one.ours for one in pool], name) < 0.95 * min(naives(pool, name))


def test_the_chance_of_a_goal_tells_more_than_its_pace_and_than_the_usual_rate(found):
    pool = pooled(found)
    assert mean([one.ours for one in pool], "brier") < 0.9 * min(briers(pool))


def test_the_table_has_a_cell_for_each_title(found):
    assert rows("all", found).count("|") == 15


def test_the_rivals_by_hand():
    assert [by_rule(0.99), by_rule(1.0)] == [0, 1]
    assert learned([0.5, 0.5, 1.5], [False, False, True]) == pytest.approx(
        [0.5 / 3, 0.5, 0.5, 0.5, 0.5, 1.5 / 2]
    )


def test_one_odd_day_in_the_history_takes_little_from_bands_and_chances(found):
    plain = [one for one in pooled(found) if len(one.case.history) >= ENOUGH]
    odd = scored((_with_odd_day(one.case) for one in plain), library=False)
    assert mean([one.ours for one in odd], "sum_covered") > 0.70
    for name in ("sum_pinball", "brier"):
        before, after = (mean([one.ours for one in many], name) for many in (plain, odd))
        assert after < 1.4 * before


def _with_odd_day(case):
    """The same case with fifty usual periods in one, which the goal has not counted on."""
    history = case.history.copy()
    place = len(history) - case.gone // 2 - 1
    extra = 50 * max(1.0, float(history.mean()))
    history[place] += extra
    return replace(case, history=history, target=case.target + extra)
