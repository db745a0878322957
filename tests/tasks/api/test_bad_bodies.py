"""Every body about boards and what is on them, spoiled field by field: never a 500.

`bodies` holds a good one for each operation in the contract that takes one; a new operation has
to be added there.
"""

import pytest
import time_machine

from tests.make.board_bodies import bodies
from tests.make.workspaces import NOON, owner_of
from tests.support.bodies import (
    ALLOWED,
    NOWHERE,
    STRANGE,
    Sender,
    kind_of,
    named,
    operations,
    places,
    spoiled,
    told,
)

TAGS = {
    "approvals", "attachments", "automations", "board-imports", "boards", "calendar-feeds",
    "card-fields", "card-templates", "cards", "columns", "comments", "cycles", "filters",
    "imported-people", "items", "labels", "markdown", "request-forms", "series", "work-counts",
    "workload",
}  # fmt: skip
WORDS = ["a\x00b", "\u202e<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\ud800"]
REFUSED = {(400, True), (422, True)}  # at the field
FREE = {"fields", "values"}  # what they hold has no shape of its own


@pytest.fixture
def sender(acme, api_of, client_of):
    with time_machine.travel(NOON, tick=False):
        good = bodies(acme)
        api = api_of(owner_of(acme))
        browser = client_of(owner_of(acme))
        api.raise_request_exception = browser.raise_request_exception = False
        yield Sender(api, good, {"post calendar-feeds/": browser})


@pytest.mark.once
def test_every_operation_with_a_body_is_spoiled(sender):
    assert set(sender.good) == operations(TAGS)


def test_the_bodies_are_good(sender):
    found = {name: sender.send(name, row.body) for name, row in sender.good.items()}
    refused = {name: told(answer) for name, answer in found.items() if answer.status_code >= 300}
    assert refused == {}


@pytest.mark.once
@pytest.mark.parametrize("word", NOWHERE)
def test_I15_what_no_field_takes_is_a_400_that_names_each(sender, word):
    wrong = {}
    for name, row in sender.good.items():
        body = {field: value for field, value in row.body.items() if field not in FREE}
        answer = sender.send(name, dict.fromkeys(body, NOWHERE[word]))
        if answer.status_code != 400 or named(answer) != set(body):
            wrong[name] = (set(body) - named(answer), told(answer))
    assert wrong == {}


def test_I03_what_makes_no_sense_is_taken_or_refused_at_a_field(sender):
    wrong = {}
    for name, row in sender.good.items():
        for place, good in places(row.body):
            kind = kind_of(good)
            for value in STRANGE[kind] + (WORDS if kind == "text" else []):
                answer = sender.send(name, spoiled(row.body, place, value))
                unnamed = answer.status_code == 400 and not named(answer)
                taken = isinstance(value, str) and value in WORDS[::3] and answer.status_code < 300
                if answer.status_code not in ALLOWED or unnamed or taken:
                    wrong[(name, *place, str(value)[:20])] = told(answer)
    assert wrong == {}


def test_T03_rows_of_another_workspace_are_not_there_for_any_operation(sender, globex):
    foreign = bodies(globex)
    found, taken = {}, {}
    for name, row in sender.good.items():
        theirs = foreign[name]
        if row.ids and "{kind}" not in name:
            found[name] = sender.send(name, row.body, theirs.ids).status_code
        ours = dict(places(row.body))
        for place, value in places(theirs.body):
            if ours.get(place) != value:
                sent = sender.send(name, spoiled(row.body, place, value))
                taken[(name, *place)] = (sent.status_code, place[0] in named(sent))
    assert {name: status for name, status in found.items() if status != 404} == {}
    wrong = {name: said for name, said in taken.items() if said not in REFUSED}
    assert wrong == {}
