"""Connectors for tests, made and fetched by the operations that the product runs."""

import json
from copy import deepcopy
from datetime import datetime, timedelta

from connectors.models import Connector, Fetch
from connectors.operations.connectors import Draft, add_connector, start_connector
from connectors.operations.fetching import claim_fetch, run_fetch
from connectors.sources.kinds import KINDS
from metrics.models import Metric
from metrics.models.observations import Observation
from metrics.operations.rollups import roll_up
from tests.make.workspaces import NOON, owner_of
from tests.support.stub import Reply

CLICKS = {"key": "clicks", "name": "Clicks"}
SECRET = "sesame-open-up"
OAUTH = {"client_id": "me", "client_secret": "hush-hush", "refresh_token": "again-and-again"}


class Clock:
    """A clock that is set by hand."""

    def __init__(self, at=NOON):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span) -> datetime:
        self.at += timedelta(**span)
        return self.at


def document(base: str, **changes) -> dict:
    """A small description: rows of day, channel and clicks, all that there is for its days."""
    return {
        "version": 1,
        "request": {"url": f"{base}/rows", "query": {"from": "{from}", "to": "{to}"}},
        "rows": "rows[]",
        "window": {"days_back": 7, "overlap": 7, "chunk": 31},
        "day": {"path": "day"},
        "dims": {"channel": {"path": "channel"}},
        "metrics": [{"metric": "clicks", "path": "clicks"}],
        "replace": True,
        "create": [CLICKS],
    } | changes


def vendor(kind: str, base: str) -> dict:
    """The document of a kind with its servers replaced by the stub."""
    found = json.loads(json.dumps(KINDS[kind].document))

    def moved(url: str) -> str:
        path = url.partition("://")[2].partition("/")[2]
        return f"{base}/{path}"

    found = deepcopy(found)
    found["request"]["url"] = moved(found["request"]["url"])
    if "token_url" in found["auth"]:
        found["auth"]["token_url"] = moved(found["auth"]["token_url"])
    if "each" in found:
        found["each"]["request"]["url"] = moved(found["each"]["request"]["url"])
    return found


def connect(workspace, described: dict, *, name="Stub", at=NOON, start=True, **more) -> Connector:
    """A connector of the generic kind, started unless told otherwise."""
    draft = Draft(name=name, kind="custom", document=described, **more)
    made = add_connector(workspace, draft=draft, by=owner_of(workspace), at=at)
    if start:
        made = start_connector(made, by=owner_of(workspace), at=at)
    return made


def fetch_now(connector: Connector, clock=None) -> Fetch:
    """Run the open fetch of a connector, or a new one, and roll up."""
    clock = clock or Clock()
    fetch = connector.fetches.filter(state__in=("waiting", "running")).first()
    if fetch is None:
        fetch = Fetch.objects.create(
            workspace_id=connector.workspace_id,
            connector=connector,
            due_at=clock(),
            not_before=clock(),
        )
    assert claim_fetch(fetch, at=clock())
    run_fetch(fetch, clock=clock)
    roll_up()
    return fetch


def facts(workspace, key: str) -> dict:
    """What is stored for a metric: (day, values of its dimensions by their names) and the sum."""
    metric = Metric.objects.get(workspace=workspace, key=key)
    rows = Observation.objects.filter(series__metric=metric).select_related("series")
    found: dict = {}
    for row in rows:
        dims = (row.series.dims[name] for name in sorted(row.series.dims))
        place = (row.day.isoformat(), *dims)
        found[place] = found.get(place, 0) + row.value
    return found


def token(text="ticket-1", **more) -> Reply:
    """What a token endpoint answers."""
    return Reply({"access_token": text, "expires_in": 3600, **more})
