from datetime import date, timedelta

import pytest

from metrics.rules.freshness import Rhythm, State, rhythm_of, state_of, usual_gap, worst

D = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("cadence", "lag", "age", "state"),
    [
        (1, 0, 0, "fresh"), (1, 0, 1, "late"), (1, 0, 2, "stale"),
        (1, 2, 2, "fresh"), (1, 2, 3, "late"), (1, 2, 4, "stale"),
        (7, 0, 6, "fresh"), (7, 0, 7, "late"), (7, 0, 13, "late"), (7, 0, 14, "stale"),
        (7, 2, 8, "fresh"), (7, 2, 9, "late"), (7, 2, 15, "late"), (7, 2, 16, "stale"),
    ],
)  # fmt: skip
def test_data_are_fresh_for_the_lag_and_late_for_a_cadence_more(cadence, lag, age, state):
    found = state_of(D - timedelta(days=age), now=D, rhythm=Rhythm(cadence, lag))
    assert found == state


def test_what_is_not_stated_is_learned_with_patience():
    gap = usual_gap(D + timedelta(days=7 * n) for n in range(6))
    assert rhythm_of(None, 0, gap=gap) == Rhythm(7, 10)
    assert rhythm_of(1, 0, gap=gap) == Rhythm(1, 0)
    assert rhythm_of(None, 4, gap=gap) == Rhythm(7, 4)


def test_a_number_is_as_fresh_as_its_stalest_part():
    assert worst([State.FRESH, State.STALE, State.LATE]) is State.STALE
    assert worst([]) is State.FRESH


def test_nothing_at_all_is_not_late():
    assert state_of(None, now=D, rhythm=Rhythm(1, 0)) is State.FRESH
