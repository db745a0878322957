"""Every body about boards and what is on them, spoiled field by field: never a 500.

`bodies` holds a good one for each operation in the contract that takes one; a new operation has
to be added.
"""

import json

import pytest
import time_machine

from tasks.models import ImportedPerson
from tasks.operations.choices import FilterDraft, save_filter
from tasks.rules.filters import Wanted
from tests.make.board_files import asana, bring_board, trello
from tests.make.cycles import begin, make_cycle
from tests.make.goals import make_goal, measured
from tests.make.tasks import (
    attach,
    column_of,
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
)
from tests.make.workspaces import NOON, owner_of
from tests.support.bodies import (
    ALLOWED,
    NOWHERE,
    STRANGE,
    Row,
    Sender,
    kind_of,
    named,
    operations,
    places,
    spoiled,
    told,
)

TAGS = {
    "attachments", "board-imports", "boards", "card-fields", "cards", "columns", "comments",
    "cycles", "filters", "imported-people", "items", "labels", "markdown", "work-counts",
}  # fmt: skip
WORDS = ["a\x00b", "\u202e<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\ud800"]
FREE = {"fields"}  # what it holds has no shape of its own


def bodies(acme) -> dict[str, Row]:
    """A good body for each operation, on rows that are really there."""
    board, who = make_board(acme), owner_of(acme)
    goal = make_goal(measured(acme, "clicks"), "More")
    label, field = make_label(acme), make_field(acme, "Channel", "choice", choices=("A", "B"))
    card, other = make_card(board, checklist=("One",)), make_card(board, "Other")
    ready = column_of(board, "Ready")
    comment, file = make_comment(card), attach(card)
    saved = save_filter(board, draft=FilterDraft("Mine", Wanted(done="no")), by=who, at=NOON)
    planned, running = make_cycle(acme, board), make_cycle(acme)
    begin(running)
    run = bring_board(who, asana(), name="a.csv", go=False)
    bring_board(who, json.dumps(trello()))
    person = ImportedPerson.objects.filter(workspace=acme).first()
    written = {
        "title": "T", "description": "D", "assignee": who.pk, "helpers": [who.pk],
        "watchers": [who.pk], "reports_to": who.pk, "start": "2026-03-01", "due": "2026-03-05",
        "estimate": "2.5", "priority": "high", "labels": [label.pk], "goal": goal.pk,
        "cycle": planned.pk, "fields": {str(field.pk): "A"},
    }  # fmt: skip
    column = {
        "name": "Sent", "wip_limit": 3, "wip_limit_is_hard": True, "lane_limit": 2,
        "lane_limit_is_hard": False, "entry": ["due"], "is_done": False,
    }  # fmt: skip
    rules = {
        "name": "Ads", "lanes": "goal", "person_limit": 4, "person_limit_is_hard": True,
        "hides": ["goal"],
    }  # fmt: skip
    period = {
        "name": "Week 9", "starts": "2026-04-01", "weeks": 2, "aim": "A", "capacity": "20",
        "card_capacity": 9,
    }  # fmt: skip
    seen, on = {"version": card.version}, {"id": card.pk}
    choices = {"name": "B", "columns": {}, "people": {}, "roles": {}, "encoding": "utf-8"}
    good = {
        "patch attachments/{id}/": ({"name": "Plan", "was": "brief.txt"}, {"id": file.pk}),
        "post board-imports/{id}/check/": (choices, {"id": run.pk}),
        "post board-imports/{id}/run/": (choices, {"id": run.pk}),
        "post boards/": (rules | {"columns": [column]}, {}),
        "patch boards/{id}/": (rules | {"version": 1, "archived": False}, {"id": board.pk}),
        "post boards/{id}/columns/": (column | {"version": 1}, {"id": board.pk}),
        "post boards/{id}/filters/": (
            {"name": "Late", "query": "due=overdue", "shared": True}, {"id": board.pk}),
        "patch boards/{id}/flow/": ({"version": 1, "blocked_is_hard": True}, {"id": board.pk}),
        "put boards/{id}/look/": ({"is_compact": True}, {"id": board.pk}),
        "post card-fields/": (
            {"name": "Reach", "kind": "choice", "choices": ["A"], "on_card": True,
             "board": board.pk}, {}),
        "patch card-fields/{id}/": (
            {"version": field.version, "name": "Way", "choices": ["A", "C"], "on_card": True,
             "retired": False, "after": None}, {"id": field.pk}),
        "post cards/": (
            {**written, "board": board.pk, "column": ready.pk, "checklist": ["A"], "nonce": "n"},
            {}),
        "patch cards/{id}/": (written | seen, on),
        "post cards/{id}/attachments/": (
            {"address": "https://a.example/b", "name": "Brief"}, on),
        "put cards/{id}/block/": ({"reason": "Waits"}, on),
        "post cards/{id}/comments/": (
            {"text": "Yes", "answers": comment.pk, "nonce": "n"}, on),
        "put cards/{id}/goals/{goal}/": ({"part": "drives"}, on | {"goal": goal.pk}),
        "put cards/{id}/metrics/{metric}/": ({"part": "evidence"}, on | {"metric": "clicks"}),
        "post cards/{id}/items/": (
            {"text": "Ask", "assignee": who.pk, "due": "2026-03-05"}, on),
        "post cards/{id}/move/": (seen | {"to": ready.pk, "after": None}, on),
        "post cards/{id}/tick/": (seen | {"done": True}, on),
        "post cards/{id}/trash/": (seen, on),
        "post cards/bulk/": (
            {"cards": [{"id": other.pk, "version": 1}], "assignee": who.pk, "due": "2026-03-05",
             "priority": "low", "cycle": planned.pk, "label_on": label.pk, "label_off": label.pk,
             "to": ready.pk, "after": None, "then": "archive"}, {}),
        "patch columns/{id}/": (
            {**column, "name": "Soon", "version": 1, "after": None}, {"id": ready.pk}),
        "patch comments/{id}/": ({"version": 1, "text": "No"}, {"id": comment.pk}),
        "post cycles/": (period | {"board": board.pk}, {}),
        "patch cycles/{id}/": (period | {"version": 1, "notes": "N"}, {"id": planned.pk}),
        "post cycles/{id}/begin/": ({"version": 1}, {"id": planned.pk}),
        "post cycles/{id}/close/": (
            {"version": 2, "rest": "carry", "notes": "N"}, {"id": running.pk}),
        "post cycles/{id}/reopen/": ({"version": 2}, {"id": running.pk}),
        "patch filters/{id}/": (
            {"version": 1, "name": "Mine", "query": "done=no", "shared": False},
            {"id": saved.pk}),
        "post imported-people/{id}/": ({"member": who.pk}, {"id": person.pk}),
        "patch items/{id}/": (
            {"text": "Two", "was": "One", "done": True, "assignee": who.pk, "due": "2026-03-05",
             "after": None}, {"id": card.items.get().pk}),
        "post labels/": ({"name": "New", "colour": "red"}, {}),
        "patch labels/{id}/": (
            {"version": 1, "name": "Other", "colour": "blue"}, {"id": label.pk}),
        "post markdown/": ({"text": "**Yes**"}, {}),
        "put work-counts/{kind}/": ({"on": True}, {"kind": "done"}),
    }  # fmt: skip
    return {name: Row(*found) for name, found in good.items()}


@pytest.fixture
def sender(acme, api_of):
    with time_machine.travel(NOON, tick=False):
        good = bodies(acme)
        api = api_of(owner_of(acme))
        api.raise_request_exception = False
        yield Sender(api, good)


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
        if theirs.body != row.body:
            taken[name] = sender.send(name, theirs.body, row.ids).status_code
    assert {name: status for name, status in found.items() if status != 404} == {}
    assert {name: status for name, status in taken.items() if status not in {400, 404}} == {}
