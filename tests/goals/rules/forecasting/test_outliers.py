"""One value that stands alone is no news of what is to come; what recurs is."""

from datetime import date, timedelta

import numpy as np
import pytest

from goals.rules.forecasting import History, Reading, Side, Timeline, forecast, land
from goals.rules.forecasting.outliers import tamed
from metrics.rules.periods import Grain, Span

pytestmark = pytest.mark.once
YEAR = Span(date(2026, 6, 1), date(2027, 5, 31))
UNTIL = date(2026, 11, 22)
NAN = float("nan")


def line(**extra):
    """About 15 on working days and 5 on others since 2024, a little more each quarter."""
    first = date(2024, 1, 1)
    days = [first + timedelta(place) for place in range((UNTIL - first).days + 1)]
    noise = np.random.default_rng(1).integers(-2, 3, len(days))
    values = np.array([
        (15 if day.weekday() < 5 else 5) + 0.25 * (4 * (day.year - 2024) + (day.month - 1) // 3)
        for day in days
    ])  # fmt: skip
    values = np.round(values + noise)
    for ago, value in extra.items():
        values[-int(ago.removeprefix("ago"))] = value
    return Timeline(first, values)


def landing(days, target=6220):
    grain = days.grain_until(YEAR.last)
    history, shares = days.history(grain), days.ahead(grain, YEAR)
    known, _mass = days.known(grain, YEAR)
    found = land(forecast(history, len(shares), seed=7), Reading(shares, known=known))
    return found.band, found.chance(target, Side.AT_LEAST)


def test_one_day_counts_for_itself_and_not_for_the_year_to_come():
    (low, middle, high), unlikely = landing(line())
    band, _chance = landing(line(ago2=1000))
    assert unlikely < 0.1
    assert band[1] - middle == pytest.approx(985, abs=0.01 * middle)
    assert band[2] - band[0] == pytest.approx(high - low, rel=0.1)


@pytest.mark.parametrize("ago", [1, 200, 366, 400])
def test_it_does_not_matter_when_that_day_was(ago):
    plain, _chance = landing(line())
    band, _chance = landing(line(**{f"ago{ago}": 1000}))
    in_window = 985 if ago < 175 else 0
    assert band[1] - plain[1] == pytest.approx(in_window, abs=0.02 * plain[1])


@pytest.mark.parametrize(("grain", "size"), [(Grain.WEEK, 150), (Grain.MONTH, 34)])
def test_an_odd_week_or_month_does_not_count_for_the_next_ones(grain, size):
    values = 100 + np.random.default_rng(2).integers(-8, 9, size).astype(float)
    plain = forecast(History(grain, values), 6, seed=1).bands
    values[-2] = 2000
    odd = forecast(History(grain, values), 6, seed=1).bands
    assert odd[1].sum() == pytest.approx(plain[1].sum(), rel=0.08)
    assert (odd[2] - odd[0]).sum() < 2 * (plain[2] - plain[0]).sum()


def test_one_day_far_below_does_not_count_either():
    plain = forecast(line().history(Grain.DAY), 90, seed=1).bands
    odd = forecast(line(ago2=-1000).history(Grain.DAY), 90, seed=1).bands
    assert odd[1].sum() == pytest.approx(plain[1].sum(), rel=0.05)


def test_the_rate_of_a_ratio_stands_alone_or_its_mass_does():
    random = np.random.default_rng(4)
    sent = np.round(1000 * np.exp(0.1 * random.standard_normal(200)))
    clicks = random.binomial(sent.astype(int), 0.04).astype(float)
    plain = forecast(History(Grain.DAY, clicks, sent), 30, seed=1)
    wild = clicks.copy()
    wild[-2] = 900
    found = forecast(History(Grain.DAY, wild, sent), 30, seed=1)
    rates = [one.paths.sum() / one.mass.sum() for one in (plain, found)]
    assert rates[1] == pytest.approx(rates[0], rel=0.05)
    much = sent.copy()
    much[-2], wild[-2] = 90_000, 3_600
    found = forecast(History(Grain.DAY, wild, much), 30, seed=1)
    assert found.mass.mean() == pytest.approx(plain.mass.mean(), rel=0.05)
    assert found.paths.sum() / found.mass.sum() == pytest.approx(rates[0], rel=0.05)


@pytest.mark.parametrize("every", [7, 30, 90])
def test_spikes_that_recur_stay_in_what_is_drawn(every):
    values = 20 + np.random.default_rng(3).integers(-3, 4, 360).astype(float)
    values[::every] = 400 + np.arange(len(values[::every]))
    seen = History(Grain.DAY, values)
    assert tamed(seen) is seen
    assert forecast(seen, 60, seed=1).paths.max() > 300


def test_a_level_that_breaks_is_believed_on_its_third_day():
    values = 20 + np.random.default_rng(3).integers(-3, 4, 200).astype(float)
    values[-3:] += 200
    seen = History(Grain.DAY, values)
    assert tamed(seen) is seen


def test_so_few_values_that_all_stand_alone_are_left_as_they_are():
    values = np.zeros(120)
    values[[20, 80]] = 5000, 90
    seen = History(Grain.DAY, values)
    assert tamed(seen) is seen


def test_counts_stay_counts_and_missing_days_stay_missing():
    values = np.random.default_rng(3).poisson(2, 200).astype(float)
    values[50], values[60:64] = 900, NAN
    found = tamed(History(Grain.DAY, values))
    assert found.counts
    assert found.values[50] < 30
    assert np.isnan(found.values[60:64]).all()
    kept = np.delete(np.arange(200), [50, 60, 61, 62, 63])
    assert np.array_equal(found.values[kept], values[kept])


def test_a_constant_is_no_reason_to_believe_a_single_day():
    values = np.full(100, 15.0)
    values[-2] = 1000
    found = forecast(History(Grain.DAY, values), 30, seed=1)
    assert found.bands[1].mean() == pytest.approx(15, rel=0.15)
