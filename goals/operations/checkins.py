"""Checking in: drafts, telling, acknowledging."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import CheckIn, Goal
from goals.models.checkins import NOTE_LENGTH
from goals.queries.standing import standings
from goals.rules import amounts
from goals.verbs import CHECKED_IN, CHECKIN_ACKNOWLEDGED
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused


@dataclass(frozen=True)
class Said:
    """What an owner says: a note, a word about the number, and how sure they are, from 0 to 1."""

    note: str
    value_note: str = ""
    confidence: Decimal | None = None


@transaction.atomic
def save_draft(goal: Goal, *, said: Said, by: Membership, at: datetime) -> CheckIn:
    """Keep what is not told yet: one draft for each goal and author, written over each time."""
    row = _open(goal)
    _refuse_said(said)
    values = _columns(said)
    draft, _made = CheckIn.objects.update_or_create(
        goal=row,
        author=by,
        told_at=None,
        defaults=values,
        create_defaults={**values, "workspace_id": row.workspace_id, "created_at": at},
    )
    return draft


@transaction.atomic
def check_in(goal: Goal, *, said: Said, by: Membership, at: datetime) -> CheckIn:
    """Tell it, with the numbers of the day; a draft of the same author becomes it."""
    row = _open(goal)
    if not said.note.strip():
        raise Refused(_("Say how it goes."), code="required", field="note")
    told = save_draft(row, said=said, by=by, at=at)
    found = standings(row.workspace, [row], at, curves=False)[row.pk]
    told.told_at = at
    told.value, told.progress = amounts.stored(found.value), _short(found.progress)
    told.status, told.until = found.status.value, found.until
    told.save(update_fields=["told_at", "value", "progress", "status", "until"])
    record(CHECKED_IN, row, by=by, at=at, title=row.title, checkin=told.pk)
    return told


@transaction.atomic
def drop_draft(checkin: CheckIn, *, by: Membership) -> None:
    """Throw a draft away; what was told stays."""
    row = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if not row.is_draft or row.author_id != by.pk:
        raise Refused(_("What was told stays."), code="told")
    row.delete()


@transaction.atomic
def acknowledge(checkin: CheckIn, *, by: Membership, at: datetime) -> CheckIn:
    """Say that somebody else has read it; the first who does is kept."""
    row = CheckIn.objects.select_related("goal").select_for_update(of=("self",)).get(pk=checkin.pk)
    if row.is_draft:
        raise Refused(_("A draft cannot be acknowledged."), code="draft")
    if row.author_id == by.pk:
        raise Refused(_("Somebody else acknowledges your check-in."), code="own")
    if row.acknowledged_at is not None:
        return row
    row.acknowledged_by, row.acknowledged_at = by, at
    row.save(update_fields=["acknowledged_by", "acknowledged_at"])
    title = row.goal.title
    record(CHECKIN_ACKNOWLEDGED, row.goal, by=by, at=at, title=title, checkin=row.pk)
    return row


def _open(goal: Goal) -> Goal:
    rows = Goal.objects.select_related("metric", "workspace").select_for_update(of=("self",))
    row = rows.get(pk=goal.pk)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    return row


def _refuse_said(said: Said) -> None:
    refuse_long(NOTE_LENGTH, note=said.note)
    if said.confidence is not None and not 0 <= said.confidence <= 1:
        message = _("Give the confidence from 0 to 1.")
        raise Refused(message, code="out_of_range", field="confidence")


def _columns(said: Said) -> dict[str, str]:
    return {
        "note": said.note.strip(),
        "value_note": said.value_note.strip(),
        "confidence_value": amounts.stored(said.confidence),
    }


def _short(value: Decimal | None) -> str:
    return "" if value is None else amounts.canonical(amounts.rounded(value))
