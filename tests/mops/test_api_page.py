"""docs/api.md says what is true: every example is sent, every endpoint and word stands in it."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from goals.models.goals import BASIS_CHOICES, GRAIN_CHOICES, SMART_WORDS, STATUS_CHOICES
from goals.operations.reviews import review_goals
from metrics.models.definitions import DIRECTION_CHOICES, KIND_CHOICES, UNIT_CHOICES
from metrics.operations.rollups import roll_up
from mops.api import in_workspace
from mops.search.results import WORDS
from tasks.rules.due import Due
from tests.make.workspaces import make_member, make_workspace, owner_of
from tests.support.api_page import PAGE, differences, examples, resources
from workspaces.rules.roles import LEAST_ROLE, SCOPES, Role

TEXT = PAGE.read_text(encoding="utf-8")
MORNING = datetime(2026, 10, 20, 9, tzinfo=UTC)
CHOICES = [BASIS_CHOICES, GRAIN_CHOICES, SMART_WORDS, STATUS_CHOICES]
CHOICES += [DIRECTION_CHOICES, KIND_CHOICES, UNIT_CHOICES]
PARAMETER = re.compile(r"<\w+:(\w+)>")


@pytest.fixture
def client(db, api_of):
    acme = make_workspace("acme", owner="ana@example.com", timezone="UTC", at=MORNING)
    make_member(acme, "sam@example.com", Role.EDITOR, at=MORNING)
    return api_of(owner_of(acme))


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_every_example_is_answered_as_shown(client):
    found = list(examples(TEXT))
    assert len(found) > 15
    with time_machine.travel(MORNING, tick=False):
        for example in found:
            response = send(client, example)
            told = json.loads(response.content) if response.content else None
            assert response.status_code == example.status, (str(example), told)
            assert differences(example.answer, told) == [], str(example)
            work()


def work():
    """What the worker does between two examples."""
    roll_up()
    review_goals(at=MORNING)


def send(client, example):
    path = f"/api/v1/workspaces/acme/{example.path}"
    if example.parts:
        parts = {
            name: part if isinstance(part, str) else SimpleUploadedFile(*part)
            for name, part in example.parts.items()
        }
        return client.post(path, parts, format="multipart")
    headers = dict(example.headers)
    media_type = headers.pop("Content-Type", "application/json")
    body = example.body if isinstance(example.body, str) else json.dumps(example.body)
    body = "" if example.body is None else body
    return client.generic(example.method, path, body, media_type, headers=headers)


def test_every_endpoint_stands_in_the_table_with_its_roles():
    served = {
        PARAMETER.sub(r"<\1>", str(route.pattern)): methods_of(route) for route in in_workspace
    }
    assert resources(TEXT) == served


def methods_of(route):
    view = route.callback.view_class
    names = [
        name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(view, name.lower())
    ]
    ways = [(name, view.can.get(name, view.can.get("GET"))) for name in names]
    return ", ".join(f"{name} {LEAST_ROLE[action].word}" for name, action in ways)


def test_every_permitted_word_stands_on_the_page():
    words = {word for choices in CHOICES for word, _name in choices}
    words |= {*SCOPES, *WORDS, *(role.word for role in Role), *(due.value for due in Due)}
    assert {word for word in words if f"`{word}`" not in TEXT} == set()


def test_every_parameter_stands_on_the_page():
    asked = {ask.name for route in in_workspace for ask in route.callback.view_class.asks}
    assert {name for name in asked if f"`{name}`" not in TEXT} == set()
