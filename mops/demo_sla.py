"""What the demo's marketing and sales promise each other, and how the last weeks went."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from goals.operations.quotas import QuotaDraft, set_quota
from goals.operations.raci import set_raci
from goals.rules.raci import Letter, Party, Seat
from metrics.models import Metric
from mops.demo_goals import goals_by_key
from mops.demo_script import Script
from workspaces.models import (
    Assurance,
    Membership,
    Sla,
    SlaClock,
    SlaPromise,
    Stakeholder,
    Workspace,
)
from workspaces.operations.calendars import CalendarDraft, add_calendar
from workspaces.operations.clocks import (  # fmt: skip
    explain_breach,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from workspaces.operations.sla import PromiseDraft, SlaDraft, agree_sla, assure, give_promise
from workspaces.operations.stakeholders import change_stakeholder
from workspaces.rules.sla import Side

People = dict[str, Membership]
AGREED = timedelta(days=170)
DAY, MORNING = timedelta(days=1), time(10)
FRIDAY = 4
OFF: tuple[tuple[int, int], ...] = ()
OFFICE = (((540, 1020),),) * 5 + (OFF,) * 2
DESK = (((480, 960),),) * 5 + (OFF,) * 2
PARTNERS = (((510, 990),),) * 3 + (OFF,) * 2 + (((510, 990),),) * 2
HOLIDAYS = (("01-01", "New Year"), ("05-01", "May Day"), ("12-25", "Christmas"), ("12-26", ""))
CALENDARS = (  # name, zone, week, whose
    ("Warsaw office", "Europe/Warsaw", OFFICE, ("Marketing", "E-mail team")),
    ("Sales desk", "Europe/Warsaw", DESK, ("Sales",)),
    ("Tehran partners", "Asia/Tehran", PARTNERS, ("Partners",)),
)
OUTCOMES = (
    ("Technology", "Mails can be built and sent without help", True),
    ("Offers", "Marketing has an offer for each region", True),
    ("Hand-over", "Sales gets the leads sorted by region", True),
    ("Review", "Both look at the month together", False),
)
ANSWER, FEEDBACK = "An answer to a brief", "Word on what became of the leads"


@dataclass(frozen=True)
class Wait:
    """An answer that was owed: so many days ago, given so many hours later (None: not yet)."""

    days: int
    promise: str
    subject: str
    hours: int | None
    reason: str = ""
    mitigation: str = ""


WAITS = (
    Wait(64, ANSWER, "Brief: spring webinar", 30),
    Wait(57, ANSWER, "Brief: price list mailing", 26),
    Wait(50, FEEDBACK, "Leads of the fair", 120),
    Wait(
        43, ANSWER, "Brief: partner day", 130,
        "The brief named no audience, and nobody asked for it in time.",
        "The form for briefs asks for the audience now.",
    ),
    Wait(36, ANSWER, "Brief: summer campaign", 25),
    Wait(29, FEEDBACK, "Leads of the webinar", 150),
    Wait(22, ANSWER, "Brief: customer letter", 29),
    Wait(15, ANSWER, "Brief: new landing page", 47),
    Wait(8, ANSWER, "Brief: retargeting texts", 24),
    Wait(2, ANSWER, "Brief: year-end mailing", None),
    Wait(1, FEEDBACK, "Leads of last week", None),
)  # fmt: skip


def agree(script: Script, workspace: Workspace, people: People, *, at: datetime) -> None:
    """The agreement half a year ago, then each answer on its day."""
    script.at(at - timedelta(minutes=1), partial(_roles, workspace, people))
    if Sla.objects.filter(workspace=workspace).exists():
        return
    began = at - AGREED
    script.at(began, partial(_calendars, workspace, people))
    script.at(began, partial(_agree, workspace, people))
    for wait in WAITS:
        start = _morning(workspace, at - wait.days * DAY)
        script.at(start, partial(_start, workspace, people, wait))
        if wait.hours is not None:
            script.at(start + timedelta(hours=wait.hours), partial(_stop, workspace, people, wait))
    holds = _morning(workspace, at - 29 * DAY) + timedelta(hours=5)
    script.at(holds, partial(_hold, workspace, people))


def _morning(workspace: Workspace, when: datetime) -> datetime:
    """Ten o'clock on that day, on the Friday before at a week-end."""
    day = workspace.day_of(when)
    day -= max(0, day.weekday() - FRIDAY) * DAY
    return datetime.combine(day, MORNING, ZoneInfo(workspace.timezone))


def _calendars(workspace: Workspace, people: People, when: datetime) -> None:
    years = range(when.year - 1, when.year + 3)
    days = [(date.fromisoformat(f"{y}-{day}"), name) for y in years for day, name in HOLIDAYS]
    for name, zone, week, parties in CALENDARS:
        draft = CalendarDraft(name, zone, week, days if zone.startswith("Europe") else ())
        calendar = add_calendar(workspace, draft=draft, by=people["manager"], at=when)
        for party in Stakeholder.objects.filter(workspace=workspace, name__in=parties):
            fields = {"calendar": calendar}
            change_stakeholder(party, fields, version=party.version, by=people["manager"], at=when)


def _agree(workspace: Workspace, people: People, when: datetime) -> None:
    by = people["manager"]
    party = {s.name: s for s in Stakeholder.objects.filter(workspace=workspace)}
    draft = SlaDraft(
        "Leads and briefs",
        party["Marketing"],
        party["Sales"],
        workspace.day_of(when).replace(day=1),
        expectations="A brief names audience, offer and day. Numbers are those of the CRM.",
        assurances=[(stage, text) for stage, text, _done in OUTCOMES],
    )
    sla = agree_sla(workspace, draft=draft, by=by, at=when)
    leads = PromiseDraft(
        Side.PROVIDER, "Qualified leads, sorted by region", "Leads that sales accepts.",
        "The missing ones are owed in the month after.",
    )  # fmt: skip
    owed = give_promise(sla, draft=leads, by=by, at=when)
    metric = Metric.objects.get(workspace=workspace, key="qualified_leads")
    set_quota(owed, draft=QuotaDraft(metric, Decimal(120)), by=by, at=when)
    for side, words, hours in ((Side.PROVIDER, ANSWER, 14), (Side.RECEIVER, FEEDBACK, 35)):
        draft = PromiseDraft(side, words, response_minutes=hours * 60)
        give_promise(sla, draft=draft, by=by, at=when)
    for _stage, text, done in OUTCOMES:
        if done:
            row = Assurance.objects.get(sla=sla, text=text)
            assure(row, is_assured=True, by=people["editor"], at=when)


def _start(workspace: Workspace, people: People, wait: Wait, when: datetime) -> None:
    sla = Sla.objects.get(workspace=workspace)
    promise = SlaPromise.objects.get(sla=sla, deliverable=wait.promise)
    start_clock(promise, subject=wait.subject, by=people["editor"], at=when)


def _stop(workspace: Workspace, people: People, wait: Wait, when: datetime) -> None:
    clock = SlaClock.objects.get(workspace=workspace, subject=wait.subject)
    stopped = stop_clock(clock, version=clock.version, by=people["editor"], at=when)
    if wait.reason:
        told = {"reason": wait.reason, "mitigation": wait.mitigation}
        explain_breach(stopped, **told, version=stopped.version, by=people["manager"], at=when)


def _hold(workspace: Workspace, people: People, when: datetime) -> None:
    """Sales waited three hours for the list, and the clock with them."""
    clock = SlaClock.objects.get(workspace=workspace, subject="Leads of the webinar")
    by, reason = people["editor"], "Marketing owes the list"
    held = pause_clock(clock, reason=reason, version=clock.version, by=by, at=when)
    later = when + timedelta(hours=3)
    resume_clock(held, version=held.version, by=by, at=later)


def _roles(workspace: Workspace, people: People, when: datetime) -> None:
    """Who does what for the goal that sales asked for."""
    goal = goals_by_key(workspace).get("sales")
    sales = Stakeholder.objects.filter(workspace=workspace, name="Sales").first()
    if goal is None or sales is None or goal.owner_id is None:
        return
    seats = [
        Seat(Letter.ACCOUNTABLE, Party(member=goal.owner_id)),
        Seat(Letter.RESPONSIBLE, Party(member=people["editor"].pk)),
        Seat(Letter.RESPONSIBLE, Party(member=people["mika"].pk)),
        Seat(Letter.CONSULTED, Party(stakeholder=sales.pk)),
        Seat(Letter.INFORMED, Party(member=people["viewer"].pk)),
    ]
    set_raci(goal, seats=seats, version=goal.version, by=people["manager"], at=when)
