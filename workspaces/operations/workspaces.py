"""Opening a workspace and changing what it is called and how it counts days."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workspaces.models import Membership, User, Workspace
from workspaces.models.workspaces import slug_shape
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role
from workspaces.verbs import WORKSPACE_CHANGED, WORKSPACE_OPENED

CHANGEABLE = ("name", "timezone", "week_starts_on", "fiscal_year_starts_in")


@cache
def known_timezones() -> frozenset[str]:
    """The names of all time zones; listing them reads some hundred folders."""
    return frozenset(available_timezones())


def check_timezone(name: str) -> str:
    """Return the name if it is an IANA zone; refuse it otherwise."""
    if name not in known_timezones():
        message = _("“%(name)s” is not a time zone; use a name such as Europe/Warsaw.")
        raise Refused(message % {"name": name}, code="unknown_timezone", field="timezone")
    return name


@transaction.atomic
def open_workspace(
    *, slug: str, name: str, timezone: str, owner: User, week_starts_on: int = 1, at: datetime
) -> Workspace:
    """Make the workspace with its first owner."""
    try:
        slug_shape(slug)
    except ValidationError as error:
        raise Refused(error.messages[0], code="bad_slug", field="slug") from error
    if not name.strip():
        raise Refused(_("A workspace needs a name."), code="required", field="name")
    if Workspace.objects.filter(slug=slug).exists():
        raise Refused(_("This short name is taken."), code="taken", field="slug")
    workspace = Workspace.objects.create(
        slug=slug,
        name=name.strip(),
        timezone=check_timezone(timezone),
        week_starts_on=week_starts_on,
        opened_at=at,
    )
    member = Membership.objects.create(
        workspace=workspace, user=owner, role=Role.OWNER, joined_at=at
    )
    record(WORKSPACE_OPENED, member, by=member, at=at)
    return workspace


@transaction.atomic
def change_workspace(
    workspace: Workspace, changes: Mapping[str, object], *, by: Membership, at: datetime
) -> Workspace:
    """Change name, time zone or first day of the week; stored days stay where they are."""
    locked = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if "timezone" in changes:
        check_timezone(str(changes["timezone"]))
    if "name" in changes and not str(changes["name"]).strip():
        raise Refused(_("A workspace needs a name."), code="required", field="name")
    changed = [f for f in CHANGEABLE if f in changes and getattr(locked, f) != changes[f]]
    for field in changed:
        setattr(locked, field, changes[field])
    if changed:
        locked.save(update_fields=changed)
        record(WORKSPACE_CHANGED, by, by=by, at=at, fields=", ".join(changed))
    return locked
