"""Writing down when people work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workspaces.models import Calendar, Holiday, Membership, Stakeholder, Workspace
from workspaces.operations.clocks import reckon_parties
from workspaces.operations.recording import record
from workspaces.operations.workspaces import check_timezone
from workspaces.rules.calendars import Hours
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.hours import is_week
from workspaces.rules.spans import joined
from workspaces.verbs import CALENDAR_ADDED, CALENDAR_CHANGED, CALENDAR_REMOVED

MOST_HOLIDAYS = 500


@dataclass(frozen=True)
class CalendarDraft:
    """A calendar as somebody wants it; `week` is seven days of hours, Monday first."""

    name: str
    timezone: str
    week: Sequence[Hours]
    holidays: Sequence[tuple[date, str]] = ()


@transaction.atomic
def add_calendar(
    workspace: Workspace, *, draft: CalendarDraft, by: Membership, at: datetime
) -> Calendar:
    """Write a calendar down."""
    fields = _checked(draft)
    try:
        with transaction.atomic():
            calendar = Calendar.objects.create(workspace=workspace, **fields)
    except IntegrityError as error:
        raise _taken() from error
    _put_holidays(calendar, draft)
    record(CALENDAR_ADDED, calendar, by=by, at=at, name=calendar.name)
    return calendar


@transaction.atomic
def change_calendar(
    calendar: Calendar, *, draft: CalendarDraft, version: int, by: Membership, at: datetime
) -> Calendar:
    """Change a calendar if nobody else has since `version`; clocks that run follow it at once."""
    fields = _checked(draft)
    same = Calendar.objects.filter(pk=calendar.pk, version=version)
    try:
        with transaction.atomic():
            changed = same.update(**fields, version=version + 1)
    except IntegrityError as error:
        raise _taken() from error
    calendar.refresh_from_db()
    if not changed:
        raise Stale(_("Somebody changed this calendar meanwhile."), current=calendar)
    _put_holidays(calendar, draft)
    reckon_parties(Stakeholder.objects.filter(calendar=calendar), at=at)
    record(CALENDAR_CHANGED, calendar, by=by, at=at, name=calendar.name)
    return calendar


@transaction.atomic
def remove_calendar(calendar: Calendar, *, by: Membership, at: datetime) -> None:
    """Remove a calendar by which nobody works."""
    Workspace.objects.select_for_update().get(pk=calendar.workspace_id)
    worker = Stakeholder.objects.filter(calendar=calendar).order_by("name").first()
    if worker is not None:
        message = _("%(name)s works by this calendar: give them another one first.")
        raise Refused(message % {"name": worker.name}, code="in_use")
    record(CALENDAR_REMOVED, calendar, by=by, at=at, name=calendar.name)
    calendar.delete()


def _checked(draft: CalendarDraft) -> dict[str, object]:
    """The columns, if they make sense."""
    if not draft.name.strip():
        raise Refused(_("A calendar needs a name."), code="required", field="name")
    if not is_week(draft.week):
        message = _("A week has seven days, their hours lie within the day, and some are worked.")
        raise Refused(message, code="bad_week", field="week")
    if len(draft.holidays) > MOST_HOLIDAYS:
        message = _("A calendar has at most %(count)s holidays.") % {"count": MOST_HOLIDAYS}
        raise Refused(message, code="too_many", field="holidays")
    if len({day for day, _name in draft.holidays}) < len(draft.holidays):
        raise Refused(_("Each holiday is named once."), code="twice", field="holidays")
    return {
        "name": draft.name.strip(),
        "timezone": check_timezone(draft.timezone),
        "week": [joined(hours) for hours in draft.week],
    }


def _put_holidays(calendar: Calendar, draft: CalendarDraft) -> None:
    calendar.holidays.all().delete()
    Holiday.objects.bulk_create(
        Holiday(workspace_id=calendar.workspace_id, calendar=calendar, day=day, name=name)
        for day, name in draft.holidays
    )


def _taken() -> Refused:
    return Refused(_("A calendar of this name exists."), code="taken", field="name")
