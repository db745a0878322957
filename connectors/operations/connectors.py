"""What people do with connectors: connect, change, start, pause, ask for a fetch, remove."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from connectors.models.connectors import LONGEST_NAME, OPEN, WAITING, Connector, Fetch
from connectors.operations.loading import close_run
from connectors.queries.connectors import description_of, words_of
from connectors.rules.description import Description, parse_description, settled_params
from connectors.rules.schedules import DAILY, HOURLY, next_due
from connectors.sources.accounts import read_account
from connectors.sources.kinds import KINDS, described
from connectors.sources.wording import invalid, problem_of
from connectors.verbs import (
    CONNECTOR_ADDED,
    CONNECTOR_ASKED,
    CONNECTOR_CHANGED,
    CONNECTOR_PAUSED,
    CONNECTOR_REMOVED,
    CONNECTOR_STARTED,
)
from metrics.models.imports import Source
from metrics.rules.dims import is_sound
from metrics.rules.faults import Fault, Unreadable
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.rules.errors import Invalid, Problem, Refused, Stale, at_field
from workspaces.sources.vault import NoKey, opened, sealed

JOB = "fetch"
MOST_CONNECTORS = 50  # a workspace
LONGEST_SECRET = 8000
LONGEST_DOCUMENT = 100_000
ACCOUNT = "service_account"
WHEN_PAUSED = "connector_paused"


@dataclass(frozen=True)
class Draft:
    """What a connector is to be; secrets that are not named stay as they are."""

    name: str
    kind: str
    params: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = DAILY
    local_time: time = time(6)
    skip_bad_rows: bool = False


def draft_of(connector: Connector) -> Draft:
    """What a connector is now, without its secrets."""
    return Draft(
        name=connector.name,
        kind=connector.kind,
        params=connector.params,
        document=connector.document,
        schedule=connector.schedule,
        local_time=connector.local_time,
        skip_bad_rows=connector.skip_bad_rows,
    )


@transaction.atomic
def add_connector(
    workspace: Workspace, *, draft: Draft, by: Membership | None, at: datetime
) -> Connector:
    """Connect a source, paused until somebody starts it; Invalid names each fault of the draft."""
    _refuse_too_many(workspace)
    name = _checked_name(workspace, draft.name)
    description, params = _checked(draft)
    secrets = _checked_secrets(description, draft.secrets, {})
    connector = Connector(workspace=workspace, name=name, kind=draft.kind, by=by, added_at=at)
    connector.paused_at = at
    _write(connector, draft, params)
    connector.secrets = _sealed(secrets)
    try:
        with transaction.atomic():
            connector.save(force_insert=True)
    except IntegrityError as error:
        raise _name_taken(name) from error
    record(CONNECTOR_ADDED, connector, by=by, at=at, name=name, kind=draft.kind)
    return connector


@transaction.atomic
def change_connector(
    connector: Connector, *, draft: Draft, version: int, by: Membership | None, at: datetime
) -> Connector:
    """Change a connector that nobody else has changed since; name and kind stay what they are.

    Where the secrets would go to another server than before, they have to be given again.
    """
    held = _hold(connector)
    if held.version != version:
        raise Stale(_("Somebody else has changed this source meanwhile."), current=held)
    if (draft.name, draft.kind) != (held.name, held.kind):
        raise Refused(_("Name and kind of a source cannot be changed."), field="name")
    description, params = _checked(draft)
    known = _known_secrets(held, description, params)
    secrets = _checked_secrets(description, draft.secrets, known)
    if secrets != known or plain_json(draft.document) != held.document or params != held.params:
        held.token, held.token_ends = "", None
    _write(held, draft, params)
    held.secrets = _sealed(secrets)
    held.version += 1
    if held.paused_at is None:
        held.next_due_at = _next_due(held, at)
    held.save(force_update=True)
    record(CONNECTOR_CHANGED, held, by=by, at=at, name=held.name)
    return held


def _known_secrets(
    held: Connector, description: Description, params: Mapping[str, str]
) -> dict[str, str]:
    """The secrets that may be kept: all, unless they would go to a server they never went to."""
    try:
        before = description_of(held)
        same = description.hosts(params) <= before.hosts(words_of(held, before))
        return opened(held.secrets) if same else {}
    except (NoKey, Unreadable):
        return {}


@transaction.atomic
def start_connector(connector: Connector, *, by: Membership | None, at: datetime) -> Connector:
    """Have a connector fetched now and from now on by its schedule."""
    held = _hold(connector)
    if held.paused_at is None:
        return held
    held.paused_at = None
    held.next_due_at = _next_due(held, at)
    held.version += 1
    held.save(update_fields=["paused_at", "next_due_at", "version"])
    _ask(held, by, at)
    record(CONNECTOR_STARTED, held, by=by, at=at, name=held.name)
    return held


@transaction.atomic
def pause_connector(connector: Connector, *, by: Membership | None, at: datetime) -> Connector:
    """Fetch no more until it is started again; a fetch that runs stops at its next page."""
    held = _hold(connector)
    if held.paused_at is not None:
        return held
    _stop(held, at)
    held.paused_at, held.next_due_at = at, None
    held.version += 1
    held.save(update_fields=["paused_at", "next_due_at", "version"])
    record(CONNECTOR_PAUSED, held, by=by, at=at, name=held.name)
    return held


@transaction.atomic
def ask_fetch(connector: Connector, *, by: Membership | None, at: datetime) -> Fetch:
    """Have a connector fetched now; one that waits or runs already is hurried, not doubled."""
    held = _hold(connector)
    if held.paused_at is not None:
        raise Refused(_("This source is paused. Start it."), code=WHEN_PAUSED)
    fetch = _ask(held, by, at)
    record(CONNECTOR_ASKED, held, by=by, at=at, name=held.name)
    return fetch


@transaction.atomic
def remove_connector(connector: Connector, *, by: Membership | None, at: datetime) -> None:
    """Disconnect a source: its credentials are erased, what it brought stays."""
    held = _hold(connector)
    _stop(held, at)
    held.removed_at, held.next_due_at = at, None
    held.paused_at = held.paused_at or at
    held.secrets = held.token = ""
    held.version += 1
    held.save()
    record(CONNECTOR_REMOVED, held, by=by, at=at, name=held.name)


def _hold(connector: Connector) -> Connector:
    """The connector as it is, kept from changing until the end."""
    rows = Connector.objects.select_for_update(of=("self",)).select_related("workspace")
    held = rows.filter(pk=connector.pk, removed_at=None).first()
    if held is None:
        raise Refused(_("This source has been removed."), code="removed")
    return held


def _ask(held: Connector, by: Membership | None, at: datetime) -> Fetch:
    fetch = held.fetches.filter(state__in=OPEN).order_by("-pk").first()
    if fetch is None:
        last = held.fetches.aggregate(last=Max("due_at"))["last"]
        due = at if last is None else max(at, last + timedelta(microseconds=1))
        fetch = Fetch.objects.create(
            workspace_id=held.workspace_id, connector=held, due_at=due, not_before=at, asked_by=by
        )
    elif fetch.state == WAITING:
        Fetch.objects.filter(pk=fetch.pk, state=WAITING).update(not_before=at)
        fetch.not_before = at
    wake(JOB)
    return fetch


def _stop(held: Connector, at: datetime) -> None:
    """End what waits or runs; its worker finds another version and stops."""
    for fetch in held.fetches.filter(state__in=OPEN):
        Fetch.objects.filter(pk=fetch.pk, version=fetch.version).update(
            state="failed",
            version=fetch.version + 1,
            finished_at=at,
            leased_until=None,
            faults=[Fault("stopped").as_json()],
        )
        close_run(fetch, at=at)


def _next_due(held: Connector, at: datetime) -> datetime:
    return next_due(
        held.schedule, local_time=held.local_time, zone=held.workspace.timezone, after=at
    )


def _write(connector: Connector, draft: Draft, params: Mapping[str, str]) -> None:
    """Put a checked draft into the row."""
    connector.params = dict(params)
    connector.document = plain_json(draft.document) if draft.kind == "custom" else {}
    connector.schedule, connector.local_time = draft.schedule, draft.local_time
    connector.skip_bad_rows = draft.skip_bad_rows


def plain_json(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with numbers as JSON stores them, whatever read it."""
    found: dict[str, Any] = json.loads(json.dumps(document, default=float))
    return found


def _checked(draft: Draft) -> tuple[Description, dict[str, str]]:
    """The description and the settled parameters of a draft, or everything wrong with them."""
    if draft.kind not in KINDS:
        raise Invalid([at_field("kind", "invalid_choice", _("There is no such kind of source."))])
    if draft.schedule not in (DAILY, HOURLY):
        raise Invalid([at_field("schedule", "invalid_choice", _("Say daily or hourly."))])
    try:
        if draft.kind == "custom":
            _refuse_long(draft.document)
            description = parse_description(dict(draft.document), loopback=settings.WEB_LOOPBACK)
        else:
            description = described(draft.kind)
    except Unreadable as refusal:
        raise invalid(refusal.faults, under="/document") from refusal
    try:
        return description, settled_params(description, draft.params)
    except Unreadable as refusal:
        raise invalid(refusal.faults) from refusal


def _refuse_long(document: Mapping[str, Any]) -> None:
    if len(json.dumps(document, default=str)) > LONGEST_DOCUMENT:
        message = _("A description has at most %(most)s characters.") % {"most": LONGEST_DOCUMENT}
        raise Invalid([at_field("document", "too_long", message)])


def _checked_secrets(
    description: Description, given: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """The secrets that the description needs, given or known, in the order of its names."""
    problems = [
        at_field(f"secrets/{name}", "unknown_field", _("There is no such field."))
        for name in given
        if name not in description.auth.secrets
    ]
    told = [name for name, text in given.items() if text]
    found = {}
    for name in description.auth.needs(_way(description, told) or known):
        text = (given.get(name) or known.get(name, "")).strip()
        if not text:
            message = _("Enter the credentials.")
            problems.append(at_field(f"secrets/{name}", "required", message))
        elif name == ACCOUNT and given.get(name):
            text = _account(text, problems)
        elif len(text) > LONGEST_SECRET or not (text.isascii() and text.isprintable()):
            message = _("This cannot be a credential: it is too long or has odd characters.")
            problems.append(at_field(f"secrets/{name}", "invalid", message))
        found[name] = text
    if problems:
        raise Invalid(problems)
    return found


def _way(description: Description, told: Sequence[str]) -> list[str]:
    """Of the secrets that were entered those that say which of two ways is meant."""
    return [name for name in told if name not in description.auth.headers.values()]


def _account(text: str, problems: list[Problem]) -> str:
    """The key of a service account without what is not needed of it."""
    try:
        return read_account(text)
    except Unreadable as refusal:
        told = problem_of(refusal.faults[0])
        problems.append(at_field(f"secrets/{ACCOUNT}", told.code, told.message))
        return ""


def _sealed(secrets: Mapping[str, str]) -> str:
    try:
        return sealed(secrets) if secrets else ""
    except NoKey as error:
        raise Refused(
            _("This installation has no CREDENTIALS_KEY, so it keeps no credentials."),
            code="no_credentials_key",
        ) from error


def _checked_name(workspace: Workspace, text: str) -> str:
    """A name that no other source has, unless a connector of that name was removed."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not is_sound(name):
        raise Invalid([at_field("name", "invalid", _("A source has a name of 1 to 80 letters."))])
    if Source.objects.filter(workspace=workspace, name=name).exists():
        own = Connector.objects.filter(workspace=workspace, name=name)
        if not own.exclude(removed_at=None).exists():
            raise _name_taken(name)
    return name


def _name_taken(name: str) -> Refused:
    told = {"name": name}
    return Refused(_("A source with the name “%(name)s” exists.") % told, field="name")


def _refuse_too_many(workspace: Workspace) -> None:
    count = Connector.objects.filter(workspace=workspace, removed_at=None).count()
    if count >= MOST_CONNECTORS:
        raise Refused(_("A workspace has at most %(most)s sources.") % {"most": MOST_CONNECTORS})
