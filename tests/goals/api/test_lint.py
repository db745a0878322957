"""The lint over REST and on the page."""

import pytest
import time_machine

from goals.models import Waiver
from tests.goals.views.reading import at, fields, text_of
from tests.make.goals import LAST_YEAR, make_goal, measured

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    months = [
        f"{year}-{month:02}-15" for year in (2022, 2023, 2024, 2025) for month in range(1, 13)
    ]
    return measured(acme, "clicks", dict.fromkeys(months, 100) | {"2026-02-28": 200})


@pytest.fixture
def goal(clicks):
    return make_goal(clicks, percent="40", baseline=LAST_YEAR)


def url(goal, code=""):
    return f"/api/v1/workspaces/acme/goals/{goal.pk}/lint/{code}"


def test_findings_are_told_with_their_evidence_and_waived_by_a_reason(goal, ed, api_of):
    told = {row["code"]: row for row in api_of(ed).get(url(goal)).json()}
    hard = told["harder_than_ever"]
    assert (hard["letter"], hard["waived"]) == ("achievable", None)
    assert hard["evidence"]["needed"] == "0.4"
    body = {"reason": "A new channel"}
    done = api_of(ed).put(url(goal, "harder_than_ever/"), body, format="json")
    told = {row["code"]: row for row in done.json()}
    assert told["harder_than_ever"]["waived"] == "A new channel"
    assert api_of(ed).delete(url(goal, "harder_than_ever/")).status_code == 204
    assert api_of(ed).delete(url(goal, "harder_than_ever/")).status_code == 422


def test_bad_waivers_are_refused_at_their_place(goal, ed, vi, sam, api_of):
    here = url(goal, "rivals/")
    assert api_of(ed).put(here, {"reason": "x" * 501}, format="json").status_code == 400
    assert api_of(ed).put(here, {}, format="json").status_code == 400
    assert api_of(ed).put(url(goal, "nothing/"), {"reason": "x"}, format="json").status_code == 404
    assert api_of(vi).put(here, {"reason": "x"}, format="json").status_code == 403
    assert api_of(vi).get(url(goal)).status_code == 200
    assert api_of(sam).get(url(goal)).status_code == 404


def test_the_page_shows_findings_beside_their_letter(goal, ed, vi, client_of):
    page = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    assert "Harder than every past window" in page
    assert "Let it stand" not in text_of(client_of(vi).get(at("goal", pk=goal.pk)))
    client_of(ed).post(at("waive", pk=goal.pk, code="harder_than_ever"), {"reason": "New channel"})
    assert "New channel" in text_of(client_of(vi).get(at("goal", pk=goal.pk)))
    client_of(ed).post(at("take_up", pk=goal.pk, code="harder_than_ever"))
    assert not Waiver.objects.exists()
    assert client_of(ed).post(at("waive", pk=goal.pk, code="rivals"), {}).status_code == 422
    assert client_of(ed).post(at("waive", pk=goal.pk, code="x"), {"reason": "y"}).status_code == 404


def test_the_form_tells_findings_while_it_is_filled_in(clicks, ed, client_of):
    sent = fields(clicks, ed, title="Improve clicks", amount="40")
    shown = text_of(client_of(ed).get(at("baseline"), sent))
    assert "Harder than every past window" in shown
    assert "promise nothing that can be seen: improve" in shown
    assert "No people, hours or money" not in shown
