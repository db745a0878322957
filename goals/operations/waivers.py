"""Waiving what the lint finds in a goal, with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal, Waiver
from goals.rules.lint import Code
from goals.verbs import FINDING_TAKEN_UP, FINDING_WAIVED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused

LONGEST = 500


@transaction.atomic
def waive_finding(goal: Goal, *, code: Code, reason: str, by: Membership, at: datetime) -> Waiver:
    """Say why a finding may stand; a second time gives another reason."""
    row = Goal.objects.select_for_update().get(pk=goal.pk)
    text = reason.strip()
    if not text:
        raise Refused(_("Say why this may stand."), code="required", field="reason")
    refuse_long(LONGEST, reason=text)
    values = {"reason": text, "by": by, "at": at}
    waiver, _made = Waiver.objects.update_or_create(
        goal=row,
        code=code.value,
        defaults=values,
        create_defaults={**values, "workspace_id": row.workspace_id},
    )
    record(FINDING_WAIVED, row, by=by, at=at, title=row.title, code=code.value, reason=text)
    return waiver


@transaction.atomic
def take_up_finding(goal: Goal, *, code: Code, by: Membership, at: datetime) -> None:
    """Take a waiver back; the log keeps its reason."""
    waiver = Waiver.objects.select_for_update().filter(goal=goal, code=code.value).first()
    if waiver is None:
        raise Refused(_("This finding is not waived."), code="not_waived")
    waiver.delete()
    record(FINDING_TAKEN_UP, goal, by=by, at=at, title=goal.title, code=code.value)
