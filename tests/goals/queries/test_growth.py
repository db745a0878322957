"""Growth is promised, and the amount it asks for follows what the year before came to."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from goals.operations.goals import draft_of, revise_goal
from goals.operations.reviews import review_goals
from goals.queries import standings
from goals.queries.charts import PER_PERIOD, TO_DATE, chart_of
from goals.queries.lint import findings_of
from goals.rules.lint import Code
from goals.rules.status import Status
from metrics.rules.periods import Span
from tests.make.goals import day, every_day, make_goal, measured, observe
from tests.make.workspaces import owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal
PAST = every_day("2025-01-01", "2025-12-31", 10)
NOW = every_day("2026-01-01", "2026-03-01", 15)
NEXT_YEAR = ("2027-01-01", "2027-12-31")
SINCE_MARCH = every_day("2025-03-01", "2026-03-01", 10)


@pytest.fixture
def leads(acme):
    """Ten a day in 2025, fifteen a day until 1 March 2026."""
    return measured(acme, "leads", PAST | NOW)


def standing_of(goal, at, **options):
    return standings(goal.workspace, [goal], at, **options)[goal.pk]


def test_what_growth_asks_for_follows_what_the_year_before_comes_to(leads, noon):
    goal = make_goal(leads, basis="yoy", percent="40")
    before = standing_of(goal, noon)
    assert (before.target, before.baseline, before.base.has_moved) == (D(5110), D(3650), False)
    observe(leads, {"2025-02-10": 1010})
    found = standing_of(goal, noon)
    assert (found.baseline, found.base.when_set) == (D(4650), D(3650))
    assert found.target == D(4650) * D("1.4")
    assert found.needed_per_day == (D(6510) - 900) / 305
    assert found.expected_value == D(1600) * D("1.4")
    assert found.grown == D(900) / 1600 - 1
    assert found.status is Status.OFF_TRACK
    assert "The year before came to 4,650; 3,650 was known when the goal was set." in found.note


def test_chart_status_and_forecast_follow_the_same_target(leads, noon):
    goal = make_goal(leads, basis="yoy", percent="20")
    review_goals(at=noon)
    likely = standing_of(goal, noon)
    assert likely.status is Status.ON_TRACK
    assert likely.forecast.chance > D("0.7")
    observe(leads, {"2025-02-10": 3010})
    review_goals(at=noon + timedelta(hours=1))
    goal.refresh_from_db()
    found = standing_of(goal, noon + timedelta(hours=1))
    assert found.target == 7980
    assert found.progress < 0
    assert found.forecast.chance < D("0.3")
    assert goal.status == Status.OFF_TRACK.value
    chart = chart_of(goal, until=found.until, view=PER_PERIOD)
    assert round(sum(bar.target for bar in chart.bars), 6) == found.target


def test_a_goal_for_the_coming_year_shows_no_amount_before_this_one_is_over(acme, noon):
    metric = measured(acme, "leads", SINCE_MARCH)
    goal = make_goal(metric, basis="yoy", percent="40", window=NEXT_YEAR)
    found = standing_of(goal, noon)
    assert (found.status, found.target, found.needed_per_day) == (Status.NEW, None, None)
    assert (found.baseline, found.base.known, found.base.days) == (D(600), 60, 365)
    assert found.note.endswith("The year before is known by 60 of its 365 days.")
    assert Code.OPEN_BASE in {one.code for one in findings_of(acme, goal, noon)}
    chart = chart_of(goal, until=found.until, view=PER_PERIOD)
    assert [bar.past for bar in chart.bars][:3] == [310, 280, None]
    summed = chart_of(goal, until=found.until, view=TO_DATE)
    assert [bar.target for bar in summed.bars][:3] == [434, 826, None]


def test_the_coming_years_target_stands_once_this_one_is_over(acme, noon):
    metric = measured(acme, "leads", SINCE_MARCH)
    goal = make_goal(metric, basis="yoy", percent="40", window=NEXT_YEAR)
    observe(metric, every_day("2026-03-02", "2026-12-31", 20))
    later = noon.replace(year=2027, month=1, day=1)
    found = standing_of(goal, later)
    assert found.baseline == 600 + 305 * 20
    assert found.target == found.baseline * D("1.4")
    assert Code.OPEN_BASE not in {one.code for one in findings_of(acme, goal, later)}


def test_an_amount_is_no_growth_on_a_year_that_is_not_over(acme, noon):
    metric = measured(acme, "leads", SINCE_MARCH)
    with pytest.raises(Refused) as refused:
        make_goal(metric, basis="yoy", value="9000", window=NEXT_YEAR)
    assert (refused.value.code, refused.value.field) == ("percent_only", "target")
    with pytest.raises(Refused) as refused:
        make_goal(metric, basis="yoy", percent="40", window=("2028-01-01", "2028-12-31"))
    assert (refused.value.code, refused.value.field) == ("baseline_not_begun", "start")


def test_numbers_for_days_to_come_are_no_baseline(acme, noon):
    metric = measured(acme, "leads", SINCE_MARCH)
    observe(metric, {"2026-10-10": 5000})
    goal = make_goal(metric, basis="yoy", percent="40", window=NEXT_YEAR)
    assert goal.baseline == standing_of(goal, noon).baseline == 600
    moved = replace(draft_of(goal).terms, window=Span(day("2027-01-01"), day("2027-11-30")))
    draft = replace(draft_of(goal), terms=moved)
    revised = revise_goal(goal, draft=draft, version=1, by=owner_of(acme), at=noon)
    assert revised.baseline == 600
    assert standing_of(revised, noon).base.days == 334


def test_numbers_for_days_to_come_hide_no_silence(leads, noon):
    goal = make_goal(leads, value="5000")
    observe(leads, {"2026-10-10": 5000})
    later = noon + timedelta(days=10)
    for fresh in (True, False):
        found = standing_of(goal, later, fresh=fresh)
        assert (found.status, found.data_until) == (Status.UNKNOWN, day("2026-03-01"))
        assert found.value == 900
