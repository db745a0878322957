"""Rules of a board, over REST."""

import pytest
import time_machine

from tasks.jobs import run_automations
from tasks.models import Automation
from tests.make.tasks import column_of, make_board, make_card, make_label, make_rule

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/"


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


def test_a_rule_is_made_read_changed_and_removed_and_its_runs_are_told(board, ed, mia, api_of):
    api, every = api_of(mia), f"{API}boards/{board.pk}/automations/"
    ready, label = column_of(board, "Ready"), make_label(board.workspace)
    body = {
        "name": "Check", "when": "comes", "about": {"column": ready.pk},
        "query": "priority=high&assignee=none", "columns": [ready.pk],
        "then": {"assign": ed.user.email, "label_on": label.pk, "tell": ["responsible", mia.pk]},
    }  # fmt: skip
    made = api.post(every, body, format="json")
    assert made.status_code == 201
    told = made.json()
    one = f"{API}automations/{told['id']}/"
    assert told["then"]["assign"] == str(ed.pk)
    assert told["query"] == "assignee=none&priority=high"
    assert api.get(one).json() == told
    (listed,) = api.get(every).json()["results"]
    assert {**listed, "met": 0} == told
    card = make_card(ready, priority=3)
    assert run_automations() == 1
    (run,) = api.get(one + "runs/").json()["results"]
    assert (run["card"], run["outcome"], run["did"][0]) == (card.pk, "done", "gave it to Ed")
    changed = api.patch(one, {"version": 1, "is_on": False}, format="json").json()
    assert (changed["is_on"], changed["off_why"], changed["version"]) == (False, "by_hand", 2)
    stale = api.patch(one, {"version": 1, "name": "Late"}, format="json")
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    assert api.delete(one, {"version": 2}, format="json").status_code == 204
    assert api.get(one).status_code == 404


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, {"when": "sometimes"}),
        (400, {"query": "assignee=7abc"}),
        (400, {"columns": [999]}),
        (400, {"then": {"assign": "somebody@else.example"}}),
        (400, {"then": {"tell": [True]}}),
        (400, {"then": {"explode": True}}),
        (400, {"about": {"days": 61}, "when": "due"}),
        (422, {"then": {}}),
        (422, {"query": "assignee=me"}),
        (422, {"when": "comes"}),
        (422, {"then": {"assign": "turns"}}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_nothing_is_kept(board, mia, api_of, status, said):
    body = {"name": "Rule", "when": "made", "then": {"tick_all": True}, **said}
    answer = api_of(mia).post(f"{API}boards/{board.pk}/automations/", body, format="json")
    assert answer.status_code == status
    assert Automation.objects.count() == 0


def test_two_rules_have_two_names_and_strangers_and_editors_are_kept_out(
    board, globex, ed, mia, sam, api_of
):
    rule, api = make_rule(board, tick_all=True), api_of(mia)
    url = f"{API}boards/{board.pk}/automations/"
    body = {"name": "Rule", "when": "made", "then": {"tick_all": True}}
    taken = api.post(url, body, format="json")
    assert (taken.status_code, taken.json()["errors"][0]["column"]) == (422, "name")
    other = {**body, "then": {"move_to": column_of(make_board(globex), "Ready").pk}}
    assert api.post(url, other, format="json").status_code == 400
    beside = column_of(make_board(board.workspace, "Beside"), "Ready")
    there = {**body, "name": "Away", "then": {"move_to": beside.pk}}
    assert api.post(url, there, format="json").status_code == 422
    assert api_of(ed).get(url).status_code == 403
    assert api_of(sam).get(f"{API}automations/{rule.pk}/").status_code == 404
