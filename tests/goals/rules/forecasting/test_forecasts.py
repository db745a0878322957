"""Forecasts of plain series, without a database."""

import json

import numpy as np
import pytest

from goals.rules.forecasting import (
    Fit,
    Forecast,
    History,
    NoForecast,
    RatioFit,
    fit_of,
    forecast,
    select,
)
from metrics.rules.periods import Grain

pytestmark = pytest.mark.once
NAN = float("nan")


def history(*values, grain=Grain.DAY):
    return History(grain, np.array(values, dtype=np.float64))


def noisy(mean, *, seed=5, spread=0.1):
    random = np.random.default_rng(seed)
    mean = np.asarray(mean, dtype=np.float64)
    return np.round(mean * np.exp(spread * random.standard_normal(len(mean))))


def week(days, level=100.0):
    return level * np.resize([1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5], days)


@pytest.mark.parametrize(("grain", "least"), [(Grain.DAY, 14), (Grain.WEEK, 8), (Grain.MONTH, 6)])
def test_a_history_that_is_too_short_has_no_forecast_and_says_so(grain, least):
    short, enough = [history(*[5.0] * n, grain=grain) for n in (least - 1, least)]
    assert forecast(short, 3, seed=1) is NoForecast.TOO_SHORT
    assert select(short, 3) is NoForecast.TOO_SHORT
    assert isinstance(forecast(enough, 3, seed=1), Forecast)


def test_days_before_the_first_value_are_no_history():
    assert forecast(history(*[NAN] * 30, *[5.0] * 13), 3, seed=1) is NoForecast.TOO_SHORT


@pytest.mark.parametrize(
    ("values", "horizon", "reason"),
    [
        ([], 5, NoForecast.NO_DATA),
        ([NAN] * 40, 5, NoForecast.NO_DATA),
        ([1.0] * 40, 0, NoForecast.NOTHING_LEFT),
        ([1.0] * 40, 401, NoForecast.TOO_FAR),
        ([1.0] * 14, 150, NoForecast.TOO_FAR),
        ([1.0, *[NAN] * 60, 2.0], 5, NoForecast.TOO_SHORT),
    ],
)
def test_what_cannot_be_forecast_has_a_reason(values, horizon, reason):
    assert forecast(history(*values), horizon, seed=1) is reason


def test_the_same_seed_gives_the_same_futures_and_another_seed_others():
    seen = history(*noisy(week(120)))
    one, again, other = (forecast(seen, 30, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(one.paths, again.paths)
    assert not np.array_equal(one.paths, other.paths)
    assert one.paths.shape == (1000, 30)


def test_a_fit_can_be_stored_as_json_and_used_again():
    seen = history(*noisy(week(200)))
    fit = select(seen, 30)
    kept = fit_of(json.loads(json.dumps(fit.as_json())))
    assert isinstance(kept, Fit)
    fresh, cached = forecast(seen, 30, seed=1), forecast(seen, 30, seed=1, fit=kept)
    assert np.allclose(fresh.paths, cached.paths)


def test_a_fit_of_another_version_is_not_used():
    stored = select(history(*noisy(week(60))), 10).as_json() | {"version": 0}
    assert fit_of(stored) is None
    assert fit_of({"rate": stored, "mass": stored}) is None


def test_the_week_is_found():
    found = forecast(history(*noisy(week(140))), 14, seed=1)
    middle = found.bands[1]
    assert middle[:5].mean() == pytest.approx(120, rel=0.1)
    assert middle[5:7].mean() == pytest.approx(50, rel=0.1)


def test_the_year_is_found():
    days = np.arange(364 * 3)
    season = 1 + 0.6 * np.sin(2 * np.pi * days / 364)
    seen = season[: 364 * 2 + 200] * 300
    found = forecast(history(*noisy(seen)), 90, seed=1)
    ahead = 300 * season[364 * 2 + 200 :][:90]
    assert found.model == "year"
    assert found.bands[1].sum() == pytest.approx(ahead.sum(), rel=0.1)


def test_growth_goes_on_but_fades():
    level = np.linspace(100, 400, 150)
    found = forecast(history(*noisy(level, spread=0.03)), 30, seed=1)
    assert 395 < found.bands[1].mean() < 470


def test_bands_widen_with_the_distance():
    low, _middle, high = forecast(history(*noisy(week(300), spread=0.2)), 90, seed=1).bands
    width = high - low
    assert width[-14:].mean() > 1.05 * width[:14].mean()


@pytest.mark.parametrize("rate", [0.05, 0.8, 30])
def test_counts_are_never_negative(rate):
    values = np.random.default_rng(1).poisson(rate, 200).astype(float)
    found = forecast(history(*values), 60, seed=1)
    assert np.nanmin(found.paths) >= 0


def test_futures_of_sparse_counts_are_counts_of_about_the_same_rate():
    values = np.random.default_rng(3).poisson(0.3, 400).astype(float)
    paths = forecast(history(*values), 60, seed=1).paths
    assert np.array_equal(paths, np.round(paths))
    assert np.median(paths.sum(axis=1)) == pytest.approx(18, abs=6)


def test_nothing_but_zeros_goes_on_near_zero():
    found = forecast(history(*[0.0] * 60), 30, seed=1)
    assert found.bands.max() == 0


def test_a_constant_goes_on():
    found = forecast(history(*[42.0] * 60), 30, seed=1)
    assert found.bands[1] == pytest.approx(np.full(30, 42), rel=0.05)


def test_amounts_below_zero_are_forecast_too():
    values = 5 * np.random.default_rng(1).standard_normal(200) - 20
    low, middle, high = forecast(history(*values), 30, seed=1).bands
    assert middle.mean() == pytest.approx(-20, abs=3)
    assert low.mean() < -23
    assert high.mean() > -17


def test_missing_days_are_not_zeros():
    values = noisy(week(182))
    values[np.random.default_rng(2).random(182) < 0.3] = NAN
    found = forecast(history(*values), 14, seed=1)
    assert found.bands[1][:5].mean() == pytest.approx(120, rel=0.12)


def test_days_of_the_week_that_never_have_a_value_have_none_to_come():
    values = noisy(np.full(140, 100.0))
    values[5::7] = values[6::7] = NAN
    found = forecast(history(*values), 14, seed=1)
    assert np.isnan(found.paths[:, [5, 6, 12, 13]]).all()
    assert not np.isnan(found.paths[:, :5]).any()
    assert np.isnan(found.bands[:, 5]).all()


def test_a_ratio_is_forecast_by_both_of_its_parts():
    random = np.random.default_rng(4)
    sent = np.round(week(300, level=2000) * np.exp(0.2 * random.standard_normal(300)))
    clicks = random.binomial(sent.astype(int), 0.04).astype(float)
    seen = History(Grain.DAY, clicks, sent)
    fit = select(seen, 30)
    found = forecast(seen, 30, seed=1, fit=fit)
    assert isinstance(fit, RatioFit)
    assert fit_of(json.loads(json.dumps(fit.as_json()))) == fit
    assert found.paths.shape == found.mass.shape
    rates = found.paths.sum(axis=1) / found.mass.sum(axis=1)
    assert np.median(rates) == pytest.approx(0.04, rel=0.05)
    assert np.quantile(rates, 0.9) - np.quantile(rates, 0.1) < 0.01
    assert found.bands[1] == pytest.approx(np.full(30, 0.04), rel=0.15)


def test_a_ratio_whose_denominators_are_zero_has_no_data():
    zeros = np.zeros(60)
    assert forecast(History(Grain.DAY, zeros, zeros), 5, seed=1) is NoForecast.NO_DATA


def test_clicks_and_mails_of_one_day_come_from_one_day():
    random = np.random.default_rng(4)
    sent = 1000 * np.exp(0.8 * random.standard_normal(400))
    rate = 0.05 * np.sqrt(1000 / sent)  # more mails, fewer clicks of each
    seen = History(Grain.DAY, sent * rate, sent)
    found = forecast(seen, 60, seed=1)
    rates = found.paths / found.mass
    assert np.corrcoef(np.log(found.mass.ravel()), np.log(rates.ravel() + 1e-9))[0, 1] < -0.5


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH])
def test_weeks_and_months_are_forecast_by_their_own_season(grain):
    year = 52 if grain is Grain.WEEK else 12
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(4 * year) / year)
    seen = 1000 * season[: 3 * year]
    found = forecast(history(*noisy(seen, spread=0.03), grain=grain), year // 4, seed=1)
    ahead = 1000 * season[3 * year :][: year // 4]
    assert found.bands[1].sum() == pytest.approx(ahead.sum(), rel=0.12)
