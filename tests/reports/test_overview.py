from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.make.goals import make_goal
from tests.make.metrics import make_metric, observe
from tests.make.tasks import make_board, make_card

URL = "/w/acme/"


def test_an_empty_overview_teaches_what_belongs_here(acme, ed, vi, client_of):
    page = client_of(ed).get(URL).content.decode()
    assert reverse("metrics:import_new", kwargs={"slug": "acme"}) in page
    look = client_of(vi).get(URL).content.decode()
    assert 'class="b b-solid" href="/w/acme/imports/new/"' not in look


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme, key="clicks")
    today = date.today()
    observe(metric, {today - timedelta(days=n): 10 for n in range(1, 500)})
    return metric


def test_the_overview_shows_a_goal_in_the_column_of_its_status(acme, ed, clicks, client_of):
    goal = make_goal(clicks, title="Ten times the clicks", target_percent="900")
    page = client_of(ed).get(URL).content.decode()
    lane = page.split('id="lane-off_track"')[1].split("</section>")[0]
    assert goal.title in lane
    assert "1 goal is off track" in page


def test_the_overview_over_rest_says_what_the_page_says(acme, ed, clicks, api_of):
    goal = make_goal(clicks, title="Ten times the clicks", target_percent="900")
    body = api_of(ed).get("/api/v1/workspaces/acme/overview/").json()
    lanes = {lane["status"]: [g["id"] for g in lane["goals"]] for lane in body["lanes"]}
    assert lanes["off_track"] == [goal.pk]
    assert body["headline"] == "1 goal is off track"


@pytest.mark.parametrize("group", ["status", "owner", "stakeholder", "parent", "nonsense"])
def test_N08_the_overview_costs_the_same_for_one_goal_and_for_ten(
    acme, ed, clicks, client_of, group
):
    client = client_of(ed)
    board = make_board(acme)
    counts = []
    for n in (1, 9):
        for i in range(n):
            goal = make_goal(clicks, title=f"Goal {n} {i}")
            make_card(board, title=f"Card {n} {i}", goal=goal, assignee=ed, due_on=date.today())
        client.get(URL)
        with CaptureQueriesContext(connection) as counted:
            response = client.get(URL, {"group": group})
        assert response.status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_X01_a_goals_title_is_shown_as_text(acme, ed, clicks, client_of):
    make_goal(clicks, title="</title><script>__xss()</script>")
    page = client_of(ed).get(URL).content.decode()
    assert "<script>__xss" not in page
