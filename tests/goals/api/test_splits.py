"""Splitting goals over REST."""

import pytest
import time_machine

from goals.models import Goal
from tests.make.goals import LAST_YEAR, make_goal, measured

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def goal(acme):
    past = {f"2025-{month:02}-15": 1000 for month in (2, 5, 8, 11)}
    metric = measured(acme, "clicks", past | {"2026-02-15": 700})
    return make_goal(metric, percent="40", baseline=LAST_YEAR)


def url(goal):
    return f"/api/v1/workspaces/acme/goals/{goal.pk}/split/"


def test_the_numbers_of_each_way_are_told(goal, vi, api_of):
    found = api_of(vi).get(url(goal), {"mode": "linear"}).json()
    assert [part["planned"] for part in found["parts"]] == ["1160", "1320", "1480", "1640"]
    assert found["parts"][0]["days"] == {"from": "2026-01-01", "to": "2026-03-31"}
    linear = next(way for way in found["ways"] if way["mode"] == "linear")
    assert (linear["rate"], linear["total"], linear["exit"]) == ("0.16", "0.4", "0.64")
    exits = {one["meaning"]: one["exit"] for one in found["readings"]}
    assert exits["compound_share"] == "0.4641"
    months = api_of(vi).get(url(goal), {"into": "month"}).json()["parts"]
    assert sum(int(part["planned"]) for part in months) == 5600


def test_a_split_is_made_as_checkpoints_or_steps(goal, ed, api_of):
    body = {"version": 1, "into": "quarter", "mode": "linear", "shape": "checkpoints"}
    told = api_of(ed).post(url(goal), body, format="json")
    assert told.status_code == 200
    assert (told.json()["course"], len(told.json()["checkpoints"])) == ("phased", 3)
    stale = api_of(ed).post(url(goal), body, format="json")
    assert stale.status_code == 409
    by_hand = ["1000", "1200", "1500", "1900"]
    body = {**body, "version": 2, "mode": "manual", "parts": by_hand, "shape": "steps"}
    assert api_of(ed).post(url(goal), body, format="json").status_code == 200
    assert [step.target_value for step in Goal.objects.filter(parent=goal)] == by_hand


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"into": "day"}, 400, "/into"),
        ({"mode": "wild"}, 400, "/mode"),
        ({"shape": "cake"}, 400, "/shape"),
        ({"mode": "manual", "parts": ["1", "x"]}, 400, "/parts/1"),
        ({"mode": "manual", "parts": ["1"]}, 422, "/parts"),
        ({"mode": "manual", "parts": []}, 400, "/parts"),
        ({"mode": "manual"}, 422, "/parts"),
        ({"parts": ["5600"]}, 422, "/parts"),
        ({"changed_steps": "drop"}, 400, "/changed_steps"),
        ({"mode": "each"}, 422, "/mode"),
        ({"extra": 1}, 400, "/extra"),
    ],
)
def test_a_bad_split_is_refused_at_its_place(goal, ed, api_of, changes, status, pointer):
    body = {"version": 1, "into": "quarter", "mode": "linear", "shape": "steps", **changes}
    answer = api_of(ed).post(url(goal), body, format="json")
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Goal.objects.count() == 1


def test_questions_that_make_no_sense_are_a_400_and_strangers_get_a_404(goal, vi, sam, api_of):
    for query in ({"into": "day"}, {"mode": "wild"}, {"parts": "1"}):
        assert api_of(vi).get(url(goal), query).status_code == 400
    assert api_of(vi).post(url(goal), {}, format="json").status_code == 403
    assert api_of(sam).get(url(goal)).status_code == 404


def test_a_stale_split_is_a_409_and_a_step_changed_by_hand_is_named(goal, ed, api_of):
    client = api_of(ed)
    body = {"version": 1, "into": "quarter", "mode": "linear", "shape": "steps"}
    assert client.post(url(goal), body, format="json").json()["version"] == 2
    assert client.post(url(goal), body, format="json").status_code == 409
    last = Goal.objects.filter(parent=goal).latest("start")
    there = f"/api/v1/workspaces/acme/goals/{last.pk}/"
    client.patch(there, {"version": 1, "target": {"value": "30000"}}, format="json")
    told = client.get(url(goal), {"mode": "compound"}).json()["parts"][3]["step"]
    expected = {"id": last.pk, "target": "30000", "changed_by_hand": True, "open": True}
    assert told == expected
    body = {**body, "version": 2, "mode": "compound"}
    refused = client.post(url(goal), body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "changed_by_hand")
    assert "2026-Q4 (30,000)" in refused.json()["detail"]
    kept = client.post(url(goal), {**body, "changed_steps": "keep"}, format="json")
    assert kept.status_code == 200
    last.refresh_from_db()
    assert last.target_value == "30000"


def test_a_refused_way_names_the_ways_that_work(goal, ed, vi, api_of):
    body = {"version": 1, "into": "quarter", "mode": "each", "shape": "steps"}
    refused = api_of(ed).post(url(goal), body, format="json").json()
    assert "compound, linear, seasonal, manual" in refused["detail"]
    found = api_of(vi).get(url(goal)).json()["modes"]
    assert found == ["compound", "linear", "seasonal", "manual"]
