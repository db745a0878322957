"""The chart of one goal."""

from decimal import Decimal

import pytest

from goals.models import GoalForecast
from goals.operations.reviews import review_goals
from goals.queries.charts import TO_DATE, chart_of
from goals.rules.progress import Basis
from tests.make.goals import day, every_day, make_goal, measured

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    values = every_day("2025-01-01", "2025-12-31", 10) | every_day("2026-01-01", "2026-03-01", 12)
    return measured(acme, "clicks", values)


def test_every_month_of_the_window_is_there_and_those_to_come_have_no_value(clicks):
    goal = make_goal(clicks, value="3650")
    chart = chart_of(goal, until=day("2026-03-01"), view="period")
    assert len(chart.bars) == 12
    assert [bar.value for bar in chart.bars[:4]] == [D(372), D(336), D(12), None]
    assert [bar.partial for bar in chart.bars[:4]] == [False, False, True, False]
    assert [bar.past for bar in chart.bars[:2]] == [D(310), D(280)]
    assert chart.bars[0].label == "2026-01"


def test_the_monthly_targets_of_a_total_add_up_to_the_target(clicks):
    goal = make_goal(clicks, value="3650", window=("2026-01-15", "2026-11-20"))
    chart = chart_of(goal, until=day("2026-03-01"), view="period")
    assert sum(bar.target for bar in chart.bars) == pytest.approx(D(3650))
    assert chart.bars[0].past == 170


def test_to_date_each_bar_is_the_total_so_far(clicks):
    goal = make_goal(clicks, value="3650")
    chart = chart_of(goal, until=day("2026-03-01"), view=TO_DATE)
    assert [bar.value for bar in chart.bars[:4]] == [D(372), D(708), D(720), None]
    assert chart.bars[-1].target == pytest.approx(D(3650))
    assert chart.summed


def test_growth_has_the_promised_multiple_of_each_month_of_last_year_as_its_target(clicks):
    goal = make_goal(clicks, basis=Basis.YOY.value, percent="40")
    chart = chart_of(goal, until=day("2026-03-01"), view="period")
    assert chart.bars[0].target == D("434")


def test_a_level_has_one_target_and_no_running_total(clicks):
    goal = make_goal(clicks, basis="level", value="400")
    chart = chart_of(goal, until=day("2026-03-01"), view=TO_DATE)
    assert not chart.summed
    assert {bar.target for bar in chart.bars} == {D(400)}


def test_a_goal_that_has_not_begun_shows_its_plan(clicks):
    goal = make_goal(clicks, value="100", window=("2026-05-01", "2026-05-20"))
    chart = chart_of(goal, until=day("2026-03-01"), view="period")
    assert len(chart.bars) == 20
    assert {bar.value for bar in chart.bars} == {None}
    assert chart.bars[0].target == 5


def test_plotted_numbers_are_plain_whatever_the_language(clicks):
    goal = make_goal(clicks, value="1000")
    bar = chart_of(goal, until=day("2026-03-01"), view="period").bars[0]
    assert bar.plotted == {"value": "372", "target": "84.9315068493", "past": "310"}


def test_the_forecast_stands_at_the_periods_to_come_and_at_the_one_that_is_partly_over(
    clicks, noon
):
    goal = make_goal(clicks, value="3650")
    review_goals(at=noon)
    row = GoalForecast.objects.get(goal=goal)
    chart = chart_of(goal, until=day("2026-03-01"), view="period", forecast=row)
    assert [bar.fan is not None for bar in chart.bars[:4]] == [False, False, True, True]
    assert chart.bars[3].fan[1] == pytest.approx(D(360), rel=D("0.1"))
    summed = chart_of(goal, until=day("2026-03-01"), view=TO_DATE, forecast=row)
    assert summed.bars[-1].fan == (row.low, row.middle, row.high)
    assert summed.bars[-1].plotted.keys() == {"value", "target", "past", "low", "middle", "high"}


def test_without_a_forecast_no_bar_has_a_band(clicks):
    goal = make_goal(clicks, value="3650")
    assert not chart_of(goal, until=day("2026-03-01"), view="period").has_fan
