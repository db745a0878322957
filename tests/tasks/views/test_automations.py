"""Pages of a board's rules."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tasks.jobs import run_automations
from tasks.models import Automation, Card
from tests.make.tasks import column_of, make_card, make_label, make_rule

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def queries_of(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


def urls(board):
    return f"/w/acme/boards/{board.pk}/automations/", f"/w/acme/boards/{board.pk}/automations/new/"


def test_a_rule_is_made_by_a_plain_form_and_its_page_says_what_it_did(
    board, mia, ed, client_of, noon
):
    review, label = column_of(board, "Review"), make_label(board.workspace, "Check")
    client, (every, new) = client_of(mia), urls(board)
    assert client.get(new).status_code == 200
    sent = {
        "name": "Check it", "when": "comes", "when_column": str(review.pk), "assign": "turns",
        "turns": [str(ed.pk)], "label_on": str(label.pk), "due_in": "3", "is_on": "on",
        "priority": ["none"], "columns": [str(review.pk)], "tell": ["responsible"],
    }  # fmt: skip
    empty = client.post(new, {"name": "Nothing", "when": "made"})
    assert empty.status_code == 422
    assert "Say what is to be done." in text_of(empty)
    no_column = client.post(new, {**sent, "when_column": ""})
    assert "Say which." in text_of(no_column)
    made = client.post(new, sent)
    rule = Automation.objects.get()
    page = f"/w/acme/boards/automations/{rule.pk}/"
    assert made["Location"] == page
    card = make_card(review)
    assert run_automations() == 1
    assert Card.objects.get().assignee == ed
    shown = text_of(client.get(page))
    for words in (
        "gave it to Ed",
        "put the label Check on it",
        "A card comes into a column: Review",
    ):
        assert words in shown
    assert "1 time, last" in text_of(client.get(every))
    assert "The rule “Check it”" in text_of(client.get(f"/w/acme/cards/{card.pk}/"))


def test_a_rule_is_changed_switched_and_removed(board, mia, client_of):
    rule, client = make_rule(board, tick_all=True), client_of(mia)
    page = f"/w/acme/boards/automations/{rule.pk}/"
    sent = {"name": "Ticks", "when": "done", "tick_all": "on", "is_on": "on", "version": "1"}
    client.post(page, sent)
    late = client.post(page, {**sent, "name": "Late"})
    assert late.status_code == 409
    assert "Ticks" in late.content.decode()
    client.post(page + "switch/", {"version": "2"})
    rule.refresh_from_db()
    assert (rule.name, rule.when, rule.is_on, rule.off_why) == ("Ticks", "done", False, "by_hand")
    client.post(page + "remove/", {"version": "3"})
    assert Automation.objects.count() == 0


def test_only_managers_see_and_make_rules(board, ed, client_of):
    client = client_of(ed)
    assert {client.get(url).status_code for url in urls(board)} == {403}


def test_the_list_costs_as_much_for_forty_rules_as_for_ten(board, mia, client_of):
    client, (every, _new) = client_of(mia), urls(board)
    for number in range(10):
        make_rule(board, f"Rule {number}", tick_all=True)
    queries_of(client, every)  # who signs in costs some more
    few = queries_of(client, every)
    for number in range(10, 40):
        make_rule(board, f"Rule {number}", tick_all=True)
    assert queries_of(client, every) == few
