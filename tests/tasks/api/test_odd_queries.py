"""Every parameter of every list of the contract, said oddly: refused or not, never a 500."""

import pytest
import time_machine

from tests.make.board_bodies import bodies
from tests.make.workspaces import NOON, owner_of
from tests.support.bodies import BASE, contract, told

ODD = ["a%00b", "%ED%A0%80", "-1", "9" * 30, "0001-01-01"]
ANSWERS = {200, 302, 304, 400, 403, 404, 405, 406, 422}


def asked(path):
    """The path of an operation and each parameter of its query."""
    found = contract()["paths"][path].get("get", {})
    streams = "text/event-stream" in found.get("responses", {}).get("200", {}).get("content", {})
    params = [] if streams else found.get("parameters", ())
    return [one["name"] for one in params if one["in"] == "query"]


@pytest.fixture
def places(acme):
    """Addresses without an id, and those of a board."""
    with time_machine.travel(NOON, tick=False):
        ids = bodies(acme)["patch boards/{id}/"].ids
        paths = [path for path in contract()["paths"] if path.startswith(BASE)]
        there = ("{slug}", "{slug}/boards/{id}")
        known = [path for path in paths if path.count("{") == 1 or there[1] in path]
        yield {
            path.format(slug="acme", **ids): asked(path)
            for path in known
            if path.count("{") <= 1 + (there[1] in path)
        }


def test_I03_an_odd_word_in_a_query_is_never_a_500(acme, places, api_of):
    assert len(places) > 20
    api = api_of(owner_of(acme))
    api.raise_request_exception = False
    wrong = {}
    for path, names in places.items():
        for name in names:
            for word in ODD:
                answer = api.get(f"{path}?{name}={word}")
                if answer.status_code not in ANSWERS:
                    wrong[path, name, word[:20]] = told(answer)
    assert wrong == {}
