"""What a connector is, found and said: the list, one connector, its fetches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from connectors.models.connectors import DONE, FAILED, OPEN, WAITING, Connector, Fetch
from connectors.rules.description import Description, parse_description, settled_params
from connectors.sources.kinds import KINDS, LABELS, described
from connectors.sources.wording import problem_of
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.rules.faults import fault_from
from workspaces.models import Workspace
from workspaces.rules.errors import Problem

LATE = {"daily": timedelta(days=2), "hourly": timedelta(hours=3)}
MARKS = {
    "paused": ("st-idk", "circle-pause"),
    "new": ("st-new", "circle-dashed"),
    "running": ("st-new", "refresh-cw"),
    "retrying": ("st-risk", "rotate-ccw"),
    "failing": ("st-off", "octagon-alert"),
    "late": ("st-risk", "hourglass"),
    "fresh": ("st-on", "circle-check"),
}


def connectors_of(workspace: Workspace) -> QuerySet[Connector]:
    """The connectors in use, by name, each with the ids of its last fetch and its last good one."""
    last = Fetch.objects.filter(connector=OuterRef("pk")).order_by("-pk")
    return (
        Connector.objects.filter(workspace=workspace, removed_at=None)
        .annotate(last_fetch_id=Subquery(last.values("pk")[:1]))
        .select_related("workspace", "by__user")
        .order_by("name", "pk")
    )


def description_of(connector: Connector) -> Description:
    """The description by which a connector is fetched; Unreadable where it is none any more."""
    if connector.kind == "custom":
        return parse_description(connector.document, loopback=settings.WEB_LOOPBACK)
    return described(connector.kind)


def words_of(connector: Connector, description: Description) -> dict[str, str]:
    """The connector's parameters, with the defaults of the description."""
    return settled_params(description, connector.params)


@dataclass(frozen=True)
class Line:
    """One connector as the list shows it: its last fetch, how it stands, until when there is data.

    `state` is paused, running, retrying, failing, late, fresh or new.
    """

    connector: Connector
    kind: str
    icon: str
    state: str
    word: str
    last: Fetch | None
    problems: list[Problem]

    @property
    def tone(self) -> str:
        """The class of the state's colour."""
        return MARKS[self.state][0]

    @property
    def mark(self) -> str:
        """The state's icon."""
        return MARKS[self.state][1]

    @property
    def until(self) -> date | None:
        """The last day that has been fetched."""
        return self.connector.fetched_until


def lines_of(connectors: list[Connector], *, at: datetime) -> list[Line]:
    """The connectors as lines; 1 query, however many they are."""
    ids = [connector.last_fetch_id for connector in connectors]  # type: ignore[attr-defined]
    fetches = {fetch.connector_id: fetch for fetch in Fetch.objects.filter(pk__in=ids)}
    return [_line(connector, fetches.get(connector.pk), at) for connector in connectors]


def line_of(connector: Connector, *, at: datetime) -> Line:
    """One connector as a line; 1 query."""
    return _line(connector, connector.fetches.order_by("-pk").first(), at)


def _line(connector: Connector, last: Fetch | None, at: datetime) -> Line:
    kind = KINDS[connector.kind]
    state = state_of(connector, last, at)
    problems = problems_of(last) if last is not None else []
    return Line(connector, _(kind.name), kind.icon, state, words()[state], last, problems)


def state_of(connector: Connector, last: Fetch | None, at: datetime) -> str:
    """How a connector stands, in one word."""
    if connector.paused_at is not None:
        return "paused"
    if last is None:
        return "new"
    if last.state in OPEN:
        return "retrying" if last.state == WAITING and last.attempt else "running"
    if last.state == FAILED:
        return "failing"
    fetched = connector.succeeded_at
    return "late" if fetched is None or at - fetched > LATE[connector.schedule] else "fresh"


def words() -> Mapping[str, str]:
    """The word of each state."""
    return {
        "paused": _("Paused"),
        "new": _("Not fetched yet"),
        "running": _("Is being fetched"),
        "retrying": _("Tries again"),
        "failing": _("Failed"),
        "late": _("Late"),
        "fresh": _("Up to date"),
    }


def fetches_of(connector: Connector) -> QuerySet[Fetch]:
    """The fetches of a connector, the last one first; 1 query."""
    return connector.fetches.select_related("asked_by__user", "run").order_by("-pk")


@dataclass(frozen=True)
class RunPage:
    """What one fetch brought: its run, its metrics, and what is left of connector and fetch.

    A connector that was removed is None, as is a fetch of which nothing is kept any more.
    """

    run: ImportRun
    metrics: list[Metric]
    connector: Connector | None
    fetch: Fetch | None
    problems: list[Problem]

    @property
    def withdrawn(self) -> int:
        """How many facts the source said no more."""
        return int(self.run.details.get("withdrawn", 0))

    @property
    def can_be_undone(self) -> bool:
        """Whether it has stored something that stands."""
        changed = self.run.new or self.run.changed or self.withdrawn
        return self.run.state == "done" and bool(changed)


def run_page(run: ImportRun) -> RunPage:
    """What the page of a fetch shows; 3 queries."""
    keys = [entry["metric"] for entry in run.mapping.get("metrics", [])]
    metrics = Metric.objects.filter(workspace_id=run.workspace_id, key__in=keys).order_by("name")
    rows = Connector.objects.filter(workspace_id=run.workspace_id, removed_at=None)
    connector = rows.filter(pk=run.details.get("connector")).first()
    fetch = Fetch.objects.filter(run=run).select_related("asked_by__user").first()
    problems = problems_of(fetch) if fetch else []
    return RunPage(run, list(metrics), connector, fetch, problems)


def problems_of(fetch: Fetch) -> list[Problem]:
    """What was wrong with a fetch, as sentences; none where it went well in the end."""
    if fetch.state == DONE and not fetch.rejected:
        return []
    return [problem_of(fault_from(stored)) for stored in fetch.faults]


def label_of(name: str) -> str:
    """What a parameter or a secret is called."""
    return _(LABELS[name]) if name in LABELS else name.replace("_", " ").capitalize()
