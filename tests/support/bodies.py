"""Good bodies for the operations of the contract, and what spoils a field of them."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
BASE = "/api/v1/workspaces/{slug}/"
NOWHERE = {  # no field takes it
    "nested": {"a": [{"b": None}]},
    "list of lists": [[[]]],
    "NUL": "\x00",
    "long": "x" * 45_000,
}
HUGE, MANY_DIGITS = 10**30, "9" * 400
STRANGE = {  # what has the right type and no sense, by the type of the good value
    "number": [HUGE],
    "amount": ["NaN", "Infinity", "-0", MANY_DIGITS],
    "day": ["0001-01-01", "9999-12-31"],
    "moment": ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
    "text": [],
}
ALLOWED = {200, 201, 400, 403, 404, 409, 422}


@dataclass(frozen=True)
class Row:
    """What a body is sent to: ids by their name in the address."""

    body: dict
    ids: dict


@cache
def contract() -> dict:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(CONTRACT.read_text("utf-8"), Loader=loader)


def operations(tags: set[str]) -> set[str]:
    """What the contract has a JSON body for, under these tags."""
    return {
        f"{method} {path.removeprefix(BASE)}"
        for path, found in contract()["paths"].items()
        for method, one in found.items()
        if method in {"post", "put", "patch"} and tags & set(one["tags"])
        if "application/json" in one.get("requestBody", {}).get("content", {})
    }


def places(body, before=()) -> Iterator[tuple[tuple, object]]:
    """The way to each field of a body, inner ones too, and what is there."""
    inner = body.items() if isinstance(body, dict) else enumerate(body[:1])
    for name, value in inner:
        if isinstance(value, dict | list):
            yield from places(value, (*before, name))
        else:
            yield (*before, name), value


def kind_of(value) -> str:
    if isinstance(value, int):
        return "text" if isinstance(value, bool) else "number"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value or ""):
        return "day"
    if re.match(r"\d{4}-\d{2}-\d{2}T", value or ""):
        return "moment"
    return "amount" if re.fullmatch(r"[\d.]+", value or "") else "text"


def spoiled(body, place, value):
    """A copy of a body with that value there."""
    changed = deepcopy(body)
    inside = changed
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return changed


class Sender:
    """Sends a body and takes back what it did."""

    def __init__(self, api, good, others=None):
        self.api, self.good, self.others = api, good, others or {}

    def send(self, name, body, ids=None):
        method, _, path = name.partition(" ")
        url = (BASE + path).format(slug="acme", **(ids or self.good[name].ids))
        with transaction.atomic():
            sent = json.dumps(body)  # half a letter goes as its escape
            kind = "application/json"
            answer = self.others.get(name, self.api).generic(
                method.upper(), url, sent, content_type=kind
            )
            transaction.set_rollback(True)
        return answer


def named(answer) -> set[str]:
    """The fields that an answer speaks of."""
    return {one["pointer"].split("/")[1] for one in answer.json()["errors"] if one["pointer"]}


def told(answer):
    return answer.status_code, answer.content.decode()[:200]
