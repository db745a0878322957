"""What steps say together: the rule of a quarter of the weight (product.md 5.5)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rules.status import Status
from goals.rules.steps import ORDER, QUARTER, Step, is_worse, together, weighs_nothing

D = Decimal


def steps(*pairs):
    """Steps numbered from 1, each of a status and a weight."""
    return [Step(n, Status(word), D(weight)) for n, (word, weight) in enumerate(pairs, 1)]


@pytest.mark.parametrize(
    ("pairs", "status", "drivers"),
    [
        ([("off_track", 1), ("on_track", 3)], "off_track", (1,)),
        ([("off_track", 1), ("on_track", 4)], "on_track", (2, 1)),
        ([("off_track", 1), ("at_risk", 1), ("on_track", 6)], "at_risk", (1, 2)),
        ([("unknown", 1), ("achieved", 1)], "unknown", (1,)),
        ([("new", 1), ("on_track", 9)], "on_track", (2, 1)),
        ([("achieved", 1), ("achieved", 2)], "achieved", (2, 1)),
        ([("off_track", 0), ("on_track", 1)], "on_track", (2,)),
        ([("missed", 1), ("achieved", 1)], "off_track", (1,)),
    ],
)
def test_the_worst_status_that_a_quarter_of_the_weight_carries(pairs, status, drivers):
    found = together(steps(*pairs))
    assert (found.status, found.drivers) == (Status(status), drivers)


def test_progress_is_the_weighted_mean_of_those_that_have_one():
    given_ = [
        Step(1, Status.ON_TRACK, D(1), D("0.5")),
        Step(2, Status.ON_TRACK, D(3), D("0.1")),
        Step(3, Status.NEW, D(4)),
    ]
    found = together(given_)
    assert (found.progress, found.measured) == (D("0.2"), D("0.5"))


def test_steps_that_weigh_nothing_say_nothing():
    assert together([]) is None
    assert together(steps(("off_track", 0))) is None
    assert weighs_nothing([D(0), D(0)])
    assert not weighs_nothing([D(0), D("0.1")])
    assert not weighs_nothing([])


def test_a_missed_step_is_as_bad_as_one_off_track():
    assert not is_worse(Status.MISSED, Status.OFF_TRACK)
    assert is_worse(Status.MISSED, Status.AT_RISK)


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(0, 9)), min_size=1, max_size=9))
def test_its_status_is_always_carried_by_a_quarter_and_no_worse_one_is(pairs):
    found = together(steps(*pairs))
    total = sum(weight for _status, weight in pairs)
    if not total:
        assert found is None
        return
    carried = {
        status: sum(weight for other, weight in pairs if not is_worse(status, other))
        for status in ORDER
    }
    assert carried[found.status] >= QUARTER * total
    for status in ORDER:
        if is_worse(status, found.status):
            assert carried[status] < QUARTER * total
