"""What the endpoints of sources share: finding one, and telling it."""

from typing import Any

from django.http import Http404

from connectors.models import Connector, Fetch
from connectors.queries.connectors import Line, problems_of
from workspaces.rest import WorkspaceView, as_json, find_or_404
from workspaces.rules.roles import may


def find_connector(pk: str, view: WorkspaceView) -> Connector:
    """A connector of this workspace that has not been removed."""
    connector: Connector = find_or_404(Connector, pk, view)
    if connector.removed_at is not None:
        raise Http404
    return connector


def fetch_out(fetch: Fetch, view: WorkspaceView) -> dict[str, Any]:
    """A fetch; what the server answered is shown to those alone who may edit the source."""
    return {
        "id": fetch.pk,
        "state": fetch.state,
        "due_at": fetch.due_at.isoformat(),
        "started_at": _iso(fetch.started_at),
        "finished_at": _iso(fetch.finished_at),
        "not_before": fetch.not_before.isoformat(),
        "attempt": fetch.attempt,
        "from": fetch.first,
        "to": fetch.last,
        "done_until": fetch.done_until,
        "import": fetch.run_id,
        **{name: getattr(fetch, name) for name in COUNTS},
        "problems": [as_json(found) for found in problems_of(fetch)],
        "answer": fetch.said if may(view.member.rank, "sources.edit") else "",
    }


COUNTS = (
    "pages", "bytes", "rows", "rejected", "new", "changed", "unchanged", "withdrawn",
)  # fmt: skip


def line_out(line: Line, view: WorkspaceView) -> dict[str, Any]:
    """A connector with its state and last fetch; of its secrets it is only told that they are."""
    connector = line.connector
    return {
        "id": connector.pk,
        "name": connector.name,
        "kind": connector.kind,
        "params": connector.params,
        "document": connector.document,
        "has_secrets": bool(connector.secrets),
        "schedule": connector.schedule,
        "local_time": f"{connector.local_time:%H:%M}",
        "skip_bad_rows": connector.skip_bad_rows,
        "state": line.state,
        "next_due_at": _iso(connector.next_due_at),
        "fetched_until": connector.fetched_until,
        "succeeded_at": _iso(connector.succeeded_at),
        "failures": connector.failures,
        "last_fetch": fetch_out(line.last, view) if line.last else None,
        "version": connector.version,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
