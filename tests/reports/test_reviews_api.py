"""Reviews and optimisations over REST."""

import pytest
import time_machine

from reports.models import Optimisation, ReviewItem
from tests.make.goals import every_day, make_goal, measured
from tests.make.reviews import begin, items_of, make_optimisation
from workspaces.models import Notification

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme"


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


@pytest.fixture
def goals(clicks, mia):
    return [make_goal(clicks, f"Goal of {n}", value=n, owner=mia) for n in ("9000", "7000")]


def test_a_review_is_begun_walked_through_and_ended(goals, ed, mia, api_of):
    api = api_of(ed)
    made = api.post(f"{API}/reviews/", {"rhythm": "monthly"}, format="json")
    assert made.status_code == 201
    review = made.json()
    assert (review["goals"], review["seen"], review["started_by"]["id"]) == (2, 0, ed.pk)
    item = review["items"][0]
    assert (item["title"], item["reasons"], item["outcome"]) == (
        "Goal of 9000",
        ["status"],
        "waiting",
    )
    here = f"{API}/reviews/{review['id']}/items/{item['id']}/"
    shown = api.get(here).json()
    assert (shown["now"]["value"], shown["change"]) == ("600", None)
    assert [one["reach"] for one in shown["horizons"]] == ["month", "quarter", "end"]
    body = {"version": 1, "outcome": "seen", "note": "Slow", "decided": "Halve it"}
    done = api.patch(here, body, format="json").json()
    assert (done["outcome"], done["note"], done["version"]) == ("seen", "Slow", 2)
    assert (done["kept"]["status"], len(done["months"])) == ("off_track", 3)
    assert api_of(mia).patch(here, body, format="json").status_code == 409
    kept = api.patch(here, {"version": 2, "outcome": "skipped"}, format="json").json()
    assert (kept["outcome"], kept["decided"]) == ("skipped", "Halve it")
    assert api.post(f"{here}ask/", {"question": "Why?"}, format="json").status_code == 204
    assert Notification.objects.get(kind="review").member == mia
    over = f"{API}/reviews/{review['id']}/end/"
    assert api.post(over, {"version": 1, "notes": "Well"}, format="json").json()["notes"] == "Well"
    assert api.post(over, {"version": 2}, format="json").status_code == 422
    (listed,) = api.get(f"{API}/reviews/", {"rhythm": "monthly"}).json()["results"]
    assert (listed["goals"], listed["seen"], listed["skipped"]) == (2, 0, 1)
    assert api.get(f"{API}/reviews/", {"rhythm": "weekly"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"version": 1, "outcome": "waiting"}, 400),
        ({"version": 0, "outcome": "seen"}, 400),
        ({"version": 1, "outcome": "seen", "note": "x" * 4001}, 400),
        ({"version": 1, "outcome": "seen", "mood": "good"}, 400),
        ({"version": 7, "outcome": "seen"}, 409),
    ],
)
def test_a_bad_look_stores_nothing(acme, goals, ed, api_of, body, status):
    item = items_of(begin(acme))["Goal of 9000"]
    here = f"{API}/reviews/{item.review_id}/items/{item.pk}/"
    assert api_of(ed).patch(here, body, format="json").status_code == status
    assert not ReviewItem.objects.exclude(outcome="waiting").exists()


def test_other_bad_input_is_named(acme, goals, ed, api_of):
    api, review = api_of(ed), begin(acme)
    other = items_of(begin(acme, "monthly"))["Goal of 7000"]
    assert api.post(f"{API}/reviews/", {"rhythm": "daily"}, format="json").status_code == 400
    assert api.get(f"{API}/reviews/", {"rhythm": "daily"}).status_code == 400
    assert api.get(f"{API}/reviews/{review.pk}/items/{other.pk}/").status_code == 404
    assert api.get(f"{API}/reviews/x/").status_code == 404


def test_viewers_read_and_strangers_see_nothing(acme, goals, vi, sam, api_of):
    item = items_of(begin(acme))["Goal of 9000"]
    here = f"{API}/reviews/{item.review_id}/"
    for url in (f"{API}/reviews/", here, f"{here}items/{item.pk}/", f"{API}/optimisations/"):
        assert api_of(vi).get(url).status_code == 200
        assert api_of(sam).get(url).status_code == 404
    assert api_of(vi).post(f"{API}/reviews/", {"rhythm": "weekly"}).status_code == 403
    assert api_of(vi).patch(f"{here}items/{item.pk}/", {}).status_code == 403
    assert api_of(vi).post(f"{API}/optimisations/", {}).status_code == 403


def test_an_optimisation_is_written_down_corrected_ended_and_removed(clicks, goals, ed, api_of):
    api, here = api_of(ed), f"{API}/optimisations/"
    body = {"title": "Shorter form", "metric": "clicks", "started_on": "2026-02-09"}
    made = api.post(here, {**body, "goal": goals[0].pk}, format="json").json()
    assert made["effect"] == {
        "verdict": "measured",
        "before": "70",
        "after": "70",
        "change": "0",
        "known_on": "2026-02-16",
    }
    one = f"{here}{made['id']}/"
    changed = api.put(one, {**body, "version": 1, "days": 28}, format="json").json()
    assert (changed["effect"]["verdict"], changed["goal"]) == ("too_early", None)
    assert api.put(one, {**body, "version": 1}, format="json").status_code == 409
    ended = api.post(f"{one}end/", {"version": 2, "learnt": "Nothing"}, format="json").json()
    assert (ended["learnt"], api.get(one).json()["learnt"]) == ("Nothing", "Nothing")
    assert api.get(here).json()["count"] == 1
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": ""}, 400),
        ({"title": "x" * 201}, 400),
        ({"metric": "nothing"}, 400),
        ({"goal": 999}, 400),
        ({"days": 9}, 400),
        ({"started_on": "soon"}, 400),
        ({"started_on": "1066-01-01"}, 422),
        ({"colour": "red"}, 400),
    ],
)
def test_a_bad_optimisation_is_named_and_stores_nothing(clicks, ed, api_of, change, status):
    body = {"title": "Form", "metric": "clicks", "started_on": "2026-02-09", **change}
    answer = api_of(ed).post(f"{API}/optimisations/", body, format="json")
    assert answer.status_code == status
    assert next(iter(change)) in answer.content.decode()
    assert not Optimisation.objects.exists()


def test_the_effect_of_one_row_is_told_alone(clicks, ed, api_of):
    row = make_optimisation(clicks, "2026-02-09")
    assert api_of(ed).get(f"{API}/optimisations/{row.pk}/").json()["title"] == "Shorter form"
