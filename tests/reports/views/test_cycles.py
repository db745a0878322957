"""Cycles: their pages, their endpoints, and what is tried in them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.models import Optimisation
from tasks.models import Card, Cycle
from tests.make.cycles import begin, make_cycle
from tests.make.goals import every_day, make_goal, measured
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON, owner_of

pytestmark = pytest.mark.django_db
PAGES, API = "/w/acme/cycles/", "/api/v1/workspaces/acme/"
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def board(acme):
    return make_board(acme)


def test_a_cycle_from_its_plan_to_its_summary_by_page(acme, board, client_of):
    metric = measured(acme, "clicks", every_day("2026-02-01", "2026-03-01", 10))
    goal, olga = make_goal(metric, "More clicks"), client_of(owner_of(acme))
    first = olga.get(f"{PAGES}new/?board={board.pk}").context["form"].initial
    assert (first["name"], first["starts_on"]) == ("Cycle 1", NOON.date())
    said = {"name": "<b>One</b>", "board": board.pk, "starts_on": "2026-03-04", "weeks": "1"}
    said |= {"capacity": "10", "aim": "Fewer <i>clicks</i>"}
    olga.post(f"{PAGES}new/", said)
    cycle = Cycle.objects.get()
    assert (cycle.starts_on, cycle.ends_on) == (NOON.date(), NOON.date() + timedelta(days=6))
    card = make_card(board, "Shorter form", goal=goal)
    edited = olga.post(
        f"/w/acme/boards/{board.pk}/bulk/", {"card": f"{card.pk}:1", "cycle": cycle.pk}
    )
    assert edited.status_code == 302
    olga.post(f"{PAGES}{cycle.pk}/begin/", {"version": 1})
    form = olga.get(f"/w/acme/optimisations/new/?card={card.pk}").context["form"]
    named = {name: form.initial[name] for name in ("card", "cycle", "goal", "metric", "title")}
    assert named == {
        "card": card.pk, "cycle": cycle.pk, "goal": goal.pk, "metric": metric.pk,
        "title": "Shorter form",
    }  # fmt: skip
    olga.post("/w/acme/optimisations/new/", {**named, "started_on": "2026-02-15", "days": 7})
    refused = olga.post(f"{PAGES}{cycle.pk}/close/", {"version": 2, "rest": "x", "notes": "Kept"})
    assert (refused.status_code, "Kept" in refused.content.decode()) == (422, True)
    closed = {"version": 2, "rest": "carry", "notes": "See **#1** <script>"}
    olga.post(f"{PAGES}{cycle.pk}/close/", closed)
    page = olga.get(f"{PAGES}{cycle.pk}/").content.decode()
    assert "Shorter form" in page
    assert "carried over" in page.lower()
    assert "<strong>" in page
    assert "<script>" not in page.partition('<h2 id="h-notes">')[2].partition("</section>")[0]
    assert "<b>One" not in page
    assert "<i>clicks" not in page
    assert page.count('class="rv-try"') == 1
    assert Card.objects.get(pk=card.pk).cycle.name == "Cycle 2"
    olga.post(f"{PAGES}{cycle.pk}/reopen/", {"version": 3})
    assert Card.objects.get(pk=card.pk).cycle == cycle
    stale = olga.post(f"{PAGES}{cycle.pk}/notes/", {"version": 3, "notes": "Mine"})
    assert (stale.status_code, "Mine" in stale.content.decode()) == (409, True)


def test_a_board_shows_the_cards_of_the_running_cycle(acme, board, client_of):
    cycle, olga = make_cycle(acme, board), client_of(owner_of(acme))
    make_card(board, "In it", cycle=cycle)
    make_card(board, "Beside it")
    begin(cycle)
    for word, shown in (("current", "In it"), (cycle.pk, "In it"), ("none", "Beside it")):
        answer = olga.get(f"/w/acme/boards/{board.pk}/?cycle={word}")
        cards = [row.title for column in answer.context["view"].columns for row in column.cards]
        assert cards == [shown]


def test_the_rest_of_it_over_rest(acme, board, api_of, ed):
    api, card = api_of(owner_of(acme)), make_card(board, "Ask")
    said = {"name": "One", "board": board.pk, "starts": "2026-03-05", "weeks": 2}
    made = api.post(f"{API}cycles/", said, format="json")
    assert made.status_code == 201, made.content
    cycle = made.json()
    url = f"{API}cycles/{cycle['id']}/"
    assert (cycle["starts"], cycle["ends"], cycle["state"]) == (
        "2026-03-02", "2026-03-15", "planned",
    )  # fmt: skip
    patch = {"version": 1, "cycle": cycle["id"]}
    assert api.patch(f"{API}cards/{card.pk}/", patch, format="json").json()["cycle"] == cycle["id"]
    assert api.get(f"{API}cards/?cycle={cycle['id']}").json()["count"] == 1
    assert api.post(f"{url}begin/", {"version": 1}, format="json").json()["state"] == "running"
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        told = api.get(url).json()
    assert [day["scope"]["cards"] for day in told["days"]] == [1, 1]
    bad = api.patch(url, {"version": 2, "weeks": 9}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (400, "/weeks")
    closed = api.post(f"{url}close/", {"version": 2, "rest": "leave"}, format="json").json()
    assert (closed["state"], closed["cards"][0]["outcome"]) == ("closed", "left")
    assert api.post(f"{url}reopen/", {"version": 3}, format="json").json()["state"] == "running"
    late = api.patch(url, {"version": 1, "aim": "A"}, format="json")
    assert (late.status_code, late.json()["current"]["version"]) == (409, 4)
    assert [one["name"] for one in api.get(f"{API}cycles/?board={board.pk}").json()["results"]]
    assert api.get(f"{API}cycles/?board=x").status_code == 400
    assert api_of(ed).post(f"{API}cycles/", said, format="json").status_code == 403
    assert Optimisation.objects.count() == 0


def test_a_cycle_asks_as_much_for_many_cards_as_for_few(acme, board, client_of):
    cycle, olga = make_cycle(acme, board), client_of(owner_of(acme))
    asked = []
    for count in (3, 30):
        for number in range(count):
            make_card(board, f"Card {number}", cycle=cycle)
        olga.get(f"{PAGES}{cycle.pk}/")
        with CaptureQueriesContext(connection) as found:
            olga.get(f"{PAGES}{cycle.pk}/")
        asked.append(len(found))
    assert asked[0] == asked[1]
