"""Where levels land: states by their steps, anything else by its values."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from goals.rules.forecasting import Side
from goals.rules.levels import Levels, comes_back, level_outlook
from goals.rules.outlooks import Terms
from goals.rules.progress import Basis
from metrics.rules.periods import Grain, Span

MONDAY = date(2024, 1, 1)
WEEK = timedelta(days=7)


def weeks(values, *, is_state=True):
    spans = [
        Span(MONDAY + n * WEEK, MONDAY + n * WEEK + timedelta(days=6)) for n in range(len(values))
    ]
    told = [None if np.isnan(one) else Decimal(str(round(one, 6))) for one in values]
    return Levels.of(Grain.WEEK, spans, told, is_state=is_state)


def terms(levels, ahead, *, target="1000", basis=Basis.LEVEL, extra=0):
    end = levels.known.last + ahead * WEEK + timedelta(days=extra)
    window = Span(MONDAY, end)
    return Terms(basis, Grain.WEEK, window, Decimal(target), Side.AT_LEAST, additive=False)


def walk(random, size):
    return 3000 + np.cumsum(random.normal(4, 20, size))


def stock(random, size):
    """Who joins, and who leaves: each with a rate of their own."""
    return 800 + np.cumsum(random.poisson(30, size) - random.binomial(60, 0.3, size))


def score(random, size):
    """Comes back to 60."""
    found = np.zeros(size)
    for place in range(1, size):
        found[place] = 0.6 * found[place - 1] + random.normal(0, 3)
    return 60 + found


def test_a_walk_does_not_come_back_and_a_score_does():
    random = np.random.default_rng(1)
    assert not comes_back(walk(random, 150), 12)
    assert comes_back(score(random, 150), 12)
    assert not comes_back(np.full(150, 5.0), 12)


def test_bands_of_levels_hold_about_four_times_in_five():
    """Ninety made levels of other kinds than the models, each four or ten weeks ahead."""
    held = []
    for seed in range(90):
        random = np.random.default_rng([11, seed])
        make, ahead = (walk, stock, score)[seed % 3], (4, 10)[seed % 2]
        values = make(random, 120 + ahead)
        levels = weeks(values[:-ahead])
        found = level_outlook(levels, terms(levels, ahead), seed=seed)
        held.append(found.low <= Decimal(str(values[-1])) <= found.high)
    assert 0.7 < np.mean(held) < 0.93


def test_a_state_goes_on_from_where_it_is_and_its_fan_opens():
    levels = weeks(walk(np.random.default_rng(2), 120))
    found = level_outlook(levels, terms(levels, 20, target="0"), seed=1)
    widths = [step.period[2] - step.period[0] for step in found.path]
    assert len(widths) == 20
    assert widths[0] < widths[9] < widths[19]
    assert found.path[0].period[1] == pytest.approx(levels.values[-1], rel=Decimal("0.03"))
    assert found.path[-1].period == (found.low, found.middle, found.high)
    assert found.chance > Decimal("0.99")


def test_a_state_that_was_not_said_again_still_holds():
    values = walk(np.random.default_rng(2), 60)
    values[[20, 21, 40]] = np.nan
    assert weeks(values).numbers[21] == pytest.approx(values[19])
    assert np.isnan(weeks(values, is_state=False).numbers[21])


def test_a_level_reads_the_last_whole_period_and_an_average_of_a_state_the_very_end():
    levels = weeks(walk(np.random.default_rng(2), 60))
    whole = level_outlook(levels, terms(levels, 5, extra=3), seed=1)
    cut = level_outlook(levels, terms(levels, 5, extra=3, basis=Basis.AVERAGE), seed=1)
    assert (len(whole.path), len(cut.path)) == (5, 6)
    assert cut.claims[0].days.days == 3


def test_the_back_test_is_kept_and_serves_its_own_way_alone():
    levels = weeks(score(np.random.default_rng(3), 100))
    first = level_outlook(levels, terms(levels, 12), seed=4)
    assert first.fit["way"] == "values"
    assert level_outlook(levels, terms(levels, 12), seed=4, kept=first.fit) == first
    kept = {**first.fit, "way": "steps"}
    assert level_outlook(levels, terms(levels, 12), seed=4, kept=kept) == first


@pytest.mark.parametrize(
    ("size", "ahead", "reason"), [(5, 3, "too_short"), (40, 0, "nothing_left")]
)
def test_where_nothing_can_be_said_there_is_a_reason(size, ahead, reason):
    levels = weeks(walk(np.random.default_rng(2), size))
    assert level_outlook(levels, terms(levels, ahead), seed=1).reason == reason


def test_without_data_there_is_no_forecast():
    assert weeks([np.nan, np.nan]) is None
    levels = weeks([1.0, 2.0])
    assert level_outlook(None, terms(levels, 3), seed=1).reason == "no_data"
