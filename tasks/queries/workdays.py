"""On which days a workspace works."""

from collections.abc import Callable
from datetime import date

from workspaces.models import Workspace
from workspaces.queries.calendars import calendars_of, work_calendar
from workspaces.queries.workdays import WEEK


def workdays(workspace: Workspace) -> Callable[[date], bool]:
    """Whether somebody works on a day, by any calendar of the workspace; 2 queries.

    Without a calendar these are the days from Monday to Friday.
    """
    calendars = [work_calendar(row) for row in calendars_of(workspace)]
    if not calendars:
        return lambda day: day.weekday() in WEEK
    return lambda day: any(calendar.hours_on(day) for calendar in calendars)
