"""Calendars and agreements for tests, made by the real operations."""

from datetime import date

from tests.make.workspaces import NOON, make_stakeholder, owner_of
from workspaces.models import Calendar, Sla, SlaClock, SlaPromise, Workspace
from workspaces.operations.calendars import CalendarDraft, add_calendar
from workspaces.operations.clocks import start_clock
from workspaces.operations.sla import PromiseDraft, SlaDraft, agree_sla, give_promise
from workspaces.rules.sla import Counts, Side

OFFICE = (((540, 1020),),) * 5 + ((),) * 2  # 9 to 17, Saturday and Sunday off
HOUR = 60


def make_calendar(
    workspace: Workspace, name="Office", *, zone="Europe/Warsaw", week=OFFICE, holidays=()
) -> Calendar:
    days = [(date.fromisoformat(day), "") for day in holidays]
    draft = CalendarDraft(name, zone, week, days)
    return add_calendar(workspace, draft=draft, by=owner_of(workspace), at=NOON)


def make_sla(workspace: Workspace, name="Leads and briefs", *, at=NOON, **words) -> Sla:
    """An agreement of Marketing and Sales, who both work in the office hours."""
    calendar = None
    for side, party in (("provider", "Marketing"), ("receiver", "Sales")):
        if side not in words:
            calendar = calendar or make_calendar(workspace, f"Hours of {name}")
            words[side] = make_stakeholder(workspace, f"{party} of {name}", calendar=calendar)
    words = {"starts_on": date(2026, 1, 1), "counts": Counts.BOTH, **words}
    draft = SlaDraft(name=name, **words)
    return agree_sla(workspace, draft=draft, by=owner_of(workspace), at=at)


def make_promise(
    sla: Sla, deliverable="An answer to a brief", *, side=Side.PROVIDER, hours=16, at=NOON, **words
) -> SlaPromise:
    """A promise to answer within so many working hours; `hours=None` names no time."""
    minutes = None if hours is None else hours * HOUR
    draft = PromiseDraft(side, deliverable, response_minutes=minutes, **words)
    return give_promise(sla, draft=draft, by=owner_of(sla.workspace), at=at)


def make_clock(promise: SlaPromise, subject="Brief: webinar", *, by=None, at=NOON) -> SlaClock:
    return start_clock(promise, subject=subject, by=by or owner_of(promise.workspace), at=at)
