"""Forecasts of goals: drawn by reviews, stored, and judged by."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import ForecastRecord, Goal, GoalForecast
from goals.operations.goals import close_goal
from goals.operations.reviews import review_goals
from goals.queries.standing import standings
from goals.rules.status import Status
from tests.make.goals import day, every_day, make_goal, make_goals, measured, observe, ratio
from tests.make.people import make_unique, meet
from tests.make.workspaces import owner_of

pytestmark = pytest.mark.django_db
MONTHS = [(y, m) for y in (2025, 2026) for m in range(1, 13) if (y, m) < (2026, 3)]
PAST = every_day("2025-01-01", "2026-03-01", 1000)


@pytest.fixture
def clicks(acme):
    """A thousand a day until 1 March 2026."""
    return measured(acme, "clicks", PAST)


def stored(goal):
    return GoalForecast.objects.get(goal=goal)


def standing(goal, at):
    goal = Goal.objects.select_related("metric", "workspace").get(pk=goal.pk)
    return standings(goal.workspace, [goal], at)[goal.pk]


def test_a_review_says_where_a_total_lands_and_how_likely_that_is_enough(clicks, noon):
    easy, hard = make_goal(clicks, value="250000"), make_goal(clicks, value="450000")
    review_goals(at=noon)
    assert stored(easy).middle == pytest.approx(Decimal(365_000), rel=Decimal("0.1"))
    assert stored(easy).low < stored(easy).middle < stored(easy).high
    assert stored(easy).chance > Decimal("0.9")
    assert stored(hard).chance < Decimal("0.3")
    assert stored(easy).until == day("2026-03-01")


def test_goals_on_one_metric_that_end_together_land_together(clicks, noon):
    one, other = make_goal(clicks, value="250000"), make_goal(clicks, value="450000")
    sooner = make_goal(clicks, value="100000", window=("2026-01-01", "2026-06-30"))
    review_goals(at=noon)
    assert stored(one).middle == stored(other).middle
    assert stored(sooner).middle < stored(one).low
    again = stored(other)
    GoalForecast.objects.all().delete()
    close_goal(one, version=1, reason="Done", by=owner_of(one.workspace), at=noon)
    review_goals(at=noon)
    assert (stored(other).low, stored(other).high) == (again.low, again.high)


def test_a_goal_is_judged_by_its_chance_and_not_by_its_pace(clicks, noon):
    goal = make_goal(clicks, value="400000")  # pace 0.91, which alone is on track
    assert goal.status == Status.ON_TRACK
    review_goals(at=noon)
    assert standing(goal, noon).forecast.chance < Decimal("0.7")
    assert standing(goal, noon).status in {Status.AT_RISK, Status.OFF_TRACK}


def test_setting_a_goal_draws_nothing(clicks, noon):
    make_goal(clicks, value="300000")
    assert not GoalForecast.objects.exists()


def test_a_goal_whose_target_has_changed_has_no_forecast_until_it_is_reviewed(clicks, noon):
    goal = make_goal(clicks, value="300000")
    review_goals(at=noon)
    Goal.objects.filter(pk=goal.pk).update(target_value="450000")
    assert standing(goal, noon).forecast is None
    assert review_goals(at=noon) == 1
    assert standing(goal, noon).forecast.chance < Decimal("0.3")


def test_a_forecast_that_no_worker_renewed_is_not_believed(clicks, noon):
    goal = make_goal(clicks, value="300000")
    review_goals(at=noon)
    assert standing(goal, noon + timedelta(days=2)).forecast is not None
    assert standing(goal, noon + timedelta(days=3)).forecast is None


def test_the_same_numbers_give_the_same_forecast_and_keep_the_back_test(clicks, noon):
    goal = make_goal(clicks, value="370000")
    review_goals(at=noon)
    first = stored(goal)
    GoalForecast.objects.update(revision=-1)
    Goal.objects.update(reviewed_revision=-1)
    review_goals(at=noon + timedelta(hours=1))
    again = stored(goal)
    assert (again.low, again.high, again.chance) == (first.low, first.high, first.chance)
    assert (again.fit, again.fitted_on) == (first.fit, first.fitted_on)
    observe(clicks, {"2026-03-02": 1000, "2026-03-03": 1000})
    review_goals(at=noon + timedelta(days=2))
    assert (stored(goal).until, stored(goal).fitted_on) == (day("2026-03-03"), first.fitted_on)


def test_a_week_later_the_back_test_is_made_anew(clicks, noon):
    goal = make_goal(clicks, value="370000")
    review_goals(at=noon)
    observe(clicks, every_day("2026-03-02", "2026-03-08", 1000))
    review_goals(at=noon + timedelta(days=7))
    assert stored(goal).fitted_on == day("2026-03-08")


def test_a_ratio_lands_where_its_sums_do(acme, clicks, noon):
    sends = measured(acme, "sends", every_day("2025-01-01", "2026-03-01", 20_000))
    rate = ratio(acme, "rate", clicks, sends)
    low = make_goal(rate, basis="average", value="6", window=("2026-01-01", "2026-06-30"))
    review_goals(at=noon)
    assert stored(low).middle == pytest.approx(Decimal(5), rel=Decimal("0.05"))
    assert stored(low).chance < Decimal("0.3")


def test_a_level_reads_the_last_whole_period_alone(clicks, noon):
    goal = make_goal(clicks, basis="level", value="40000", window=("2026-01-01", "2026-06-30"))
    review_goals(at=noon)
    assert stored(goal).middle == pytest.approx(Decimal(30_000), rel=Decimal("0.1"))


def test_less_is_a_success_where_the_metric_says_so(acme, noon):
    costs = measured(acme, "costs", PAST, direction="down")
    goal = make_goal(costs, value="450000")
    review_goals(at=noon)
    assert stored(goal).chance > Decimal("0.7")


def test_a_short_history_has_a_reason_and_leaves_the_verdict_to_the_pace(acme, noon):
    young = measured(acme, "young", every_day("2026-02-20", "2026-03-01", 10))
    goal = make_goal(young, value="500", window=("2026-02-20", "2026-03-31"))
    review_goals(at=noon)
    assert (stored(goal).reason, stored(goal).chance) == ("too_short", None)
    assert stored(goal).why == "The history is too short for a forecast."
    assert standing(goal, noon).status == Status.AT_RISK


def test_a_state_is_forecast_by_its_periods_and_lands_in_the_last_whole_one(acme, noon):
    grows = {f"{y}-{m:02}-28": 1000 + 50 * (12 * y + m - 24_301) for y, m in MONTHS}
    stock = measured(acme, "stock", grows, kind="last")
    goal = make_goal(stock, basis="level", value="2000")
    review_goals(at=noon)
    assert stored(goal).low <= stored(goal).middle <= stored(goal).high
    assert stored(goal).middle == pytest.approx(Decimal(2150), rel=Decimal("0.05"))
    assert stored(goal).chance > Decimal("0.7")
    assert [step.days.first.month for step in stored(goal).steps] == list(range(3, 13))
    assert ForecastRecord.objects.get(goal=goal).last == day("2026-12-31")
    first = stored(goal)
    GoalForecast.objects.update(revision=-1)
    Goal.objects.update(reviewed_revision=-1)
    review_goals(at=noon)
    assert (stored(goal).low, stored(goal).fit) == (first.low, first.fit)


def test_a_formula_that_does_not_add_up_is_forecast_as_a_level(acme, clicks, noon):
    squared = measured(acme, "squared", kind="derived", formula="clicks * clicks / 1000000")
    goal = make_goal(squared, basis="level", value="1200")
    review_goals(at=noon)
    assert stored(goal).middle == pytest.approx(Decimal(930), rel=Decimal("0.1"))
    total = make_goal(squared, basis="average", value="200000")
    review_goals(at=noon)
    assert stored(total).reason == "not_adding_up"


def test_people_of_the_last_month_are_forecast_and_people_of_all_months_are_not(acme, noon):
    readers = make_unique(acme, "readers")
    crowd = "abcdefghijklmn"
    meet(readers, {f"{y}-{m:02}-10": crowd[: 10 + n % 3] for n, (y, m) in enumerate(MONTHS)})
    level = make_goal(readers, basis="level", value="13")
    whole = make_goal(readers, basis="average", value="20")
    review_goals(at=noon)
    assert stored(level).middle == pytest.approx(Decimal(11), abs=Decimal(2))
    assert stored(whole).reason == "not_adding_up"


def test_a_state_by_the_quarter_has_too_little_history(acme, noon):
    stock = measured(acme, "stock", PAST, kind="last")
    goal = make_goal(stock, basis="level", grain="quarter", value="1500")
    review_goals(at=noon)
    assert stored(goal).reason == "not_adding_up"


def test_goals_that_are_not_begun_or_closed_are_not_forecast(clicks, ed, noon):
    make_goal(clicks, value="300000", window=("2026-04-01", "2026-12-31"))
    closed = make_goal(clicks, value="300000")
    close_goal(closed, reason="Budget cut", version=1, by=ed, at=noon)
    review_goals(at=noon)
    assert not GoalForecast.objects.exists()


def test_forecasting_ten_goals_needs_no_more_queries_than_one(clicks, noon):
    make_goals(clicks, 1, value="300000")
    with CaptureQueriesContext(connection) as one:
        review_goals(at=noon)
    GoalForecast.objects.all().delete()
    make_goals(clicks, 9, value="300000")
    with CaptureQueriesContext(connection) as ten:
        review_goals(at=noon)
    assert GoalForecast.objects.count() == 10
    assert len(ten) == len(one)
