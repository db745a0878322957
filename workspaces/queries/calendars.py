"""Working calendars as rows and as the rules take them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from workspaces.models import Calendar, SlaPromise, Workspace
from workspaces.rules.calendars import WorkCalendar
from workspaces.rules.sla import Counts


def calendars_of(workspace: Workspace) -> QuerySet[Calendar]:
    """All calendars with their holidays, by name; 2 queries."""
    rows = Calendar.objects.filter(workspace=workspace).prefetch_related("holidays")
    return rows.order_by("name", "pk")


def work_calendar(calendar: Calendar) -> WorkCalendar:
    """A calendar as the rules take it; 1 query unless its holidays are there."""
    week = tuple(tuple((start, end) for start, end in hours) for hours in calendar.week)
    holidays = frozenset(holiday.day for holiday in calendar.holidays.all())
    return WorkCalendar(calendar.timezone, week, holidays)


def with_calendars(promises: QuerySet[SlaPromise]) -> QuerySet[SlaPromise]:
    """The promises with both parties' calendars and holidays; 2 queries more."""
    sides = ("sla__provider__calendar", "sla__receiver__calendar")
    rows = promises.select_related("sla__workspace", *sides)
    return rows.prefetch_related(*(f"{side}__holidays" for side in sides))


def calendars_for(promise: SlaPromise) -> Sequence[WorkCalendar] | None:
    """The calendars by which a promise's clocks run; None where a party has none."""
    only = promise.sla.counts == Counts.PROMISER.value
    parties = [promise.promiser] if only else [promise.sla.provider, promise.sla.receiver]
    rows = [party.calendar for party in parties]
    if any(row is None for row in rows):
        return None
    return list(dict.fromkeys(work_calendar(row) for row in rows if row is not None))
