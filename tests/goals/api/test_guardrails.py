"""Guardrails, lines and weights over REST."""

import pytest
import time_machine

from goals.models import Goal, Guardrail
from tests.make.goals import every_day, make_goal, make_guardrail, measured

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/goals/"


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))


@pytest.fixture
def complaints(acme):
    return measured(acme, "complaints", every_day("2026-01-01", "2026-03-01", 1))


BODY = {"metric": "complaints", "side": "below", "bound": "20"}


def test_a_guardrail_is_set_listed_told_with_the_goal_and_removed(clicks, complaints, ed, api_of):
    goal, api = make_goal(clicks), api_of(ed)
    made = api.post(f"{URL}{goal.pk}/guardrails/", BODY, format="json")
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "metric": "complaints",
        "side": "below",
        "bound": "20",
        "grain": "month",
        "status": "broken",
        "value": "28",
        "margin": "-8",
        "days": {"from": "2026-02-01", "to": "2026-02-28"},
        "data_until": "2026-03-01",
        "note": "Broken by 8.",
    }
    assert api.get(f"{URL}{goal.pk}/guardrails/").json() == [made.json()]
    told = api.get(f"{URL}{goal.pk}/").json()
    assert told["guardrails"] == [made.json()]
    assert told["status"] == goal.status
    gone = api.delete(f"{URL}{goal.pk}/guardrails/{made.json()['id']}/")
    assert (gone.status_code, Guardrail.objects.count()) == (204, 0)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"metric": "nothing"}, "/metric"),
        ({"metric": "\x00"}, "/metric"),
        ({"side": "reach"}, "/side"),
        ({"bound": "much"}, "/bound"),
        ({"grain": "hour"}, "/grain"),
        ({"note": "x"}, "/note"),
    ],
)
def test_a_bad_guardrail_is_a_400_at_its_place(clicks, complaints, ed, api_of, changes, pointer):
    goal = make_goal(clicks)
    answer = api_of(ed).post(f"{URL}{goal.pk}/guardrails/", {**BODY, **changes}, format="json")
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_viewers_read_guardrails_and_strangers_find_none(
    acme, globex, clicks, complaints, vi, sam, api_of
):
    goal = make_goal(clicks)
    rail = make_guardrail(goal, complaints, "below", "30")
    url = f"{URL}{goal.pk}/guardrails/"
    assert api_of(vi).get(url).status_code == 200
    assert api_of(vi).post(url, BODY, format="json").status_code == 403
    assert api_of(vi).delete(f"{url}{rail.pk}/").status_code == 403
    assert api_of(sam).get(url).status_code == 404
    other = make_goal(complaints, value="99")
    assert api_of(vi).get(f"{URL}{other.pk}x/guardrails/").status_code == 404


def test_a_guardrail_of_another_goal_is_not_found_below_this_one(clicks, complaints, ed, api_of):
    goal, other = make_goal(clicks), make_goal(complaints)
    rail = make_guardrail(goal, complaints, "below", "30")
    assert api_of(ed).delete(f"{URL}{other.pk}/guardrails/{rail.pk}/").status_code == 404
    assert Guardrail.objects.exists()


def test_a_line_is_set_over_rest_and_told_without_progress(clicks, ed, api_of):
    body = {
        "title": "Stay above 250",
        "metric": "clicks",
        "aim": "above",
        "basis": "level",
        "target": {"value": "250"},
        "start": "2026-01-01",
        "end": "2026-06-30",
        "weight": "2.50",
    }
    made = api_of(ed).post(URL, body, format="json")
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["aim"], told["weight"], told["progress"]) == ("above", "2.5", None)
    assert told["keeping"] == {"days": 59, "kept": 59, "share": "1", "margin": "30"}
    assert told["status"] == "on_track"
    wrong = api_of(ed).post(URL, {**body, "basis": "average"}, format="json")
    assert wrong.status_code == 422
    assert Goal.objects.count() == 1


def test_the_steps_of_a_goal_are_told_as_one(clicks, ed, api_of):
    top = make_goal(clicks, "Top", value="3650")
    bad = make_goal(clicks, "Bad", value="9000", parent=top)
    make_goal(clicks, "Good", value="3650", parent=top)
    told = api_of(ed).get(f"{URL}{top.pk}/").json()["steps"]
    assert (told["status"], told["drivers"], told["share"]) == ("off_track", [bad.pk], "0.5")
    listed = api_of(ed).get(URL).json()["results"]
    assert next(row for row in listed if row["id"] == top.pk)["steps"] == told
    answer = api_of(ed).patch(f"{URL}{bad.pk}/", {"version": 1, "weight": "1001"}, format="json")
    assert answer.status_code == 422
