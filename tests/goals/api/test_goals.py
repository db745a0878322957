"""Goals over REST: shapes, errors, paging, permissions."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from tests.make.goals import every_day, make_goal, make_goals, measured, observe, ratio
from tests.make.workspaces import make_stakeholder

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/goals/"


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    values = every_day("2025-01-01", "2025-12-31", 10) | every_day("2026-01-01", "2026-03-01", 12)
    return measured(acme, "clicks", values)


def body(**changes):
    usual = {
        "title": "Clicks +25 %",
        "metric": "clicks",
        "basis": "cumulative",
        "target": {"percent": "25"},
        "baseline": {"from": "2025-01-01", "to": "2025-12-31"},
        "start": "2026-01-01",
        "end": "2026-12-31",
        "smart": {"specific": "Newsletter clicks", "time_bound": "The year"},
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not ...}


def post(api, url=URL, **changes):
    return api.post(url, body(**changes), format="json")


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


def test_setting_a_goal_answers_with_everything_that_was_measured(clicks, ed, api_of):
    answer = post(api_of(ed), owner=ed.user.email)
    assert answer.status_code == 201
    found = answer.json()
    assert found["baseline"] == {"from": "2025-01-01", "to": "2025-12-31", "value": "3650"}
    assert found["target"] == {"percent": "25", "value": "4562.5"}
    assert found["owner"] == {"id": ed.pk, "name": "Ed", "email": "ed@acme.example"}
    assert (found["version"], found["status"], found["metric"]) == (1, "on_track", "clicks")
    assert found["value"] == "720"
    assert found["progress"] == "0.157808219178"
    assert found["expected"] == "0.164383561644"
    assert found["pace"] == "0.96"
    assert found["smart"]["specific"] == "Newsletter clicks"
    assert found["smart"]["achievable"] == ""
    assert (found["until"], found["data_until"]) == ("2026-03-01", "2026-03-01")
    assert found["days_left"] == 305
    assert api_of(ed).get(f"{URL}{found['id']}/").json() == found


def test_the_answer_does_not_wait_for_rollups(clicks, ed, api_of):
    observe(clicks, {"2026-02-01": 1012}, rolled_up=False)
    assert post(api_of(ed)).json()["value"] == "1720"


def test_a_goal_too_young_for_a_verdict_has_progress_but_no_pace(clicks, ed, api_of):
    found = post(api_of(ed), start="2026-02-20", end="2027-02-19").json()
    assert (found["status"], found["pace"]) == ("new", None)
    assert found["progress"] != "0"


def test_what_is_left_out_is_filled_in(clicks, ed, api_of):
    found = post(api_of(ed), baseline=..., smart=..., target={"value": "5000"}).json()
    assert found["owner"]["id"] == ed.pk
    assert found["grain"] == "month"
    assert found["baseline"] == {"from": "2025-01-01", "to": "2025-12-31", "value": "3650"}
    assert found["target"] == {"percent": None, "value": "5000"}


def test_a_goal_may_serve_a_stakeholder_and_another_goal(acme, clicks, ed, api_of):
    sales, top = make_stakeholder(acme), make_goal(clicks, "Top")
    found = post(api_of(ed), stakeholder=sales.pk, parent=top.pk).json()
    assert found["stakeholder"] == {"id": sales.pk, "name": "Sales"}
    assert found["parent"] == top.pk


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"metric": "nowhere"}, "/metric"),
        ({"title": ""}, "/title"),
        ({"title": ...}, "/title"),
        ({"title": 5}, "/title"),
        ({"basis": "hope"}, "/basis"),
        ({"target": {"percent": "25", "value": "5"}}, "/target"),
        ({"target": {}}, "/target"),
        ({"target": {"percent": "25 %"}}, "/target/percent"),
        ({"target": {"percent": True}}, "/target/percent"),
        ({"target": {"value": "1e99"}}, "/target/value"),
        ({"target": {"value": None}}, "/target/value"),
        ({"target": {"factor": "2"}}, "/target/factor"),
        ({"end": "2025-12-31"}, "/end"),
        ({"end": "2026-02-30"}, "/end"),
        ({"baseline": {"from": "2025-12-31", "to": "2025-01-01"}}, "/baseline/to"),
        ({"baseline": {"to": "2025-01-01"}}, "/baseline/from"),
        ({"owner": "nobody@acme.example"}, "/owner"),
        ({"owner": 10**30}, "/owner"),
        ({"owner": {"id": 1}}, "/owner"),
        ({"stakeholder": 0}, "/stakeholder"),
        ({"parent": 10**30}, "/parent"),
        ({"parent": "7abc"}, "/parent"),
        ({"grain": "decade"}, "/grain"),
        ({"smart": {"sensible": "yes"}}, "/smart/sensible"),
        ({"status": "achieved"}, "/status"),
        ({"version": 7}, "/version"),
    ],
)
def test_a_body_of_the_wrong_shape_is_a_400_at_its_place(clicks, ed, api_of, changes, pointer):
    answer = post(api_of(ed), **changes)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert pointers(answer) == [pointer]
    assert answer.json()["errors"][0]["message"]
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"basis": "level", "target": {"percent": "0"}}, "target"),
        ({"target": {"percent": "-100"}}, "target"),
        ({"baseline": {"from": "2020-01-01", "to": "2020-12-31"}}, "baseline"),
        ({"baseline": {"from": "2025-01-01", "to": "2026-01-01"}}, "baseline"),
        ({"basis": "yoy", "end": "2027-06-30", "baseline": ...}, "end"),
    ],
)
def test_a_body_that_makes_no_goal_is_a_422(clicks, ed, api_of, changes, field):
    answer = post(api_of(ed), **changes)
    assert answer.status_code == 422
    assert pointers(answer) == [f"/{field}"]
    assert not Goal.objects.exists()


def test_a_ratio_is_told_in_its_unit(acme, clicks, ed, api_of):
    sends = measured(acme, "sends", every_day("2025-01-01", "2026-03-01", 300))
    ratio(acme, "ctr", clicks, sends)
    found = post(api_of(ed), metric="ctr", basis="average", target={"value": "4.5"}).json()
    assert found["baseline"]["value"] == "3.33333333333"
    assert (found["value"], found["status"]) == ("4", "off_track")


def test_T03_rows_of_another_workspace_are_as_unknown_as_rows_that_never_were(
    clicks, ed, globex, sam, api_of
):
    foreign = measured(globex, "secret_metric")
    theirs = {
        "metric": foreign.key,
        "owner": sam.user.email,
        "stakeholder": make_stakeholder(globex, "Secret people").pk,
        "parent": make_goal(foreign, "Secret goal", value="5").pk,
    }
    missing = {"metric": "zzz", "owner": "zzz@acme.example", "stakeholder": 99999, "parent": 99999}
    for name in theirs:
        found, absent = (post(api_of(ed), **{name: row[name]}) for row in (theirs, missing))
        assert found.status_code == absent.status_code == 400
        assert pointers(found) == [f"/{name}"]
        assert found.json()["errors"] == absent.json()["errors"]
        assert "ecret" not in found.content.decode()


def test_P05_what_the_clock_decides_cannot_be_posted(clicks, ed, api_of):
    for name in (
        "id",
        "workspace",
        "status",
        "created_at",
        "baseline_value",
        "closed_at",
        "version",
    ):
        assert pointers(post(api_of(ed), **{name: 1})) == [f"/{name}"]


def test_a_viewer_may_read_but_not_set(clicks, vi, api_of):
    goal = make_goal(clicks, value="5000")
    assert api_of(vi).get(URL).status_code == 200
    assert api_of(vi).get(f"{URL}{goal.pk}/").status_code == 200
    assert post(api_of(vi)).status_code == 403
    assert api_of(vi).patch(f"{URL}{goal.pk}/", {"version": 1}, format="json").status_code == 403
    closing = {"version": 1, "reason": "No"}
    assert api_of(vi).post(f"{URL}{goal.pk}/close/", closing, format="json").status_code == 403
    assert (
        api_of(vi).post(f"{URL}{goal.pk}/reopen/", {"version": 1}, format="json").status_code == 403
    )


def test_a_token_that_only_reads_sets_no_goals(clicks, ed, api_of):
    assert post(api_of(ed, "read")).status_code == 403


def test_a_stranger_finds_nothing(clicks, sam, api_of):
    goal = make_goal(clicks, value="5000")
    for url in (URL, f"{URL}{goal.pk}/", f"/api/v1/workspaces/globex/goals/{goal.pk}/"):
        assert api_of(sam).get(url).status_code == 404
    assert post(api_of(sam)).status_code == 404


@pytest.mark.parametrize("pk", ["0", "-5", "7abc", "99999999999999999999", "1e3", "null"])
def test_T11_an_id_that_is_none_is_nowhere(clicks, ed, api_of, pk):
    make_goal(clicks, value="5000")
    assert api_of(ed).get(f"{URL}{pk}/").status_code == 404


def test_nobody_signed_in_is_a_401(clicks, client):
    assert client.get(URL).status_code == 401


# --- the list -------------------------------------------------------------------------------------


def test_the_list_filters_by_status_owner_metric_and_openness(acme, clicks, ed, olga, api_of):
    mine = make_goal(clicks, "Mine", owner=ed, value="4380")
    hard = make_goal(clicks, "Hard", value="9000")
    other = make_goal(measured(acme, "visits"), "Other", value="5")

    def ids(query):
        return {row["id"] for row in api_of(ed).get(f"{URL}?{query}").json()["results"]}

    assert ids("") == {mine.pk, hard.pk, other.pk}
    assert ids("status=off_track") == {hard.pk}
    assert ids("status=off_track&status=unknown") == {hard.pk, other.pk}
    assert ids(f"owner={ed.pk}") == ids("owner=Ed@acme.example") == {mine.pk}
    assert ids("metric=visits") == {other.pk}
    assert ids("open=true") == {mine.pk, hard.pk, other.pk}
    assert ids("open=false") == set()


@pytest.mark.parametrize(
    "query",
    ["status=fine", "owner=nobody", "owner=999999999999999999999999", "metric=zzz", "open=perhaps"],
)
def test_a_filter_that_names_nothing_is_a_400(clicks, ed, api_of, query):
    answer = api_of(ed).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["column"] == query.partition("=")[0]


def test_the_list_comes_in_pages_and_each_page_in_constant_queries(clicks, ed, api_of):
    api = api_of(ed)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            answer = api.get(URL)
        return len(captured), answer.json()

    make_goals(clicks, 1, value="5000")
    one, _ = queries()
    make_goals(clicks, 9, value="5000", basis="yoy")
    ten, found = queries()
    assert found["count"] == len(found["results"]) == 10
    assert ten == one
    page = api.get(f"{URL}?limit=3&offset=9").json()
    assert (page["count"], len(page["results"])) == (10, 1)


def test_growth_tells_the_year_before_as_known_now_and_what_it_asks_for(clicks, ed, api_of):
    goal = make_goal(clicks, basis="yoy", percent="40", owner=ed)
    observe(clicks, {"2025-02-10": 1010})
    found = api_of(ed).get(f"{URL}{goal.pk}/").json()
    assert found["target"] == {"percent": "40", "value": "6510"}
    assert found["baseline"]["value"] == "4650"
    assert found["year_before"] == {
        "known_days": 365, "days": 365, "value": "4650", "when_set": "3650"
    }  # fmt: skip


def test_growth_on_a_year_that_is_not_over_has_no_amount_yet(clicks, ed, api_of):
    made = post(api_of(ed), basis="yoy", start="2027-01-01", end="2027-12-31", baseline=...).json()
    assert made["target"] == {"percent": "25", "value": None}
    assert (made["year_before"]["known_days"], made["year_before"]["days"]) == (60, 365)
    assert (made["status"], made["needed_per_day"]) == ("new", None)
    refused = post(
        api_of(ed), basis="yoy", start="2027-01-01", end="2027-12-31", baseline=...,
        target={"value": "9000"},
    )  # fmt: skip
    assert refused.status_code == 422
    assert (refused.json()["code"], pointers(refused)) == ("percent_only", ["/target"])


# --- changing -------------------------------------------------------------------------------------


def patch(api, goal, **fields):
    return api.patch(f"{URL}{goal.pk}/", fields, format="json")


def test_a_patch_changes_what_it_names_and_nothing_else(clicks, ed, api_of):
    goal = make_goal(clicks, percent="25", owner=ed)
    found = patch(
        api_of(ed), goal, version=1, title="New title", smart={"realistic": "Two people"}
    ).json()
    assert (found["title"], found["version"]) == ("New title", 2)
    assert found["smart"]["realistic"] == "Two people"
    assert found["smart"]["specific"] == "Total clicks of the newsletter"
    assert found["target"] == {"percent": "25", "value": "4562.5"}
    harder = patch(api_of(ed), goal, version=2, target={"value": "9000"}).json()
    assert harder["target"] == {"percent": None, "value": "9000"}
    assert (harder["status"], harder["previous_status"]) == ("off_track", "on_track")


def test_a_patch_may_clear_what_is_optional(acme, clicks, ed, api_of):
    goal = make_goal(
        clicks, value="5000", stakeholder=make_stakeholder(acme), parent=make_goal(clicks)
    )
    found = patch(api_of(ed), goal, version=1, stakeholder=None, parent=None).json()
    assert (found["stakeholder"], found["parent"]) == (None, None)


def test_O01_two_patches_of_one_version_are_a_200_and_a_409_with_the_current_state(
    clicks, ed, mia, api_of
):
    goal = make_goal(clicks, value="5000")
    assert patch(api_of(ed), goal, version=1, title="First").status_code == 200
    late = patch(api_of(mia), goal, version=1, title="Second")
    assert late.status_code == 409
    assert late.json()["current"]["title"] == "First"
    assert late.json()["current"]["version"] == 2
    assert patch(api_of(mia), goal, version=2, title="Second").status_code == 200


def test_a_patch_without_a_version_or_with_an_unknown_field_is_a_400(clicks, ed, api_of):
    goal = make_goal(clicks, value="5000")
    assert pointers(patch(api_of(ed), goal, title="X")) == ["/version"]
    assert pointers(patch(api_of(ed), goal, version=1, workspace="globex")) == ["/workspace"]


def test_closing_and_reopening(clicks, ed, api_of):
    api, goal = api_of(ed), make_goal(clicks, value="5000")
    nothing = api.post(f"{URL}{goal.pk}/close/", {"version": 1}, format="json")
    assert pointers(nothing) == ["/reason"]
    closed = api.post(
        f"{URL}{goal.pk}/close/", {"version": 1, "reason": "Budget cut"}, format="json"
    )
    assert closed.status_code == 200
    assert closed.json()["close_reason"] == "Budget cut"
    assert patch(api, goal, version=2, title="X").status_code == 422
    stale = api.post(f"{URL}{goal.pk}/reopen/", {"version": 1}, format="json")
    assert stale.status_code == 409
    opened = api.post(f"{URL}{goal.pk}/reopen/", {"version": 2}, format="json")
    assert (opened.json()["closed_at"], opened.json()["version"]) == (None, 3)


def test_a_phased_goal_tells_its_checkpoints_and_takes_others(clicks, ed, api_of):
    phases = [{"day": "2026-03-01", "value": "600.0"}]
    made = post(api_of(ed), course="phased", checkpoints=phases).json()
    assert made["course"] == "phased"
    assert made["checkpoints"] == [{"day": "2026-03-01", "value": "600"}]
    url = f"{URL}{made['id']}/"
    answer = api_of(ed).patch(url, {"version": 1, "course": "seasonal"}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["column"]) == (422, "checkpoints")
    body_ = {"version": 1, "course": "seasonal", "checkpoints": []}
    assert api_of(ed).patch(url, body_, format="json").json()["checkpoints"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"course": "uphill"}, "/course"),
        ({"checkpoints": [{"day": "2026-03-01"}]}, "/checkpoints/0/value"),
        ({"checkpoints": [{"day": "soon", "value": "1"}]}, "/checkpoints/0/day"),
        ({"checkpoints": "all"}, "/checkpoints"),
        ({"aim": "hover"}, "/aim"),
        ({"weight": "heavy"}, "/weight"),
    ],
)
def test_a_bad_course_is_a_400_at_its_place(clicks, ed, api_of, changes, pointer):
    answer = post(api_of(ed), **changes)
    assert answer.status_code == 400
    assert pointers(answer) == [pointer]
