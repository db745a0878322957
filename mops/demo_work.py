"""The demo team's boards in mid-flight: cards late, due today, in review and done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from mops.demo_faces import FACES, label_all
from mops.demo_goals import goals_by_key
from mops.demo_script import Script
from tasks.models import Board, Card, ChecklistItem, Column, Label
from tasks.operations.blocking import block_card
from tasks.operations.boards import ColumnDraft, open_board
from tasks.operations.capacities import set_capacity
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.checklists import tick_item
from tasks.operations.choices import choose_columns
from tasks.operations.dependencies import add_dependency
from tasks.operations.feeds import make_feed
from tasks.operations.moves import move_card
from workspaces.models import Membership, Workspace

BACKLOG, READY, DOING, REVIEW, DONE = range(5)
YESTERDAY = timedelta(days=1)


@dataclass(frozen=True)
class Work:
    """One card: where it stands, whose it is, when it is due (days from today), what it serves."""

    column: int
    title: str
    owner: str
    due: int | None
    goal: str
    items: tuple[str, ...] = ()
    ticked: int = 0
    text: str = ""


MAIL_BOARD = (
    Work(BACKLOG, "Benchmarks for next year", "viewer", None, "ctr"),
    Work(BACKLOG, "Lead form on the pricing page", "owner", 12, "leads",
         ("Agree on fields", "Texts", "Build", "Test on a phone", "Go live")),
    Work(BACKLOG, "Template for event invitations", "tess", 16, "webinars",
         ("Collect old ones", "Draft", "Review", "Hand over")),
    Work(BACKLOG, "Ask sales which leads convert", "manager", None, "sales"),
    Work(BACKLOG, "Unsubscribe page in five languages", "editor", 19, "ctr"),
    Work(BACKLOG, "Map the stages of the buyer journey", "manager", None, "leads"),
    Work(READY, "Win-back series for inactive contacts", "tess", 5, "leads",
         ("Segment", "Three texts", "Images", "Legal check", "Schedule", "Report")),
    Work(READY, "Subject-line test, round 3", "editor", 2, "ctr",
         ("Two variants", "Sample size", "Send")),
    Work(READY, "Lead rotation by region", "owner", 9, "sales", ("Rules", "Test", "Tell sales"), 1),
    Work(DOING, "Redefine the e-mail contact lists", "editor", 0, "leads",
         ("Export all contacts with consent date", "Agree on five segments with sales",
          "Remove hard bounces", "Tag contacts by last activity",
          "Move nurtures to the new segments", "Check the unsubscribe links",
          "Tell the team what changes"), 4,
         "Split the one big list by product interest and last activity, so that each mail reaches "
         "people who asked for it.\n\nDone when no segment holds contacts without consent."),
    Work(DOING, "Audit the current e-mail workflows", "editor", -3, "leads",
         ("List them", "Owner of each", "Last change", "Clicks", "Switch off dead ones"), 3,
         "Which workflows run, who owns them, what do they bring?"),
    Work(DOING, "Next webinar: speaker and date", "tess", 3, "webinars",
         ("Topic", "Speaker", "Date", "Room", "Page"), 2),
    Work(REVIEW, "Webinar invitation copy", "manager", 0, "webinars",
         ("Draft", "Review", "Final"), 3),
    Work(REVIEW, "Nurture: reply to a person", "editor", 1, "nurture",
         ("Sender", "Texts", "Rules for absence", "Test", "Measure"), 4),
    Work(REVIEW, "Monthly page for management", "manager", 2, "leads",
         ("Numbers", "Three sentences", "Next step", "Send"), 2),
    Work(DONE, "Lead form: two fields instead of six", "owner", -8, "leads", ("Agree", "Build"), 2),
    Work(DONE, "Bot-click rule for the newsletter", "editor", -1, "ctr",
         ("Rule", "Check", "Tell"), 3),
    Work(DONE, "Weekly report to sales", "manager", -2, "sales", ("Numbers", "Send"), 2),
    Work(DONE, "Clean-up of hard bounces", "editor", -4, "unsub"),
)  # fmt: skip
ADS_BOARD = (
    Work(BACKLOG, "Landing page for competitor terms", "mika", 14, "cpl"),
    Work(BACKLOG, "Retarget webinar visitors", "mika", 8, "webinars", ("Audience", "Ad"), 0),
    Work(READY, "Negative keyword list", "mika", -3, "cpl",
         ("Search terms of 90 days", "Group them", "Agree", "Upload"), 1,
         "Terms that cost and never bring a lead."),
    Work(READY, "Short videos from the last webinar", "tess", 6, "social"),
    Work(DOING, "Pause broad terms: decide", "manager", -2, "cpl", (), 0,
         "Generic terms became dearer and bring few leads. Pause them until the spring?"),
    Work(DOING, "Landing page test", "mika", -1, "cpl", ("Variant", "Tracking", "Two weeks"), 2),
    Work(DOING, "Ask for the missing social export", "tess", 0, "social"),
    Work(REVIEW, "Ad texts for the brand campaign", "mika", 4, "cpl"),
    Work(DONE, "Conversion tracking checked", "mika", -12, "cpl"),
)  # fmt: skip


WAITS = (  # what comes after, what comes first
    ("Win-back series for inactive contacts", "Redefine the e-mail contact lists"),
    ("Retarget webinar visitors", "Next webinar: speaker and date"),
    ("Landing page for competitor terms", "Landing page test"),
)
PLANNED = {  # days from start to due
    "Lead form on the pricing page": 6,
    "Template for event invitations": 4,
    "Unsubscribe page in five languages": 5,
    "Win-back series for inactive contacts": 4,
    "Subject-line test, round 3": 1,
    "Redefine the e-mail contact lists": 6,
    "Next webinar: speaker and date": 3,
    "Nurture: reply to a person": 2,
    "Landing page for competitor terms": 6,
    "Retarget webinar visitors": 3,
    "Landing page test": 10,
    "Short videos from the last webinar": 5,
}
HOURS = {None: 20, "mika": 12}  # a week, for cards; None is everybody
BLOCKED = ("Negative keyword list", "mika", "The ads account is locked until the invoice is paid")
STAGES = (
    ColumnDraft("Backlog"),
    ColumnDraft("Ready", wip_limit=6),
    ColumnDraft("In progress", wip_limit=4),
    ColumnDraft("Review", wip_limit=3),
    ColumnDraft("Done", is_done=True),
)
OPENED = timedelta(days=60)  # before the opening day of the demo
LATEST_DONE = 6  # days before the opening day: older ones were ticked off then, too
IN_WORK = 3  # days that what is done was in work, but for what was done in an hour


def open_boards(
    script: Script, workspace: Workspace, people: dict[str, Membership], *, at: datetime
) -> None:
    """The manager opens both boards and adds the cards; their owners tick and move them."""
    team = _Team(workspace, people, at)
    for name, works in (("E-mail programme", MAIL_BOARD), ("Ads and social", ADS_BOARD)):
        script.at(at - OPENED, partial(team.open, name))
        for place, work in enumerate(works):
            earlier = timedelta(minutes=11 * (len(works) - place))
            written = at - timedelta(days=20 if work.column == DONE else 12) - earlier
            script.at(written, partial(team.add, name, work))
            if work.ticked:
                script.at(_tick_day(work, at) - earlier, partial(team.tick, work))
            if work.column == DONE and (work.due or 0) < -1:
                begun = _move_day(work, at) - timedelta(days=IN_WORK) - earlier
                script.at(begun, partial(team.move, name, work, DOING))
            if work.column != BACKLOG:
                script.at(
                    _move_day(work, at) - earlier, partial(team.move, name, work, work.column)
                )
    script.at(at - YESTERDAY, team.hold_up)
    script.at(at - YESTERDAY, team.subscribe)


def _move_day(work: Work, at: datetime) -> datetime:
    """When the card came to its column: what is done on its due day, the rest two days ago."""
    days = min(-(work.due or 0), LATEST_DONE) if work.column == DONE else 2
    return at - timedelta(days=days, hours=2)


def _tick_day(work: Work, at: datetime) -> datetime:
    """When the lines were ticked: before it was done, or yesterday."""
    return _move_day(work, at) - timedelta(hours=3) if work.column == DONE else at - YESTERDAY


@dataclass
class _Team:
    """The people at work on both boards."""

    workspace: Workspace
    people: dict[str, Membership]
    opened: datetime
    boards: dict[str, Board] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)

    def open(self, name: str, when: datetime) -> None:
        """The manager opens a board."""
        by = self.people["manager"]
        self.boards[name] = open_board(self.workspace, name=name, columns=STAGES, by=by, at=when)

    def add(self, name: str, work: Work, when: datetime) -> None:
        """The manager writes a card and puts it below the others of the first column."""
        today = self.workspace.day_of(self.opened)
        days, face = PLANNED.get(work.title), FACES[work.title]
        by = self.people["manager"]
        self.labels = self.labels or label_all(self.workspace, by=by, at=when)
        due = None if work.due is None else today + timedelta(days=work.due)
        draft = CardDraft(
            title=work.title,
            description=work.text,
            assignee=self.people[work.owner],
            start_on=due - timedelta(days=days) if due and days else None,
            due_on=due,
            estimate=Decimal(face.hours) if face.hours else None,
            priority=face.priority,
            labels=tuple(self.labels[word] for word in face.labels.split()),
            helpers=tuple(self.people[who] for who in face.helpers),
            goal=goals_by_key(self.workspace).get(work.goal),
            checklist=work.items,
        )
        add_card(self._columns(name)[BACKLOG], draft=draft, by=by, at=when)

    def tick(self, work: Work, when: datetime) -> None:
        """The owner ticks the first lines of the checklist."""
        lines = ChecklistItem.objects.filter(card=self._card(work)).order_by("position")
        for line in lines[: work.ticked]:
            tick_item(line, done=True, by=self.people[work.owner], at=when)

    def hold_up(self, when: datetime) -> None:
        """The manager says what comes first; an owner what stands in the way."""
        by, cards = self.people["manager"], Card.objects.filter(workspace=self.workspace)
        for after, first in WAITS:
            add_dependency(cards.get(title=after), waits_for=cards.get(title=first), by=by, at=when)
        for who, hours in HOURS.items():
            member = self.people[who] if who else None
            said = {"hours": Decimal(hours), "version": 0, "by": by, "at": when}
            set_capacity(self.workspace, member, **said)
        title, owner, reason = BLOCKED
        block_card(cards.get(title=title), reason=reason, by=self.people[owner], at=when)

    def subscribe(self, when: datetime) -> None:
        """The owner has the cards of a board in a calendar, and few columns in the list of it."""
        board, by = self.boards["E-mail programme"], self.people["owner"]
        make_feed(board, by=by, at=when)
        choose_columns(board, shows=["column", "assignee", "due", "goal", "checklist"], by=by)

    def move(self, name: str, work: Work, column: int, when: datetime) -> None:
        """The owner moves the card to the bottom of a column."""
        card, to = self._card(work), self._columns(name)[column]
        below = Card.objects.filter(column=to, archived_at=None).order_by("position").last()
        owner = self.people[work.owner]
        move_card(card, to=to, after=below, version=card.version, by=owner, at=when)

    def _columns(self, name: str) -> list[Column]:
        columns = Column.objects.select_related("board").filter(board=self.boards[name])
        return list(columns.order_by("position"))

    def _card(self, work: Work) -> Card:
        return Card.objects.get(workspace=self.workspace, title=work.title)
