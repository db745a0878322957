"""Saying how many hours a week people have for cards."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Capacity
from tasks.models.capacities import MOST_HOURS
from tasks.queries.capacities import capacity_row
from tasks.verbs import CAPACITY_SET
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale


@transaction.atomic
def set_capacity(
    workspace: Workspace,
    member: Membership | None,
    *,
    hours: Decimal | None,
    version: int,
    by: Membership,
    at: datetime,
) -> Capacity:
    """Say the hours a week of a member, or of everybody (None), if nobody has since `version`.

    Version 0 is that nothing was said yet; hours None follow what is so for everybody.
    """
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        message = _("A week has 0 to 168 hours.")
        raise Refused(message, code="out_of_range", field="hours")
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    row = capacity_row(workspace, member)
    if row.version != version:
        raise Stale(_("Somebody changed these hours meanwhile."), current=row)
    if row.hours == hours:
        return row
    row.hours = hours
    row.version += 1
    row.save()
    name = member.user.display_name if member else ""
    told = {"name": name, "version": row.version, "state": "" if member else "everybody"}
    record(CAPACITY_SET, row, by=by, at=at, **told)
    return row
