"""A card that answers a request shows the clock of it."""

import pytest
import time_machine

from tasks.models import Card
from tests.make.sla import make_clock, make_promise, make_sla
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON
from workspaces.operations.clocks import stop_clock
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme/cards/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def clock(acme):
    return make_clock(make_promise(make_sla(acme)))


@pytest.fixture
def board(acme):
    return make_board(acme)


def test_a_card_is_made_for_a_request_and_shows_its_clock_until_it_is_stopped(
    clock, board, ed, client_of
):
    browser = client_of(ed)
    agreement = browser.get(f"/w/acme/sla/{clock.promise.sla_id}/").content.decode()
    assert f"/w/acme/cards/new/?clock={clock.pk}&amp;title=Brief%3A%20webinar" in agreement
    form = browser.get(f"/w/acme/cards/new/?clock={clock.pk}").content.decode()
    assert f'<option value="{clock.pk}" selected>' in form
    column = board.columns.order_by("position").first()
    browser.post(
        "/w/acme/cards/new/", {"title": "Answer it", "clock": clock.pk, "column": column.pk}
    )
    card = Card.objects.get()
    page = browser.get(f"/w/acme/cards/{card.pk}/").content.decode()
    assert "Brief: webinar" in page
    assert "Runs" in page
    stop_clock(clock, version=1, by=ed, at=NOON)
    drawer = browser.get(f"/w/acme/cards/{card.pk}/", HTTP_HX_REQUEST="true").content.decode()
    assert "In time" in drawer
    edit = browser.get(f"/w/acme/cards/{card.pk}/edit/").content.decode()
    assert f'<option value="{clock.pk}" selected>' in edit  # kept though it is stopped


def test_where_no_answer_is_owed_the_form_does_not_ask(board, ed, client_of):
    form = client_of(ed).get("/w/acme/cards/new/").content.decode()
    assert 'name="clock"' not in form


def test_the_clock_of_a_card_is_set_told_and_taken_away_over_rest(clock, board, ed, api_of):
    api = api_of(ed)
    made = api.post(URL, {"title": "Answer", "clock": clock.pk}, format="json").data
    assert made["clock"] == {
        "id": clock.pk,
        "sla": clock.promise.sla_id,
        "subject": "Brief: webinar",
        "state": "running",
        "due_at": clock.due_at,
    }
    path = f"{URL}{made['id']}/"
    taken = api.patch(path, {"version": 1, "clock": None}, format="json").data
    assert (taken["version"], taken["clock"]) == (2, None)


@pytest.mark.parametrize("bad", [0, "7", 10**20, True])
def test_a_clock_that_is_not_here_is_refused_at_its_field(board, ed, api_of, bad):
    refused = api_of(ed).post(URL, {"title": "Answer", "clock": bad}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/clock")


def test_another_workspaces_clock_is_not_there(board, globex, ed, api_of):
    theirs = make_clock(make_promise(make_sla(globex)))
    refused = api_of(ed).post(URL, {"title": "Answer", "clock": theirs.pk}, format="json")
    assert refused.status_code == 400
    with pytest.raises(Refused):
        make_card(board, clock=theirs)
