import re

import pytest
import time_machine
from django.test import Client

from goals.operations.pulse_rounds import keep_pulses
from tests.make.pulse import OPEN, OVER, QUESTION, make_pulse, open_now, stakeholders_say, team_says
from tests.make.workspaces import make_stakeholder
from workspaces.models.receipts import Receipt

pytestmark = pytest.mark.django_db
BASE = "/api/v1/workspaces/acme/pulse/"


@pytest.fixture(autouse=True)
def _while_it_is_open():
    with time_machine.travel(OPEN, tick=False):
        yield


def test_the_pulse_is_set_up_and_changed_by_a_manager(acme, mia, ed, api_of):
    api = api_of(mia)
    assert api.get(BASE).data["version"] == 0
    made = api.put(BASE, {"version": 0, "question": QUESTION}, format="json").data
    assert (made["version"], made["fewest"], made["metrics"]["score"]) == (1, 3, "pulse")
    assert made["open"]["asked"]
    stale = api.put(BASE, {"version": 0, "question": "Other?"}, format="json")
    assert (stale.status_code, stale.json()["current"]["question"]) == (409, QUESTION)
    assert api_of(ed).put(BASE, {}, format="json").status_code == 403


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"fewest": 2}, "/fewest"),
        ({"opens_on": 29}, "/opens_on"),
        ({"question": ""}, "/question"),
        ({"scale": 5}, "/scale"),
    ],
)
def test_what_is_wrong_with_a_set_up_is_told_at_its_field(mia, api_of, sent, pointer):
    wanted = {"version": 0, "question": QUESTION, **sent}
    refused = api_of(mia).put(BASE, wanted, format="json")
    assert refused.status_code == 400
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


def test_an_answer_is_counted_once_and_leaves_no_receipt(acme, vi, api_of):
    make_pulse(acme)
    api = api_of(vi)
    told = api.post(BASE + "answers/", {"score": 7}, format="json")
    assert (told.status_code, told.data["answered"]) == (201, True)
    assert api.post(BASE + "answers/", {"score": 7}, format="json").status_code == 422
    assert api.post(BASE + "answers/", {"score": 7.5}, format="json").status_code == 400
    keyed = {"HTTP_IDEMPOTENCY_KEY": "mine"}
    assert api.post(BASE + "answers/", {"score": 1}, format="json", **keyed).status_code == 400
    assert not Receipt.objects.exists()
    assert open_now(acme).tally["team"][7] == 1


def test_a_link_is_told_once_and_answers(acme, mia, vi, sam, api_of):
    make_pulse(acme)
    sales, api = make_stakeholder(acme), api_of(mia)
    made = api.post(BASE + "links/", {"stakeholder": sales.pk}, format="json")
    path = re.search(r"/pulse/[\w.-]+/", made.data["url"])[0]
    assert Client().post(path + "answer/", {"score": "4"}).status_code == 303
    assert [(one["linked"], one["answered"]) for one in api.get(BASE + "links/").data] == [
        (True, True)
    ]
    foreign = make_stakeholder(sam.workspace, "Theirs")
    refused = api.post(BASE + "links/", {"stakeholder": foreign.pk}, format="json")
    assert refused.status_code == 400
    assert api_of(vi).get(BASE + "links/").status_code == 403


def test_months_tell_what_may_be_told(acme, vi, api_of):
    make_pulse(acme)
    team_says(acme, 6, 8, 10)
    stakeholders_say(acme, 1)
    keep_pulses(at=OVER)
    (month,) = api_of(vi).get(BASE + "months/").data["results"]
    assert month["result"] == {"points": 25, "answers": 4, "average": 6.25}
    assert (month["team"], month["stakeholders"]) == (None, None)
    assert (month["asked"], month["answered"]) == (6, 4)
