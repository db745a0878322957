"""Evidence for a goal from its metric's own history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.operations.reviews import review_goals
from goals.operations.waivers import take_up_finding, waive_finding
from goals.queries.lint import findings_of
from goals.rules.lint import Code
from tests.make.goals import LAST_YEAR, every_day, make_draft, make_goal, measured, observe
from tests.make.workspaces import make_stakeholder, owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal
YEARS = {2021: 100, 2022: 110, 2023: 121, 2024: 127, 2025: 140}


@pytest.fixture
def clicks(acme):
    """By month; the years grow by 10, 10, 5 and 10.2 percent."""
    return measured(
        acme,
        "clicks",
        {f"{year}-{month:02}-15": n for year, n in YEARS.items() for month in range(1, 13)}
        | {"2026-02-28": 200},
    )


def found(goal, at):
    return {finding.code: finding for finding in findings_of(goal.workspace, goal, at)}


def test_the_lint_finds_harder_than_every_past_window_where_it_is(clicks, noon):
    """It needs +40 %, and the best of 37 comparable windows brought 10.2 %."""
    hard = found(make_goal(clicks, percent="40", baseline=LAST_YEAR), noon)
    message = hard[Code.HARDER_THAN_EVER].message
    assert message.startswith("Harder than every past window: it needs 40.0")
    facts = hard[Code.HARDER_THAN_EVER].fault.facts
    assert (facts["needed"], facts["windows"]) == (D("0.4"), 37)
    assert round(facts["best"], 3) == D("0.102")
    usual = found(make_goal(clicks, percent="10", baseline=LAST_YEAR), noon)
    assert Code.HARDER_THAN_EVER not in usual
    easy = found(make_goal(clicks, percent="1", baseline=LAST_YEAR), noon)
    assert Code.EASIER_THAN_USUAL in easy


def test_only_windows_before_the_goal_count(clicks, noon):
    goal = make_goal(clicks, percent="8", window=("2024-01-01", "2024-12-31"))
    facts = found(make_goal(clicks, percent="40", window=("2024-01-01", "2024-12-31")), noon)
    assert facts[Code.HARDER_THAN_EVER].fault.facts["windows"] == 13
    assert Code.HARDER_THAN_EVER not in found(goal, noon)


def test_less_is_better_turns_the_comparison(acme, noon):
    values = {f"{y}-{m:02}-15": 300 - n for y, n in YEARS.items() for m in range(1, 13)}
    bounces = measured(acme, "bounces", values | {"2026-02-28": 9}, direction="down")
    goal = make_goal(bounces, basis="level", value="120")
    assert found(goal, noon)[Code.HARDER_THAN_EVER].fault.facts["needed"] == D("0.25")


def test_a_short_history_proposes_a_baseline_first(acme, noon):
    metric = measured(acme, "fresh", {"2025-12-10": 5, "2026-01-10": 5, "2026-02-27": 5})
    message = found(make_goal(metric, basis="level", value="9"), noon)[Code.SHORT_HISTORY].message
    assert message == "Periods of history: 1. Measure a baseline first, then promise."


def test_a_change_within_the_noise_is_told(acme, noon):
    values = {f"2025-{m:02}-15": 100 + 40 * (m % 2) for m in range(1, 13)} | {"2026-02-20": 100}
    goal = make_goal(measured(acme, "wild", values), basis="level", value="110")
    assert "within the metric's own noise" in found(goal, noon)[Code.WITHIN_NOISE].message


def test_what_stands_around_the_goal_is_evidence(acme, clicks, noon):
    goal = make_goal(clicks, percent="10", baseline=LAST_YEAR)
    assert {Code.SERVES_NOBODY, Code.NO_CHECKS, Code.NO_RESOURCES} <= found(goal, noon).keys()
    sales = make_stakeholder(acme, "Sales")
    served = make_goal(clicks, "Served", value="9999", stakeholder=sales)
    make_goal(clicks, "Step", value="5", parent=served, window=("2026-01-01", "2026-03-31"))
    seen = found(served, noon)
    assert not {Code.SERVES_NOBODY, Code.NO_CHECKS} & seen.keys()
    assert seen[Code.RIVALS].message == "Other open goals on this metric in the same days: 1."


def test_a_baseline_of_other_months_is_another_season(clicks, noon):
    summer = ("2026-06-01", "2026-08-31")
    other = make_goal(clicks, percent="5", window=summer, baseline=("2025-01-01", "2025-03-31"))
    same = make_goal(clicks, percent="5", window=summer, baseline=("2025-06-01", "2025-08-31"))
    assert Code.OTHER_SEASON in found(other, noon)
    assert Code.OTHER_SEASON not in found(same, noon)


def test_a_waiver_keeps_its_reason_until_it_is_taken_back(acme, clicks, noon):
    goal, ola = make_goal(clicks, percent="40", baseline=LAST_YEAR), owner_of(acme)
    code = Code.HARDER_THAN_EVER
    with pytest.raises(Refused):
        waive_finding(goal, code=code, reason="  ", by=ola, at=noon)
    waive_finding(goal, code=code, reason="We buy a list", by=ola, at=noon)
    waive_finding(goal, code=code, reason="New channel", by=ola, at=noon)
    assert found(goal, noon)[code].waiver.reason == "New channel"
    take_up_finding(goal, code=code, by=ola, at=noon)
    assert found(goal, noon)[code].waiver is None
    with pytest.raises(Refused):
        take_up_finding(goal, code=code, by=ola, at=noon)


def test_nothing_found_ever_blocks_a_goal(acme, noon):
    draft = make_draft(measured(acme, "none"), "Improve soon", value="5")
    assert make_goal(draft.metric, "Improve soon", value="5").pk


def test_the_lint_takes_the_same_queries_for_any_history(acme, clicks, noon):
    def queries(goal):
        with CaptureQueriesContext(connection) as captured:
            findings_of(acme, goal, noon)
        return len(captured)

    short = make_goal(measured(acme, "fresh", {"2026-02-27": 5}), value="5")
    assert queries(short) <= queries(make_goal(clicks, percent="5", baseline=LAST_YEAR)) <= 13


def test_the_target_is_set_against_where_it_would_land_anyway(acme, noon):
    steady = measured(acme, "steady", every_day("2025-01-01", "2026-03-01", 1000))
    made = {
        Code.LANDS_ANYWAY: make_goal(steady, value="300000"),
        Code.STRETCH: make_goal(steady, value="490000"),
        Code.IMPLAUSIBLE: make_goal(steady, value="900000"),
    }
    assert not made.keys() & found(made[Code.STRETCH], noon).keys()  # nothing is forecast yet
    review_goals(at=noon)
    for code, goal in made.items():
        assert made.keys() & found(goal, noon).keys() == {code}
    fault = found(made[Code.STRETCH], noon)[Code.STRETCH].fault
    assert 1 < fault.facts["stretch"] <= 2
    assert fault.facts["middle"] == pytest.approx(D(365_000), rel=D("0.1"))


def test_a_goal_is_set_against_its_first_forecast_and_not_against_how_it_went(acme, noon):
    steady = measured(acme, "steady", every_day("2025-01-01", "2026-03-01", 1000))
    goal = make_goal(steady, value="900000")
    review_goals(at=noon)
    observe(steady, every_day("2026-03-02", "2026-05-31", 9000))
    later = noon + timedelta(days=91)
    review_goals(at=later)
    assert Code.IMPLAUSIBLE in found(goal, later)
