"""Whom the plan serves: adding, changing, retiring."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale
from workspaces.verbs import (
    STAKEHOLDER_ADDED,
    STAKEHOLDER_CHANGED,
    STAKEHOLDER_RESTORED,
    STAKEHOLDER_RETIRED,
)

FIELDS = ("name", "role", "need", "outcome", "contact", "member")


def _clean(fields: Mapping[str, object]) -> dict[str, object]:
    """Only the fields that a caller may set, with surrounding space removed."""
    kept = {name: fields[name] for name in FIELDS if name in fields}
    clean = {k: v.strip() if isinstance(v, str) else v for k, v in kept.items()}
    if "name" in clean and not clean["name"]:
        raise Refused(_("A stakeholder needs a name."), code="required", field="name")
    return clean


def _taken() -> Refused:
    return Refused(_("A stakeholder of this name exists."), code="taken", field="name")


@transaction.atomic
def add_stakeholder(
    workspace: Workspace, fields: Mapping[str, object], *, by: Membership, at: datetime
) -> Stakeholder:
    """Write down a person or group and what they need."""
    clean = _clean({"name": "", **fields})
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
    same = Stakeholder.objects.filter(pk=stakeholder.pk, version=version)
    try:
        with transaction.atomic():
            changed = same.update(**clean, version=version + 1)
    except IntegrityError as error:
        raise _taken() from error
    stakeholder.refresh_from_db()
    if not changed:
        raise Stale(_("Somebody changed this stakeholder meanwhile."), current=stakeholder)
    record(STAKEHOLDER_CHANGED, stakeholder, by=by, at=at, name=stakeholder.name)
    return stakeholder


@transaction.atomic
def retire_stakeholder(stakeholder: Stakeholder, *, by: Membership, at: datetime) -> Stakeholder:
    """Take the stakeholder off the list; goals that name them keep the name."""
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
