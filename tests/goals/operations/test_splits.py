"""Splitting a goal: as steps, as checkpoints, and anew after a miss."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from goals.models import Goal
from goals.operations.goals import draft_of, revise_goal
from goals.operations.splits import Shape, split_goal
from goals.queries.parts import longest_parts
from goals.queries.splits import Asked, split_of
from goals.rules.decomposition import Mode
from goals.rules.targets import Target
from metrics.rules.periods import Grain
from tests.make.goals import LAST_YEAR, every_day, make_goal, measured, observe
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


def planned(goal, at, **asked):
    return [part.planned for part in split_of(goal, Asked(**asked), at).parts]


def test_the_worked_example_of_forty_percent_in_four_quarters(goal, noon):
    """product.md 5.4: compounding by 13.92 % or equal steps of 16 points make +40 % of the year."""
    assert goal.target == 5600
    page = split_of(goal, Asked(mode=Mode.COMPOUND), noon)
    assert [part.planned for part in page.parts] == [1139, 1298, 1479, 1684]
    linear = next(way for way in page.ways if way.mode is Mode.LINEAR)
    assert (linear.rate, linear.total, linear.exit) == (D("0.16"), D("0.4"), D("0.64"))
    assert planned(goal, noon, mode=Mode.LINEAR) == [1160, 1320, 1480, 1640]
    assert [part.year_ago for part in page.parts] == [1000] * 4
    exits = {one.meaning.value: round(one.exit * 100, 1) for one in page.readings}
    totals = {one.meaning.value: round(one.total * 100, 1) for one in page.readings}
    assert (exits["compound_share"], totals["compound_share"]) == (D("46.4"), D("27.6"))
    assert (exits["linear_share"], totals["linear_share"]) == (D("40.0"), D("25.0"))


def test_every_mode_and_grain_comes_to_the_target(goal, noon):
    for into in (Grain.QUARTER, Grain.MONTH, Grain.WEEK):
        for mode in (Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL):
            assert sum(planned(goal, noon, into=into, mode=mode)) == goal.target


def test_the_parts_become_steps_of_the_same_owner(goal, noon):
    split(goal, noon, mode=Mode.LINEAR)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == [1160, 1320, 1480, 1640]
    assert steps[0].title == "Clicks +40 % · 2026-Q1"
    assert (steps[3].start, steps[3].end) == (date(2026, 10, 1), date(2026, 12, 31))
    assert {step.owner_id for step in steps} == {goal.owner_id}
    event = next(e for e in events_of(goal.workspace, "goals.goal", goal.pk, 9))
    assert event.verb == "goal.split"
    assert event.data["parts"][0] == ["2026-Q1", "1160"]


def test_splitting_again_revises_the_steps_that_are_there(goal, noon):
    split(goal, noon, mode=Mode.LINEAR)
    first = set(Goal.objects.filter(parent=goal).values_list("pk", flat=True))
    split(goal, noon, mode=Mode.COMPOUND)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert {step.pk for step in steps} == first
    assert [step.target for step in steps] == [1139, 1298, 1479, 1684]


def test_the_parts_become_checkpoints(goal, noon):
    split(goal, noon, mode=Mode.LINEAR, shape=Shape.CHECKPOINTS)
    goal.refresh_from_db()
    assert goal.course == "phased"
    assert goal.checkpoints == [
        ["2026-03-31", "1160"],
        ["2026-06-30", "2480"],
        ["2026-09-30", "3960"],
    ]


def test_parts_by_hand_must_make_the_goal(goal, noon):
    by_hand = (D(1000), D(1200), D(1500), D(1900))
    split(goal, noon, mode=Mode.MANUAL, parts=by_hand, shape=Shape.CHECKPOINTS)
    goal.refresh_from_db()
    with pytest.raises(Refused, match="come to 5,500, the goal is 5,600"):
        split(goal, noon, mode=Mode.MANUAL, parts=(*by_hand[:3], D(1800)), version=2)
    with pytest.raises(Refused, match="exactly 4 parts"):
        split(goal, noon, mode=Mode.MANUAL, parts=by_hand[:3], version=2)


def test_after_a_missed_quarter_the_rest_is_spread_over_the_open_ones(goal, clicks, noon):
    split(goal, noon, mode=Mode.LINEAR)
    observe(clicks, {"2026-03-31": 100})
    april = noon.replace(month=4, day=2)
    page = split_of(goal, Asked(mode=Mode.LINEAR), april)
    assert [part.actual for part in page.parts] == [800, None, None, None]
    assert [part.anew for part in page.parts] == [800, 1200, 1600, 2000]
    split(goal, april, mode=Mode.LINEAR, rebalanced=True)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == [1160, 1200, 1600, 2000]
    told = events_of(goal.workspace, "goals.goal", goal.pk, 9)
    kept = [event.data["parts"][1] for event in told if event.verb == "goal.split"]
    assert kept == [["2026-Q2", "1200"], ["2026-Q2", "1320"]]


def test_after_a_miss_the_plan_by_hand_is_kept_and_its_proportions_with_it(goal, clicks, noon):
    """What was typed stands in the log and on the page; only the open parts are spread anew."""
    by_hand = (D(1000), D(1000), D(1200), D(2400))
    split(goal, noon, mode=Mode.MANUAL, parts=by_hand)
    assert planned(goal, noon, mode=Mode.MANUAL) == list(by_hand)
    april = noon.replace(month=4, day=2)
    page = split_of(goal, Asked(), april)
    assert (page.mode, [part.planned for part in page.parts]) == (Mode.MANUAL, list(by_hand))
    assert [part.anew for part in page.parts] == [700, 1065, 1278, 2557]
    split(goal, april, mode=Mode.MANUAL, rebalanced=True)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == [1000, 1065, 1278, 2557]
    again = split_of(goal, Asked(mode=Mode.MANUAL), april)
    assert [part.planned for part in again.parts] == list(by_hand)


def test_a_plan_that_no_longer_makes_the_goal_is_not_kept(goal, noon):
    split(goal, noon, mode=Mode.MANUAL, parts=(D(1000), D(1000), D(1200), D(2400)))
    goal.refresh_from_db()
    draft = draft_of(goal)
    sharper = replace(draft, terms=replace(draft.terms, target=Target(value=D(6000))))
    goal = revise_goal(goal, draft=sharper, version=2, by=goal.owner, at=noon)
    assert sum(planned(goal, noon, mode=Mode.MANUAL)) == 6000


@pytest.fixture
def readers(acme):
    """A level: 1,000 readers at the end of 2025, 1,050 at the end of March, 1,040 on the day."""
    values = {"2025-12-10": 1000, "2026-01-10": 1010, "2026-02-10": 1020, "2026-03-20": 1050}
    return measured(acme, "readers", values | {"2026-04-01": 1040}, kind="last")


@pytest.mark.parametrize(
    ("mode", "levels"),
    [
        (Mode.LINEAR, [1050, 1167, 1283, 1400]),
        (Mode.COMPOUND, [1050, 1156, 1272, 1400]),
    ],
)
def test_after_a_miss_a_level_goes_on_from_where_it_stands(readers, noon, mode, levels):
    """5.4: the rate that still leads from here to the target, by the end."""
    goal = make_goal(readers, basis="level", value="1400")
    april = noon.replace(month=4, day=2)
    split(goal, noon, mode=mode)
    page = split_of(goal, Asked(mode=mode), april)
    assert [part.actual for part in page.parts] == [1050, None, None, None]
    assert [part.anew for part in page.parts] == levels
    split(goal, april, mode=mode, rebalanced=True)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == [1100 if mode is Mode.LINEAR else 1088, *levels[1:]]
    split(goal, april, mode=mode, rebalanced=True, shape=Shape.CHECKPOINTS)
    goal.refresh_from_db()
    assert [value for _day, value in goal.checkpoints] == [str(level) for level in levels[:3]]


def test_a_level_that_fell_below_its_baseline_asks_for_no_less(acme, noon):
    values = {"2025-12-10": 1000, "2026-02-10": 900, "2026-04-01": 900}
    goal = make_goal(measured(acme, "readers", values, kind="last"), basis="level", value="1400")
    april = noon.replace(month=4, day=2)
    split(goal, april, mode=Mode.LINEAR, rebalanced=True, shape=Shape.CHECKPOINTS)
    goal.refresh_from_db()
    assert [value for _day, value in goal.checkpoints] == ["1000", "1067", "1233"]


def test_a_level_of_a_total_is_compared_with_whole_periods(acme, noon):
    """Clicks of the last month, in quarters: what came is March, not the sum of the quarter."""
    metric = measured(acme, "clicks", {f"2025-{month:02}-10": 90 for month in range(1, 13)})
    observe(metric, {"2026-01-10": 95, "2026-02-10": 100, "2026-03-10": 110, "2026-04-01": 1})
    goal = make_goal(metric, basis="level", value="120")
    first = split_of(goal, Asked(mode=Mode.LINEAR), noon.replace(month=4, day=2)).parts[0]
    assert (first.actual, first.year_ago) == (110, 90)
    quarterly = make_goal(metric, basis="level", value="400", grain="quarter")
    with pytest.raises(Refused, match="longer periods") as refused:
        split_of(quarterly, Asked(Grain.MONTH), noon)
    assert refused.value.field == "into"


def test_the_longest_parts_that_there_are_come_first(clicks):
    windows = {
        ("2026-01-01", "2026-12-31"): Grain.QUARTER,
        ("2026-01-01", "2026-03-31"): Grain.MONTH,
        ("2026-03-01", "2026-03-31"): Grain.WEEK,
        ("2026-03-02", "2026-03-05"): Grain.QUARTER,
    }
    for window, into in windows.items():
        assert longest_parts(make_goal(clicks, value="99", window=window)) is into


def test_nothing_over_is_nothing_to_spread(goal, noon):
    with pytest.raises(Refused, match="nothing to spread"):
        split(goal, noon, mode=Mode.LINEAR, rebalanced=True)


def test_a_part_without_data_leaves_the_rest_unknown(acme, noon):
    goal = make_goal(measured(acme, "sends", {"2025-02-15": 90}), value="100")
    page = split_of(goal, Asked(mode=Mode.SEASONAL), noon.replace(month=5))
    assert page.anew_refusal == "A closed part has no data, so what is left is not known."


def test_growth_is_the_same_in_each_part_and_comes_to_the_promise(acme, noon):
    """S17, S20: e-mail leads +40 % year over year, in four quarterly steps."""
    past = {"2025-02-15": 1000, "2025-05-15": 500, "2025-08-15": 250, "2025-11-15": 2000}
    leads = measured(acme, "leads", past | {"2026-02-15": 700})
    goal = make_goal(leads, "Leads", basis="yoy", percent="40")
    assert sum(planned(goal, noon)) == goal.target
    split(goal, noon)
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [step.target for step in steps] == [1400, 700, 350, 2800]
    assert {step.target_percent for step in steps} == {"40"}


def test_a_level_is_split_to_its_end(acme, noon):
    metric = measured(acme, "readers", {"2025-12-10": 1000, "2026-01-10": 1000, "2026-02-10": 1000})
    goal = make_goal(metric, basis="level", value="1400")
    assert planned(goal, noon, mode=Mode.LINEAR) == [1100, 1200, 1300, 1400]
    split(goal, noon, mode=Mode.LINEAR, shape=Shape.CHECKPOINTS)
    goal.refresh_from_db()
    assert goal.checkpoints[-1] == ["2026-09-30", "1300"]
    split(goal, noon, mode=Mode.LINEAR, version=2)
    assert Goal.objects.filter(parent=goal).count() == 4


def test_all_parts_are_set_or_none(acme, noon):
    """The level of the first part is the baseline already, so nothing is set."""
    metric = measured(acme, "readers", {"2025-12-10": 1000, "2026-02-10": 1100})
    goal = make_goal(metric, basis="level", value="1400")
    parts = (D(1200), D(1100), D(1300), D(1400))
    with pytest.raises(Refused, match="2026-Q2: The target equals the baseline"):
        split(goal, noon, mode=Mode.MANUAL, parts=parts)
    assert Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "asked", "field"),
    [
        ({"window": ("2026-01-01", "2027-12-31")}, {"into": Grain.WEEK}, "into"),
        ({"window": ("2026-01-05", "2026-03-20")}, {}, "into"),
        ({}, {"into": Grain.DAY}, "into"),
        ({}, {"mode": Mode.EACH}, "mode"),
        ({"basis": "level", "aim": "above", "value": "5"}, {}, ""),
    ],
)
def test_what_cannot_be_split_says_why(clicks, noon, words, asked, field):
    goal = make_goal(clicks, **{"value": "9999", **words})
    with pytest.raises(Refused) as refused:
        split_of(goal, Asked(**asked), noon)
    assert refused.value.field == field


def test_without_a_baseline_only_season_and_hand_are_left(acme, noon):
    goal = make_goal(measured(acme, "fresh"), value="365")
    page = split_of(goal, Asked(mode=Mode.COMPOUND), noon)
    assert page.refusal == "Growth needs a baseline above zero: choose another way."
    assert planned(goal, noon, mode=Mode.SEASONAL) == [90, 91, 92, 92]
    with pytest.raises(Refused) as refused:
        split(goal, noon, mode=Mode.COMPOUND)
    assert refused.value.field == "mode"


def test_splitting_names_the_version_it_saw(goal, noon):
    with pytest.raises(Stale):
        split(goal, noon, mode=Mode.LINEAR, version=7)


def test_a_window_that_cuts_a_quarter_has_a_smaller_part(acme, noon):
    metric = measured(acme, "steady", every_day("2025-01-01", "2026-03-01", 10))
    goal = make_goal(metric, percent="0", window=("2026-02-15", "2026-12-31"))
    first, *rest = planned(goal, noon, mode=Mode.LINEAR)
    assert 440 < first < 460
    assert all(890 < part < 930 for part in rest)
