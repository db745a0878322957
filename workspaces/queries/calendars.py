"""Working calendars as rows and as the rules take them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS_ABBR

from workspaces.models import Calendar, Holiday, SlaPromise, Stakeholder, Workspace
from workspaces.rules.calendars import WorkCalendar
from workspaces.rules.hours import hours_text
from workspaces.rules.sla import Counts

SHOWN = 3


@dataclass(frozen=True)
class CalendarLine:
    """A calendar as the list shows it; `week` has seven texts, Monday first."""

    calendar: Calendar
    week: list[str]
    people: list[Stakeholder]
    coming: list[Holiday]

    @property
    def days(self) -> list[tuple[str, str]]:
        """Each weekday's short name, in the reader's language, and its hours."""
        return [(str(WEEKDAYS_ABBR[day]), hours) for day, hours in enumerate(self.week)]


def calendars_of(workspace: Workspace) -> QuerySet[Calendar]:
    """All calendars with their holidays, by name; 2 queries."""
    rows = Calendar.objects.filter(workspace=workspace).prefetch_related("holidays")
    return rows.order_by("name", "pk")


def calendar_lines(workspace: Workspace, at: datetime) -> list[CalendarLine]:
    """The calendars with who works by them and their coming holidays; 3 queries."""
    rows = list(calendars_of(workspace))
    people: dict[int, list[Stakeholder]] = {}
    workers = Stakeholder.objects.filter(calendar__in=rows, retired_at=None)
    for person in workers.order_by("name", "pk"):
        people.setdefault(person.calendar_id or 0, []).append(person)
    today = workspace.day_of(at)
    return [
        CalendarLine(
            row,
            [hours_text(hours) for hours in row.week],
            people.get(row.pk, []),
            sorted((h for h in row.holidays.all() if h.day >= today), key=lambda h: h.day)[:SHOWN],
        )
        for row in rows
    ]


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
