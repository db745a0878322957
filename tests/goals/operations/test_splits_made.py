"""Splitting again: what stands is guarded, named and told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from goals.models import Goal
from goals.operations.goals import close_goal, draft_of, revise_goal
from goals.operations.splits import Shape, split_goal
from goals.queries.splits import Asked, Changed, Outcome, split_of
from goals.rules.decomposition import Mode
from goals.rules.targets import Target
from metrics.rules.periods import Grain
from tests.make.goals import LAST_YEAR, make_goal, measured
from tests.make.workspaces import owner_of
from workspaces.queries.events import events_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    """A thousand in each quarter of 2025; 700 in the first of 2026."""
    past = {f"2025-{month:02}-15": 1000 for month in (2, 5, 8, 11)}
    return measured(acme, "clicks", past | {"2026-02-15": 700})


@pytest.fixture
def goal(clicks):
    return make_goal(clicks, "Clicks +40 %", percent="40", baseline=LAST_YEAR)


def split(goal, at, *, shape=Shape.STEPS, version=None, **asked):
    by = owner_of(goal.workspace)
    version = version or Goal.objects.get(pk=goal.pk).version
    return split_goal(goal, asked=Asked(**asked), shape=shape, version=version, by=by, at=at)


def raised(step, value, noon, **words):
    """The step with another target, as somebody types it."""
    draft = draft_of(step)
    draft = replace(draft, terms=replace(draft.terms, target=Target(value=D(value))), **words)
    return revise_goal(step, draft=draft, version=step.version, by=step.owner, at=noon)


def targets(goal):
    return [int(step.target) for step in Goal.objects.filter(parent=goal).order_by("start")]


def test_a_split_raises_the_version_of_its_goal(goal, noon):
    split(goal, noon, mode=Mode.LINEAR, version=1)
    with pytest.raises(Stale):
        split(goal, noon, mode=Mode.COMPOUND, version=1)
    split(goal, noon, mode=Mode.LINEAR, version=2)
    split(goal, noon, mode=Mode.LINEAR, shape=Shape.CHECKPOINTS, version=3)
    assert Goal.objects.get(pk=goal.pk).version == 4


def test_steps_changed_by_hand_are_named_and_never_overwritten_unasked(goal, noon):
    split(goal, noon, mode=Mode.LINEAR)
    last = Goal.objects.get(parent=goal, start=date(2026, 10, 1))
    raised(last, 30000, noon, title="The big quarter")
    with pytest.raises(Refused, match=r"2026-Q4 \(30,000\)") as refused:
        split(goal, noon, mode=Mode.COMPOUND)
    assert (refused.value.code, refused.value.field) == ("changed_by_hand", "changed_steps")
    assert targets(goal) == [1160, 1320, 1480, 30000]
    page = split_of(goal, Asked(mode=Mode.COMPOUND), noon)
    assert [part.outcome for part in page.parts] == [*[Outcome.REVISED] * 3, Outcome.ASK]
    assert [part.name for part in page.by_hand] == ["2026-Q4"]
    done = split(goal, noon, mode=Mode.COMPOUND, changed=Changed.KEEP)
    assert done.outcomes == {Outcome.REVISED: 3, Outcome.KEPT: 1}
    assert targets(goal) == [1139, 1298, 1479, 30000]
    split(goal, noon, mode=Mode.COMPOUND, changed=Changed.REPLACE)
    last.refresh_from_db()
    assert (int(last.target), last.title) == (1684, "The big quarter")
    split(goal, noon, mode=Mode.LINEAR)
    assert targets(goal) == [1160, 1320, 1480, 1640]


def test_a_step_that_nobody_split_and_a_closed_one_are_left_alone(goal, clicks, noon):
    days = ("2026-01-01", "2026-03-31")
    own = make_goal(clicks, "By ourselves", value="1300", window=days, parent=goal)
    with pytest.raises(Refused, match="Changed by hand"):
        split(goal, noon, mode=Mode.LINEAR)
    close_goal(own, reason="Wrong", version=1, by=own.owner, at=noon)
    split(goal, noon, mode=Mode.LINEAR)
    assert targets(goal) == [1300, 1320, 1480, 1640]


def test_steps_of_other_days_are_told_beside_a_split(goal, noon):
    split(goal, noon, mode=Mode.LINEAR)
    page = split_of(goal, Asked(Grain.MONTH), noon)
    assert (len(page.beside), page.steps) == (4, [])


def test_the_log_tells_way_parts_and_numbers(goal, noon):
    split(goal, noon, mode=Mode.LINEAR)
    told = events_of(goal.workspace, "goals.goal", goal.pk, 1)[0].sentence
    assert told == (
        "Olga split the goal “Clicks +40 %” into steps (Quarters, Equal steps): "
        "2026-Q1 1,160, 2026-Q2 1,320, 2026-Q3 1,480, 2026-Q4 1,640"
    )


def test_by_hand_needs_amounts_and_amounts_need_the_way_by_hand(goal, noon):
    with pytest.raises(Refused, match="4 amounts") as refused:
        split(goal, noon, mode=Mode.MANUAL)
    assert refused.value.field == "parts"
    with pytest.raises(Refused, match="manual") as refused:
        split(goal, noon, mode=Mode.LINEAR, parts=(D(1400),) * 4)
    assert refused.value.field == "parts"
