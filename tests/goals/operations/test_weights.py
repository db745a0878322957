"""Weights of steps: kept with the goal, never all nothing, told together with the parent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from goals.operations.goals import close_goal, draft_of, revise_goal
from goals.queries.steps import steps_together
from goals.rules.status import Status
from tests.make.goals import every_day, make_goal, measured
from tests.make.workspaces import owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    values = every_day("2025-01-01", "2025-12-31", 10) | every_day("2026-01-01", "2026-03-01", 12)
    return measured(acme, "clicks", values)


@pytest.fixture
def top(clicks):
    return make_goal(clicks, "Top", value="4380")


def test_the_steps_of_a_goal_cannot_all_weigh_nothing(clicks, top):
    with pytest.raises(Refused) as refused:
        make_goal(clicks, "Step", parent=top, weight=D(0))
    assert (refused.value.field, refused.value.code) == ("weight", "weighs_nothing")
    assert "give another step a weight first" in refused.value.message
    make_goal(clicks, "Step", parent=top, weight=D("0.5"))
    assert make_goal(clicks, "Light", parent=top, weight=D(0)).weight == "0"


def test_a_revision_cannot_take_the_last_weight_away(acme, clicks, top, noon):
    step = make_goal(clicks, "Step", parent=top)
    light = replace(draft_of(step), weight=D(0))
    with pytest.raises(Refused):
        revise_goal(step, draft=light, version=1, by=owner_of(acme), at=noon)
    step.refresh_from_db()
    assert (step.weight, step.version) == ("1", 1)


@pytest.mark.parametrize("weight", ["-1", "1000.1"])
def test_a_weight_has_a_range(clicks, weight):
    with pytest.raises(Refused) as refused:
        make_goal(clicks, weight=D(weight))
    assert refused.value.field == "weight"


def test_open_steps_decide_together_by_their_weight(acme, clicks, top, noon):
    bad = make_goal(clicks, "Bad", value="9000", parent=top)
    good = make_goal(clicks, "Good", value="4380", parent=top, weight=D(2))
    found = steps_together(acme, [top], noon)[top.pk]
    assert (found.status, found.drivers) == (Status.OFF_TRACK, (bad.pk,))
    assert found.share == D(1) / 3
    close_goal(bad, reason="Over", version=1, by=owner_of(acme), at=noon)
    found = steps_together(acme, [top], noon)[top.pk]
    assert (found.status, found.drivers) == (Status.ON_TRACK, (good.pk,))
    assert steps_together(acme, [good], noon) == {}
