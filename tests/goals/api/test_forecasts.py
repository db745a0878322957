"""Forecasts of goals over REST and on the goal's page: the same row, for whoever may read."""

import pytest
import time_machine

from goals.operations.reviews import review_goals
from tests.goals.views.reading import at, text_of
from tests.make.goals import every_day, make_goal, measured

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
