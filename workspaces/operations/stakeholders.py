"""Whom the plan serves: adding, changing, retiring."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from workspaces.models import Membership, Sla, Stakeholder, Workspace
from workspaces.operations.clocks import reckon_parties
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.tree import DEEPEST, depth_of, would_loop
from workspaces.verbs import (
    STAKEHOLDER_ADDED,
    STAKEHOLDER_CHANGED,
    STAKEHOLDER_RESTORED,
    STAKEHOLDER_RETIRED,
)

FIELDS = (
    "name",
    "role",
    "need",
    "unspoken",
    "outcome",
    "contact",
    "member",
    "influence",
    "interest",
    "reports_to",
    "calendar",
)


def _clean(fields: Mapping[str, object]) -> dict[str, object]:
    """Only the fields that a caller may set, with surrounding space removed."""
    kept = {name: fields[name] for name in FIELDS if name in fields}
    clean = {k: v.strip() if isinstance(v, str) else v for k, v in kept.items()}
    if "name" in clean and not clean["name"]:
        raise Refused(_("A stakeholder needs a name."), code="required", field="name")
    return clean


def _refuse_line(workspace: Workspace, key: int, boss: object) -> None:
    """Keep the lines free of loops; the workspace is held so that two changes cannot close one."""
    if not isinstance(boss, Stakeholder):
        return
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    everybody = Stakeholder.objects.filter(workspace=workspace)
    above = dict(everybody.values_list("pk", "reports_to_id"))
    if boss.pk not in above:
        message = _("There is no such stakeholder.")
        raise Refused(message, code="not_found", field="reports_to")
    if would_loop(above, key, boss.pk):
        message = _("That would be a circle: %(name)s reports to them already.")
        raise Refused(message % {"name": boss.name}, code="loop", field="reports_to")
    if depth_of(above, boss.pk) >= DEEPEST:
        message = _("A reporting line has at most %(count)s levels.") % {"count": DEEPEST}
        raise Refused(message, code="too_deep", field="reports_to")


def _refuse_bound(stakeholder: Stakeholder) -> None:
    """Who is a party of an agreement stays until it has ended."""
    party = Q(provider=stakeholder) | Q(receiver=stakeholder)
    sla = Sla.objects.filter(party, ended_at=None).order_by("name").first()
    if sla is not None:
        message = _("They are a party of “%(name)s”: end that agreement first.")
        raise Refused(message % {"name": sla.name}, code="bound")


def _taken() -> Refused:
    return Refused(_("A stakeholder of this name exists."), code="taken", field="name")


@transaction.atomic
def add_stakeholder(
    workspace: Workspace, fields: Mapping[str, object], *, by: Membership, at: datetime
) -> Stakeholder:
    """Write down a person or group and what they need."""
    clean = _clean({"name": "", **fields})
    _refuse_line(workspace, 0, clean.get("reports_to"))
    try:
        with transaction.atomic():
            stakeholder = Stakeholder.objects.create(workspace=workspace, **clean)
    except IntegrityError as error:
        raise _taken() from error
    record(STAKEHOLDER_ADDED, stakeholder, by=by, at=at, name=stakeholder.name)
    return stakeholder


@transaction.atomic
def change_stakeholder(
    stakeholder: Stakeholder,
    fields: Mapping[str, object],
    *,
    version: int,
    by: Membership,
    at: datetime,
) -> Stakeholder:
    """Change what is written down, if nobody else has since `version`."""
    clean = _clean(fields)
    _refuse_line(stakeholder.workspace, stakeholder.pk, clean.get("reports_to"))
    same = Stakeholder.objects.filter(pk=stakeholder.pk, version=version)
    try:
        with transaction.atomic():
            changed = same.update(**clean, version=version + 1)
    except IntegrityError as error:
        raise _taken() from error
    stakeholder.refresh_from_db()
    if not changed:
        raise Stale(_("Somebody changed this stakeholder meanwhile."), current=stakeholder)
    if "calendar" in clean:
        reckon_parties(Stakeholder.objects.filter(pk=stakeholder.pk), at=at)
    record(STAKEHOLDER_CHANGED, stakeholder, by=by, at=at, name=stakeholder.name)
    return stakeholder


@transaction.atomic
def retire_stakeholder(stakeholder: Stakeholder, *, by: Membership, at: datetime) -> Stakeholder:
    """Take the stakeholder off the list; goals that name them keep the name."""
    _refuse_bound(stakeholder)
    if Stakeholder.objects.filter(pk=stakeholder.pk, retired_at=None).update(retired_at=at):
        record(STAKEHOLDER_RETIRED, stakeholder, by=by, at=at, name=stakeholder.name)
    stakeholder.refresh_from_db()
    return stakeholder


@transaction.atomic
def restore_stakeholder(stakeholder: Stakeholder, *, by: Membership, at: datetime) -> Stakeholder:
    """Undo retiring, unless another of the same name has come."""
    gone = Stakeholder.objects.filter(pk=stakeholder.pk).exclude(retired_at=None)
    try:
        with transaction.atomic():
            restored = gone.update(retired_at=None)
    except IntegrityError as error:
        raise _taken() from error
    if restored:
        record(STAKEHOLDER_RESTORED, stakeholder, by=by, at=at, name=stakeholder.name)
    stakeholder.refresh_from_db()
    return stakeholder
