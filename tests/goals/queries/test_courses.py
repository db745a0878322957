"""Goals on a course of their own: expected share, card, chart."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.operations.goals import draft_of
from goals.queries import standings
from goals.queries.charts import TO_DATE, chart_of
from goals.rules.status import Status
from tests.make.goals import day, every_day, make_goal, make_goals, measured
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal


def standing_of(goal, at):
    return standings(goal.workspace, [goal], at)[goal.pk]


@pytest.fixture
def clicks(acme):
    """Ten a day from 2025 until 1 March 2026."""
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


PHASES = [("2026-03-01", "600"), ("2026-06-30", "3000")]


def test_a_phased_total_is_expected_by_its_checkpoints(clicks, noon):
    goal = make_goal(clicks, value="6000", course="phased", checkpoints=PHASES)
    found = standing_of(goal, noon)
    assert (found.expected, found.expected_value, found.pace) == (D("0.1"), D(600), D(1))
    assert found.status is Status.ON_TRACK
    assert draft_of(goal).terms.checkpoints == goal.path
    assert [one.value for one in goal.path] == [D(600), D(3000)]


def test_a_phased_level_is_expected_between_baseline_and_target(acme, noon):
    values = {"2025-12-10": 1000, "2026-01-10": 1050, "2026-02-10": 1100}
    metric = measured(acme, "readers", values)
    phases = [("2026-03-01", "1100")]
    goal = make_goal(metric, basis="level", value="2000", course="phased", checkpoints=phases)
    found = standing_of(goal, noon)
    assert (found.expected, found.progress, found.expected_value) == (D("0.1"), D("0.1"), D(1100))


def test_a_first_phase_of_nothing_is_too_early_not_unknown(clicks, noon):
    phases = [("2026-03-31", "0")]
    goal = make_goal(clicks, value="6000", course="phased", checkpoints=phases)
    found = standing_of(goal, noon)
    assert (found.expected, found.pace, found.status) == (D(0), None, Status.NEW)


def test_the_chart_follows_the_checkpoints(clicks, noon):
    goal = make_goal(clicks, value="6000", course="phased", checkpoints=PHASES)
    chart = chart_of(goal, until=day("2026-03-01"), view=TO_DATE)
    june = next(bar for bar in chart.bars if bar.start == day("2026-06-01"))
    assert round(june.target, 9) == 3000
    assert round(chart.bars[-1].target, 9) == 6000


def test_a_seasonal_total_is_expected_as_the_year_before_went(acme, noon):
    """A tenth of 2025 had come by 1 March; 60 of 365 days are gone; one year weighs half."""
    metric = measured(
        acme, "sales", {"2025-01-01": 0, "2025-02-10": 10, "2025-11-30": 90, "2026-02-20": 13}
    )
    goal = make_goal(metric, value="100", course="seasonal")
    found = standing_of(goal, noon)
    assert found.expected == (D("0.1") + D(60) / 365) / 2
    assert found.progress == D("0.13")
    assert found.status is Status.ON_TRACK
    chart = chart_of(goal, until=day("2026-03-01"), view=TO_DATE)
    assert round(chart.bars[-1].target, 9) == 100
    assert round(chart.bars[9].target, 9) == round((D("0.1") + D(304) / 365) / 2 * 100, 9)


def test_a_year_that_the_data_do_not_cover_is_no_season(acme, noon):
    metric = measured(acme, "sales", {"2025-02-10": 10, "2026-02-20": 13})
    found = standing_of(make_goal(metric, value="100", course="seasonal"), noon)
    assert found.expected == D(60) / 365


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"course": "phased"}, "checkpoints"),
        ({"checkpoints": PHASES}, "checkpoints"),
        ({"course": "phased", "checkpoints": [("2027-01-01", "5")]}, "checkpoints"),
        ({"course": "phased", "checkpoints": [("2026-06-30", "7000")]}, "checkpoints"),
        ({"course": "seasonal", "basis": "level"}, "course"),
        ({"course": "seasonal", "basis": "yoy"}, "course"),
        ({"course": "phased", "basis": "average", "checkpoints": PHASES}, "course"),
        ({"course": "seasonal", "window": ("2026-01-01", "2027-06-30")}, "course"),
        ({"course": "phased", "basis": "level", "aim": "above", "checkpoints": PHASES}, "course"),
    ],
)
def test_a_course_that_cannot_be_is_refused_at_its_field(clicks, words, field):
    with pytest.raises(Refused) as refused:
        make_goal(clicks, **{"value": "6000", **words})
    assert refused.value.field == field


def test_many_seasonal_goals_need_no_more_queries_than_one(acme, clicks, noon):
    def queries(goals):
        with CaptureQueriesContext(connection) as captured:
            standings(acme, goals, noon)
        return len(captured)

    goals = list(make_goals(clicks, 5, value="4000", course="seasonal"))
    assert queries(goals[:1]) == queries(goals)
