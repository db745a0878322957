"""Guardrails: set, moved, removed, and told beside the goal without lowering it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from goals.models import Guardrail
from goals.operations.goals import close_goal
from goals.operations.guardrails import MOST, remove_guardrail
from goals.queries import standings
from goals.rules.guardrails import Health
from goals.rules.status import Status
from tests.make.goals import every_day, make_goal, make_guardrail, measured
from tests.make.workspaces import owner_of
from workspaces.queries.events import events_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))


@pytest.fixture
def complaints(acme):
    """28 in February, 31 in January."""
    return measured(acme, "complaints", every_day("2026-01-01", "2026-03-01", 1))


def rails_of(goal, at):
    return standings(goal.workspace, [goal], at)[goal.pk].guardrails


def test_a_guardrail_reads_the_last_whole_period(clicks, complaints, noon):
    goal = make_goal(clicks, value="3650")
    make_guardrail(goal, complaints, "below", "30")
    (found,) = rails_of(goal, noon)
    assert (found.health, found.value, found.margin) == (Health.HOLDS, D(28), D(2))
    assert found.note == "Holds with a margin of 2."


def test_a_broken_guardrail_is_told_and_lowers_nothing(clicks, complaints, noon):
    goal = make_goal(clicks, value="3650")
    before = standings(goal.workspace, [goal], noon)[goal.pk]
    make_guardrail(goal, complaints, "below", "20")
    found = standings(goal.workspace, [goal], noon)[goal.pk]
    assert [rail.note for rail in found.broken] == ["Broken by 8."]
    assert found.status is before.status is Status.ON_TRACK


def test_late_data_make_a_guardrail_unknown_not_fine(clicks, complaints, noon):
    goal = make_goal(clicks, value="3650")
    make_guardrail(goal, complaints, "below", "30")
    (found,) = rails_of(goal, noon + timedelta(days=20))
    assert found.health is Health.UNKNOWN
    assert found.note == "Data until 1 Mar 2026, so no verdict."


def test_a_metric_without_data_is_unknown(acme, clicks, noon):
    goal = make_goal(clicks)
    make_guardrail(goal, measured(acme, "silent"), "above", "1")
    (found,) = rails_of(goal, noon)
    assert (found.health, found.note) == (Health.UNKNOWN, "No data yet, so no verdict.")


def test_setting_it_again_moves_the_line_and_the_log_keeps_both(acme, clicks, complaints, noon):
    goal = make_goal(clicks)
    first = make_guardrail(goal, complaints, "below", "30")
    assert make_guardrail(goal, complaints, "below", "25.50").pk == first.pk
    assert Guardrail.objects.get().bound_value == "25.5"
    told = [event.data["bound"] for event in events_of(acme, "goals.goal", goal.pk, 2)]
    assert told == ["25.5", "30"]


def test_one_metric_may_be_kept_on_both_sides(clicks, complaints, noon):
    goal = make_goal(clicks)
    make_guardrail(goal, complaints, "below", "30")
    make_guardrail(goal, complaints, "above", "5")
    assert len(rails_of(goal, noon)) == 2


def test_a_guardrail_is_removed(clicks, complaints, noon):
    goal = make_goal(clicks)
    rail = make_guardrail(goal, complaints, "below", "30")
    remove_guardrail(rail, by=owner_of(goal.workspace), at=noon)
    assert rails_of(goal, noon) == []


def test_what_makes_no_guardrail_is_refused_at_the_metric(acme, globex, clicks):
    goal = make_goal(clicks)
    for metric in (clicks, measured(globex, "secret")):
        with pytest.raises(Refused) as refused:
            make_guardrail(goal, metric, "below", "30")
        assert refused.value.field == "metric"
    assert not Guardrail.objects.exists()


def test_a_goal_has_a_limited_number_and_a_closed_one_takes_none(acme, clicks, complaints, noon):
    goal = make_goal(clicks)
    for number in range(MOST):
        make_guardrail(goal, measured(acme, f"m{number}"), "above", "1")
    with pytest.raises(Refused, match="at most 10"):
        make_guardrail(goal, complaints, "below", "30")
    close_goal(goal, reason="Over", version=1, by=owner_of(acme), at=noon)
    with pytest.raises(Refused, match="closed"):
        make_guardrail(goal, complaints, "below", "30")
