"""Forecasts of goals over REST and on the goal's page: the same row, for whoever may read."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.operations.checkins import Said, check_in, save_draft
from goals.operations.reviews import review_goals
from tests.goals.views.reading import at, text_of
from tests.make.goals import every_day, make_goal, make_goals, measured

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/goals/"


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def goal(acme, noon):
    clicks = measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 1000))
    return make_goal(clicks, value="250000")


def test_a_goal_tells_where_it_lands_once_it_was_reviewed(goal, vi, api_of, noon):
    assert api_of(vi).get(f"{URL}{goal.pk}/").json()["forecast"] is None
    review_goals(at=noon)
    found = api_of(vi).get(f"{URL}{goal.pk}/").json()["forecast"]
    assert float(found["p10"]) < float(found["p50"]) < float(found["p90"])
    assert 0.9 < float(found["chance"]) < 1
    assert (found["until"], found["reason"]) == ("2026-03-01", None)
    assert found["model"] in {"level", "trend", "theta", "drift", "year", "weekday"}


def test_the_page_tells_the_chance_and_the_band(goal, vi, client_of, noon):
    assert "likely" not in text_of(client_of(vi).get(at("goal", pk=goal.pk)))
    review_goals(at=noon)
    shown = text_of(client_of(vi).get(at("goal", pk=goal.pk)))
    assert "likely lands at 3" in shown
    assert "in 8 of 10 cases between" in shown


def test_the_page_says_why_there_is_no_forecast(acme, vi, client_of, noon):
    young = measured(acme, "young", every_day("2026-02-20", "2026-03-01", 10))
    goal = make_goal(young, value="500", window=("2026-02-20", "2026-03-31"))
    review_goals(at=noon)
    shown = text_of(client_of(vi).get(at("goal", pk=goal.pk)))
    assert "The history is too short for a forecast." in shown
    assert "No forecast: The history is too short for a forecast." in shown


def test_the_way_to_the_landing_goes_out_and_ends_where_the_goal_lands(goal, vi, api_of, noon):
    review_goals(at=noon)
    one = api_of(vi).get(f"{URL}{goal.pk}/").json()["forecast"]
    assert [step["from"] for step in one["path"]] == [f"2026-{m:02}-01" for m in range(3, 13)]
    last = one["path"][-1]
    assert last["to"] == "2026-12-31"
    assert last["to_date"] == {name: one[name] for name in ("p10", "p50", "p90")}
    assert float(last["period"]["p50"]) == pytest.approx(31_000, rel=0.1)
    listed = api_of(vi).get(URL).json()["results"][0]["forecast"]
    assert listed == one


def test_listing_ten_forecasts_needs_no_more_queries_than_one(goal, vi, api_of, noon):
    review_goals(at=noon)
    with CaptureQueriesContext(connection) as one:
        api_of(vi).get(URL)
    make_goals(goal.metric, 9, value="250000")
    review_goals(at=noon)
    with CaptureQueriesContext(connection) as ten:
        assert len(api_of(vi).get(URL).json()["results"][-1]["forecast"]["path"]) == 10
    assert len(ten) == len(one)


def test_the_chart_and_its_table_show_the_band(goal, vi, client_of, noon):
    review_goals(at=noon)
    page = client_of(vi).get(at("goal", pk=goal.pk)).content.decode()
    assert page.count('data-role="low"') == page.count('data-role="middle"') == 1
    assert "Forecast, 8 of 10 cases" in page
    assert "No forecast" not in page


def test_a_line_that_is_kept_says_that_it_is_not_forecast(goal, vi, client_of, noon):
    kept = make_goal(goal.metric, aim="above", basis="level", value="900")
    shown = text_of(client_of(vi).get(at("goal", pk=kept.pk)))
    assert "A line that is kept is judged by its days and not forecast." in shown


def test_an_owner_and_a_forecast_that_are_far_apart_are_told_everywhere(
    goal, ed, vi, api_of, client_of, noon
):
    hard = make_goal(goal.metric, "Too much", value="900000")
    review_goals(at=noon)
    for one, sure in ((hard, "0.9"), (goal, "0.65")):
        check_in(one, said=Said("As I see it", confidence=Decimal(sure)), by=ed, at=noon)
    told = api_of(vi).get(f"{URL}{hard.pk}/").json()["forecast"]
    assert (told["confidence"], told["doubted"]) == ("0.9", True)
    assert not api_of(vi).get(f"{URL}{goal.pk}/").json()["forecast"]["doubted"]
    flag = "owner 90 % sure, forecast 0 %"
    assert flag in text_of(client_of(vi).get(at("goal", pk=hard.pk)))
    assert "The owner is 90 % sure" in text_of(client_of(vi).get(at("goal", pk=hard.pk)))
    assert text_of(client_of(vi).get(at("index"))).count("% sure, forecast") == 1
    assert "% sure, forecast" not in text_of(client_of(vi).get(at("goal", pk=goal.pk)))


def test_only_what_the_owner_told_last_counts(goal, ed, vi, api_of, noon):
    review_goals(at=noon)
    for hours, said in enumerate(
        (
            Said("Doubtful", confidence=Decimal("0.1")),
            Said("Better", confidence=Decimal("0.8")),
            Said("No word of it"),
        )
    ):
        check_in(goal, said=said, by=ed, at=noon + timedelta(hours=hours))
    save_draft(goal, said=Said("Hm", confidence=Decimal(0)), by=ed, at=noon + timedelta(hours=4))
    told = api_of(vi).get(f"{URL}{goal.pk}/").json()["forecast"]
    assert (told["confidence"], told["doubted"]) == ("0.8", False)
