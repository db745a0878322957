"""How the demo team looks after its goals: a mended split, guardrails, check-ins, a verdict."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from goals.models import CheckIn, Goal
from goals.operations.checkins import Said, acknowledge, check_in, save_draft
from goals.operations.goals import close_goal
from goals.operations.guardrails import Bound, set_guardrail
from goals.operations.splits import Shape, split_goal
from goals.operations.waivers import waive_finding
from goals.queries.splits import Asked
from goals.rules.aims import Aim
from goals.rules.decomposition import Mode
from goals.rules.lint import Code
from metrics.models import Metric
from metrics.rules.periods import Grain, period_of
from mops.demo_goals import goals_by_key, window_of
from mops.demo_script import Script
from workspaces.models import Membership, Workspace

LATER = timedelta(days=1)
PATIENCE = timedelta(days=4)  # until a quarter's numbers are all in
MORNING = time(11)
PLAN = Asked(Grain.QUARTER, Mode.LINEAR)
ANEW = Asked(Grain.QUARTER, Mode.LINEAR, rebalanced=True)
RAILS = (  # goal, metric, side, line: the first is broken
    ("clicks", "unsubscribe_rate", Aim.BELOW, "0.16"),
    ("leads", "lead_quality", Aim.ABOVE, "12"),
    ("cpl", "ad_leads", Aim.ABOVE, "200"),
)
WAIVED = (
    ("cpl", Code.HARDER_THAN_EVER, "No window of the past was without the broad terms: they go."),
    ("ctr", Code.NO_CHECKS, "We look at it every Monday."),
)
CLOSED = 50  # days before the opening day
REASON = "The window is over."
LEARNT = (
    "Fewer mails to everybody helped, but the win-back series cost as much as that brought.\n"
    "Next time: a win-back mail only to people who clicked within the last year."
)


@dataclass(frozen=True)
class Note:
    """What an owner says of a goal so many days before the opening day; who has read it."""

    days: int
    goal: str
    owner: str
    text: str
    confidence: str
    about: str = ""
    reader: str = ""


NOTES = (
    Note(17, "ctr", "editor", "Round 1 of the subject lines brought nothing.", "0.5",
         reader="manager"),
    Note(10, "ctr", "editor", "Round 2: a question beats a number by a tenth.", "0.6",
         about="Includes the trade fair, which nobody clicks.", reader="manager"),
    Note(3, "ctr", "editor", "Round 3 goes out on Tuesday. Product news has no owner.", "0.6"),
    Note(12, "leads", "manager", "The quarter is missed; the rest is spread over the others. "
         "I doubt that the win-back series makes up for it.", "0.3", reader="owner"),
    Note(2, "cpl", "mika", "Negative keywords first, then the talk about broad terms.", "0.4"),
)  # fmt: skip
DRAFT = Note(1, "sales", "owner", "Ask North why two leads came back", "0.7")


class Keeper:
    """The people of the demo who look after goals; each deed happens at an instant."""

    def __init__(self, workspace: Workspace, people: dict[str, Membership]) -> None:
        """Know who works where."""
        self.workspace, self.people = workspace, people
        self.lead = people["manager"]

    def goal(self, key: str) -> Goal:
        """A goal as it stands."""
        return goals_by_key(self.workspace)[key]

    def split(self, asked: Asked, at: datetime) -> None:
        """Split the year's leads into quarters, or spread anew what is left of them."""
        goal, by = self.goal("leads"), self.lead
        split_goal(goal, asked=asked, shape=Shape.STEPS, version=goal.version, by=by, at=at)

    def guard(self, at: datetime) -> None:
        """Say what must not suffer."""
        for key, metric, side, line in RAILS:
            watched = Metric.objects.get(workspace=self.workspace, key=metric)
            bound = Bound(watched, side, Decimal(line))
            set_guardrail(self.goal(key), bound=bound, by=self.lead, at=at)

    def waive(self, at: datetime) -> None:
        """Let two findings stand."""
        for key, code, reason in WAIVED:
            waive_finding(self.goal(key), code=code, reason=reason, by=self.lead, at=at)

    def say(self, note: Note, at: datetime) -> None:
        """The owner checks in; the reader reads it on the same day."""
        told = check_in(self.goal(note.goal), said=said(note), by=self.people[note.owner], at=at)
        if note.reader:
            row = CheckIn.objects.get(pk=told.pk)
            acknowledge(row, by=self.people[note.reader], at=at + timedelta(hours=3))

    def draft(self, at: datetime) -> None:
        """The owner has begun to write."""
        save_draft(self.goal(DRAFT.goal), said=said(DRAFT), by=self.people[DRAFT.owner], at=at)

    def close(self, at: datetime) -> None:
        """A goal that was missed is closed with what was learnt."""
        goal = self.goal("unsub")
        close_goal(
            goal, reason=REASON, retrospective=LEARNT, version=goal.version, by=self.lead, at=at
        )


def said(note: Note) -> Said:
    """A note as the owner's words."""
    return Said(note.text, note.about, Decimal(note.confidence))


def _days_of_split(workspace: Workspace, at: datetime) -> tuple[datetime, datetime]:
    """When the year was split, and when it was mended: after the last quarter that is over."""
    zone, today = ZoneInfo(workspace.timezone), workspace.day_of(at)
    began = window_of("leads", today).first + LATER
    over = period_of(today - PATIENCE, Grain.QUARTER).start - LATER
    mended = min(at, datetime.combine(over + PATIENCE, MORNING, zone))
    return datetime.combine(began, MORNING, zone), mended


def look_after_goals(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """A year in quarters, mended after the last missed one, and weeks of check-ins."""
    keeper = Keeper(workspace, people)
    set_on, mended = _days_of_split(workspace, at)
    script.at(set_on, partial(keeper.split, PLAN))
    script.at(mended, partial(keeper.split, ANEW))
    script.at(at - timedelta(days=CLOSED), keeper.close)
    script.at(at - timedelta(days=30), keeper.guard)
    script.at(at - timedelta(days=29), keeper.waive)
    for note in NOTES:
        script.at(at - timedelta(days=note.days, hours=2), partial(keeper.say, note))
    script.at(at - timedelta(days=DRAFT.days), keeper.draft)
