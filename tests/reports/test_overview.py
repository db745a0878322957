from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.queries.overview import TELLING
from tests.make.goals import every_day, make_goal
from tests.make.metrics import make_metric, observe
from tests.make.sla import make_clock, make_promise, make_sla
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_stakeholder
from workspaces.rules.verbs import REGISTRY

URL = "/w/acme/"
JULY = datetime(2026, 7, 2, 9, tzinfo=UTC)
YEAR = ("2026-01-01", "2026-12-31")


@pytest.fixture(autouse=True)
def _on_a_day_in_july():
    with time_machine.travel(JULY, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme, key="clicks")
    observe(metric, every_day("2025-01-01", "2026-07-01", 10))
    return metric


def hopeless(clicks, title="Ten times the clicks", **words):
    words = {"percent": "900", "baseline": ("2025-01-01", "2025-12-31"), **words}
    return make_goal(clicks, title, window=YEAR, at=JULY, **words)


def test_an_empty_overview_teaches_what_belongs_here(acme, ed, vi, client_of):
    target = reverse("metrics:import_new", kwargs={"slug": "acme"})
    main = client_of(ed).get(URL).content.decode().split("<main")[1].split("</main>")[0]
    assert target in main
    main = client_of(vi).get(URL).content.decode().split("<main")[1].split("</main>")[0]
    assert target not in main


def test_the_overview_shows_a_goal_in_the_column_of_its_status(acme, ed, clicks, client_of):
    goal = hopeless(clicks)
    page = client_of(ed).get(URL).content.decode()
    lane = page.split('id="lane-off_track"')[1].split("</section>")[0]
    assert goal.title in lane
    assert "1 goal is off track" in page
    assert "No card works on it." in page


def test_the_overview_over_rest_says_what_the_page_says(acme, ed, clicks, api_of):
    goal = hopeless(clicks)
    body = api_of(ed).get("/api/v1/workspaces/acme/overview/").json()
    lanes = {lane["status"]: lane["goals"] for lane in body["lanes"]}
    [shown] = lanes["off_track"]
    assert (shown["id"], shown["value"], shown["target"]) == (goal.pk, "1820", "36500")
    assert body["headline"] == "1 goal is off track"


def test_nothing_wrong_is_said_as_such(acme, ed, clicks, api_of):
    make_goal(clicks, "As before", window=YEAR, value="3650", at=JULY)
    body = api_of(ed).get("/api/v1/workspaces/acme/overview/").json()
    assert body["headline"] == "Every goal is where it should be"


def test_a_missed_goal_waits_behind_the_filter(acme, ed, clicks, client_of):
    make_goal(clicks, "Missed", window=("2026-01-01", "2026-03-31"), value="9999", at=JULY)
    client = client_of(ed)
    assert "Missed</a>" not in client.get(URL).content.decode().replace("</bdi>", "")
    assert "Missed</a>" in client.get(URL, {"closed": "on"}).content.decode().replace("</bdi>", "")


@pytest.mark.parametrize("group", ["status", "owner", "stakeholder", "parent", "nonsense"])
def test_N08_the_overview_costs_the_same_for_one_goal_and_for_ten(
    acme, ed, clicks, client_of, group
):
    client = client_of(ed)
    board, sales = make_board(acme), make_stakeholder(acme)
    counts = []
    for n in (1, 9):
        for i in range(n):
            goal = hopeless(clicks, f"Goal {n} {i}", stakeholder=sales)
            make_card(board, f"Card {n} {i}", goal=goal, assignee=ed, due_on=date(2026, 7, 2))
        client.get(URL)
        with CaptureQueriesContext(connection) as counted:
            response = client.get(URL, {"group": group})
        assert response.status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 32


def test_X01_a_goals_title_is_shown_as_text(acme, ed, clicks, client_of):
    hopeless(clicks, "</title><script>__xss()</script>")
    page = client_of(ed).get(URL).content.decode()
    assert "<script>__xss" not in page
    assert "&lt;script&gt;__xss" in page


def test_the_news_names_only_events_that_exist():
    assert set(TELLING) <= set(REGISTRY)


def test_answers_that_are_late_or_at_risk_stand_beside_the_goals(acme, vi, client_of, api_of):
    promise = make_promise(make_sla(acme), hours=8)
    make_clock(promise, "Late brief", at=JULY - timedelta(days=4))
    make_clock(promise, "Fresh brief", at=JULY - timedelta(minutes=5))
    page = client_of(vi).get(URL).content.decode()
    assert "Promises at risk" in page
    assert "Late brief" in page
    assert "Fresh brief" not in page.partition("side-news")[0]
    [told] = api_of(vi).get("/api/v1/workspaces/acme/overview/").json()["promises"]
    assert (told["subject"], told["state"]) == ("Late brief", "late")
