"""The track record of forecasts over REST and as a page, for whoever may read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.operations.reviews import review_goals
from goals.operations.track_record import score_forecasts
from tests.goals.views.reading import at, text_of
from tests.make.goals import every_day, make_goal, make_goals, measured, observe

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/goals/track-record/"
WINDOW = ("2026-02-01", "2026-03-31")


@pytest.fixture
def goal(acme, noon):
    clicks = measured(acme, "clicks", every_day("2025-06-01", "2026-03-01", 1000))
    return make_goal(clicks, "Clicks of spring", value="55000", window=WINDOW)


@pytest.fixture
def ended(goal, noon):
    """Its end was forecast once, and came."""
    review_goals(at=noon)
    observe(goal.metric, every_day("2026-03-02", "2026-03-31", 1000))
    score_forecasts(at=noon + timedelta(days=32))
    return goal


def test_the_record_goes_out_with_what_was_claimed_and_what_came(ended, vi, api_of):
    found = api_of(vi).get(URL).json()
    week = found["coverage"][0]
    assert week == {
        "horizon": "week", "days": 7, "windows": 1, "inside": 1, "share": None, "waiting": 0,
    }  # fmt: skip
    assert [one["horizon"] for one in found["coverage"]] == ["week", "month", "quarter", "end"]
    assert (found["chances"]["goals"], found["chances"]["brier"]) == (1, None)
    assert found["chances"]["groups"][0]["met"] == "1.0000"
    assert (found["latest"][0]["goal"], found["latest"][0]["came"]) == (ended.pk, "59000")
    assert found["latest"][0]["met"]


def test_the_page_says_so_in_words_and_is_linked_from_the_goals(ended, vi, client_of):
    page = text_of(client_of(vi).get(at("track_record")))
    assert "The next 7 days 1 1 too early to tell" in page
    assert "1 goal has ended" in page
    assert "Clicks of spring" in page
    assert at("track_record") in client_of(vi).get(at("index")).content.decode()


def test_without_any_forecast_the_page_says_what_will_stand_there(acme, vi, client_of):
    assert "No forecast has been kept yet." in text_of(client_of(vi).get(at("track_record")))


def test_a_stranger_finds_neither(goal, sam, api_of, client_of):
    assert api_of(sam).get(URL).status_code == 404
    assert client_of(sam).get(at("track_record")).status_code == 404


def test_a_longer_record_needs_no_more_queries(ended, vi, client_of, noon):
    with CaptureQueriesContext(connection) as one:
        client_of(vi).get(at("track_record"))
    make_goals(ended.metric, 5, value="55000", window=WINDOW, at=noon)
    review_goals(at=noon)
    score_forecasts(at=noon + timedelta(days=32))
    with CaptureQueriesContext(connection) as six:
        assert text_of(client_of(vi).get(at("track_record"))).count("Goal ") >= 5
    assert len(six) == len(one)
