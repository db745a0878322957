"""On which weekdays somebody works."""

from workspaces.models import Calendar, Stakeholder, User

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
