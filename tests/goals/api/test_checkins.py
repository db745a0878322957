"""Check-ins and verdicts over REST and on the page."""

import pytest
import time_machine

from goals.models import CheckIn
from tests.goals.views.reading import at, text_of
from tests.make.goals import every_day, make_goal, measured

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def goal(acme):
    clicks = measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))
    return make_goal(clicks, value="3650")


def url(goal, rest=""):
    return f"/api/v1/workspaces/acme/goals/{goal.pk}/check-ins/{rest}"


def test_a_check_in_goes_from_draft_to_acknowledged(goal, ed, mia, vi, api_of):
    body = {"note": "Half", "draft": True, "confidence": "0.50"}
    draft = api_of(ed).post(url(goal), body, format="json").json()
    assert (draft["draft"], draft["confidence"], draft["value"]) == (True, "0.5", None)
    assert api_of(mia).get(url(goal)).json()["results"] == []
    assert api_of(mia).delete(url(goal, f"{draft['id']}/")).status_code == 404
    told = api_of(ed).post(url(goal), {"note": "Whole"}, format="json").json()
    assert (told["id"], told["value"], told["status"]) == (draft["id"], "600", "on_track")
    here = url(goal, f"{told['id']}/acknowledge/")
    assert api_of(ed).post(here).status_code == 422
    assert api_of(vi).post(here).status_code == 403
    assert api_of(mia).post(here).json()["acknowledged_by"]["id"] == mia.pk
    assert api_of(vi).get(url(goal)).json()["results"][0]["note"] == "Whole"
    assert api_of(ed).delete(url(goal, f"{told['id']}/")).status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"note": ""}, 422),
        ({"note": "x" * 4001}, 400),
        ({"note": "x", "confidence": "sure"}, 400),
        ({"note": "x", "confidence": "2"}, 422),
        ({"note": "x", "mood": "good"}, 400),
    ],
)
def test_a_bad_check_in_stores_nothing(goal, ed, api_of, body, status):
    assert api_of(ed).post(url(goal), body, format="json").status_code == status
    assert not CheckIn.objects.exists()


def test_strangers_and_viewers_check_in_nowhere(goal, vi, sam, api_of):
    assert api_of(sam).get(url(goal)).status_code == 404
    assert api_of(vi).post(url(goal), {"note": "x"}, format="json").status_code == 403


def test_closing_tells_the_frozen_verdict(goal, ed, api_of):
    here = f"/api/v1/workspaces/acme/goals/{goal.pk}/"
    body = {"version": 1, "reason": "Over", "retrospective": "Learnt"}
    told = api_of(ed).post(f"{here}close/", body, format="json").json()
    assert told["verdict"] == {
        "status": None,
        "value": "600",
        "share": "0.164383561644",
        "until": "2026-03-01",
    }
    assert (told["retrospective"], told["cadence"]) == ("Learnt", "never")


def test_the_page_checks_in_and_acknowledges(goal, ed, mia, vi, client_of):
    here, page = at("check_in", pk=goal.pk), at("goal", pk=goal.pk)
    client_of(ed).post(here, {"note": "Half a", "draft": "1"})
    assert "Half a" in client_of(ed).get(page).content.decode()
    assert "Half a" not in client_of(mia).get(page).content.decode()
    client_of(ed).post(here, {"note": "All is <well>", "confidence": "۰٫۷"})
    shown = client_of(mia).get(page)
    assert "All is &lt;well&gt;" in shown.content.decode()
    assert "confident" in text_of(shown)
    row = CheckIn.objects.get()
    client_of(mia).post(at("acknowledge", pk=goal.pk, checkin=row.pk))
    assert "read by Mia" in text_of(client_of(vi).get(page))
    assert client_of(ed).post(here, {"note": ""}).status_code == 422
    assert client_of(ed).post(here, {"note": "x", "confidence": "much"}).status_code == 422
    assert client_of(vi).post(here, {"note": "x"}).status_code == 403
    assert client_of(ed).post(at("drop_draft", pk=goal.pk, checkin=row.pk)).status_code == 422


def test_the_page_of_a_closed_goal_shows_its_verdict(goal, ed, client_of):
    sent = {"version": 1, "reason": "Budget cut", "retrospective": "Ask earlier"}
    client_of(ed).post(at("close", pk=goal.pk), sent)
    shown = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    for words in ("Closed before a verdict", "as known then", "Ask earlier"):
        assert words in shown, words
