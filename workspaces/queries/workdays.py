"""On which weekdays somebody works."""

from datetime import date

from workspaces.models import Calendar, Stakeholder, User, Workspace
from workspaces.queries.calendars import calendars_of, work_calendar
from workspaces.rules.calendars import WorkCalendar

WEEK = range(5)  # Monday to Friday, where no calendar says otherwise


def workdays_of(user: User) -> set[int]:
    """The weekdays, Monday 0, on which a person works: by their own calendar, or the workspaces'.

    Their own is that of the stakeholder who they are; at most 2 queries.
    """
    mine = Stakeholder.objects.filter(member__user=user, retired_at=None).exclude(calendar=None)
    weeks = list(mine.values_list("calendar__week", flat=True))
    if not weeks:
        ours = Calendar.objects.filter(workspace__memberships__user=user)
        weeks = list(ours.values_list("week", flat=True))
    found = {day for week in weeks for day, hours in enumerate(week) if hours}
    return found or set(WEEK)


class Workdays:
    """On which days the members of a workspace work, holidays left out; at most 5 queries.

    A member's own calendar is that of the stakeholder who they are. Without one somebody works
    where any of the workspace's calendars does, or from Monday to Friday where there is none.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.ours = [work_calendar(row) for row in calendars_of(workspace)]
        people = Stakeholder.objects.filter(workspace=workspace, retired_at=None)
        mine = people.exclude(member=None).exclude(calendar=None).order_by("pk")
        rows = mine.select_related("calendar").prefetch_related("calendar__holidays")
        self.own = {row.member_id: work_calendar(row.calendar) for row in rows if row.calendar}

    def works(self, member_id: int | None, day: date) -> bool:
        """Whether the member (None: anybody) works on this day."""
        calendars = self._of(member_id)
        if not calendars:
            return day.weekday() in WEEK
        return any(calendar.hours_on(day) for calendar in calendars)

    def usual(self, member_id: int | None) -> int:
        """How many days of a week without holidays the member works on."""
        calendars = self._of(member_id)
        if not calendars:
            return len(WEEK)
        return sum(any(calendar.week[day] for calendar in calendars) for day in range(7))

    def _of(self, member_id: int | None) -> list[WorkCalendar]:
        own = self.own.get(member_id)
        return [own] if own else self.ours
