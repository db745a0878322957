"""Goals that are due at every moment, growth and averages, split in every way."""

from decimal import Decimal

import pytest

from goals.models import Goal
from goals.operations.splits import Shape, split_goal
from goals.queries.splits import Asked, modes_of, split_of
from goals.queries.standing import standings
from goals.rules.decomposition import Meaning, Mode, mean_of
from tests.make.goals import LAST_YEAR, make_goal, measured, observe
from tests.make.workspaces import owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal


def split(goal, at, *, shape=Shape.STEPS, version=None, **asked):
    by = owner_of(goal.workspace)
    version = version or Goal.objects.get(pk=goal.pk).version
    return split_goal(goal, asked=Asked(**asked), shape=shape, version=version, by=by, at=at)


def planned(goal, at, **asked):
    return [part.planned for part in split_of(goal, Asked(**asked), at).parts]


def targets(goal):
    return [int(step.target) for step in Goal.objects.filter(parent=goal).order_by("start")]


@pytest.fixture
def leads(acme):
    past = {"2025-02-15": 1000, "2025-05-15": 500, "2025-08-15": 250, "2025-11-15": 2000}
    return measured(acme, "leads", past | {"2026-02-15": 700})


def test_growth_is_split_by_hand_by_season_and_by_steps(leads, noon):
    goal = make_goal(leads, "Leads", basis="yoy", percent="40")
    by_hand = (D(1300), D(700), D(450), D(2800))
    split(goal, noon, mode=Mode.MANUAL, parts=by_hand)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == list(by_hand)
    assert [step.target_percent for step in steps] == ["30", "40", "80", "40"]
    page = split_of(goal, Asked(), noon)
    assert (page.mode, [part.planned for part in page.parts]) == (Mode.MANUAL, list(by_hand))
    assert [part.growth for part in page.parts] == [D("0.3"), D("0.4"), D("0.8"), D("0.4")]
    with pytest.raises(Refused, match="come to 5,349, the goal is 5,250"):
        split(goal, noon, mode=Mode.MANUAL, parts=(D(1399), *by_hand[1:]))
    for mode in (Mode.SEASONAL, Mode.LINEAR, Mode.COMPOUND):
        assert sum(planned(goal, noon, mode=mode)) == goal.target


def test_growth_is_split_as_the_year_before_is_known_now(leads, noon):
    goal = make_goal(leads, "Leads", basis="yoy", percent="40")
    observe(leads, {"2025-11-20": 1000})
    for mode in (Mode.SEASONAL, Mode.LINEAR, Mode.COMPOUND, Mode.EACH):
        page = split_of(goal, Asked(mode=mode), noon)
        assert page.refusal == ""
        assert page.target == sum(part.planned for part in page.parts) == goal.target + 1400
    page = split_of(goal, Asked(mode=Mode.EACH), noon)
    assert {part.growth for part in page.parts} == {D("0.4")}
    assert standings(leads.workspace, [goal], noon)[goal.pk].target == page.target


def test_growth_on_nothing_is_refused_in_every_way(acme, noon):
    metric = measured(acme, "young", {"2025-11-15": 2000, "2026-02-15": 700})
    goal = make_goal(metric, basis="yoy", percent="40")
    for mode in modes_of(goal):
        assert "nothing to grow on" in split_of(goal, Asked(mode=mode), noon).refusal


def test_an_average_is_split_in_every_way_and_comes_to_its_mean(acme, noon):
    readings = {f"2025-{month:02}-15": 10 * month for month in range(1, 13)}
    metric = measured(acme, "load", readings | {"2026-02-15": 70}, kind="last")
    goal = make_goal(metric, basis="average", value="150", baseline=LAST_YEAR)
    days = [D(90), D(91), D(92), D(92)]
    for mode in (Mode.EACH, Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL):
        page = split_of(goal, Asked(mode=mode), noon)
        assert page.refusal == ""
        assert round(mean_of([part.planned for part in page.parts], days), 6) == 150
        way = next(way for way in page.ways if way.mode is mode)
        assert round(way.total, 6) == round(150 / goal.baseline - 1, 6)
    split(goal, noon, mode=Mode.MANUAL, parts=(D(140), D(150), D(155), D(155)))
    assert targets(goal) == [140, 150, 155, 155]
    with pytest.raises(Refused, match="average 148; the goal is 150"):
        split(goal, noon, mode=Mode.MANUAL, parts=(D(140), D(140), D(155), D(155)))


def test_a_way_and_its_reading_come_to_the_same(acme, noon):
    """Both from parts that are not rounded, however few decimals the metric has."""
    readings = {"2025-12-10": 29, "2026-01-10": 30, "2026-02-10": 31}
    metric = measured(acme, "rate", readings, kind="last", decimals=1)
    goal = make_goal(metric, basis="level", value="3.3")
    page = split_of(goal, Asked(mode=Mode.COMPOUND), noon)
    way = next(way for way in page.ways if way.mode is Mode.COMPOUND)
    reading = next(one for one in page.readings if one.meaning is Meaning.COMPOUND_EXIT)
    assert round(way.total, 12) == round(reading.total, 12)
    assert round(way.exit, 12) == round(reading.exit, 12)
